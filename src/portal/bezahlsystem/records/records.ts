import type { Database } from '../../../storage/database.ts';
import { createSealer, deriveKey, type Sealer } from '../../../storage/sealing.ts';
import { createSigningKeyRecords, type SigningKeyRecords } from '../../module-api/signing-keys.ts';
import { createAttempts, type AttemptRecords } from './attempts.ts';
import { createBooks, type Books } from './books.ts';
import { createCallbacks, type CallbackRecords } from './callbacks.ts';
import { createHashes, type Tell } from './context.ts';
import { createOrders, type OrderRecords } from './orders.ts';
import { createRefunds, type RefundRecords } from './refunds.ts';
import { readSettlements, type Settlement } from './settlements.ts';
import type { BezahlTables } from './tables.ts';
import { createWords, type WordRecords } from './words.ts';

/** What the Bezahlsystem keeps. */
export interface BezahlRecords {
  readonly orders: OrderRecords;
  readonly attempts: AttemptRecords;
  readonly words: WordRecords;
  readonly callbacks: CallbackRecords;
  readonly refunds: RefundRecords;
  readonly books: Books;
  readonly signingKeys: SigningKeyRecords;
  /** What operators decided, the oldest first. */
  settlements(): Promise<Settlement[]>;
}

/**
 * @param key the part's own, 32 bytes.
 * @param tell how services and citizens hear of what happened.
 */
export const createRecords = (database: Database<BezahlTables>, key: Buffer, tell: Tell): BezahlRecords => {
  const sealerFor = (purpose: string): Sealer => createSealer([{ id: '1', key: deriveKey(key, purpose) }]);
  const context = {
    database,
    wrapping: sealerFor('orders'),
    inbox: sealerFor('inbox'),
    hashes: createHashes(deriveKey(key, 'index')),
    tell,
  };
  return {
    orders: createOrders(context),
    attempts: createAttempts(context),
    words: createWords(context),
    callbacks: createCallbacks(context),
    refunds: createRefunds(context),
    books: createBooks(context),
    signingKeys: createSigningKeyRecords(database, sealerFor('signing keys')),
    settlements: () => readSettlements(database),
  };
};
