import type { Evidence } from '../../assurance/evidence.ts';
import type { Level } from '../../assurance/levels.ts';
import { agedEvidence, type Ageing } from '../../assurance/policy.ts';
import type { Half } from '../authentication/method.ts';
import type { ReadCard } from '../identity/repository.ts';
import type { Registration } from './registration/registration.ts';
import type { EidFailureCause, RefusedView } from './views.ts';

/** What a flow has found out so far. Kept in the interaction, sealed, and gone with it. */
export interface FlowState {
  /** Logins made in this interaction, all of one account. */
  readonly proofs?: { readonly accountId: string; readonly epoch: number; readonly evidence: readonly Evidence[] };
  /** A right password that is half of a login; nobody is logged in by it. `at` in ms since the epoch. */
  readonly half?: Half & { readonly at: number };
  /** Credentials whose ceiling was lifted by linking a card; what the session proved with them counts for more now. */
  readonly confirmed?: { readonly credentialIds: readonly string[]; readonly ceiling: Level };
  /**
   * A card that was read, for as long as nobody knows yet what to do with it. `at` in ms since the epoch; `left` as in
   * Evidence.
   */
  readonly card?: { readonly card: ReadCard; readonly at: number; readonly left?: Level };
  /** When the state was last written, in ms since the epoch: the browser has idled since. */
  readonly seen?: number;
  /**
   * A transfer code that was typed in: it stands for a login of the account where a new card takes the place of the old
   * one, and for nothing else. `at` in ms since the epoch.
   */
  readonly transfer?: {
    readonly accountId: string;
    readonly epoch: number;
    readonly code: string;
    readonly at: number;
  };
  /** The citizen's answer to "Do you have an account?". */
  readonly intent?: 'existing' | 'new' | 'guest';
  /** Asked whose account it is to be (`prompt=select_account`), the citizen wants another one. */
  readonly otherAccount?: boolean;
  /** A new account is being made. */
  readonly registration?: Registration;
  /** The account that was made in this very flow: its owner need not be told of the browser (ADR 27). */
  readonly made?: string;
  /** The use of the card under way. */
  readonly eid?: { readonly transactionId: string; readonly tcTokenUrl: string; readonly expiresAt: number };
  /** What the last try with the card ended in; shown on a page of its own, and no obstacle to another way in. */
  readonly failure?: { readonly cause: EidFailureCause; readonly referenceId: string };
  readonly refusal?: { readonly cause: RefusedView['cause']; readonly referenceId: string };
}

/** What was read from a card stays this long in a flow, in ms (eid.md 7). */
export const cardLife = 10 * 60 * 1000;

/** How long a right password waits for its code, in ms. */
export const halfLife = 5 * 60 * 1000;

export const withoutHalf = ({ half: _half, ...state }: FlowState): FlowState => state;

/** Nobody is proved in this flow any more; an account that it had made goes on without it. */
export const withoutProofs = ({ proofs: _proofs, confirmed: _confirmed, ...state }: FlowState): FlowState => {
  const { registration, ...rest } = state;
  return registration?.created === true ? rest : state;
};

const asEvidence = ({ card, at, left }: NonNullable<FlowState['card']>): Evidence => ({
  means: 'eid',
  credentialId: '',
  at,
  amr: [],
  ceiling: card.assured,
  ...(left === undefined ? {} : { left }),
});

/** Another try begins: what the last one ended in is forgotten, and a login by halves too. */
export const withoutOutcome = ({ failure: _failure, refusal: _refusal, ...state }: FlowState): FlowState =>
  withoutHalf(state);

/** A method was switched off meanwhile: what was proved or read by it is as if it had not been. */
export const withoutUncounted = (state: FlowState, counts: (evidence: Evidence) => boolean): FlowState => {
  const { proofs, confirmed, card, intent, half, ...rest } = state;
  const evidence = proofs?.evidence.filter(counts) ?? [];
  const cardCounts = card !== undefined && counts(asEvidence(card));
  return {
    ...rest,
    ...(proofs && evidence.length > 0 ? { proofs: { ...proofs, evidence }, ...(confirmed ? { confirmed } : {}) } : {}),
    ...(half && counts(half.evidence) ? { half } : {}),
    ...(cardCounts ? { card } : {}),
    ...(intent !== undefined && (cardCounts || card === undefined) ? { intent } : {}),
  };
};

/**
 * What idling has left of a flow's logins and of its card: they are in no session yet, which would see to it, and must not
 * come into one as if they had just been made.
 */
export const agedState = (state: FlowState, now: number, ageing: Ageing): FlowState => {
  const { proofs, card, seen = now, ...rest } = state;
  const evidence = agedEvidence(proofs?.evidence ?? [], { seen, now }, ageing);
  const [aged] = card ? agedEvidence([asEvidence(card)], { seen, now }, ageing) : [];
  return {
    ...rest,
    seen,
    ...(proofs && evidence.length > 0 ? { proofs: { ...proofs, evidence } } : {}),
    ...(card && aged ? { card: { ...card, left: aged.left ?? 'high' } } : {}),
  };
};

export const withoutCard = ({ card: _card, intent: _intent, transfer: _transfer, ...state }: FlowState): FlowState =>
  state;
