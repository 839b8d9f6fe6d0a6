import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { agree, pointOf, publicKeyObject } from './brainpool.ts';
import { chipAuthenticationPoint } from './card-security.ts';
import { shortMac } from './cmac.ts';
import { deriveSessionKeys } from './key-derivation.ts';
import { oids } from './object-identifiers.ts';
import { createSecureMessaging, NotAuthentic, type SecureMessaging } from './secure-messaging.ts';

/** What the chip answered to the terminal's ephemeral key. */
export interface ChipAnswer {
  readonly cardSecurity: Buffer;
  readonly nonce: Buffer;
  readonly token: Buffer;
}

/** What the chip's token has to be: a MAC over the terminal's ephemeral public key. */
export const authenticationToken = (authentication: Buffer, ephemeralPoint: Buffer): Buffer =>
  shortMac(authentication, publicKeyObject(oids.chipAuthentication, ephemeralPoint));

/**
 * Chip Authentication, version 2 (TR-03110-2, 3.4): the chip proves that it holds the private key of the public one in
 * EF.CardSecurity, and both sides share the keys of a new secure channel.
 * @throws NotAuthentic, MalformedTlv
 */
export const authenticateChip = (ephemeral: KeyObject, answer: ChipAnswer): SecureMessaging => {
  const keys = deriveSessionKeys(agree(ephemeral, chipAuthenticationPoint(answer.cardSecurity)), answer.nonce);
  const expected = authenticationToken(keys.authentication, pointOf(ephemeral));
  if (answer.token.length !== expected.length || !timingSafeEqual(answer.token, expected))
    throw new NotAuthentic('the chip does not have the key that it names');
  return createSecureMessaging(keys);
};
