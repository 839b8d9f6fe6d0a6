import type { Locale } from '../../web/i18n/shape.ts';
import type { Cents, Currency, FailureReason, OrderItem, Payee, PaymentMethod, RefundState } from './orders/order.ts';

/**
 * What a citizen is told of an order. `open`: can be paid. `checking`: a payment is under way, its end is not known yet. `expired` is a
 * FAILED order whose time was over.
 */
export type ViewState = 'open' | 'checking' | 'paid' | 'failed' | 'cancelled' | 'expired';

/** An order as its page shows it: nothing of the person for whom the service asked. */
export interface OrderView {
  readonly pageId: string;
  /** The transaction id, for receipts. */
  readonly id: string;
  readonly state: ViewState;
  readonly payee: Payee;
  readonly purpose: string;
  readonly description?: string;
  readonly items: readonly OrderItem[];
  readonly amount: Cents;
  readonly currency: Currency;
  /** Kassenzeichen. */
  readonly reference: string;
  /** What can be chosen, in the order of the provider. */
  readonly methods: readonly PaymentMethod[];
  /** The attempt that is under way, or else the last one. `continuable`: its page at the provider can be opened again, by `pay`. */
  readonly attempt?: {
    readonly method: PaymentMethod;
    readonly continuable: boolean;
    /** Why the last one ended without money. */
    readonly failure?: FailureReason | 'cancelled';
  };
  /** All times in ms since the epoch. */
  readonly createdAt: number;
  readonly payableUntil: number;
  readonly paidAt?: number;
  /** How it was paid. */
  readonly method?: PaymentMethod;
  readonly methodDetail?: string;
  readonly refunds: readonly {
    readonly amount: Cents;
    readonly state: RefundState;
    readonly at: number;
    /** Money that came although the order had ended or was paid. */
    readonly surplus: boolean;
  }[];
  /** Address at the service: checked when the order was made, so a link may lead there. */
  readonly returnUrl: string;
  /** What the page calls the service. */
  readonly serviceName: { readonly de: string; readonly en: string };
  /** What of the requestor goes to the provider: for the page's list of data, without the data. */
  readonly dataPassedOn: readonly ('name' | 'address')[];
}

export type PayResult =
  /** See other: the provider's page. */
  | { readonly kind: 'redirect'; readonly url: string }
  /** A payment is under way and may not be repeated: show the result page. */
  | { readonly kind: 'checking' }
  /** Paid, cancelled or over already: show the result page. */
  | { readonly kind: 'ended' }
  /** The provider would not take the payment, or not by this means. */
  | { readonly kind: 'refused' }
  /** It was tried so often that nobody may try any more. */
  | { readonly kind: 'too_often' }
  /** The provider does not answer; nobody was led to its page, so nothing was paid: try again. */
  | { readonly kind: 'unavailable' };

/** Who is logged in and has opened the page. */
export interface Payer {
  /** Subject of the Bezahlsystem's sector. */
  readonly sub: string;
  /** Handle of her mailbox, if Bayern-ID told it. */
  readonly postfach?: string;
}

export interface MyPayment {
  readonly id: string;
  /** What citizens know the service as. */
  readonly serviceName: { readonly de: string; readonly en: string };
  readonly state: ViewState;
  readonly payee: Payee;
  readonly purpose: string;
  readonly amount: Cents;
  readonly currency: Currency;
  readonly createdAt: number;
  readonly payableUntil: number;
  readonly paidAt?: number;
}

/**
 * What pages may do. Undefined: there is no such page (never was, or its time is over); nobody is told which.
 */
export interface Payments {
  /** Reads our own records only. */
  view(pageId: string): Promise<OrderView | undefined>;
  /**
   * Reads, and asks the provider before if a payment is under way, for a few seconds at most: for the way back from the provider
   * and "look again".
   */
  look(pageId: string): Promise<OrderView | undefined>;
  /**
   * Begins a payment, or goes on with the one under way. May be called twice at once: one payment comes of it. The first one who pays
   * it logged in stays its payer.
   */
  pay(
    pageId: string,
    choice: { readonly method: PaymentMethod; readonly locale: Locale; readonly payer?: Payer },
  ): Promise<PayResult | undefined>;
  /** Ends the order if no money can come any more; else the view says `checking` or `paid`. */
  cancel(pageId: string): Promise<OrderView | undefined>;
  /**
   * Remembers whose payment it is when the service has asked for it from this very mailbox; anybody else who opens the page is only
   * somebody who has its address. The first payer stays.
   */
  recognise(pageId: string, payer: Payer): Promise<void>;
  /** The newest first. */
  mine(sub: string, page?: { readonly before?: number; readonly limit: number }): Promise<readonly MyPayment[]>;
  /** Hers that can still be paid or are being checked, the newest first, at most `limit`. */
  openOf(sub: string, limit: number): Promise<readonly MyPayment[]>;
  /** Undefined for another citizen's. */
  mineOne(sub: string, id: string): Promise<OrderView | undefined>;
}
