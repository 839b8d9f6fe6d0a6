import { decimalOf, jsonAmount } from './money.ts';
import type { Cents, PaymentMethod } from './order.ts';

/** Money that came or went, as the books have it: written once, never changed. */
export interface Booking {
  readonly kind: 'payment' | 'refund';
  readonly transactionId: string;
  /** Of the attempt or the refund. */
  readonly id: string;
  /** Kassenzeichen. */
  readonly reference: string;
  readonly method: PaymentMethod;
  /** Refunds are negative. */
  readonly amount: Cents;
  /** Whether it is money that came for an order that had ended, or its way back. */
  readonly surplus: boolean;
  /** ms since the epoch. */
  readonly at: number;
}

/** The bookings of one end point on one day. */
export interface Statement {
  readonly originatorId: string;
  readonly endPointId: string;
  /** `YYYY-MM-DD` in Europe/Berlin. */
  readonly day: string;
  /** Nothing will be added any more. */
  readonly closed: boolean;
  readonly bookings: readonly Booking[];
}

const berlin = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day at a moment (ms since the epoch), as the authorities' books count days. */
export const berlinDay = (at: number): string => berlin.format(at);

export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** Whether it is a day of the calendar. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;

export const totalsOf = ({ bookings }: Statement): Readonly<Record<'payments' | 'refunds' | 'total', Cents>> => {
  const sum = (kind: Booking['kind']): Cents =>
    bookings.filter((booking) => booking.kind === kind).reduce((total, { amount }) => total + amount, 0);
  const [payments, refunds] = [sum('payment'), sum('refund')];
  return { payments, refunds, total: payments + refunds };
};

/** As the API answers it. */
export const statementBody = (statement: Statement): Readonly<Record<string, unknown>> => {
  const { payments, refunds, total } = totalsOf(statement);
  return {
    originatorId: statement.originatorId,
    endPointId: statement.endPointId,
    day: statement.day,
    closed: statement.closed,
    currency: 'EUR',
    rows: statement.bookings.map(({ kind, transactionId, id, reference, method, amount, surplus, at }) => ({
      kind,
      transactionId,
      id,
      transactionReference: reference,
      paymentMethod: method,
      amount: jsonAmount(amount),
      surplus,
      bookedAt: new Date(at).toISOString(),
    })),
    payments: jsonAmount(payments),
    refunds: jsonAmount(refunds),
    total: jsonAmount(total),
  };
};

/** A field of RFC 4180. Where a spreadsheet would take a text for a formula, an apostrophe goes in front; amounts are no texts. */
const field = (value: string, isText = true): string => {
  const safe = isText && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** The same as CSV (RFC 4180), the total in the last line. */
export const statementCsv = (statement: Statement): string => {
  const lines = [
    [
      'day',
      'kind',
      'booked_at',
      'transaction_id',
      'id',
      'transaction_reference',
      'payment_method',
      'surplus',
      'amount',
      'currency',
    ],
    ...statement.bookings.map(({ kind, transactionId, id, reference, method, amount, surplus, at }) => [
      statement.day,
      kind,
      new Date(at).toISOString(),
      transactionId,
      id,
      reference,
      method,
      String(surplus),
      decimalOf(amount),
      'EUR',
    ]),
    [statement.day, 'total', '', '', '', '', '', '', decimalOf(totalsOf(statement).total), 'EUR'],
  ];
  const amountColumn = 8;
  return lines.map((cells) => `${cells.map((cell, i) => field(cell, i !== amountColumn)).join(',')}\r\n`).join('');
};
