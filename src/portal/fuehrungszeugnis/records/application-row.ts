import type { Content } from '../application/content.ts';
import type { Outcome, State } from '../application/states.ts';
import { sealerOf, type RecordContext } from './context.ts';
import type { FuehrungszeugnisTables } from './tables.ts';

export type Row = FuehrungszeugnisTables['applications'];

export interface Answer {
  readonly outcome: Outcome;
  /** What the authority writes. */
  readonly text: string;
}

export interface Application {
  readonly id: string;
  readonly state: State;
  /** ms since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly content: Content;
  /** Of the payment that is under way or was made. */
  readonly requestId?: string;
  readonly transactionId?: string;
  /** How often the Bezahlsystem was asked. */
  readonly checks: number;
  readonly paymentFailure?: 'FAILED' | 'CANCELED';
  readonly reference?: string;
  readonly filedAt?: number;
  readonly answeredAt?: number;
  readonly answer?: Answer;
}

/** What stands in a row. */
export const applicationOf = (context: RecordContext, row: Row): Application => {
  const sealer = sealerOf(context, row);
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    content: sealer.open<Content>('applications', 'sealed', row.id, row.sealed),
    checks: row.checks,
    ...(row.payment_request_id === null ? {} : { requestId: row.payment_request_id }),
    ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
    ...(row.payment_failure === null ? {} : { paymentFailure: row.payment_failure }),
    ...(row.reference === null ? {} : { reference: row.reference }),
    ...(row.filed_at === null ? {} : { filedAt: row.filed_at }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
    ...(row.answer === null ? {} : { answer: sealer.open<Answer>('applications', 'answer', row.id, row.answer) }),
  };
};
