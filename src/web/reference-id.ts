import { randomBytes } from 'node:crypto';

/** Crockford's base32 without letters that are read as digits, in small letters: it can be read out on the telephone. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const letters = 10;

/** Random bytes for a while: fetching ten at a time costs more than the rest of an id. */
let supply = Buffer.alloc(0);

/** A new reference id: 10 characters, 50 bits. It names one request in pages and logs and is no secret. */
export const newReferenceId = (): string => {
  if (supply.length < letters) supply = randomBytes(letters * 200);
  let id = '';
  for (const byte of supply.subarray(0, letters)) id += alphabet[byte % 32];
  supply = supply.subarray(letters);
  return id;
};
