import type { CredentialRepository, Passkey } from '../../identity/credentials.ts';
import { readAttestation } from './answers.ts';
import type { Challenges } from './challenges.ts';
import { algorithms, verifyAttestation, type PasskeyParty } from './relying-party.ts';

/** What the browser's credential API is asked to make (WebAuthn 5.4, in its JSON form). */
export interface PasskeyOrder {
  readonly challenge: string;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly pubKeyCredParams: readonly { readonly type: 'public-key'; readonly alg: number }[];
  readonly authenticatorSelection: {
    readonly residentKey: 'required';
    readonly requireResidentKey: true;
    readonly userVerification: 'required';
  };
  readonly attestation: 'none';
  readonly excludeCredentials: readonly { readonly type: 'public-key'; readonly id: string }[];
}

/** Making a passkey for somebody who is logged in. */
export interface PasskeyEnrolment {
  /** @param names what the device shows in its list of passkeys; `binding`: the session. */
  order(
    accountId: string,
    names: { readonly name: string; readonly displayName: string },
    binding: string,
  ): Promise<PasskeyOrder>;
  /** @returns undefined when the answer is not one to our order, or whoever holds the device was not verified. */
  made(
    attestation: string,
    binding: string,
  ): Promise<(Omit<Passkey, 'name'> & { readonly counter: number }) | undefined>;
}

const bindingOf = (session: string): string => `passkey enrolment ${session}`;

export const createPasskeyEnrolment = (
  party: PasskeyParty,
  challenges: Challenges,
  credentials: CredentialRepository,
): PasskeyEnrolment => ({
  async order(accountId, names, binding) {
    const own = await credentials.passkeysOf(accountId);
    return {
      challenge: challenges.issue(bindingOf(binding)),
      rp: { id: party.id, name: 'Bayern-ID' },
      user: { id: credentials.userHandle(accountId).toString('base64url'), ...names },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      // Which make it is would tell something of the person and changes nothing here.
      attestation: 'none',
      excludeCredentials: own.map(({ credentialId }) => ({ type: 'public-key', id: credentialId })),
    };
  },
  async made(attestation, binding) {
    const answer = readAttestation(attestation);
    if (!answer || !(await challenges.take(answer.challenge, bindingOf(binding)))) return undefined;
    return verifyAttestation(party, answer.response, answer.challenge);
  },
});
