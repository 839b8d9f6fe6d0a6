import type { Transaction } from 'kysely';
import type { Database } from '../../../storage/database.ts';
import { keyedHash, type Sealer } from '../../../storage/sealing.ts';
import { openOwnerSealer, type OwnerSealer } from '../../module-api/owner-sealer.ts';
import type { FuehrungszeugnisTables } from './tables.ts';

export type Trx = Transaction<FuehrungszeugnisTables>;

/** What the applicant is told, in the transaction of what happened. */
export interface Told {
  readonly applicationId: string;
  readonly what: 'filed' | 'processing' | 'answered';
}

export interface RecordContext {
  readonly database: Database<FuehrungszeugnisTables>;
  /** Wraps the keys of applications, and nothing else. */
  readonly wrapping: Sealer;
  readonly hashes: Hashes;
  readonly tell: (trx: Trx, told: Told) => Promise<void>;
}

/** Keyed hashes: rows are found by them whose values stand nowhere in the clear. */
export interface Hashes {
  owner(subject: string): string;
  caseworker(subject: string): string;
  address(address: string): string;
}

export const createHashes = (key: Buffer): Hashes => ({
  owner: (subject) => keyedHash(key, `owner ${subject}`),
  caseworker: (subject) => keyedHash(key, `caseworker ${subject}`),
  address: (address) => keyedHash(key, `address ${address.trim().toLowerCase()}`),
});

export const sealerOf = (
  { wrapping }: Pick<RecordContext, 'wrapping'>,
  row: { readonly id: string; readonly data_key: Uint8Array },
): OwnerSealer => openOwnerSealer(row.id, row.data_key, wrapping);
