import type { IncomingHttpHeaders } from 'node:http';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { Cents, Currency, FailureReason, OrderItem, Payee, PaymentMethod, Requestor } from '../orders/order.ts';

/**
 * What a provider says of a payment. `open`: the citizen can pay it at the provider's page. `pending`: she has done all, the money is
 * not sure yet (also: reserved, not captured). `unknown`: there is no payment of this id.
 */
export const providerStates = ['open', 'pending', 'paid', 'failed', 'cancelled', 'expired', 'unknown'] as const;
export type ProviderState = (typeof providerStates)[number];

/** A payment as we want it. Everything comes from the stored order, nothing from a browser. */
export interface PaymentOrder {
  /** A UUID: the same for every call about this payment. */
  readonly attemptId: string;
  /** Transaction id of the order. */
  readonly orderId: string;
  readonly amount: Cents;
  readonly currency: Currency;
  readonly purpose: string;
  readonly description?: string;
  /** Kassenzeichen. */
  readonly reference: string;
  readonly items: readonly OrderItem[];
  readonly payee: Payee;
  readonly requestor?: Requestor;
  readonly method: PaymentMethod;
  readonly locale: Locale;
  /** ms since the epoch: when the attempt was begun, the same for every call. */
  readonly begunAt: number;
  /** Where the provider sends the citizen, whatever happened. */
  readonly returnUrl: string;
  /** Where it posts its signed call-backs. */
  readonly callbackUrl: string;
  /** ms since the epoch: then the provider should let nobody pay any more. */
  readonly payableUntil: number;
  /** The provider's own id, if it was stored before the process died. */
  readonly providerReference?: string;
}

export interface BegunPayment {
  readonly providerReference: string;
  /** The provider's page; its origin is one of {@link PaymentProvider.pageOrigins}. */
  readonly redirectUrl: string;
}

/** The provider's word. Amount and currency are compared with the order by whoever asked. */
export interface ProviderPayment {
  readonly attemptId: string;
  readonly state: ProviderState;
  readonly providerReference?: string;
  /** There unless `unknown`. */
  readonly amount?: Cents;
  /** As the provider writes it. */
  readonly currency?: string;
  /** When it was paid by other means than was chosen here. */
  readonly method?: PaymentMethod;
  /** For example the card's brand; never a number of a card. At most 100 characters. */
  readonly methodDetail?: string;
  readonly failure?: FailureReason;
}

export interface RefundOrder {
  /** A UUID: the same at every try. */
  readonly refundId: string;
  readonly attemptId: string;
  readonly providerReference?: string;
  readonly orderId: string;
  readonly amount: Cents;
  readonly currency: Currency;
}

/** `manual`: this provider cannot pay back, a person has to. */
export type RefundAnswer = 'done' | 'pending' | 'refused' | 'manual';

/** A call-back as it came in. */
export interface CallbackRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The bytes that were signed. */
  readonly body: Buffer;
  /** ms since the epoch. */
  readonly receivedAt: number;
}

/** A call-back whose signature is good. */
export interface Callback {
  /** The provider's own id of this message, the same when it sends it again. */
  readonly eventId: string;
  readonly attemptId: string;
  /** Absent when the message only says that something changed: then the provider is asked. */
  readonly payment?: ProviderPayment;
}

/**
 * A payment provider. Every call may be repeated: the ids are ours. A call that throws {@link PaymentProviderUnavailable} may or may
 * not have had its effect, so that the caller asks later.
 */
export interface PaymentProvider {
  /** The name in the settings. */
  readonly name: string;
  readonly methods: readonly PaymentMethod[];
  /** Origins of its pages, for the content security policy and against open redirects. */
  readonly pageOrigins: readonly string[];
  /** Whether name and address of the requestor go to it. */
  readonly takesRequestor: boolean;
  /** Makes the payment known; the same answer again for the same attempt. @throws PaymentRefused when it never will. */
  begin(payment: PaymentOrder): Promise<BegunPayment>;
  ask(payment: PaymentOrder): Promise<ProviderPayment>;
  /**
   * Ends a payment if no money can have moved. One that the provider does not know yet can never be begun afterwards.
   *
   * @returns what it is now: `cancelled` only when it can never be paid any more.
   */
  cancel(payment: PaymentOrder): Promise<ProviderPayment>;
  /** Begins a refund, or tells how the same one stands. */
  refund(refund: RefundOrder): Promise<RefundAnswer>;
  /** Passes when the provider answers. @throws PaymentProviderUnavailable */
  check(): Promise<void>;
  /** @throws CallbackRefused for a signature that is missing, wrong or old, another method, or a body that is not understood. */
  readCallback(request: CallbackRequest): Promise<Callback>;
}

/** No answer, not in time, or none that is understood: what became of the call is not known. */
export class PaymentProviderUnavailable extends Error {
  override readonly name = 'PaymentProviderUnavailable';
}

/** The provider will not take this payment, now or later. */
export class PaymentRefused extends Error {
  override readonly name = 'PaymentRefused';
}

/** `message` is for the log: a fixed word. */
export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused';
}
