import { sql, type CreateIndexBuilder, type CreateTableBuilder, type Kysely, type RawBuilder } from 'kysely';
import { bytesType, dialectOf } from './column-types.ts';

/** What migrations of a part write again and again. */
export const migrationTools = <Tables>(
  db: Kysely<Tables>,
): {
  /** The type of a column of bytes. */
  readonly bytes: RawBuilder<unknown>;
  readonly table: (name: string) => CreateTableBuilder<string>;
  readonly index: (name: string, on: string, columns: readonly string[]) => CreateIndexBuilder<string>;
} => ({
  bytes: bytesType(db),
  table: (name) => db.schema.createTable(name),
  index: (name, on, columns) =>
    db.schema
      .createIndex(name)
      .on(on)
      .columns([...columns]),
});

/**
 * Has the store itself refuse these acts on a table, whoever asks.
 *
 * @param message what it answers then, without quotes.
 */
export const refuseActs = async <Tables>(
  db: Kysely<Tables>,
  table: string,
  acts: readonly ('update' | 'delete')[],
  message: string,
): Promise<void> => {
  if (dialectOf(db) === 'sqlite') {
    for (const act of acts)
      await sql
        .raw(`create trigger ${table}_no_${act} before ${act} on ${table} begin select raise(abort, '${message}'); end`)
        .execute(db);
    return;
  }
  await sql
    .raw(
      `create function ${table}_refuse() returns trigger language plpgsql as $$ begin raise exception '${message}'; end $$`,
    )
    .execute(db);
  await sql
    .raw(
      `create trigger ${table}_append_only before ${acts.join(' or ')} on ${table} for each row execute function ${table}_refuse()`,
    )
    .execute(db);
};
