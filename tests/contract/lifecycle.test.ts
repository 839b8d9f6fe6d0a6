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
import { describeLifecycle } from './lifecycle.suite.ts';

describe('the end of accounts in SQLite', () => {
  describeLifecycle(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-lifecycle-'));
    return {
      open: () => openDatabase<CitizenTables & AuditTables & OperatorActTables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'the end of accounts in PostgreSQL', () => {
  describeLifecycle(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<CitizenTables & AuditTables & OperatorActTables>({ url: server.url, schema: 'id' }),
      stop: () => server.stop(),
    };
  });
});
