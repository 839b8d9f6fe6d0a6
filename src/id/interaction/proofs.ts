import { credentialsOf, levelOfEvidence, type Evidence } from '../../assurance/evidence.ts';
import { satisfies, weakest, type Level } from '../../assurance/levels.ts';
import type { Journal } from '../audit/journal.ts';
import { reachedNow } from '../../assurance/policy.ts';
import { methodOf, type Completion, type Refusal } from '../authentication/method.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import { linkProofAge } from '../identity/linking.ts';
import { loginBy, strongestOwnMeans } from '../identity/means.ts';
import { strongestLogins } from '../identity/strongest-means.ts';
import type { LevelRules } from '../oidc/policy.ts';
import { withoutHalf, type FlowState } from './state.ts';
import type { Position } from './steps.ts';

/** What a method said, as the flow keeps it. */

type Proved = Completion & { readonly kind: 'proved' };
type Half = Completion & { readonly kind: 'half' };
export type Refused = Completion & { readonly kind: 'refused' };

/** The login that a card is, once it is known whose. */
export const cardEvidence = (
  { card, at, left }: NonNullable<FlowState['card']>,
  linkId: string,
  ceiling: Evidence['ceiling'],
): Evidence => ({
  means: 'eid',
  credentialId: linkId,
  at,
  amr: ['sc', 'pin', 'mfa', 'eid'],
  ceiling: weakest(ceiling, card.assured),
  ...(left === undefined ? {} : { left }),
});

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
  const event = { type: 'login.failed', method, reason: reasonOf(method, reason), ...where } as const;
  if (accountId === undefined || again === true) journal.countOnly(event);
  else journal.record({ ...event, accountId });
};

/** Logins, other than by card, whose credentials the account still has. */
export const loginsPresent = (
  evidence: readonly Evidence[],
  credentials: readonly Credential[],
): readonly Evidence[] => {
  const present = new Set(credentials.map(({ id }) => id));
  return evidence.filter(
    (item) => item.means !== 'eid' && credentialsOf(item).every((credential) => present.has(credential)),
  );
};

/**
 * Whether a proof is young and strong enough to stand for the account when a card is added, or takes the place of the one
 * before: by the strongest of its own means, or by the old card itself, which is the best proof of all.
 */
export const recentProof = (
  evidence: readonly Evidence[],
  citizen: Citizen,
  credentials: readonly Credential[],
  rules: LevelRules,
  now: number,
): boolean => {
  const [strongest] = strongestOwnMeans(credentials, rules, now);
  const present = loginsPresent(evidence, credentials);
  return evidence.some((item) => {
    if (now - item.at > linkProofAge) return false;
    if (item.means === 'eid') return item.credentialId === citizen.card?.link.id;
    return (
      present.includes(item) && (strongest === undefined || satisfies(rules.table[item.means], rules.table[strongest]))
    );
  });
};

/** Logins of a session that a card shown in it confirms, as far as they count for less than it gives. */
export const unconfirmedLogins = (
  evidence: readonly Evidence[],
  citizen: Citizen,
  rules: LevelRules,
  level: Level,
  now: number,
): readonly Evidence[] =>
  evidence.filter(
    (item) =>
      item.means !== 'eid' &&
      !satisfies(item.ceiling, level) &&
      // A login of which nothing is left is none of this session any more.
      reachedNow([item], { proofing: proofingOf(citizen), ...rules, now, seen: now }) !== undefined,
  );

/** What the card that was just shown confirms, and up to which level; nothing where none was. */
export const confirmedByCard = (
  evidence: readonly Evidence[],
  citizen: Citizen,
  rules: LevelRules,
  now: number,
): { readonly ids: readonly string[]; readonly level: Level } => {
  const card = evidence.findLast(
    ({ means, credentialId, at }) =>
      means === 'eid' && credentialId === citizen.card?.link.id && now - at <= linkProofAge,
  );
  if (!card) return { ids: [], level: 'basic' };
  const level = levelOfEvidence(card, proofingOf(citizen), rules.table, now);
  const logins = unconfirmedLogins(evidence, citizen, rules, level, now);
  return { ids: [...new Set(logins.flatMap(credentialsOf))], level };
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

/** The ways that a step-up offers beside the card. What stands on a card alone is reached by no other. */
export const waysAt = (
  position: Pick<Position, 'pending' | 'wanted' | 'citizen' | 'credentials' | 'joining'>,
  rules: LevelRules,
): ReturnType<typeof waysTo> => {
  const { pending, wanted, citizen, credentials, joining } = position;
  if (citizen === undefined || pending.reasons.includes('card_data')) return [];
  if (!joining) return waysTo(wanted, citizen, credentials, rules);
  const strongest = strongestLogins(citizen, credentials, rules).map(({ means }) => methodOf[means]);
  return (['passkey', 'password'] as const).filter((way) => strongest.includes(way));
};
