import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCitizens, createNetwork, type Network } from '../support/cluster/citizen.ts';
import { startCluster, type Cluster } from '../support/cluster/cluster.ts';
import { findLosses, startLoad } from '../support/cluster/load.ts';
import { describeIf, need } from '../support/lack.ts';

/** Each kill costs the start of a process. */
const kills = Number(process.env['CHAOS_KILLS'] ?? 3);

describeIf(need('postgres') && need('redis-server'), 'RL-04: kill -9 of a node under load', () => {
  let cluster: Cluster;
  let network: Network;
  beforeAll(async () => {
    cluster = await startCluster({ parts: ['id'] });
    network = createNetwork();
  });
  afterAll(() => cluster?.close());

  test('whatever was acknowledged is there on the other node, and nothing works twice', async () => {
    const citizens = createCitizens(cluster, network);
    const load = startLoad({ citizens, cards: cluster.installation.cards });
    const nodes = cluster.nodesOf('id');
    await load.acknowledges(10);
    for (let round = 0; round < kills; round++) {
      const victim = nodes[round % 2];
      await load.acknowledges(randomInt(3, 12));
      await victim?.kill();
      // The other one goes on alone.
      await load.acknowledges(6);
      if (round < kills - 1) await victim?.start();
    }
    await load.stop();
    // One node is still away: the other one has everything.
    const { facts } = load;
    expect(await findLosses(citizens, facts)).toEqual([]);
    expect(Object.keys(facts.done).sort()).toEqual(['link', 'login', 'redeemTwice', 'refresh', 'register']);
    console.log(JSON.stringify({ done: facts.done, stuck: facts.stuck, failures: network.failures.length }));
  });
});
