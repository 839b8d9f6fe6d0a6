import type { Locale } from '../../../web/i18n/shape.ts';
import type { PasswordFault } from '../../authentication/password/rules.ts';
import type { AccountRepository } from '../../identity/accounts.ts';
import type { CredentialRepository } from '../../identity/credentials.ts';
import { LoginNameTaken, type CitizenRepository } from '../../identity/repository.ts';
import { HttpError } from '../../../web/http-error.ts';
import { passwordContext, type ChoosePassword } from '../../new-password/choice.ts';
import type { FlowState } from '../state.ts';
import type { Position } from '../steps.ts';
import { nobody, selfAsserted } from './person.ts';
import type { Registration } from './registration.ts';

export type Made =
  | { readonly kind: 'made'; readonly proofs: NonNullable<FlowState['proofs']> }
  | { readonly kind: 'fault'; readonly fault: PasswordFault }
  /** Somebody else has the address by now. */
  | { readonly kind: 'taken' };

/** What a registration writes down. */
export interface AccountMaker {
  /** The account of somebody who has confirmed an address; its first login is made with it. */
  create(position: Position, registration: Registration, password: string, locale: Locale): Promise<Made>;
  /** An address for an account that was just made with a card. @returns false when it is somebody else's. */
  addAddress(position: Position, address: string): Promise<boolean>;
  /** A password for such an account; its ceiling is the level of the card that was just used. */
  addPassword(position: Position, password: string): Promise<Made>;
}

export interface AccountMakerParts {
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly accounts: AccountRepository;
  readonly choose: ChoosePassword;
}

export const createAccountMaker = ({ citizens, credentials, accounts, choose }: AccountMakerParts): AccountMaker => ({
  async create({ pending }, { address = '', person = nobody }, password, locale) {
    const at = Date.now();
    const email = { value: address, source: 'self', level: 'basic', at } as const;
    const self = { ...selfAsserted(person, at), email };
    const chosen = await choose(password, {
      context: passwordContext({ self, email: address }),
      secondFactor: false,
    });
    if ('fault' in chosen) return { kind: 'fault', fault: chosen.fault };
    const clientId = pending.party.file.client_id;
    try {
      const { account } = await citizens.create(
        { email: address, passwordHash: chosen.hash, self, preferences: { locale }, ceiling: 'basic' },
        [{ type: 'account.created', by: 'registration', clientId }],
      );
      const credential = await citizens.passwordOf(account.id);
      if (!credential) throw new Error('a new account has no password');
      const evidence = {
        means: 'password',
        credentialId: credential.id,
        at: Date.now(),
        amr: ['pwd'],
        ceiling: 'basic',
      } as const;
      return { kind: 'made', proofs: { accountId: account.id, epoch: account.epoch, evidence: [evidence] } };
    } catch (error) {
      if (error instanceof LoginNameTaken) return { kind: 'taken' };
      throw error;
    }
  },

  async addAddress({ citizen, pending }, address) {
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    const clientId = pending.party.file.client_id;
    return (await accounts.setEmail(citizen.account, address, [{ type: 'email.changed', clientId }])) === 'set';
  },

  async addPassword({ citizen, pending, state, reached }, password) {
    const { proofs } = state;
    if (!citizen || !proofs) throw new HttpError('bad_request', { reason: 'step' });
    const chosen = await choose(password, { context: passwordContext(citizen), secondFactor: false });
    if ('fault' in chosen) return { kind: 'fault', fault: chosen.fault };
    const clientId = pending.party.file.client_id;
    const set = await credentials.setPassword(citizen.account, { hash: chosen.hash, ceiling: reached ?? 'basic' }, [
      { type: 'credential.added', method: 'password', clientId },
    ]);
    if (set.kind === 'stale') throw new HttpError('conflict', { reason: 'account_changed' });
    return { kind: 'made', proofs: { ...proofs, epoch: set.epoch } };
  },
});
