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

/** From which status an order may come into each. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  INITIAL: [],
  PAYED: ['INITIAL'],
  FAILED: ['INITIAL'],
  CANCELED: ['INITIAL'],
};

export const isAlive = (state: AttemptState): boolean => (aliveStates as readonly AttemptState[]).includes(state);

export const isEnded = (status: OrderStatus): boolean => status !== 'INITIAL';
