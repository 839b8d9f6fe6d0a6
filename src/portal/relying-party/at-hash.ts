import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an ID token's `at_hash` (OpenID Connect Core 3.1.3.6) belongs to the access token. In the code flow the claim
 * is optional, so an absent one passes; one that is there must fit. For the 256-bit algorithms that clients here use.
 */
export const accessTokenFits = (atHash: unknown, accessToken: string): boolean => {
  if (atHash === undefined) return true;
  if (typeof atHash !== 'string') return false;
  const expected = Buffer.from(
    createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16).toString('base64url'),
  );
  const given = Buffer.from(atHash);
  return given.length === expected.length && timingSafeEqual(given, expected);
};
