import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEvidenceStore, type EvidenceStore } from '../../src/id/oidc/evidence-store.ts';
import type { Artifacts } from '../../src/storage/artifacts.ts';
import { describeIf, need } from '../support/lack.ts';
import { inRedis, inSqlite, type ExpiringStore } from './stores.ts';

const evidence = { principal: 'account~1', items: [], seen: 1 };

const describeEvidence = (start: () => Promise<ExpiringStore>): void => {
  let store: ExpiringStore;
  let artifacts: Artifacts & { close(): Promise<void> };
  let nodes: readonly [EvidenceStore, EvidenceStore];
  beforeAll(async () => {
    store = await start();
    const opened = await store.open();
    artifacts = { ...opened.artifacts, close: () => opened.close() };
    nodes = [createEvidenceStore(artifacts), createEvidenceStore(artifacts)];
  });
  afterAll(async () => {
    await artifacts.close();
    await store.stop();
  });

  test('a request that was under way when the session ended does not bring it back (SE-12)', async () => {
    const [node, other] = nodes;
    await node.save('a', evidence);
    const loaded = await node.load('a');
    await other.remove('a');
    await node.save('a', { ...evidence, ...loaded, seen: 2 });
    expect(await node.load('a')).toBeUndefined();
  });

  test('other sessions are not concerned', async () => {
    const [node, other] = nodes;
    await node.save('c', evidence);
    await other.remove('d');
    expect(await node.load('c')).toEqual(evidence);
  });
};

describe('evidence of sessions in SQLite', () => describeEvidence(inSqlite));
describeIf(need('redis-server'), 'evidence of sessions in Redis', () => describeEvidence(inRedis));
