import type { CardId } from './cards.ts';

/** `open`: nobody has paid yet. `processing`: the bank has not answered. The others are ends and never change. */
export type PaymentState = 'open' | 'processing' | 'paid' | 'failed' | 'cancelled';

export type FailureReason = 'declined' | 'expired' | 'code';

export interface Refund {
  readonly reference: string;
  /** Cents. */
  readonly amount: number;
  /** ms since the epoch. */
  readonly at: number;
}

/** A message to the shop that is on its way, or has arrived. */
export interface Callback {
  /** The event's; what is sent twice has the same. */
  readonly eventId: string;
  readonly body: string;
  /** ms since the epoch; undefined: over, delivered or given up. */
  readonly dueAt?: number;
  readonly attempts: number;
}

/** What the shop asks for, all that a payment is compared by when its reference comes again. */
export interface PaymentOrder {
  /** Cents. */
  readonly amount: number;
  readonly currency: 'EUR';
  readonly payee: string;
  readonly purpose: string;
  readonly returnUrl: string;
  readonly callbackUrl: string;
  /** ms since the epoch: until then it can be paid. */
  readonly expiresAt: number;
  readonly locale?: 'de' | 'en';
}

export interface Payment {
  /** The shop's name for it, the key of every request. */
  readonly reference: string;
  /** Ours. */
  readonly id: string;
  /** The secret part of the page's address. */
  readonly token: string;
  /** Undefined for one that was cancelled before it was begun: its reference is used up. */
  readonly order?: PaymentOrder;
  readonly state: PaymentState;
  readonly createdAt: number;
  readonly card?: CardId;
  readonly reason?: FailureReason;
  readonly wrongCodes: number;
  /** ms since the epoch: when the bank's answer comes. */
  readonly decidesAt?: number;
  readonly decidedAt?: number;
  readonly refunds: readonly Refund[];
  readonly callbacks: readonly Callback[];
}

export const isOver = ({ state }: Payment): boolean => state === 'paid' || state === 'failed' || state === 'cancelled';

export const refunded = ({ refunds }: Payment): number => refunds.reduce((sum, { amount }) => sum + amount, 0);
