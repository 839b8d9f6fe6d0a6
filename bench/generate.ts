import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { DatabaseLocation } from '../src/storage/database.ts';
import { product } from './world.ts';

const { openDatabase } = await product<typeof import('../src/storage/database.ts')>('storage/database.js');

type Value = string | number | null | Uint8Array;
type Rows = Record<string, Value>;
type Tables = Record<string, Rows>;

/** Accounts at once: one transaction. */
const batch = 1000;
const mostValues = 30_000;

/** Columns that must differ from row to row whatever the account. */
const uniqueColumns = async (
  database: Awaited<ReturnType<typeof openDatabase<Tables>>>,
  table: string,
  owner: string,
): Promise<readonly string[]> => {
  const query =
    database.dialect === 'sqlite'
      ? sql<{ index: string; name: string }>`select l.name as "index", i.name as name
          from pragma_index_list(${table}) l, pragma_index_info(l.name) i where l."unique" = 1`
      : sql<{ index: string; name: string }>`select i.indexrelid::text as "index", a.attname as name
          from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = i.indexrelid where i.indisunique and n.nspname = current_schema() and c.relname = ${table}`;
  const { rows } = await query.execute(database.query);
  const indexes = Map.groupBy(rows, ({ index }) => index);
  return [...indexes.values()]
    .filter((all) => all.every(({ name }) => name !== owner))
    .flatMap((all) => all.map(({ name }) => name));
};

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Another value of the same kind and size. */
const another = (value: Value | undefined): Value => {
  if (typeof value === 'string')
    return uuid.test(value) ? randomUUID() : randomBytes(value.length).toString('base64url').slice(0, value.length);
  return value instanceof Uint8Array ? randomBytes(value.length) : (value ?? null);
};

/**
 * Fills the records up to so many accounts. Each is a copy of a real one, row for row, with an id and index entries of its own:
 * as large as they are in operation, and nobody can log in to them, since what is sealed for one account opens for no other.
 * Called again, it goes on where it was.
 */
export const generateAccounts = async (
  location: DatabaseLocation,
  wanted: number,
  progress: (text: string) => void,
): Promise<void> => {
  const database = await openDatabase<Tables>(location);
  try {
    const all = await database.query.introspection.getTables();
    const schema = 'schema' in location ? location.schema : undefined;
    const owned = all
      .filter((table) => table.schema === schema || table.schema === undefined)
      .filter(({ columns }) => columns.some(({ name }) => name === 'account_id'))
      // Of what happened to them only those who log in have a journal; sessions are none of theirs.
      .filter(({ name }) => !['audit_events', 'browser_sessions', 'service_grants', 'session_services'].includes(name));
    const tables = [{ name: 'accounts', owner: 'id' }, ...owned.map(({ name }) => ({ name, owner: 'account_id' }))];
    const templates = await database.query.selectFrom('accounts').select('id').orderBy('id').limit(64).execute();
    const ids = templates.map(({ id }) => String(id));
    const models = await Promise.all(
      tables.map(async ({ name, owner }) => ({
        name,
        owner,
        unique: new Set(await uniqueColumns(database, name, owner)),
        rows: Map.groupBy(await database.query.selectFrom(name).selectAll().where(owner, 'in', ids).execute(), (row) =>
          String(row[owner]),
        ),
      })),
    );
    const counted = await database.query
      .selectFrom('accounts')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    for (let there = counted.count; there < wanted;) {
      const count = Math.min(batch, wanted - there);
      const owners = Array.from({ length: count }, (_, i) => ({
        id: randomUUID(),
        model: ids[(there + i) % ids.length] ?? '',
      }));
      await database.transaction(async (trx) => {
        for (const { name, owner, unique, rows } of models) {
          const made = owners.flatMap(({ id, model }) =>
            (rows.get(model) ?? []).map((row) =>
              Object.fromEntries(
                Object.entries(row).map(([column, value]) => [
                  column,
                  column === owner ? id : unique.has(column) ? another(value) : value,
                ]),
              ),
            ),
          );
          const columns = Object.keys(made[0] ?? {}).length;
          const atOnce = Math.floor(mostValues / Math.max(1, columns));
          for (let i = 0; i < made.length; i += atOnce)
            await trx
              .insertInto(name)
              .values(made.slice(i, i + atOnce))
              .execute();
        }
      });
      there += count;
      if (there % 10_000 === 0 || there === wanted) progress(`${there} of ${wanted} accounts`);
    }
    await sql`analyze`.execute(database.query);
  } finally {
    await database.close();
  }
};
