import { describe } from '@jest/globals';
import { describeIf, need } from '../support/lack.ts';
import type { ArtifactsUnderTest } from './artifacts.suite.ts';
import { describeArtifacts } from './artifacts.suite.ts';
import type { ExpiringStore } from './stores.ts';
import { inPostgres, inRedis, inSqlite } from './stores.ts';

const artifactsOf = async (starting: Promise<ExpiringStore>): Promise<ArtifactsUnderTest> => {
  const store = await starting;
  return {
    ...store,
    async open() {
      const stores = await store.open();
      return { ...stores.artifacts, close: () => stores.close() };
    },
  };
};

describe('artifacts in SQLite', () => describeArtifacts(() => artifactsOf(inSqlite())));

describeIf(need('postgres'), 'artifacts in PostgreSQL', () => describeArtifacts(() => artifactsOf(inPostgres())));

describeIf(need('redis-server'), 'artifacts in Redis', () => describeArtifacts(() => artifactsOf(inRedis())));
