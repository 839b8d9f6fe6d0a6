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
  /** What the proofs of this flow, together with a pinned session, give for that account. */
  readonly reached?: Level;
  readonly consent: boolean;
  /** Somebody is logged in, and the service asks whose account it is to be. */
  readonly select?: boolean;
  /** The service asks for a new account (`prompt=create`). */
  readonly create?: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

export type Step =
  | {
      readonly page:
        'login' | 'code' | 'stepUp' | 'assign' | 'link' | 'consent' | 'select' | 'register' | RegistrationPage;
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
 * What comes next. Steps never call each other: each changes the state and comes back here, so that no step can be
 * skipped by calling its address (SE-13): routes serve a page only when it is what comes next.
 */
export const nextStep = (state: FlowState, facts: Facts): Step => {
  if (facts.consent) return { page: 'consent' };
  if (facts.select === true && state.otherAccount !== true) return { page: 'select' };
  if (state.refusal) return { page: 'refused', cause: state.refusal.cause };

  if (state.half && facts.now - state.half.at < halfLife) return { page: 'code' };

  const account = facts.pinned ?? state.proofs?.accountId ?? facts.transfer;
  const card = state.card && facts.now - state.card.at < cardLife ? state.card : undefined;
  if (card) {
    if (facts.owner !== undefined) {
      if (account !== undefined && account !== facts.owner) return { page: 'refused', cause: 'foreignCard' };
      if (facts.ownerLocked === true) return { page: 'refused', cause: 'cardUnusable', accountId: facts.owner };
      return { act: 'useCard', accountId: facts.owner };
    }
    if (account !== undefined) return facts.obstacle ? { page: 'refused', cause: facts.obstacle } : { page: 'link' };
    if (state.intent === 'new') return { act: 'createAccount' };
    if (state.intent === 'guest') return { act: 'beGuest' };
    return { page: state.intent === 'existing' ? 'login' : 'assign' };
  }

  const registering =
    facts.pinned === undefined && state.registration ? registrationPage(state.registration) : undefined;
  if (registering) return { page: registering };
  if (state.proofs)
    return facts.reached && satisfies(facts.reached, facts.wanted) ? { act: 'finish' } : { page: 'stepUp' };
  if (facts.pinned !== undefined) return { page: 'stepUp' };
  return { page: facts.create === true || state.registration ? 'register' : 'login' };
};
