import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openDatabase } from '../../src/storage/database.ts';
import type { OutboxTables } from '../../src/storage/outbox.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeOutbox } from './outbox.suite.ts';

describe('outbox in SQLite', () => {
  describeOutbox(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-outbox-'));
    return {
      open: () => openDatabase<OutboxTables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'outbox in PostgreSQL', () => {
  describeOutbox(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<OutboxTables>({ url: server.url, schema: 'id' }),
      stop: () => server.stop(),
    };
  });
});
