import type { Form as WebForm } from '../../../web/forms.ts';
import { isPlain } from '../../module-api/plain-text.ts';
import type { VerifiedPerson } from '../verified-person.ts';
import {
  exemptionReasons,
  forms,
  type Fee,
  type Kind,
  type Recipient,
  type Typed,
  type TypedField,
} from './content.ts';
import { fieldsToType } from './rules.ts';

/** What is wrong with a field; the words are the pages'. */
export type FieldError = 'missing' | 'long' | 'postalCode' | 'country';
export type FieldErrors = Readonly<Record<string, FieldError>>;

/** What was posted: `value` when it is complete, else what is wrong. `given` is shown again. */
export interface Parsed<Value> {
  readonly value?: Value;
  readonly errors: FieldErrors;
  readonly given: Readonly<Record<string, string>>;
}

export const longestLine = 200;

const clean = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

const reader = (form: WebForm) => {
  const errors: Record<string, FieldError> = {};
  const given: Record<string, string> = {};
  return {
    errors,
    given,
    line(name: string, needed: boolean): string {
      const text = clean(form.get(name));
      given[name] = text;
      if (text === '' && needed) errors[name] = 'missing';
      if (text.length > longestLine || !isPlain(text)) errors[name] = 'long';
      return text;
    },
    postalCode(name: string): string {
      const text = this.line(name, true);
      if (text !== '' && errors[name] === undefined && !/^\d{5}$/.test(text)) errors[name] = 'postalCode';
      return text;
    },
    one<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
      const text = form.get(name);
      given[name] = text;
      const found = allowed.find((value) => value === text);
      if (found === undefined) errors[name] = 'missing';
      return found;
    },
    ticked(name: string): boolean {
      given[name] = form.get(name) === '1' ? '1' : '';
      return given[name] === '1';
    },
    end<Value>(value: Value): Parsed<Value> {
      return { ...(Object.keys(errors).length === 0 ? { value } : {}), errors, given };
    },
  };
};

export const parseKind = (form: WebForm): Parsed<Kind> => {
  const read = reader(form);
  const chosen = read.one('form', forms);
  return read.end({ form: chosen ?? 'N', extended: read.ticked('extended') });
};

/** Only what the card lacks is read: nothing typed stands in for something read. */
export const parseTyped = (form: WebForm, person: VerifiedPerson): Parsed<Typed> => {
  const read = reader(form);
  const { needed, optional } = fieldsToType(person);
  const typed: Partial<Record<TypedField, string>> = {};
  for (const field of [...needed, ...optional]) {
    const text = field === 'postal_code' ? read.postalCode(field) : read.line(field, needed.includes(field));
    if (field === 'nationality' && text !== '' && !/^[A-Z]{2}$/.test(text)) read.errors[field] = 'country';
    if (text !== '') typed[field] = text;
  }
  return read.end(typed);
};

export const parseRecipient = (form: WebForm): Parsed<Recipient> => {
  const read = reader(form);
  const recipient = {
    name: read.line('name', true),
    street_address: read.line('street_address', true),
    postal_code: read.postalCode('postal_code'),
    locality: read.line('locality', true),
    reference: read.line('reference', true),
  };
  const inspect = read.ticked('inspect');
  const court = read.line('inspect_at', inspect);
  return read.end({ ...recipient, ...(inspect ? { inspectAt: court } : {}) });
};

export const parseFee = (form: WebForm): Parsed<Fee> => {
  const read = reader(form);
  const way = read.one('fee', ['pay', ...exemptionReasons]);
  return read.end(way === undefined || way === 'pay' ? { way: 'pay' } : { way: 'exempt', reason: way });
};
