import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface CachedStatement {
  readonly statement: StatementSync;
  /** True when the statement gives rows. */
  readonly reader: boolean;
}

const capacity = 500;

/** Prepared statements by their text. Texts that vary with the length of a list push the oldest ones out. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const prepared = { statement, reader: statement.columns().length > 0 };
    if (this.#statements.size >= capacity) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
