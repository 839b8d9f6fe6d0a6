import { join } from 'node:path';
import { sql, type Transaction } from 'kysely';
import { openDatabase, type Database } from '../storage/database.ts';
import type { StoresOptions } from '../storage/open.ts';
import { checkAttachments, restoreAttachments } from './attachments.ts';
import { checkFile, DamagedBackup, readJson, readLines } from './files.ts';
import { manifestFile, manifestSchema, type Manifest, type SavedPart, type SavedTable } from './manifest.ts';
import { recordParts } from './parts.ts';
import { readRow, type Value } from './values.ts';

export interface RestoreOptions {
  readonly location: Pick<StoresOptions, 'directory' | 'databaseUrl'>;
  /** Of attachments; undefined where they are in a bucket. */
  readonly attachments: string | undefined;
  /** Whether sessions and tokens of these parts are still kept somewhere: they would come alive again. */
  readonly hasArtifacts: (part: string) => Promise<boolean>;
  readonly print: (line: string) => void;
}

/** The place is in use: what is there is never overwritten. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

type AnyTables = Record<string, Record<string, Value>>;

/** How far a restore has come. It is there while one is under way, in the place that is being filled. */
interface ProgressTables extends AnyTables {
  restore_under_way: { backup: string; table_name: string; rows: number };
}

const rowsPerTransaction = 5000;
/** Values in one statement: SQLite takes 32,766, PostgreSQL 65,535. */
const mostValues = 30_000;
const tellEvery = 10_000;

const readManifest = async (folder: string): Promise<Manifest> => {
  const content = await readJson(join(folder, manifestFile));
  if (content === undefined)
    throw new DamagedBackup(`${folder} has no ${manifestFile}: it is no backup, or one that was interrupted`);
  const { data, error } = manifestSchema.safeParse(content);
  if (!data) throw new DamagedBackup(`${join(folder, manifestFile)}: ${error.issues[0]?.message ?? 'not understood'}`);
  return data;
};

/** Everything is looked at before anything is written. @returns the attachments */
const checkAll = async (folder: string, { parts, attachments }: Manifest): Promise<readonly string[]> => {
  for (const { part, migrations, tables } of parts) {
    const known = recordParts[part];
    const unknown = known ? migrations.find((name) => !known[name]) : part;
    if (unknown !== undefined)
      throw new DamagedBackup(`this version does not know ${unknown} of ${part}: the backup is of a newer one`);
    for (const table of tables) await checkFile(join(folder, table.file), table);
  }
  if (!attachments) return [];
  await checkFile(join(folder, attachments.file), attachments);
  return checkAttachments(join(folder, attachments.file), join(folder, 'attachments'));
};

const openPart = (
  { directory, databaseUrl }: RestoreOptions['location'],
  part: string,
): Promise<Database<ProgressTables>> =>
  openDatabase<ProgressTables>(
    databaseUrl === undefined
      ? { file: join(directory, `${part}.sqlite`) }
      : { url: databaseUrl, schema: part, statementTimeout: 10 * 60_000, connections: 1 },
  );

const countOf = async (records: Database<ProgressTables>, table: string): Promise<number> => {
  const { count } = await records.query
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
};

/** Makes the tables of that version, and says how far an earlier run has come. */
const prepare = async (
  records: Database<ProgressTables>,
  { part, migrations, tables }: SavedPart,
  backup: string,
): Promise<ReadonlyMap<string, number>> => {
  const steps = recordParts[part] ?? {};
  await records.migrate(Object.fromEntries(migrations.flatMap((name) => (steps[name] ? [[name, steps[name]]] : []))));
  const there = await records.query.introspection.getTables();
  // PostgreSQL tells of those of all schemas.
  if (there.some(({ name, schema }) => name === 'restore_under_way' && (schema === undefined || schema === part))) {
    const rows = await records.query.selectFrom('restore_under_way').selectAll().execute();
    if (rows.some((row) => row.backup !== backup))
      throw new NotEmpty(`${part}: another backup is being restored here: begin with an empty place`);
    return new Map(rows.map((row) => [row.table_name, row.rows]));
  }
  for (const { name } of tables)
    if ((await countOf(records, name)) > 0)
      throw new NotEmpty(`${part}: ${name} is not empty: begin with an empty place`);
  await records.transaction(async (trx) => {
    await trx.schema
      .createTable('restore_under_way')
      .addColumn('backup', 'text', (column) => column.notNull())
      .addColumn('table_name', 'text', (column) => column.primaryKey())
      .addColumn('rows', 'bigint', (column) => column.notNull())
      .execute();
    for (const { name } of tables)
      await trx.insertInto('restore_under_way').values({ backup, table_name: name, rows: 0 }).execute();
  });
  return new Map();
};

const insert = async (
  trx: Transaction<ProgressTables>,
  { name, columns }: SavedTable,
  rows: readonly Value[][],
  done: number,
): Promise<void> => {
  const atOnce = Math.max(1, Math.floor(mostValues / columns.length));
  for (let i = 0; i < rows.length; i += atOnce)
    await trx
      .insertInto(name)
      .values(
        rows
          .slice(i, i + atOnce)
          .map((row) => Object.fromEntries(columns.map((column, k) => [column, row[k] ?? null]))),
      )
      .execute();
  await trx.updateTable('restore_under_way').set({ rows: done }).where('table_name', '=', name).execute();
};

const fill = async (
  records: Database<ProgressTables>,
  folder: string,
  table: SavedTable,
  from: number,
  tell: (done: number) => void,
): Promise<void> => {
  let done = from;
  let skip = from;
  let rows: Value[][] = [];
  const write = async (): Promise<void> => {
    if (rows.length === 0) return;
    const before = done;
    done += rows.length;
    await records.transaction((trx) => insert(trx, table, rows, done));
    rows = [];
    if (Math.floor(done / tellEvery) > Math.floor(before / tellEvery)) tell(done);
  };
  for await (const line of readLines(join(folder, table.file))) {
    // Rows stand in the file in the order in which they were written down: the first ones are there already.
    if (skip-- > 0) continue;
    rows.push(readRow(line));
    if (rows.length === rowsPerTransaction) await write();
  }
  await write();
  if (done !== table.rows) throw new DamagedBackup(`${table.file}: ${done} rows in place of ${table.rows}`);
};

const restorePart = async (
  folder: string,
  saved: SavedPart,
  backup: string,
  options: RestoreOptions,
): Promise<void> => {
  const { location, print } = options;
  const { part, tables } = saved;
  const records = await openPart(location, part);
  try {
    const before = await prepare(records, saved, backup);
    for (const table of tables)
      await fill(records, folder, table, before.get(table.name) ?? 0, (done) =>
        print(`${part} ${table.name}: ${done} of ${table.rows} rows`),
      );
    for (const { name, rows } of tables) {
      const there = await countOf(records, name);
      if (there !== rows)
        throw new NotEmpty(`${part}: ${name} has ${there} rows in place of ${rows}: a server runs here`);
    }
    print(
      `${part}: ${tables.length} tables, ${tables.reduce((sum, one) => sum + one.rows, 0)} rows, as of ${saved.takenAt}`,
    );
  } finally {
    await records.close();
  }
};

/**
 * Fills an empty place from a backup, on files or PostgreSQL whatever it was taken from. A run that was interrupted goes on
 * where it was when it is called again with the same backup.
 *
 * @throws DamagedBackup before anything is written; NotEmpty
 */
export const restoreBackup = async (folder: string, options: RestoreOptions): Promise<Manifest> => {
  const manifest = await readManifest(folder);
  const names = await checkAll(folder, manifest);
  options.print(`backup of ${manifest.finishedAt}: whole`);
  for (const { part } of manifest.parts)
    if (await options.hasArtifacts(part))
      throw new NotEmpty(
        `${part}: there are sessions and tokens in its store, which would come alive again: empty it first`,
      );
  for (const saved of manifest.parts) await restorePart(folder, saved, manifest.id, options);
  if (manifest.attachments && options.attachments !== undefined) {
    await restoreAttachments(names, join(folder, 'attachments'), options.attachments, (done, all) => {
      if (done % 1000 === 0) options.print(`attachments: ${done} of ${all}`);
    });
    options.print(`attachments: ${names.length}`);
  }
  // The marks stay until everything is there, so that another run knows what is its own.
  for (const { part } of manifest.parts) {
    const records = await openPart(options.location, part);
    try {
      await sql`drop table restore_under_way`.execute(records.query);
    } finally {
      await records.close();
    }
  }
  return manifest;
};
