import { Icon } from './icon.tsx';

export interface DateParts {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

export type DatePart = keyof DateParts;

const parts = ['day', 'month', 'year'] as const;

/** A date in three fields, of which any may stay empty; ids are `name-day`, `name-month`, `name-year`. */
export const DateField = (props: {
  name: string;
  legend: string;
  hint: string;
  labels: Readonly<Record<DatePart, string>>;
  value: DateParts;
  /** Prefix of the browser's names for the parts: `bday`. */
  autocomplete?: string;
  error?: string;
  /** The parts that the error is about; all without it. */
  wrong?: readonly DatePart[];
}) => {
  const { name, error } = props;
  const described = `${name}-hinweis${error === undefined ? '' : ` ${name}-fehler`}`;
  const isWrong = (part: DatePart): boolean =>
    error !== undefined && (props.wrong === undefined || props.wrong.includes(part));
  return (
    <fieldset class={`kern-fieldset${error === undefined ? '' : ' kern-fieldset--error'}`} aria-describedby={described}>
      <legend class="kern-label">{props.legend}</legend>
      <div class="kern-fieldset__body">
        <p class="kern-hint" id={`${name}-hinweis`}>
          {props.hint}
        </p>
        <div class="bid-date">
          {parts.map((part) => (
            <div class="kern-form-input" key={part}>
              <label class="kern-label" for={`${name}-${part}`}>
                {props.labels[part]}
              </label>
              <input
                class={`kern-form-input__input bid-date__${part}${isWrong(part) ? ' kern-form-input__input--error' : ''}`}
                id={`${name}-${part}`}
                name={`${name}-${part}`}
                type="text"
                inputmode="numeric"
                autocomplete={props.autocomplete === undefined ? undefined : `${props.autocomplete}-${part}`}
                value={props.value[part]}
                aria-invalid={isWrong(part) ? 'true' : undefined}
              />
            </div>
          ))}
        </div>
      </div>
      {error === undefined ? null : (
        <p class="kern-error" id={`${name}-fehler`}>
          <Icon name="danger" />
          <span class="kern-body">{error}</span>
        </p>
      )}
    </fieldset>
  );
};
