/** What a test card does. The page offers cards to choose from: where no number can be typed, nobody types a real one. */
export const cardIds = [
  'success',
  'threeDSecure',
  'declined',
  'slow',
  'timeout',
  'lateCallback',
  'doubleCallback',
  'noCallback',
  'wrongAmount',
] as const;

export type CardId = (typeof cardIds)[number];

/** Those that people use to see a payment work or fail; the others play faults between bank and shop. */
export const ordinaryCards: ReadonlySet<CardId> = new Set<CardId>(['success', 'threeDSecure', 'declined']);

export const isCardId = (value: string): value is CardId => (cardIds as readonly string[]).includes(value);

/** How a card behaves when somebody pays with it. */
export interface CardPlan {
  /** `later`: the bank decides after the delay. `never`: it does not answer until the time to pay is over. */
  readonly decides: 'paid' | 'failed' | 'later' | 'never';
  readonly asksForCode: boolean;
  /** Call-backs for the decision, each in ms after it; `delay` stands for the simulator's own delay. */
  readonly callbacks: readonly (0 | 'delay')[];
  /** Cents by which the reported amount is wrong. */
  readonly amountOff: number;
}

const usual: CardPlan = { decides: 'paid', asksForCode: false, callbacks: [0], amountOff: 0 };

export const cardPlans: Readonly<Record<CardId, CardPlan>> = {
  success: usual,
  threeDSecure: { ...usual, asksForCode: true },
  declined: { ...usual, decides: 'failed' },
  slow: { ...usual, decides: 'later' },
  timeout: { ...usual, decides: 'never' },
  lateCallback: { ...usual, callbacks: ['delay'] },
  doubleCallback: { ...usual, callbacks: [0, 0] },
  noCallback: { ...usual, callbacks: [] },
  wrongAmount: { ...usual, amountOff: -1 },
};

/** What the bank of the card with 3-D Secure sends by text message; the page shows it. */
export const confirmationCode = '123456';
export const mostCodeAttempts = 3;
