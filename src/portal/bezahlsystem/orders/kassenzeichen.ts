import { randomInt } from 'node:crypto';

/** How an authority's bookkeeping wants its Kassenzeichen. */
export interface KassenzeichenRule {
  /** Letters and digits in front. */
  readonly prefix: string;
  /** Digits between prefix and check digits. */
  readonly digits: number;
}

/** Check digits of ISO 7064, MOD 97-10, as IBANs have them: one wrong digit and two exchanged ones are noticed. */
const checkDigits = (text: string): string => {
  const digits = [...`${text}00`].map((c) => Number.parseInt(c, 36)).join('');
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return String(98 - rest).padStart(2, '0');
};

/**
 * A new one, by chance: numbers that count up would make every order wait for the one before, and tell how many there are. The store
 * refuses one that is there already.
 */
export const newKassenzeichen = ({ prefix, digits }: KassenzeichenRule): string => {
  const number = Array.from({ length: digits }, () => randomInt(10)).join('');
  return `${prefix}${number}${checkDigits(`${prefix}${number}`)}`;
};

export const isKassenzeichen = (text: string): boolean =>
  /^[0-9A-Z]+\d\d$/.test(text) && checkDigits(text.slice(0, -2)) === text.slice(-2);
