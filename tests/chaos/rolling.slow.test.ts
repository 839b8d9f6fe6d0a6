import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { builtProgram } from '../support/cluster/build.ts';
import { createCitizens, createNetwork, type Network } from '../support/cluster/citizen.ts';
import { startCluster, type Cluster } from '../support/cluster/cluster.ts';
import { findLosses, startLoad } from '../support/cluster/load.ts';
import { describeIf, need } from '../support/lack.ts';

/** The next version: its first step with new records only adds to what is there. */
const addMigration = (directory: string): void => {
  const file = join(directory, 'src', 'id', 'persistence.ts');
  const source = readFileSync(file, 'utf8');
  const anchor = '  ...auditChainMigrations,\n};';
  if (!source.includes(anchor)) throw new Error(`${file} has changed: the next version has no place for its migration`);
  const migration = `  '9999-next-expand': {
    async up(kysely: import('kysely').Kysely<unknown>) {
      await kysely.schema.alterTable('accounts').addColumn('next_note', 'text').execute();
      await kysely.schema.createTable('next_notes').addColumn('id', 'text', (column) => column.primaryKey()).execute();
    },
  },`;
  writeFileSync(file, source.replace(anchor, `  ...auditChainMigrations,\n${migration}\n};`));
};

describeIf(need('postgres') && need('redis-server'), 'RL-01, RL-02: versions are exchanged under load', () => {
  let cluster: Cluster;
  let network: Network;
  let next: string;
  beforeAll(async () => {
    next = await builtProgram('next', addMigration);
    // Long beside the 200 ms between two looks of the proxy, on a slow machine too.
    cluster = await startCluster({ parts: ['id', 'bayern-portal'], set: { WEB__DRAIN_SECONDS: '4' } });
    network = createNetwork();
  });
  afterAll(() => cluster?.close());

  test('all nodes one after the other, with a migration, and one back again: not one request fails', async () => {
    const citizens = createCitizens(cluster, network);
    const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 3 });
    const visits = { go: true };
    const visitor = (async () => {
      while (visits.go) {
        const page = await citizens.newBrowser().visit(`${cluster.origins['bayern-portal']}/`);
        expect(page.status).toBe(200);
      }
    })();
    await load.acknowledges(6);
    const ended: (number | null)[] = [];
    for (const node of cluster.nodes) {
      ended.push(await node.stop());
      await node.start(next);
      await load.acknowledges(4);
    }
    // The version before crashed and comes back, or the exchange is called off: it runs on the tables of the next one.
    const [first] = cluster.nodesOf('id');
    ended.push(await first.stop());
    await first.start();
    await load.acknowledges(6);
    await load.stop();
    visits.go = false;
    await visitor;

    const client = new Client({ connectionString: cluster.postgres.url });
    await client.connect();
    const { rows } = await client.query('select count(next_note) as notes from id.accounts');
    await client.end();
    expect(rows).toEqual([{ notes: '0' }]);
    expect(ended).toEqual([0, 0, 0, 0, 0]);
    expect([
      load.facts.stuck,
      network.failures,
      Object.values(cluster.proxies).map(({ failures }) => failures),
    ]).toEqual([[], [], [[], []]]);
    // Whoever leaves says so first: the proxy had nothing to repeat.
    expect(Object.values(cluster.proxies).map(({ surprises }) => surprises())).toEqual([0, 0]);
    expect(await findLosses(citizens, load.facts)).toEqual([]);
    console.log(JSON.stringify({ requests: network.count, done: load.facts.done }));
  });
});
