import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { EidPort, EidRequest, EidResult } from '../../src/id/authentication/eid/port.ts';
import type { IsNew } from '../../src/id/authentication/eid/tr03130/adapter.ts';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { openStores, type Stores } from '../../src/storage/open.ts';
import { eidWorld, type EidWorld } from '../flow/eid-adapter-world.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { useCard } from '../support/journey.ts';

const request: EidRequest = { operations: { RestrictedID: 'required', GivenNames: 'required' } };

const login = async (world: EidWorld, port: EidPort, card: string): Promise<EidResult> => {
  const { sessionId } = await port.start(request);
  world.simulator.insertCard({ sessionId, card });
  return port.fetchResult({ sessionId, counter: 1, request });
};

describe('EI-01, EI-03: a signed answer counts once, on whatever node', () => {
  let world: EidWorld;
  let folder: string;
  const nodes: { stores: Stores<unknown>; port: EidPort }[] = [];
  const lifetimes: number[] = [];

  beforeAll(async () => {
    world = await eidWorld();
    folder = mkdtempSync(join(tmpdir(), 'eid-replay-'));
    for (let i = 0; i < 2; i++) {
      const stores = await openStores<unknown>({ directory: folder, part: 'id', masterKey: Buffer.alloc(32, 7) });
      const isNew: IsNew = (fingerprint, ttl) => {
        lifetimes.push(ttl);
        return stores.artifacts.saveNew('EidAnswer', fingerprint, {}, { ttl });
      };
      nodes.push({ stores, port: world.adapter({}, isNew) });
    }
  });
  afterAll(async () => {
    await world.close();
    for (const { stores } of nodes) await stores.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => resetClock());

  const port = (node: number): EidPort => nodes[node]?.port ?? world.port;
  const replay = (node: number): Promise<EidResult> => {
    world.simulator.planFault({ name: 'replayedResult' });
    return login(world, port(node), 'erika');
  };

  test.each([0, 1])('given to node 0, then once more to node %d', async (node) => {
    expect(await login(world, port(0), 'max')).toMatchObject({ kind: 'ok', data: { givenNames: 'MAX' } });
    expect(await replay(node)).toEqual({ kind: 'failed', reason: 'serverError' });
    expect(world.events.at(-1)).toMatchObject({ event: 'eid_answer_refused', fields: { reason: 'replayed answer' } });
  });

  test('for as long as its time stamp would pass', async () => {
    expect(await login(world, port(0), 'max')).toMatchObject({ kind: 'ok' });
    // The other node's clock is as far behind as the tolerance allows.
    shiftClock(-170_000);
    expect(await replay(1)).toMatchObject({ kind: 'failed' });
    resetClock();
    shiftClock(170_000);
    expect(await replay(1)).toMatchObject({ kind: 'failed' });
    expect(Math.min(...lifetimes)).toBeGreaterThanOrEqual(6 * 60);
  });

  test('where nobody can say whether it is new, it does not count', async () => {
    const failing = world.adapter({}, () => Promise.reject(new StorageUnavailable('the store does not answer')));
    await expect(login(world, failing, 'max')).rejects.toThrow(StorageUnavailable);
  });
});

describe('in the whole', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  test('an answer with somebody’s data, given to another login, makes no account and no login', async () => {
    const first = createPerson();
    const read = await useCard(app, first, await first.visit(`${app.portal}/login`), 'zeichen');
    expect(textOf(read)).toContain('ZOË');
    await app.events();
    app.app.simulator?.planFault({ name: 'replayedResult' });
    const second = createPerson();
    const page = await useCard(app, second, await second.visit(`${app.portal}/login`), 'titel');
    expect(page.url.pathname).toMatch(/\/eid\/fehler$/);
    expect(textOf(page)).not.toContain('ZOË');
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.started', 'eid.failed']);
  });
});
