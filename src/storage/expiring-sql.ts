import { CompiledQuery } from 'kysely';
import type { Database } from './database.ts';

/** Runs one statement written with `$1`, `$2` … and returns its rows. */
export type Run = <Row = unknown>(statement: string, parameters: readonly unknown[]) => Promise<Row[]>;

/**
 * Prepared statements without Kysely's query builder, whose compiling would cost more than the statement itself.
 * SQLite takes `$1` for a name, so there it is written `?1`.
 */
export function statementRunner<Tables>(database: Database<Tables>): Run {
  const texts = new Map<string, string>();
  const textOf = (statement: string): string => {
    const known = texts.get(statement);
    if (known !== undefined) return known;
    const text = database.dialect === 'sqlite' ? statement.replaceAll(/\$(\d+)/g, '?$1') : statement;
    texts.set(statement, text);
    return text;
  };
  return async <Row>(statement: string, parameters: readonly unknown[]) => {
    const query = CompiledQuery.raw(textOf(statement), [...parameters]);
    return (await database.query.executeQuery<Row>(query)).rows;
  };
}

const slice = 200;
const interval = 30_000;

/**
 * Deletes expired rows of a table in small slices, so that no request waits long behind it. What is expired is absent
 * already; this only frees the space. Returns a function that stops it.
 */
export function startPurge(run: Run, table: 'artifact' | 'counter'): () => Promise<void> {
  const statement = `delete from ${table} where key in
    (select key from ${table} where expires_at <= $1 limit ${slice}) and expires_at <= $1 returning key`;
  let timer: NodeJS.Timeout;
  let stopped = false;
  let running = Promise.resolve();

  const purge = async (): Promise<void> => {
    // A store that does not answer is reported by those who need it; the next round tries again.
    const deleted = await run(statement, [Date.now()]).catch(() => []);
    if (!stopped) schedule(deleted.length === slice ? interval / 300 : interval);
  };
  const schedule = (wait: number): void => {
    timer = setTimeout(() => {
      running = purge();
    }, wait).unref();
  };

  schedule(interval);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
