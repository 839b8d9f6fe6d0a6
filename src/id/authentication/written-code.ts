import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no letter that is taken for a digit when somebody writes it down. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const group = 5;

/** A code to be printed or written down: 20 characters, 100 random bits, in groups of five. */
export const newWrittenCode = (): string => {
  const characters = [...randomBytes(20)].map((byte) => alphabet[byte % 32] ?? '').join('');
  return (characters.match(new RegExp(`.{${group}}`, 'g')) ?? []).join('-');
};

/**
 * The one form of what was typed: without blanks and hyphens, in capital letters, with the letters that are read for
 * digits made digits. Undefined for what cannot be a code.
 */
export const canonicalWrittenCode = (typed: string): string | undefined => {
  const bare = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(bare) ? bare : undefined;
};
