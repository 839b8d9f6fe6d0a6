import { randomBytes } from 'node:crypto';

/** How many make a set. */
export const setSize = 10;

/** Crockford's base32: no I, L, O or U, so that what looks alike is not told apart. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 random bits each (NIST SP 800-63B-4, 3.1.2.2 asks for 64 where nothing slows guessing down). */
const length = 16;
const group = 4;

const grouped = (code: string): string => (code.match(new RegExp(`.{1,${group}}`, 'g')) ?? []).join('-');

/** A new set, as it is shown: four groups of four. */
export const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: setSize }, () =>
    grouped([...randomBytes(length)].map((byte) => alphabet.charAt(byte & 31)).join('')),
  );

/** However it was copied from paper: case, blanks and hyphens do not matter, and O, I and L are what they look like. */
export const canonicalRecoveryCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
