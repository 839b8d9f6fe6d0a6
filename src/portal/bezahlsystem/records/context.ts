import { createHmac } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../../../storage/database.ts';
import { keyedHash, type Sealer } from '../../../storage/sealing.ts';
import type { Order, Refund } from '../orders/order.ts';
import type { BezahlTables } from './tables.ts';

export type Trx = Transaction<BezahlTables>;

/** What is told of an order, in the transaction of what happened. */
export type OrderEvent =
  | { readonly type: 'order_ended'; readonly order: OrderHead; readonly at: number }
  | { readonly type: 'refund_ended'; readonly order: OrderHead; readonly refund: Refund; readonly at: number };

export type OrderHead = Pick<
  Order,
  'id' | 'originatorId' | 'endPointId' | 'requestId' | 'status' | 'statusDetail' | 'reference' | 'method'
>;

/** Puts what services and citizens are told into the outbox. */
export type Tell = (trx: Trx, event: OrderEvent) => Promise<void>;

/** What all records share. */
export interface RecordContext {
  readonly database: Database<BezahlTables>;
  /** Wraps the keys of orders, and nothing else. */
  readonly wrapping: Sealer;
  /** Seals what providers told, until it was applied. */
  readonly inbox: Sealer;
  readonly hashes: Hashes;
  readonly tell: Tell;
}

/** Keyed hashes: rows are found by them whose values stand nowhere in the clear. */
export interface Hashes {
  page(pageId: string): string;
  subject(subject: string): string;
  /** Of what a service asked for, in a canonical form. */
  content(canonical: string): string;
}

export const createHashes = (key: Buffer): Hashes => ({
  page: (pageId) => keyedHash(key, `page ${pageId}`),
  subject: (subject) => keyedHash(key, `subject ${subject}`),
  content: (canonical) => createHmac('sha256', key).update('content ').update(canonical).digest('base64url'),
});
