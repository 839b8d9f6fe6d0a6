import type { Cents } from './order.ts';

/** A number of a JSON text, as it was written: a double would round it. */
export class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Reads JSON in UTF-8; every number comes as a {@link Decimal}, and members that are null do not come at all: many programs write those
 * that they do not know so. A member `__proto__`, which would get lost later on without a word, is refused.
 *
 * @throws SyntaxError or TypeError
 */
export const parseExactJson = (raw: Uint8Array): unknown => {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  const revive: Reviver = (key, value, { source = '' }) => {
    if (key === '__proto__') throw new SyntaxError('a member has the name __proto__');
    return typeof value === 'number' ? new Decimal(source) : (value ?? undefined);
  };
  // With the source text of each primitive, which the library's types do not know yet.
  return JSON.parse(text, revive as unknown as Parameters<typeof JSON.parse>[1]) as unknown;
};

/** Without exponents, signs and leading zeros. Nobody writes more digits than this, and long ones cost time. */
const plain = /^(0|[1-9]\d{0,9})(?:\.(\d{1,12}))?$/;

/** Cents of an exact decimal such as `13`, `13.5` or `13.50`; undefined for fractions of a cent and what is no such decimal. */
export const centsOf = (decimal: string): Cents | undefined => {
  const [, whole, fraction = ''] = plain.exec(decimal) ?? [];
  if (whole === undefined || /[^0]/.test(fraction.slice(2))) return undefined;
  return Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'));
};

/** A whole number from 1 on; undefined for anything else. */
export const countOf = (decimal: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(decimal) ? Number(decimal) : undefined;

/** `13.50`, `-0.05`. */
export const decimalOf = (cents: Cents): string => {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** Stands in a JSON text as the number that it is, with all its decimals. */
export const jsonAmount = (cents: Cents): unknown => rawJson(decimalOf(cents));

/** A decimal that stands in a JSON text as it is. */
export const rawJson = (decimal: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(decimal);
