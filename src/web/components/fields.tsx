import type { ComponentChildren } from 'preact';
import type { PageContext } from '../page-context.ts';
import { Icon } from './icon.tsx';
import { Details } from './lists.tsx';

export interface FieldProps {
  readonly page: PageContext;
  /** Also the element's id. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value?: string | undefined;
  readonly optional?: boolean;
  readonly autocomplete?: string;
  readonly type?: 'text' | 'email' | 'tel' | 'search';
  readonly inputmode?: 'text' | 'numeric' | 'email' | 'tel' | 'search';
  /** Names and codes: no capital letters by the keyboard, no red wave below them. */
  readonly verbatim?: boolean;
  readonly maxlength?: number;
}

const describedBy = (props: Pick<FieldProps, 'name' | 'hint' | 'error'>): string | undefined => {
  const ids = [
    ...(props.hint === undefined ? [] : [`${props.name}-hinweis`]),
    ...(props.error === undefined ? [] : [`${props.name}-fehler`]),
  ];
  return ids.length === 0 ? undefined : ids.join(' ');
};

const Frame = (
  props: Pick<FieldProps, 'page' | 'name' | 'label' | 'hint' | 'error' | 'optional'> & {
    children: ComponentChildren;
  },
) => (
  <div class={`kern-form-input${props.error === undefined ? '' : ' kern-form-input--error'}`}>
    <label class="kern-label" for={props.name}>
      {props.label}
      {props.optional === true ? <span class="kern-label__optional"> {props.page.common.optional}</span> : null}
    </label>
    {props.hint === undefined ? null : (
      <p class="kern-hint" id={`${props.name}-hinweis`}>
        {props.hint}
      </p>
    )}
    {props.children}
    {props.error === undefined ? null : (
      <p class="kern-error" id={`${props.name}-fehler`}>
        <Icon name="danger" />
        <span class="kern-body">{props.error}</span>
      </p>
    )}
  </div>
);

const inputClass = (error: string | undefined): string =>
  `kern-form-input__input${error === undefined ? '' : ' kern-form-input__input--error'}`;

/** One line of text with its label, hint and error. */
export const Field = (props: FieldProps) => (
  <Frame {...props}>
    <input
      class={inputClass(props.error)}
      id={props.name}
      name={props.name}
      type={props.type ?? 'text'}
      value={props.value}
      autocomplete={props.autocomplete}
      inputmode={props.inputmode}
      autocapitalize={props.verbatim === true ? 'none' : undefined}
      spellcheck={props.verbatim === true ? false : undefined}
      maxlength={props.maxlength}
      aria-invalid={props.error === undefined ? undefined : 'true'}
      aria-describedby={describedBy(props)}
    />
  </Frame>
);

/** A password. It is never prefilled; our script adds the button „Anzeigen“, without which it works as well. */
export const PasswordField = (
  props: Pick<FieldProps, 'page' | 'name' | 'label' | 'hint' | 'error'> & {
    autocomplete: 'current-password' | 'new-password';
    minlength?: number;
  },
) => (
  <Frame {...props}>
    <div
      class="bid-password"
      data-show={props.page.common.show}
      data-hide={props.page.common.hide}
      data-show-label={props.page.common.showPassword}
      data-hide-label={props.page.common.hidePassword}
    >
      <input
        class={inputClass(props.error)}
        id={props.name}
        name={props.name}
        type="password"
        autocomplete={props.autocomplete}
        minlength={props.minlength}
        spellcheck={false}
        aria-invalid={props.error === undefined ? undefined : 'true'}
        aria-describedby={describedBy(props)}
      />
    </div>
  </Frame>
);

interface Answer {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Of a label in another language than the page's. */
  readonly lang?: string;
}

const AnswerChoice = (props: {
  name: string;
  id: string;
  option: Answer;
  chosen: string | undefined;
  error: boolean;
}) => {
  const { id, option } = props;
  return (
    <div class="bid-choice">
      <div class="kern-form-check">
        <input
          class={`kern-form-check__radio${props.error ? ' kern-form-check__radio--error' : ''}`}
          type="radio"
          id={id}
          name={props.name}
          value={option.value}
          checked={option.value === props.chosen}
          aria-describedby={option.hint === undefined ? undefined : `${id}-hinweis`}
        />
        <label class="kern-label" for={id} lang={option.lang}>
          {option.label}
        </label>
      </div>
      {option.hint === undefined ? null : (
        <p class="kern-hint bid-choice__hint" id={`${id}-hinweis`}>
          {option.hint}
        </p>
      )}
    </div>
  );
};

/** One of several answers; `more` are those that few people need, folded away. */
export const Choice = (props: {
  name: string;
  legend: string;
  error?: string;
  /** The answer that is marked already. */
  chosen?: string;
  options: readonly Answer[];
  more?: { readonly summary: string; readonly options: readonly Answer[] };
}) => (
  <fieldset
    class={`kern-fieldset${props.error === undefined ? '' : ' kern-fieldset--error'}`}
    aria-describedby={props.error === undefined ? undefined : `${props.name}-fehler`}
  >
    <legend class="kern-label">{props.legend}</legend>
    <div class="kern-fieldset__body">
      {props.options.map((option, index) => (
        <AnswerChoice
          key={option.value}
          name={props.name}
          id={index === 0 ? props.name : `${props.name}-${option.value}`}
          option={option}
          chosen={props.chosen}
          error={props.error !== undefined}
        />
      ))}
      {props.more === undefined || props.more.options.length === 0 ? null : (
        <Details summary={props.more.summary}>
          {props.more.options.map((option) => (
            <AnswerChoice
              key={option.value}
              name={props.name}
              id={`${props.name}-${option.value}`}
              option={option}
              chosen={props.chosen}
              error={props.error !== undefined}
            />
          ))}
        </Details>
      )}
    </div>
    {props.error === undefined ? null : (
      <p class="kern-error" id={`${props.name}-fehler`}>
        <Icon name="danger" />
        <span class="kern-body">{props.error}</span>
      </p>
    )}
  </fieldset>
);

/** A file to be sent. The browser's own button: files can be dropped on it, too. */
export const FileField = (
  props: Pick<FieldProps, 'page' | 'name' | 'label' | 'hint' | 'error'> & { accept: string },
) => (
  <Frame {...props}>
    <input
      class={inputClass(props.error)}
      id={props.name}
      name={props.name}
      type="file"
      accept={props.accept}
      aria-invalid={props.error === undefined ? undefined : 'true'}
      aria-describedby={describedBy(props)}
    />
  </Frame>
);
