import { satisfies, type Level } from '../../assurance/levels.ts';
import type { LinkObstacle } from '../identity/linking.ts';
import { registrationPage, type RegistrationPage } from './registration/registration.ts';
import { cardLife, halfLife, type FlowState } from './state.ts';
import type { RefusedView } from './views.ts';

/** What the flow has to know beside its own state; looked up before, so that the decision itself is pure. */
export interface Facts {
  readonly wanted: Level;
  /** Step-up: only this account may go on. A login asked for anew (`prompt=login`) pins nobody. */
  readonly pinned?: string;
  /** The account of a transfer code that was typed in a moment ago. */
  readonly transfer?: string;
  /** The account that the card in the state belongs to. */
  readonly owner?: string;
  /** Nobody may log in to that account. */
  readonly ownerLocked?: boolean;
  /** Why the card cannot be added to the account that is logged in or was proved. */
  readonly obstacle?: LinkObstacle;
  /** That account is to be deleted: whoever proves to be its owner may keep it, and until then goes nowhere. */
  readonly leaving?: boolean;
  /** What the proofs of this flow, together with a pinned session, give for that account. */
  readonly reached?: Level;
  readonly consent: boolean;
  /** Somebody is logged in, and the service asks whose account it is to be. */
  readonly select?: boolean;
  /** The service asks for a new account (`prompt=create`). */
  readonly create?: boolean;
  /** Another account is to be proved for joining it with this one, whose session goes on as it is. */
  readonly joining?: string;
  /** The second account was proved by its strongest usable means. */
  readonly provedStrongest?: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

export type Step =
  | {
      readonly page:
        | 'login'
        | 'code'
        | 'stepUp'
        | 'assign'
        | 'link'
        | 'consent'
        | 'select'
        | 'leaving'
        | 'register'
        | RegistrationPage;
    }
  | {
      readonly page: 'refused';
      readonly cause: RefusedView['cause'];
      /** Whose card it was, where that is not the account of the flow. */
      readonly accountId?: string;
    }
  /** The card's owner is the one who logs in. */
  | { readonly act: 'useCard'; readonly accountId: string }
  | { readonly act: 'createAccount' }
  | { readonly act: 'beGuest' }
  | { readonly act: 'finish' };

/**
 * What comes next where a second account is proved. Nobody is logged in by it, so nothing is made, linked or taken back on
 * the way: no new account, no card for another account, no deletion cancelled.
 */
const joinStep = (state: FlowState, facts: Facts, kept: string): Step => {
  const proved = state.proofs?.accountId;
  if (state.card && facts.now - state.card.at < cardLife) {
    if (facts.owner === undefined) return { page: 'refused', cause: 'unknownCard', accountId: kept };
    if (facts.owner === kept) return { page: 'refused', cause: 'sameAccount', accountId: kept };
    if (proved !== undefined && proved !== facts.owner) return { page: 'refused', cause: 'foreignCard' };
    if (facts.ownerLocked === true) return { page: 'refused', cause: 'cardUnusable', accountId: facts.owner };
    return { act: 'useCard', accountId: facts.owner };
  }
  if (proved === undefined) return { page: 'login' };
  if (proved === kept) return { page: 'refused', cause: 'sameAccount', accountId: kept };
  if (facts.leaving === true) return { page: 'refused', cause: 'leavingAccount', accountId: kept };
  return facts.provedStrongest === true ? { act: 'finish' } : { page: 'stepUp' };
};

/**
 * What comes next. Steps never call each other: each changes the state and comes back here, so that no step can be
 * skipped by calling its address (SE-13): routes serve a page only when it is what comes next.
 */
export const nextStep = (state: FlowState, facts: Facts): Step => {
  if (facts.consent) return { page: 'consent' };
  if (facts.select === true && state.otherAccount !== true) return { page: 'select' };
  if (state.refusal) return { page: 'refused', cause: state.refusal.cause };

  if (state.half && facts.now - state.half.at < halfLife) return { page: 'code' };

  if (facts.joining !== undefined) return joinStep(state, facts, facts.joining);

  const account = facts.pinned ?? state.proofs?.accountId ?? facts.transfer;
  const card = state.card && facts.now - state.card.at < cardLife ? state.card : undefined;
  if (card) {
    if (facts.owner !== undefined) {
      if (account !== undefined && account !== facts.owner) return { page: 'refused', cause: 'foreignCard' };
      if (facts.ownerLocked === true) return { page: 'refused', cause: 'cardUnusable', accountId: facts.owner };
      return { act: 'useCard', accountId: facts.owner };
    }
    if (account !== undefined && facts.leaving === true) return { page: 'leaving' };
    if (account !== undefined) return facts.obstacle ? { page: 'refused', cause: facts.obstacle } : { page: 'link' };
    if (state.intent === 'new') return { act: 'createAccount' };
    if (state.intent === 'guest') return { act: 'beGuest' };
    return { page: state.intent === 'existing' ? 'login' : 'assign' };
  }

  const registering =
    facts.pinned === undefined && state.registration ? registrationPage(state.registration) : undefined;
  if (registering) return { page: registering };
  if (state.proofs) {
    if (!facts.reached || !satisfies(facts.reached, facts.wanted)) return { page: 'stepUp' };
    return facts.leaving === true ? { page: 'leaving' } : { act: 'finish' };
  }
  if (facts.pinned !== undefined) return { page: 'stepUp' };
  return { page: facts.create === true || state.registration ? 'register' : 'login' };
};
