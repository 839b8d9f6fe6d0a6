import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { createCitizens, createNetwork } from '../tests/support/cluster/citizen.ts';
import { startCluster, type Cluster } from '../tests/support/cluster/cluster.ts';
import { findLosses, startLoad } from '../tests/support/cluster/load.ts';
import { residentMemory } from '../tests/support/process.ts';

/*
 * Mixed load for as long as is wanted: registrations, logins, links and refreshes over two nodes, on the topology of
 * production. Ends with 1 when a request failed, memory or file handles grew, or something in Redis never expires.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    program: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes is a number');

/** By how much memory and handles may grow from the second quarter to the last: in minutes a heap is still finding its size. */
const limit = minutes >= 30 ? 1.1 : 1.4;

interface Sample {
  readonly memory: number;
  readonly handles: number;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const sampleOf = (pid: number): Sample => ({
  memory: residentMemory([pid]),
  handles: readdirSync(`/proc/${pid}/fd`).length,
});

/** Keys without an end. */
const lastingKeys = async (cluster: Cluster): Promise<number> => {
  const { redis } = cluster;
  const client = new Redis('primary' in redis ? (await redis.primary()).url : redis.url);
  let lasting = 0;
  for await (const keys of client.scanStream({ count: 500 }) as AsyncIterable<string[]>)
    for (const key of keys) if ((await client.pttl(key)) === -1) lasting += 1;
  client.disconnect();
  return lasting;
};

const cluster = await startCluster({ parts: ['id'], cards: 300, program: values.program ?? process.cwd() });
try {
  const network = createNetwork();
  const citizens = createCitizens(cluster, network);
  const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 4 });
  const pids = cluster.nodes.map((node) => node.run.child.pid ?? 0);
  const samples: Sample[][] = pids.map(() => []);
  const rounds = 40;
  for (let round = 0; round < rounds; round++) {
    await pause((minutes * 60_000) / rounds);
    for (const [i, pid] of pids.entries()) samples[i]?.push(sampleOf(pid));
    if (!values.json && round % 4 === 3)
      console.log(
        `${Math.round(((round + 1) * minutes * 60) / rounds)} s: ${load.facts.acknowledged} stories, ${network.count} requests, ${pids.map((_, i) => `${Math.round(samples[i]?.at(-1)?.memory ?? 0)} MB`).join(' + ')}`,
      );
  }
  await load.stop();
  const growth = samples.map((own) => {
    const quarter = (n: number, of: (sample: Sample) => number): number =>
      median(own.slice((n * rounds) / 4, ((n + 1) * rounds) / 4).map(of));
    return {
      megabytes: Math.round(quarter(3, ({ memory }) => memory)),
      memory: quarter(3, ({ memory }) => memory) / quarter(1, ({ memory }) => memory),
      handles: quarter(3, ({ handles }) => handles) / quarter(1, ({ handles }) => handles),
    };
  });
  const { facts } = load;
  // A sample of the facts, since all of an hour would take another one.
  const losses = await findLosses(citizens, {
    ...facts,
    accounts: facts.accounts.slice(0, 30),
    chains: facts.chains.slice(0, 30),
    codes: facts.codes.slice(-30),
  });
  const result = {
    minutes,
    stories: facts.acknowledged,
    requests: network.count,
    failures: network.failures,
    stuck: facts.stuck,
    losses,
    growth,
    lastingKeys: await lastingKeys(cluster),
  };
  const flat = growth.every(({ memory, handles }) => memory < limit && handles < limit);
  const sound = [result.failures, result.stuck, losses].every((list) => list.length === 0) && result.lastingKeys === 0;
  console.log(
    values.json ? JSON.stringify(result) : `${flat && sound ? 'passed' : 'FAILED'} ${JSON.stringify(result)}`,
  );
  process.exitCode = flat && sound ? 0 : 1;
} finally {
  await cluster.close();
}
