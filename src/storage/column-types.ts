import { PostgresAdapter, sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Dialect } from './database.ts';

/** The store that a migration runs on. */
export const dialectOf = <Tables>(kysely: Kysely<Tables>): Dialect =>
  kysely.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';

/** The type of a column of bytes, for a migration. */
export const bytesType = <Tables>(kysely: Kysely<Tables>): RawBuilder<unknown> =>
  sql.raw(dialectOf(kysely) === 'postgres' ? 'bytea' : 'blob');

/** The type of a column of text that is compared byte by byte on every store, so that ranges and order are the same. */
export const exactTextType = <Tables>(kysely: Kysely<Tables>): RawBuilder<unknown> =>
  sql.raw(dialectOf(kysely) === 'postgres' ? 'text collate "C"' : 'text collate binary');
