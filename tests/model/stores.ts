import type { DatabaseConnection, Driver } from 'kysely';
import type { Artifact, Artifacts, JsonObject } from '../../src/storage/artifacts.ts';
import type { Counters } from '../../src/storage/counters.ts';
import { createDatabase } from '../../src/storage/database-core.ts';
import { sqliteEngine } from '../../src/storage/database-sqlite.ts';
import type { Database } from '../../src/storage/database.ts';
import type { Turns } from './turns.ts';

interface Kept {
  /** JSON, as every store keeps it: nothing is shared with whoever saved it. */
  readonly text: string;
  readonly expiresAt: number;
  readonly savedAt: number;
  readonly alias?: string;
  readonly group?: string;
  consumedAt?: number;
}

/** Artifacts and counters of another process, as Redis is: they outlive ours, whatever it was doing. */
export interface Outside {
  readonly artifacts: Artifacts;
  readonly counters: Counters;
  /** Every live artifact of a kind. */
  all(kind: string): readonly JsonObject[];
  clear(): void;
}

/** In memory, since the contracts of the real ones have suites of their own, and this has to be fast. */
export const createOutside = (turns: Turns): Outside => {
  const kept = new Map<string, Kept>();
  const counted = new Map<string, { value: number; readonly endsAt: number }>();
  let sequence = 0;
  const live = (key: string): Kept | undefined => {
    const found = kept.get(key);
    return found && found.expiresAt > Date.now() ? found : undefined;
  };
  const read = (found: Kept | undefined): Artifact | undefined =>
    found && {
      payload: JSON.parse(found.text) as JsonObject,
      ...(found.consumedAt === undefined ? {} : { consumedAt: found.consumedAt }),
    };
  const nameOf = (kind: string, id: string): string => `${kind}\0${id}`;
  const count = (key: string): { value: number; readonly endsAt: number } | undefined => {
    const found = counted.get(key);
    return found && found.endsAt > Date.now() ? found : undefined;
  };
  const of = (kind: string): [string, Kept][] =>
    [...kept].filter(([key]) => key.startsWith(`${kind}\0`) && live(key) !== undefined);

  return {
    artifacts: {
      async save(kind, id, payload, { ttl, alias, group }) {
        await turns.pass();
        const key = nameOf(kind, id);
        const consumedAt = live(key)?.consumedAt;
        kept.set(key, {
          text: JSON.stringify(payload),
          expiresAt: Date.now() + Math.round(ttl * 1000),
          savedAt: (sequence += 1),
          ...(alias === undefined ? {} : { alias }),
          ...(group === undefined ? {} : { group }),
          ...(consumedAt === undefined ? {} : { consumedAt }),
        });
      },
      async saveNew(kind, id, payload, { ttl }) {
        await turns.pass();
        const key = nameOf(kind, id);
        if (live(key)) return false;
        const expiresAt = Date.now() + Math.round(ttl * 1000);
        kept.set(key, { text: JSON.stringify(payload), expiresAt, savedAt: (sequence += 1) });
        return true;
      },
      async find(kind, id) {
        await turns.pass();
        return read(live(nameOf(kind, id)));
      },
      async findByAlias(kind, alias) {
        await turns.pass();
        const found = of(kind).filter(([, one]) => one.alias === alias);
        return read(found.sort(([, a], [, b]) => b.savedAt - a.savedAt)[0]?.[1]);
      },
      async consume(kind, id) {
        await turns.pass();
        const found = live(nameOf(kind, id));
        if (!found || found.consumedAt !== undefined) return false;
        found.consumedAt = Date.now();
        return true;
      },
      async remove(kind, id) {
        await turns.pass();
        kept.delete(nameOf(kind, id));
      },
      async removeGroup(kind, group) {
        await turns.pass();
        for (const [key, one] of of(kind)) if (one.group === group) kept.delete(key);
      },
      async close() {},
    },
    counters: {
      async add(key, amount, ttl) {
        await turns.pass();
        const found = count(key);
        if (!found && amount <= 0) return 0;
        const next = found ?? { value: 0, endsAt: Date.now() + ttl * 1000 };
        next.value = Math.max(0, next.value + amount);
        counted.set(key, next);
        return next.value;
      },
      async read(key) {
        await turns.pass();
        return count(key)?.value ?? 0;
      },
      async reset(key) {
        await turns.pass();
        counted.delete(key);
      },
      async close() {},
    },
    all: (kind) => of(kind).map(([, { text }]) => JSON.parse(text) as JsonObject),
    clear() {
      kept.clear();
      counted.clear();
    },
  };
};

/** The product's own SQLite, whose process may die between two statements. */
export interface MortalDatabase<Tables> {
  readonly database: Database<Tables>;
  /** Takes the file out of the dead process's hands: what was not committed is undone. */
  bury(): Promise<void>;
}

export const openMortal = async <Tables>(file: string, turns: Turns): Promise<MortalDatabase<Tables>> => {
  // Nobody pulls the plug here: what a committed transaction survives is a contract of the database.
  const engine = await sqliteEngine({ file, durability: 'normal' });
  const inner = engine.kysely.createDriver();
  const connections = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const mortal = (connection: DatabaseConnection): DatabaseConnection => {
    const known = connections.get(connection);
    if (known) return known;
    const made: DatabaseConnection = {
      async executeQuery(query) {
        await turns.statement();
        return connection.executeQuery(query);
      },
      streamQuery: (query, size) => connection.streamQuery(query, size),
    };
    connections.set(connection, made);
    return made;
  };
  const driver: Driver = {
    init: () => inner.init(),
    acquireConnection: async () => mortal(await inner.acquireConnection()),
    async beginTransaction(connection, settings) {
      await turns.statement();
      await inner.beginTransaction(connection, settings);
    },
    async commitTransaction(connection) {
      await turns.statement();
      await inner.commitTransaction(connection);
      // Written down, but nobody was told.
      await turns.statement();
    },
    rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
    releaseConnection: (connection) => inner.releaseConnection(connection),
    destroy: () => inner.destroy(),
  };
  const database = createDatabase<Tables>({ ...engine, kysely: { ...engine.kysely, createDriver: () => driver } });
  return { database, bury: () => inner.destroy() };
};
