import { z } from 'zod';

/** Controls, and characters that turn the direction of writing and so show another text than there is. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text is one line that reads as it is written. */
const readsAsWritten = (text: string): boolean => !unseen.test(text);

/** The same, and not blank. */
export const isVisibleLine = (text: string): boolean => text.trim() !== '' && readsAsWritten(text);

/**
 * One line of a file that citizens read.
 *
 * @param most characters.
 */
export const citizenText = (most = 255) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine(readsAsWritten, 'must be one line, without control characters and without any that turn the writing round');

const text = citizenText();

/** What citizens read: one text, or one for each language. */
export const oneOrBoth = z.union([text, z.strictObject({ de: text, en: text })], {
  error: 'write one text, or one for each language: { de: …, en: … }',
});

/** The same in both languages; one text counts for both. */
export const inBothLanguages = oneOrBoth.transform((given) =>
  typeof given === 'string' ? { de: given, en: given } : given,
);

export type InBoth = z.output<typeof inBothLanguages>;
