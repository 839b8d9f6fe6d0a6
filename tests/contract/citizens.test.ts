import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { AuditTables } from '../../src/id/audit/journal.ts';
import type { CitizenTables } from '../../src/id/records/tables.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeCitizens } from './citizens.suite.ts';

describe('citizens in SQLite', () => {
  describeCitizens(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-citizens-'));
    return {
      open: () => openDatabase<CitizenTables & AuditTables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'citizens in PostgreSQL', () => {
  describeCitizens(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<CitizenTables & AuditTables>({ url: server.url, schema: 'id' }),
      stop: () => server.stop(),
    };
  });
});
