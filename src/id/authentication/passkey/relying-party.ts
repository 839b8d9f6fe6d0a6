import { generateKeyPairSync } from 'node:crypto';
import {
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Passkey } from '../../identity/credentials.ts';

/** Bayern-ID as authenticators know it (WebAuthn 4, "Relying Party Identifier"): the host of the issuer, at its origin alone. */
export interface PasskeyParty {
  readonly origin: string;
  readonly id: string;
}

export const passkeyParty = (issuer: string): PasskeyParty => ({
  origin: new URL(issuer).origin,
  id: new URL(issuer).hostname,
});

/** ES256, Ed25519 and RS256 (RFC 9053, RFC 8812): what platforms and keys make today. */
export const algorithms = [-7, -8, -257] as const;

/** What an authenticator said of a use of its key, once the signature is known to be right. */
export interface ProvedUse {
  readonly counter: number;
  readonly synced: boolean;
}

/** @returns undefined when anything of the answer is not as it must be: the person was not verified, too. */
export const verifyAssertion = async (
  { origin, id }: PasskeyParty,
  response: AuthenticationResponseJSON,
  challenge: string,
  passkey: Pick<Passkey, 'credentialId' | 'publicKey'>,
): Promise<ProvedUse | undefined> => {
  try {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        // Looked at after the signature, and by the store, since two answers may come at once.
        counter: 0,
      },
    });
    return verified ? { counter: info.newCounter, synced: info.credentialDeviceType === 'multiDevice' } : undefined;
  } catch {
    // The library throws for each thing that is wrong; which it was is nobody's business.
    return undefined;
  }
};

const coseOf = (): string => {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  // RFC 9053, 7.1.1: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]).toString('base64url');
};

/** A key that nobody has: an answer by an unknown passkey is checked against it, so that it is not told apart by time. */
export const nobodysKey = coseOf();

/** @returns undefined when anything of the answer is not as it must be. */
export const verifyAttestation = async (
  { origin, id }: PasskeyParty,
  response: RegistrationResponseJSON,
  challenge: string,
): Promise<(Omit<Passkey, 'name'> & { readonly counter: number }) | undefined> => {
  try {
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...algorithms],
    });
    if (!verified) return undefined;
    return {
      credentialId: info.credential.id,
      publicKey: Buffer.from(info.credential.publicKey).toString('base64url'),
      counter: info.credential.counter,
      transports: response.response.transports ?? [],
      synced: info.credentialDeviceType === 'multiDevice',
    };
  } catch {
    return undefined;
  }
};
