import { Icon } from './icon.tsx';

interface Labelled {
  /** Also the element's id. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

const hintId = (props: Labelled): string | undefined =>
  props.hint === undefined ? undefined : `${props.name}-hinweis`;

const Hint = (props: Labelled) =>
  props.hint === undefined ? null : (
    <p class="kern-hint" id={hintId(props)}>
      {props.hint}
    </p>
  );

interface Faulty extends Labelled {
  readonly error?: string;
}

const describedBy = (props: Faulty): string | undefined => {
  const ids = [hintId(props), props.error === undefined ? undefined : `${props.name}-fehler`];
  return ids.filter((id) => id !== undefined).join(' ') || undefined;
};

const Fault = (props: Faulty) =>
  props.error === undefined ? null : (
    <p class="kern-error" id={`${props.name}-fehler`}>
      <Icon name="danger" />
      <span class="kern-body">{props.error}</span>
    </p>
  );

/** One of a list, chosen already; for lists too long to stand open. */
export const Select = (
  props: Faulty & {
    value: string;
    options: readonly { readonly value: string; readonly label: string }[];
  },
) => (
  <div class={`kern-form-input${props.error === undefined ? '' : ' kern-form-input--error'}`}>
    <label class="kern-label" for={props.name}>
      {props.label}
    </label>
    <Hint {...props} />
    <div class="kern-form-input__select-wrapper">
      <select
        class={`kern-form-input__select${props.error === undefined ? '' : ' kern-form-input__select--error'}`}
        id={props.name}
        name={props.name}
        aria-invalid={props.error === undefined ? undefined : 'true'}
        aria-describedby={describedBy(props)}
      >
        {props.options.map(({ value, label }) => (
          <option key={value} value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
    </div>
    <Fault {...props} />
  </div>
);

/** Yes or no; sends `1` when it is ticked. */
export const Checkbox = (props: Labelled & { checked: boolean; error?: string }) => (
  <div class={props.error === undefined ? 'kern-form-check' : 'kern-form-check kern-form-check--error'}>
    <input
      class={`kern-form-check__checkbox${props.error === undefined ? '' : ' kern-form-check__checkbox--error'}`}
      type="checkbox"
      id={props.name}
      name={props.name}
      value="1"
      checked={props.checked}
      aria-invalid={props.error === undefined ? undefined : 'true'}
      aria-describedby={describedBy(props)}
    />
    <label class="kern-label" for={props.name}>
      {props.label}
    </label>
    <Hint {...props} />
    <Fault {...props} />
  </div>
);

/** Several yes-or-no answers to one question. */
export const Checkboxes = (props: {
  legend: string;
  options: readonly { readonly name: string; readonly label: string; readonly checked: boolean }[];
}) => (
  <fieldset class="kern-fieldset">
    <legend class="kern-label">{props.legend}</legend>
    <div class="kern-fieldset__body">
      {props.options.map((option) => (
        <Checkbox key={option.name} {...option} />
      ))}
    </div>
  </fieldset>
);

/** Several lines of text. Nothing in it is corrected, as code needs it; with `prose` it is a letter. */
export const TextArea = (props: Faulty & { value: string; rows: number; prose?: boolean }) => {
  return (
    <div class={`kern-form-input${props.error === undefined ? '' : ' kern-form-input--error'}`}>
      <label class="kern-label" for={props.name}>
        {props.label}
      </label>
      <Hint {...props} />
      <textarea
        class={`kern-form-input__input${props.error === undefined ? '' : ' kern-form-input__input--error'}${props.prose === true ? ' bid-prosefield' : ''}`}
        id={props.name}
        name={props.name}
        rows={props.rows}
        spellcheck={props.prose === true}
        autocapitalize={props.prose === true ? undefined : 'none'}
        aria-invalid={props.error === undefined ? undefined : 'true'}
        aria-describedby={describedBy(props)}
        value={props.value}
      />
      <Fault {...props} />
    </div>
  );
};
