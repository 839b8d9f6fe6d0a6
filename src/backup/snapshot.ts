import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { StoresOptions } from '../storage/open.ts';
import { numberParsers } from '../storage/postgres-numbers.ts';

export interface SnapshotTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

/** A part's tables as they are at one moment, however long it takes to read them. Servers go on meanwhile. */
export interface Snapshot {
  /** Parents before children. */
  tables(): Promise<readonly SnapshotTable[]>;
  migrations(): Promise<readonly string[]>;
  /** Rows in batches, values in the order of the columns. */
  rows(table: SnapshotTable): AsyncIterable<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

const batch = 2000;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Tables that the program needs to be there whole: a server that finds it makes no other one, so it comes last. */
const last = 'installation_key';

interface Reference {
  readonly child: string;
  readonly parent: string;
}

/** Parents before children, otherwise by name. */
const inOrder = (tables: readonly string[], references: readonly Reference[]): string[] => {
  const done = new Set<string>();
  const place = (name: string, above: readonly string[]): void => {
    if (done.has(name) || above.includes(name)) return;
    for (const { child, parent } of references) if (child === name) place(parent, [...above, name]);
    done.add(name);
  };
  for (const name of tables.toSorted((a, b) => Number(a === last) - Number(b === last) || (a < b ? -1 : 1)))
    place(name, []);
  return [...done];
};

const ofSqlite = (file: string): Snapshot => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  // The first read fixes what this connection sees; in WAL nobody waits for it.
  database.exec('begin');
  const all = <Row>(sql: string): Row[] => database.prepare(sql).all() as Row[];
  const present = all<{ name: string }>(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
  ).map(({ name }) => name);
  const own = present.filter((name) => !name.startsWith('kysely_'));
  return {
    async tables() {
      const references = all<Reference>(
        `select m.name as child, f."table" as parent from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'`,
      );
      return inOrder(own, references).map((name) => ({
        name,
        columns: all<{ name: string }>(`select name from pragma_table_info('${name}')`).map((one) => one.name),
        rows: all<{ count: number }>(`select count(*) as count from ${quoted(name)}`)[0]?.count ?? 0,
      }));
    },
    async migrations() {
      return present.includes('kysely_migration')
        ? all<{ name: string }>('select name from kysely_migration order by name').map(({ name }) => name)
        : [];
    },
    async *rows({ name, columns }) {
      const statement = database.prepare(`select ${columns.map(quoted).join(', ')} from ${quoted(name)}`);
      statement.setReturnArrays(true);
      let rows: unknown[][] = [];
      for (const row of statement.iterate()) {
        rows.push(row as unknown as unknown[]);
        if (rows.length < batch) continue;
        yield rows;
        rows = [];
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (rows.length > 0) yield rows;
    },
    async close() {
      database.close();
    },
  };
};

const ofPostgres = async (url: string, schema: string): Promise<Snapshot> => {
  const client = new Client({ connectionString: url, application_name: 'bayern-id backup', types: numberParsers });
  await client.connect();
  client.on('error', () => {});
  await client.query('begin isolation level repeatable read, read only');
  const all = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query(text, values)).rows as Row[];
  const present = (
    await all<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'`,
      [schema],
    )
  ).map(({ name }) => name);
  const own = present.filter((name) => !name.startsWith('kysely_'));
  const inSchema = (name: string): string => `${quoted(schema)}.${quoted(name)}`;
  return {
    async tables() {
      const references = await all<Reference>(
        `select c.relname as child, p.relname as parent from pg_constraint f join pg_class c on c.oid = f.conrelid
         join pg_class p on p.oid = f.confrelid join pg_namespace n on n.oid = f.connamespace
         where f.contype = 'f' and n.nspname = $1`,
        [schema],
      );
      const tables: SnapshotTable[] = [];
      for (const name of inOrder(own, references)) {
        const columns = await all<{ name: string }>(
          'select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2 order by ordinal_position',
          [schema, name],
        );
        const [counted] = await all<{ count: number }>(`select count(*) as count from ${inSchema(name)}`);
        tables.push({ name, columns: columns.map((one) => one.name), rows: counted?.count ?? 0 });
      }
      return tables;
    },
    async migrations() {
      if (!present.includes('kysely_migration')) return [];
      return (await all<{ name: string }>(`select name from ${inSchema('kysely_migration')} order by name`)).map(
        ({ name }) => name,
      );
    },
    async *rows({ name, columns }) {
      await client.query(
        `declare saved no scroll cursor for select ${columns.map(quoted).join(', ')} from ${inSchema(name)}`,
      );
      for (;;) {
        const { rows } = await client.query({ text: `fetch ${batch} from saved`, rowMode: 'array' });
        if (rows.length === 0) break;
        yield rows as unknown[][];
      }
      await client.query('close saved');
    },
    close: () => client.end(),
  };
};

/** Undefined where the part keeps nothing yet. */
export const openSnapshot = async (
  { directory, databaseUrl }: Pick<StoresOptions, 'directory' | 'databaseUrl'>,
  part: string,
): Promise<Snapshot | undefined> => {
  const file = join(directory, `${part}.sqlite`);
  if (databaseUrl === undefined && !existsSync(file)) return undefined;
  const snapshot = databaseUrl === undefined ? ofSqlite(file) : await ofPostgres(databaseUrl, part);
  if ((await snapshot.migrations()).length > 0) return snapshot;
  await snapshot.close();
  return undefined;
};
