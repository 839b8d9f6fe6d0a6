import { levelOfEvidence, type Evidence } from '../../assurance/evidence.ts';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import { linkProofAge } from '../identity/linking.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { Door, Pending } from '../oidc/door.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { FlowState } from './state.ts';

/** Who is at a flow: by the session that it began in, by its own logins, or by a transfer code. */
export interface Whose {
  /** The session's logins that count. */
  sessionEvidence(pending: Pending): Promise<readonly Evidence[]>;
  sessionCitizen(pending: Pending): Promise<Citizen | undefined>;
  /** The session's account if this is a step-up: something of the session is left, and only more of the same person is asked. */
  pinnedCitizen(pending: Pending, now: number): Promise<Citizen | undefined>;
  /**
   * The account that the logins of this flow prove. Once it has moved on they are void, as every session of before is
   * (architecture.md 7); and beside somebody who is pinned nobody else was proved.
   */
  provedCitizen(proofs: NonNullable<FlowState['proofs']>, pinned: Citizen | undefined): Promise<Citizen | undefined>;
  /** The account of a transfer code, for as long as a login would count as a proof. */
  transferCitizen(state: FlowState, now: number): Promise<Citizen | undefined>;
}

export interface WhoseParts {
  readonly door: Pick<Door, 'evidenceOf'>;
  readonly citizens: Pick<CitizenRepository, 'find' | 'passwordOf'>;
  readonly rules: LevelRules;
}

/** Reasons for which a session's own person is asked to prove more; anything else asks who it is. */
const stepUpReasons = new Set(['spent', 'level', 'max_age', 'card_data']);

export const createWhose = ({ door, citizens, rules }: WhoseParts): Whose => {
  const passwordReaches = async (citizen: Citizen, wanted: Level, now: number): Promise<boolean> => {
    const password = await citizens.passwordOf(citizen.account.id);
    if (!password) return false;
    const evidence: Evidence = {
      means: 'password',
      credentialId: password.id,
      at: now,
      amr: [],
      ceiling: password.ceiling,
    };
    return (
      rules.counts(evidence) && satisfies(levelOfEvidence(evidence, proofingOf(citizen), rules.table, now), wanted)
    );
  };

  const sessionCitizen = async ({ session, party }: Pending): Promise<Citizen | undefined> => {
    if (!session) return undefined;
    const citizen = await citizens.find(session.principal.accountId);
    if (citizen?.guestOf !== undefined && citizen.guestOf !== party.file.client_id) return undefined;
    return citizen?.account.state === 'active' && citizen.account.epoch === session.principal.epoch
      ? citizen
      : undefined;
  };

  return {
    sessionEvidence: async (pending) => (await door.evidenceOf(pending)).filter(rules.counts),
    sessionCitizen,

    async pinnedCitizen(pending, now) {
      if (pending.standing === undefined || !pending.reasons.every((reason) => stepUpReasons.has(reason)))
        return undefined;
      const citizen = await sessionCitizen(pending);
      if (!citizen || citizen.guestOf !== undefined) return undefined;
      // What the service wants to know stands on the card alone: no other way leads there.
      if (pending.reasons.includes('card_data')) return citizen;
      return (await passwordReaches(citizen, pending.wanted, now)) ? undefined : citizen;
    },

    async provedCitizen({ accountId, epoch }, pinned) {
      const citizen = pinned ?? (await citizens.find(accountId));
      return citizen?.account.id === accountId && citizen.account.epoch === epoch ? citizen : undefined;
    },

    async transferCitizen({ transfer }, now) {
      if (!transfer || now - transfer.at > linkProofAge) return undefined;
      const citizen = await citizens.find(transfer.accountId);
      const { state, epoch } = citizen?.account ?? {};
      return state === 'active' && epoch === transfer.epoch ? citizen : undefined;
    },
  };
};
