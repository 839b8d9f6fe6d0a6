import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { createCitizens, createNetwork, type Network } from '../tests/support/cluster/citizen.ts';
import { startCluster, type Cluster } from '../tests/support/cluster/cluster.ts';
import { findLosses, startLoad } from '../tests/support/cluster/load.ts';
import { residentMemory, type Run } from '../tests/support/process.ts';
import { courseOf, notFlat, type Sample } from './soak-verdict.ts';

/*
 * Mixed load for as long as is wanted: registrations, logins, links and refreshes over two nodes, on the topology of
 * production. Ends with 1 when a request failed, memory or file handles grew (soak-verdict.ts), or something in Redis never
 * expires.
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

/** Looks at each node; of these, those with a collection before: three after the warm-up, three at the end. */
const rounds = 40;
const collecting = new Set([10, 12, 14, 35, 37, 39]);

/** MB that objects hold once everything else is collected (bench/collect.ts). */
const collected = async (node: Run): Promise<number> => {
  const said = /\{"event":"collected","bytes":\d+\}\n/g;
  const before = node.output().match(said)?.length ?? 0;
  node.child.kill('SIGUSR2');
  await node.says(said, before + 1);
  return Number(/\d+/.exec(node.output().match(said)?.at(-1) ?? '')?.[0]) / 1e6;
};

/** On a machine that has other work a store may answer late: then, once in a while, somebody is asked to come again. Nothing else may fail. */
const soundAnswers = ({ failures, refusals, count }: Network, stuck: readonly string[]): boolean => {
  const clear = refusals.filter(({ status, retryAfter }) => status === 503 && retryAfter !== null).length;
  return failures.length === clear && stuck.length <= clear && clear <= count / 1000;
};

/** The last that a node has logged. */
const warningsIn = (output: string): string[] =>
  output
    .split('\n')
    .filter((line) => line !== '' && !line.includes('"event":"collected"'))
    .slice(-20);

const sampleOf = async (node: Run, withHeap: boolean): Promise<Sample> => {
  const pid = node.child.pid ?? 0;
  const memory = residentMemory([pid]);
  const handles = readdirSync(`/proc/${pid}/fd`).length;
  return { memory, handles, ...(withHeap ? { heap: await collected(node) } : {}) };
};

/** Keys without an end. */
const lastingKeys = async (cluster: Cluster): Promise<number> => {
  const { redis } = cluster;
  if ('nodes' in redis) throw new Error('the soak looks at one primary');
  const client = new Redis('primary' in redis ? (await redis.primary()).url : redis.url);
  let lasting = 0;
  for await (const keys of client.scanStream({ count: 500 }) as AsyncIterable<string[]>)
    for (const key of keys) if ((await client.pttl(key)) === -1) lasting += 1;
  client.disconnect();
  return lasting;
};

const cluster = await startCluster({
  parts: ['id'],
  cards: 300,
  program: values.program ?? process.cwd(),
  nodeOptions: [`--import=${new URL('collect.ts', import.meta.url).href}`],
});
try {
  const network = createNetwork();
  const citizens = createCitizens(cluster, network);
  const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 4 });
  const runs = cluster.nodes.map(({ run }) => run);
  const samples: Sample[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    await pause((minutes * 60_000) / rounds);
    const looks = await Promise.all(runs.map((run) => sampleOf(run, collecting.has(round))));
    for (const [i, look] of looks.entries()) samples[i]?.push(look);
    if (!values.json && round % 4 === 3)
      console.log(
        `${Math.round(((round + 1) * minutes * 60) / rounds)} s: ${load.facts.acknowledged} stories, ${network.count} requests, ${looks.map(({ memory }) => `${Math.round(memory)} MB`).join(' + ')}`,
      );
  }
  await load.stop();
  const courses = samples.map(courseOf);
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
    notFlat: courses.flatMap((course) => notFlat(course, minutes)),
    lastingKeys: await lastingKeys(cluster),
    courses,
  };
  const passed =
    [losses, result.notFlat].every((list) => list.length === 0) &&
    result.lastingKeys === 0 &&
    soundAnswers(network, facts.stuck);
  if (!passed) for (const { output } of runs) console.error(warningsIn(output()).join('\n'));
  console.log(values.json ? JSON.stringify(result) : `${passed ? 'passed' : 'FAILED'} ${JSON.stringify(result)}`);
  process.exitCode = passed ? 0 : 1;
} finally {
  await cluster.close();
}
