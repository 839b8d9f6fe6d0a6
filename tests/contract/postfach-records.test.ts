import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { PostfachTables } from '../../src/portal/mein-postfach/records/tables.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeRecords } from './postfach-records.suite.ts';

describe('Mein Postfach’s records in SQLite', () => {
  describeRecords(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-postfach-'));
    return {
      open: () => openDatabase<PostfachTables>({ file: join(folder, 'mein-postfach.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'Mein Postfach’s records in PostgreSQL', () => {
  describeRecords(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<PostfachTables>({ url: server.url, schema: 'mein-postfach' }),
      stop: () => server.stop(),
    };
  });
});
