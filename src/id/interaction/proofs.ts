import { credentialsOf, levelOfEvidence, type Evidence, type Means } from '../../assurance/evidence.ts';
import { satisfies, type Level } from '../../assurance/levels.ts';
import type { Journal } from '../audit/journal.ts';
import { methodOf, type Completion, type Refusal } from '../authentication/method.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import { linkProofAge } from '../identity/linking.ts';
import { loginBy, strongestOwnMeans } from '../identity/means.ts';
import type { LevelRules } from '../oidc/policy.ts';
import { withoutHalf, type FlowState } from './state.ts';

/** What a method said, as the flow keeps it. */

type Proved = Completion & { readonly kind: 'proved' };
type Half = Completion & { readonly kind: 'half' };
export type Refused = Completion & { readonly kind: 'refused' };

/** The state after a method answered with a proof, or with half of one. */
export const afterProof = (given: FlowState, completion: Proved | Half): FlowState => {
  const state = withoutHalf(given);
  if (completion.kind === 'half') return { ...state, half: { ...completion.half, at: Date.now() } };
  const { accountId, epoch, evidence } = completion;
  const { proofs } = state;
  const before = proofs?.accountId === accountId && proofs.epoch === epoch ? proofs.evidence : [];
  return { ...state, proofs: { accountId, epoch, evidence: [...before, evidence] } };
};

type ByHand = 'password' | 'passkey' | 'totp' | 'recovery_codes';

const reasonOf = (method: ByHand, reason: Refusal) => {
  switch (reason) {
    case 'wrong':
      return method === 'password' ? 'wrong_password' : method === 'passkey' ? 'wrong_passkey' : 'wrong_code';
    case 'used':
      return 'used_code';
    case 'cloned':
      return 'cloned_passkey';
    default:
      return reason;
  }
};

/** Failures for a name that nobody has, and refusals without end, are counted by the guard: written down, they would bury the rest. */
export const journalRefusal = (
  journal: Journal,
  method: ByHand,
  { reason, accountId, again }: Refused,
  where: { readonly clientId: string; readonly referenceId: string },
): void => {
  if (accountId === undefined || again === true) return;
  journal.record({ type: 'login.failed', method, reason: reasonOf(method, reason), accountId, ...where });
};

/** What may stand for an account when a card is added to it, and whether it was used a moment ago. */
export interface LinkProof {
  /** The account's strongest means besides a card; none when all are switched off. */
  readonly by: readonly Means[];
  readonly recent: boolean;
  /** The logins by credentials that the account still has. */
  readonly logins: readonly Evidence[];
}

export const linkProof = (
  evidence: readonly Evidence[],
  credentials: readonly Credential[],
  rules: LevelRules,
  now: number,
): LinkProof => {
  const present = new Set(credentials.map(({ id }) => id));
  const logins = evidence.filter(
    (item) => item.means !== 'eid' && credentialsOf(item).every((credential) => present.has(credential)),
  );
  const by = strongestOwnMeans(credentials, rules, now);
  const [strongest] = by;
  const suffices = ({ means, at }: Evidence): boolean =>
    now - at <= linkProofAge && (strongest === undefined || satisfies(rules.table[means], rules.table[strongest]));
  return { by, recent: logins.some(suffices), logins };
};

/** The means of an account, besides a card, by which it reaches a level now: what a step-up may ask for. */
export const waysTo = (
  wanted: Level,
  citizen: Citizen,
  credentials: readonly Credential[],
  rules: LevelRules,
): readonly ('password' | 'passkey')[] => {
  const now = Date.now();
  const proofing = proofingOf(citizen);
  const reaching = credentials
    .map((credential) => loginBy(credential, credentials, now))
    .filter((login) => login !== undefined)
    .filter((login) => rules.counts(login) && satisfies(levelOfEvidence(login, proofing, rules.table, now), wanted));
  return (['passkey', 'password'] as const).filter((way) => reaching.some(({ means }) => methodOf[means] === way));
};
