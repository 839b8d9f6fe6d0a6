import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { idMigrations, type IdTables } from '../../src/id/persistence.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';

/** Bayern-ID's records, reached by two nodes. */
export interface TwoNodes {
  readonly one: Database<IdTables>;
  readonly other: Database<IdTables>;
  stop(): Promise<void>;
}

const migrated = async (open: () => Promise<Database<IdTables>>, stop: () => Promise<void>): Promise<TwoNodes> => {
  const [one, other] = [await open(), await open()];
  await one.migrate(idMigrations);
  return {
    one,
    other,
    async stop() {
      await Promise.all([one.close(), other.close()]);
      await stop();
    },
  };
};

/** Runs a suite on SQLite and on PostgreSQL. `start` is to be called once, within beforeAll. */
export const onEveryDatabase = (name: string, suite: (start: () => Promise<TwoNodes>) => void): void => {
  describe(`${name} in SQLite`, () =>
    suite(() => {
      const folder = mkdtempSync(join(tmpdir(), 'bayern-id-records-'));
      return migrated(
        () => openDatabase<IdTables>({ file: join(folder, 'id.sqlite') }),
        async () => rmSync(folder, { recursive: true, force: true }),
      );
    }));
  describeIf(need('postgres'), `${name} in PostgreSQL`, () =>
    suite(async () => {
      const server = await startPostgres();
      return migrated(
        () => openDatabase<IdTables>({ url: server.url, schema: 'id' }),
        () => server.stop(),
      );
    }),
  );
};
