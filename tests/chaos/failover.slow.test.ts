import { afterEach, expect, test } from '@jest/globals';
import { createCitizens, createNetwork, type Citizens, type Network } from '../support/cluster/citizen.ts';
import { startCluster, type Cluster, type ClusterOptions } from '../support/cluster/cluster.ts';
import { findLosses, loginsWork, startLoad, type Load } from '../support/cluster/load.ts';
import { describeIf, need } from '../support/lack.ts';

describeIf(need('postgres') && need('redis-server') && need('redis-cli'), 'another server takes over', () => {
  let cluster: Cluster;
  let network: Network;
  let citizens: Citizens;
  const start = async (options: ClusterOptions): Promise<void> => {
    cluster = await startCluster({ parts: ['id'], ...options });
    network = createNetwork();
    citizens = createCitizens(cluster, network);
  };
  afterEach(() => cluster.close());
  const settled = async ({ facts }: Load): Promise<void> => {
    const [account] = facts.accounts;
    if (account) await loginsWork(citizens, account);
  };
  const processes = (): (number | undefined)[] => cluster.nodes.map(({ run }) => run.child.pid);

  test('RL-05, OP-08: the primary of PostgreSQL is killed under load: the standby has everything, half of nothing', async () => {
    await start({ postgres: 'pair' });
    const { pair } = cluster;
    if (!pair) throw new Error('there is no standby');
    const pids = processes();
    const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 3 });
    await load.acknowledges(8);
    await pair.primary.kill();
    // The address leads to it before it is promoted: it answers, and takes no writes.
    pair.lead(pair.standby);
    const ready = async (): Promise<number> => (await fetch(`${cluster.issuer}/health/ready`)).status;
    while ((await ready()) !== 503);
    await pair.promote();
    await load.acknowledges(10);
    while ((await ready()) !== 200);
    await load.stop();
    await settled(load);
    expect(await findLosses(citizens, load.facts)).toEqual([]);
    const unclear = network.refusals.filter(
      ({ status, retryAfter }) => status !== 503 || !/^[1-9]\d*$/.test(retryAfter ?? ''),
    );
    expect(unclear).toEqual([]);
    expect(processes()).toEqual(pids);
    console.log(JSON.stringify({ refusals: network.refusals.length, done: load.facts.done }));
  });

  test('OP-04, OP-05: a master of a Redis Cluster is killed under load: logins are lost, no fact, and nothing works twice', async () => {
    await start({ redis: 'cluster' });
    const { redis } = cluster;
    if (!('nodes' in redis)) throw new Error('there is no Cluster');
    const pids = processes();
    const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 3 });
    await load.acknowledges(8);
    const [master] = await redis.masters();
    if (!master) throw new Error('there is no master');
    await master.kill();
    while ((await redis.masters()).length < 3);
    // It comes back as a replica; until then nothing in its slots is used up, since nobody could confirm it (ADR 65).
    await master.start();
    await redis.whole();
    await load.acknowledges(10);
    await load.stop();
    await settled(load);
    // Refresh tokens of the last moments may be gone with the login that they belong to.
    const losses = (await findLosses(citizens, load.facts)).filter(
      (loss) => !loss.startsWith('the newest refresh token'),
    );
    expect(losses).toEqual([]);
    const unclear = network.refusals.filter(
      ({ status, retryAfter }) => status !== 503 || !/^[1-9]\d*$/.test(retryAfter ?? ''),
    );
    expect(unclear).toEqual([]);
    expect(processes()).toEqual(pids);
    console.log(JSON.stringify({ refusals: network.refusals.length, done: load.facts.done }));
  });
});
