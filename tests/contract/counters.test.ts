import { describe } from '@jest/globals';
import { describeIf, need } from '../support/lack.ts';
import type { CountersUnderTest } from './counters.suite.ts';
import { describeCounters } from './counters.suite.ts';
import type { ExpiringStore } from './stores.ts';
import { inPostgres, inRedis, inSqlite } from './stores.ts';

const countersOf = async (starting: Promise<ExpiringStore>): Promise<CountersUnderTest> => {
  const store = await starting;
  return {
    ...store,
    async open() {
      const stores = await store.open();
      return { ...stores.counters, close: () => stores.close() };
    },
  };
};

describe('counters in SQLite', () => describeCounters(() => countersOf(inSqlite())));

describeIf(need('postgres'), 'counters in PostgreSQL', () => describeCounters(() => countersOf(inPostgres())));

describeIf(need('redis-server'), 'counters in Redis', () => describeCounters(() => countersOf(inRedis())));
