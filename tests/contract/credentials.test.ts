import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { AuditTables } from '../../src/id/audit/journal.ts';
import type { OperatorActTables } from '../../src/id/records/operator-acts.ts';
import type { CitizenTables } from '../../src/id/records/tables.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeCredentials } from './credentials.suite.ts';

describe('means of accounts in SQLite', () => {
  describeCredentials(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-credentials-'));
    return {
      open: () => openDatabase<CitizenTables & AuditTables & OperatorActTables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'means of accounts in PostgreSQL', () => {
  describeCredentials(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<CitizenTables & AuditTables & OperatorActTables>({ url: server.url, schema: 'id' }),
      stop: () => server.stop(),
    };
  });
});
