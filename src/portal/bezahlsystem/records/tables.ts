import type { OutboxTables } from '../../../storage/outbox.ts';
import type { SigningKeyTables } from '../../module-api/signing-keys.ts';
import type { Currency, FailureReason, PaymentMethod, Refund, RefundState, StatusDetail } from '../orders/order.ts';
import type { AttemptState, OrderStatus } from '../orders/states.ts';

/**
 * Times are ms since the epoch, flags 0 and 1, amounts cents. `sealed` columns are boxes of AES-256-GCM under the order's key, bound to
 * order, table, column and row.
 */
export interface BezahlTables extends OutboxTables, SigningKeyTables {
  orders: {
    id: string;
    /** Keyed: whoever reads the tables opens no page. */
    page_hash: string;
    originator_id: string;
    end_point_id: string;
    request_id: string;
    /** Keyed, of what the service asked for: whether a request that comes again is the same. */
    content_hash: string;
    amount: number;
    currency: Currency;
    reference: string;
    status: OrderStatus;
    status_detail: StatusDetail | null;
    created_at: number;
    payable_until: number;
    ended_at: number | null;
    /** How often somebody began to pay it. */
    tries: number;
    /** The attempt whose money counts. */
    paid_by: string | null;
    method: PaymentMethod | null;
    method_detail: string | null;
    /** What services have asked back and was not refused. */
    refunded: number;
    /** Keyed, of the subject that paid it logged in. */
    payer_hash: string | null;
    /** Handle of the payer's mailbox. */
    payer: Uint8Array | null;
    /** The order's key, wrapped; null once it was destroyed, and with it everything sealed. */
    data_key: Uint8Array | null;
    /** The page's id, and what the service said. */
    sealed: Uint8Array;
  };
  attempts: {
    id: string;
    order_id: string;
    provider: string;
    state: AttemptState;
    method: PaymentMethod;
    provider_reference: string | null;
    /** Address of the provider's page. */
    page: Uint8Array | null;
    failure: FailureReason | null;
    locale: 'de' | 'en';
    begun_at: number;
    updated_at: number;
    /** When the provider is asked next, unless it tells before; null: never again. */
    check_at: number | null;
    /** How often it was asked, since money may come or since none should. */
    checks: number;
  };
  /** What providers told, stored before it was answered. */
  callbacks: {
    provider: string;
    event_id: string;
    attempt_id: string;
    /** The provider's word; null where it only said that something changed. Sealed under a key of the part. */
    word: Uint8Array | null;
    received_at: number;
    applied_at: number | null;
  };
  refunds: {
    id: string;
    order_id: string;
    attempt_id: string;
    /** The service's own; null for surplus. */
    request_id: string | null;
    amount: number;
    state: RefundState;
    reason: Refund['reason'];
    created_at: number;
    ended_at: number | null;
    check_at: number;
    checks: number;
  };
  /** The books, append-only: the store itself refuses to change a row. */
  bookings: {
    /** `payment <attempt>` or `refund <refund>`: nothing is booked twice. */
    id: string;
    originator_id: string;
    end_point_id: string;
    /** `YYYY-MM-DD` in Europe/Berlin. */
    day: string;
    kind: 'payment' | 'refund';
    order_id: string;
    source_id: string;
    reference: string;
    method: PaymentMethod;
    amount: number;
    surplus: number;
    at: number;
  };
  /** What operators decided of attempts in doubt, append-only. */
  settlements: {
    attempt_id: string;
    order_id: string;
    result: 'paid' | 'surplus' | 'not_paid';
    reason: string;
    operator: string;
    /** How the provider spoke of it at that moment. */
    word: string;
    at: number;
  };
  /** Days to which nothing is added any more. */
  closed_days: { originator_id: string; end_point_id: string; day: string; closed_at: number };
}
