import type { ComponentChildren } from 'preact';

/**
 * The shape of a catalogue: the German one is written first, the others must have its keys and its parameters. A
 * message is a text, a list of texts, or a function of named parameters that gives a text or markup.
 */
export type Shape<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends readonly string[]
      ? readonly string[]
      : T[Key] extends (parameters: infer Parameters) => infer Result
        ? (parameters: Parameters) => Result extends string ? string : ComponentChildren
        : Shape<T[Key]>;
};

export const locales = ['de', 'en'] as const;
export type Locale = (typeof locales)[number];

/** A catalogue pair: one object of messages for each language. */
export type Catalogues<Messages> = Readonly<Record<Locale, Messages>>;
