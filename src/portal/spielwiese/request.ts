import { levels, type Level } from '../../assurance/levels.ts';
import { acrOf } from '../../assurance/names.ts';
import type { Form } from '../../web/forms.ts';
import { faults, type Fault } from './faults.ts';

export const optionalScopes = ['profile', 'email', 'phone', 'address'] as const;
export const prompts = ['none', 'login', 'consent', 'select_account', 'create'] as const;
export const responseModes = ['query', 'form_post', 'jwt', 'form_post.jwt'] as const;

/** What was chosen in the form. An empty text means: not in the request. */
export interface Wish {
  readonly scopes: readonly string[];
  readonly level: Level | '';
  readonly prompt: string;
  readonly maxAge: string;
  readonly responseMode: string;
  readonly claims: string;
  readonly par: boolean;
  readonly fault: Fault | '';
}

export const emptyWish: Wish = {
  scopes: ['profile'],
  level: '',
  prompt: '',
  maxAge: '',
  responseMode: '',
  claims: '',
  par: false,
  fault: '',
};

/** Fields of the form that hold what cannot be sent. */
export type WrongField = 'claims' | 'max_age';

const oneOf = <Value extends string>(known: readonly Value[], value: string): Value | '' =>
  known.find((candidate) => candidate === value) ?? '';

/** Reads the form; what is in none of its lists counts as not chosen. */
export const readWish = (form: Form): Wish => ({
  scopes: optionalScopes.filter((scope) => form.get(`scope_${scope}`) !== ''),
  level: oneOf(levels, form.get('level')),
  prompt: oneOf(prompts, form.get('prompt')),
  maxAge: form.get('max_age').trim(),
  responseMode: oneOf(responseModes, form.get('response_mode')),
  claims: form.get('claims').trim(),
  par: form.get('par') !== '',
  fault: oneOf(faults, form.get('fault')),
});

/** The form's fields that bring this wish about once more. */
export const fieldsOf = (wish: Wish): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(wish.scopes.map((scope) => [`scope_${scope}`, '1'])),
  level: wish.level,
  prompt: wish.prompt,
  max_age: wish.maxAge,
  response_mode: wish.responseMode,
  claims: wish.claims,
  ...(wish.par ? { par: '1' } : {}),
  fault: wish.fault,
});

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

export const wrongFields = ({ claims, maxAge }: Wish): WrongField[] => [
  ...(claims === '' || isObject(claims) ? [] : (['claims'] as const)),
  ...(maxAge === '' || /^\d{1,6}$/.test(maxAge) ? [] : (['max_age'] as const)),
];

/** The parameters that the wish adds to every authorization request. */
export const wishedParameters = (wish: Wish): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({
      scope: ['openid', ...wish.scopes].join(' '),
      acr_values: wish.level === '' ? '' : acrOf(wish.level),
      prompt: wish.prompt,
      max_age: wish.maxAge,
      response_mode: wish.responseMode,
      claims: wish.claims,
    }).filter(([, value]) => value !== ''),
  );
