import type { Means } from '../../../assurance/evidence.ts';
import type { CitizenRepository } from '../../identity/repository.ts';
import type { CredentialRepository, PasskeyCredential } from '../../identity/credentials.ts';
import type { AuthenticationMethod, Completion } from '../method.ts';
import { readAssertion } from './answers.ts';
import type { Challenges } from './challenges.ts';
import { nobodysKey, verifyAssertion, type PasskeyParty } from './relying-party.ts';

/** What the browser's credential API is asked with (WebAuthn 5.5, in its JSON form). */
export interface PasskeyRequest {
  readonly challenge: string;
  readonly rpId: string;
  readonly userVerification: 'required';
  /** Of an account that is known already; without it the browser offers whatever passkeys it has. */
  readonly allowCredentials?: readonly {
    readonly type: 'public-key';
    readonly id: string;
    readonly transports: readonly string[];
  }[];
}

interface Begin {
  readonly interaction: string;
  /** Only this account may answer. */
  readonly accountId?: string;
}

interface Answer extends Begin {
  /** JSON, as the browser gave it. */
  readonly assertion: string;
}

export type PasskeyMethod = AuthenticationMethod<Begin, PasskeyRequest, Answer>;

/** `hwk` and `swk` (RFC 8176): whether the key can leave the device; `user`, `mfa`: its holder was there and verified. */
const kindOf = (synced: boolean): { readonly means: Means; readonly amr: readonly string[] } =>
  synced
    ? { means: 'passkey_synced', amr: ['swk', 'user', 'mfa'] }
    : { means: 'passkey_bound', amr: ['hwk', 'user', 'mfa'] };

const bindingOf = (interaction: string): string => `passkey login ${interaction}`;

/**
 * Passkeys, always with user verification. The guard has no part in it: there is nothing to guess, and a bucket that
 * strangers could fill with made-up answers would lock somebody out.
 */
export const createPasskeyMethod = (
  party: PasskeyParty,
  challenges: Challenges,
  citizens: CitizenRepository,
  credentials: CredentialRepository,
): PasskeyMethod => {
  /** A counter that counts must rise; one that fell behind tells that the key was copied (WebAuthn 6.1.1). */
  const use = async ({ id, counter: before }: PasskeyCredential, counter: number): Promise<boolean> => {
    if (counter > 0 || before > 0) return credentials.useCounter(id, counter);
    await credentials.noteUse(id);
    return true;
  };

  return {
    name: 'passkey',
    means: ['passkey_synced', 'passkey_bound'],

    async begin(_context, { interaction, accountId }) {
      const own = accountId === undefined ? undefined : await credentials.passkeysOf(accountId);
      return {
        challenge: challenges.issue(bindingOf(interaction)),
        rpId: party.id,
        userVerification: 'required',
        ...(own
          ? {
              allowCredentials: own.map(({ credentialId, transports }) => ({
                type: 'public-key' as const,
                id: credentialId,
                transports,
              })),
            }
          : {}),
      };
    },

    async complete(_context, { interaction, accountId: wanted, assertion }): Promise<Completion> {
      const answer = readAssertion(assertion);
      if (!answer || !(await challenges.take(answer.challenge, bindingOf(interaction))))
        return { kind: 'refused', reason: 'wrong' };
      const { response, challenge } = answer;
      const found = await credentials.findPasskey(response.id);
      const key = found?.passkey ?? { credentialId: response.id, publicKey: nobodysKey };
      const proved = await verifyAssertion(party, response, challenge, key);
      if (!found) return { kind: 'refused', reason: 'wrong' };
      const { accountId, passkey } = found;
      const whose = { accountId };
      const { userHandle } = response.response;
      const handleFits =
        userHandle === undefined
          ? wanted !== undefined
          : Buffer.from(userHandle, 'base64url').equals(credentials.userHandle(accountId));
      if (!proved || !handleFits || proved.synced !== passkey.synced || (wanted ?? accountId) !== accountId)
        return { kind: 'refused', reason: 'wrong', ...whose };
      if (!(await use(passkey, proved.counter))) return { kind: 'refused', reason: 'cloned', ...whose };
      const citizen = await citizens.find(accountId);
      if (!citizen || citizen.account.state === 'locked') return { kind: 'refused', reason: 'locked', ...whose };
      return {
        kind: 'proved',
        accountId,
        epoch: citizen.account.epoch,
        evidence: { ...kindOf(passkey.synced), credentialId: passkey.id, at: Date.now(), ceiling: passkey.ceiling },
      };
    },
  };
};
