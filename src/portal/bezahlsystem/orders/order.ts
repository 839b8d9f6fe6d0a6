import type { AttemptState, OrderStatus } from './states.ts';

/** An amount of money: an integer of cents, never a fraction. */
export type Cents = number;

/** The currency that XBezahldienste knows. */
export const currency = 'EUR';
export type Currency = typeof currency;

/** How a fee was paid, in the words of XBezahldienste 1.0.0. */
export const paymentMethods = ['GIROPAY', 'PAYDIRECT', 'CREDITCARD', 'PAYPAL', 'OTHER'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

/** Who gets the money, as the end point's file said when the order was made. */
export interface Payee {
  readonly name: string;
  /** Lines of a postal address. */
  readonly address: readonly string[];
  /** What the authority's own bookkeeping calls the account; for statements, never for citizens. */
  readonly accountReference: string;
}

export interface OrderItem {
  readonly id: string;
  readonly reference?: string;
  readonly description: string;
  /** Per cent, an exact decimal such as `19` or `7.5`. */
  readonly taxRate: string;
  readonly quantity: number;
  readonly totalNet: Cents;
  readonly totalTax: Cents;
  readonly singleNet: Cents;
  readonly singleTax: Cents;
  /** What the authority's bookkeeping needs; passed on as it came. */
  readonly bookingData?: Readonly<Record<string, string>>;
}

/** For whom a service asks for a fee. Goes to a provider by name and address only, and is on no page. */
export interface Requestor {
  readonly name?: string;
  readonly firstName?: string;
  readonly gender?: string;
  readonly isOrganization: boolean;
  readonly organizationName?: string;
  readonly address?: {
    readonly street?: string;
    readonly houseNumber?: string;
    readonly addressLine?: readonly string[];
    readonly postalCode?: string;
    readonly city?: string;
    readonly country?: string;
  };
}

/** What a service said when it made the order, and what is said of a person in it: kept sealed. */
export interface OrderContent {
  /** As the service wrote it. */
  readonly requestTimestamp: string;
  readonly purpose: string;
  readonly description?: string;
  readonly items: readonly OrderItem[];
  readonly payee: Payee;
  readonly requestor?: Requestor;
  /** Where the citizen goes back to; checked against the originator's file when the order was made. */
  readonly redirectUrl: string;
  /** Handle of the mailbox that gets the receipt. */
  readonly postfach?: string;
}

/** A fee that a service wants to be paid once. */
export interface Order {
  /** The transaction id of XBezahldienste: a UUID. */
  readonly id: string;
  /** 256 random bits: the address of the page, and all that opens it. */
  readonly pageId: string;
  readonly originatorId: string;
  readonly endPointId: string;
  readonly requestId: string;
  readonly amount: Cents;
  readonly currency: Currency;
  /** Kassenzeichen: under what the authority's bookkeeping finds the payment. */
  readonly reference: string;
  readonly status: OrderStatus;
  /** Why it ended so, in a fixed word. */
  readonly statusDetail?: StatusDetail;
  readonly content: OrderContent;
  /** All times in ms since the epoch. */
  readonly createdAt: number;
  /** Then it ends as FAILED, unless a payment is under way. */
  readonly payableUntil: number;
  readonly endedAt?: number;
  /** The attempt whose money counts; with PAYED only. */
  readonly paidBy?: string;
  readonly method?: PaymentMethod;
  /** As the provider tells it, for example the card's brand: never a number of a card. */
  readonly methodDetail?: string;
  /** What services have asked back and was not refused. */
  readonly refunded: Cents;
}

export type StatusDetail = 'expired' | 'canceled_by_payer';

/** Why a provider ended a payment, as far as the citizen is told. */
export const failureReasons = ['declined', 'authentication', 'insufficient_funds', 'expired', 'technical'] as const;
export type FailureReason = (typeof failureReasons)[number];

/** One try to pay an order at a provider. */
export interface Attempt {
  /** A UUID: the provider's idempotency key, and its word for the payment in call-backs. */
  readonly id: string;
  readonly orderId: string;
  /** Name of the provider in the settings. */
  readonly provider: string;
  readonly state: AttemptState;
  readonly method: PaymentMethod;
  /** The provider's own id of the payment, once it has told it. */
  readonly providerReference?: string;
  /** Page of the provider, once it has told it. */
  readonly redirectUrl?: string;
  readonly failure?: FailureReason;
  /** ms since the epoch. */
  readonly begunAt: number;
  readonly updatedAt: number;
}

export const refundStates = ['requested', 'pending', 'done', 'refused', 'manual'] as const;
/**
 * `requested`: not with the provider yet. `pending`: there, not done. `manual`: the provider cannot, so the authority pays
 * back by itself. `done`, `refused` and `manual` never change.
 */
export type RefundState = (typeof refundStates)[number];

/** Money that goes back: a transaction of its own. */
export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly amount: Cents;
  readonly state: RefundState;
  /** `service`: wanted by the service. `surplus`: money that came for an order that had ended. */
  readonly reason: 'service' | 'surplus';
  readonly createdAt: number;
  readonly endedAt?: number;
}

/** Gross amount of an item. */
export const grossOf = ({ totalNet, totalTax }: Pick<OrderItem, 'totalNet' | 'totalTax'>): Cents => totalNet + totalTax;

/** Whether the items make up the sum, and each item its own parts: net exactly, tax but for the rounding of each single one. */
export const addsUp = (amount: Cents, items: readonly OrderItem[]): boolean =>
  items.reduce((sum, item) => sum + grossOf(item), 0) === amount &&
  items.every(
    ({ quantity, totalNet, singleNet, totalTax, singleTax }) =>
      totalNet === quantity * singleNet && 2 * Math.abs(totalTax - quantity * singleTax) <= quantity,
  );
