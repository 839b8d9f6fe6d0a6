/**
 * Of an order, in the words of XBezahldienste 1.0.0. FAILED: ended by us. CANCELED: by the citizen. All but INITIAL are
 * terminal and never change.
 */
export const orderStatuses = ['INITIAL', 'PAYED', 'FAILED', 'CANCELED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/**
 * Of one attempt to pay. `begun`: written down, the provider perhaps knows of it. `redirected`: its page can be opened.
 * `pending`: the citizen has done all, the money is not sure yet. `in_doubt`: the provider's word does not fit the order, or it does
 * not know what became of the payment. `paid`: its money pays the order. `surplus`: its money came for an order that had ended or was
 * paid otherwise, and goes back. The other three: no money will come.
 */
export const attemptStates = [
  'begun',
  'redirected',
  'pending',
  'in_doubt',
  'paid',
  'surplus',
  'failed',
  'cancelled',
  'expired',
] as const;
export type AttemptState = (typeof attemptStates)[number];

/** Attempts from which money may still come in the ordinary way; an order has one at most. */
export const aliveStates = ['begun', 'redirected', 'pending', 'in_doubt'] as const satisfies readonly AttemptState[];

const dead = ['failed', 'cancelled', 'expired'] as const;

/**
 * From which states an attempt may come into each. A dead one becomes paid or surplus when the provider corrects itself: the money
 * is there, whatever was said before. `paid` and `surplus` never change.
 */
export const attemptTransitions: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  begun: [],
  redirected: ['begun', 'in_doubt'],
  pending: ['begun', 'redirected', 'in_doubt'],
  in_doubt: ['begun', 'redirected', 'pending'],
  paid: [...aliveStates, ...dead],
  surplus: [...aliveStates, ...dead],
  failed: aliveStates,
  cancelled: aliveStates,
  expired: aliveStates,
};

export const isAlive = (state: AttemptState): boolean => (aliveStates as readonly AttemptState[]).includes(state);

export const isEnded = (status: OrderStatus): boolean => status !== 'INITIAL';

/** What a provider said of an attempt's payment, as far as the state machine is concerned. */
export interface Word {
  readonly state: 'open' | 'pending' | 'paid' | 'failed' | 'cancelled' | 'expired' | 'unknown';
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
}

/** What comes of a word. `alarm`: a person has to look. */
export type Verdict =
  | { readonly kind: 'nothing'; readonly alarm?: string }
  | { readonly kind: 'move'; readonly to: AttemptState; readonly alarm?: string }
  /** The money is there: it pays the order if that still can be paid, else it is surplus. */
  | { readonly kind: 'money' };

/**
 * Judges a provider's word. Pure: whether the order can still be paid says the conditional update that follows.
 *
 * @param attempt.overdue whether an attempt that was only begun is so old that a call under way cannot reach the provider any more.
 */
export const judge = (
  attempt: { readonly state: AttemptState; readonly hasPage: boolean; readonly overdue: boolean },
  order: { readonly amount: number; readonly currency: string },
  word: Word,
): Verdict => {
  const { state } = attempt;
  const move = (to: AttemptState, alarm?: string): Verdict =>
    attemptTransitions[to].includes(state)
      ? { kind: 'move', to, ...(alarm === undefined ? {} : { alarm }) }
      : { kind: 'nothing', ...(alarm === undefined ? {} : { alarm }) };
  if (state === 'paid' || state === 'surplus') return { kind: 'nothing' };
  // Of a payment that was never begun a provider knows no amount; of one that is paid it has to tell it.
  const silent = word.amount === undefined && word.currency === undefined && word.state !== 'paid';
  const fits = silent || (word.amount === order.amount && word.currency === order.currency);
  if (!fits) return move('in_doubt', 'amount_differs');
  switch (word.state) {
    case 'paid':
      return { kind: 'money' };
    case 'failed':
    case 'cancelled':
    case 'expired':
      return move(word.state);
    case 'pending':
      return move('pending');
    case 'open':
      return attempt.hasPage ? move('redirected') : { kind: 'nothing' };
    case 'unknown':
      if (state === 'begun') return attempt.overdue ? move('expired') : { kind: 'nothing' };
      return isAlive(state) ? move('in_doubt', 'unknown_at_provider') : { kind: 'nothing' };
  }
};
