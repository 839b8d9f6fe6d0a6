import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { EidTables } from '../../src/id/authentication/eid/transactions.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeEidTransactions } from './eid-transactions.suite.ts';

describe('uses of the card in SQLite', () => {
  describeEidTransactions(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-eid-'));
    return {
      open: () => openDatabase<EidTables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'uses of the card in PostgreSQL', () => {
  describeEidTransactions(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<EidTables>({ url: server.url, schema: 'id' }),
      stop: () => server.stop(),
    };
  });
});
