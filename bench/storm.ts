import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createCitizens, createNetwork } from '../tests/support/cluster/citizen.ts';
import { startCluster } from '../tests/support/cluster/cluster.ts';
import { cpuSeconds, treeOf } from '../tests/support/process.ts';
import { outcomes } from './storm-attacks.ts';
import { createStormCitizens, kinds, type Login } from './storm-citizens.ts';
import type { StormOrder, StormReport } from './storm-driver.ts';

/*
 * Hostile requests from many addresses against two nodes behind HAProxy while citizens log in. Prints the 95th percentile of
 * honest logins before and meanwhile, what became of the hostile ones, and who took the processors. Ends with 1 when somebody
 * got in, an owner was locked out, an honest login failed, or honest logins took more than twice as long.
 */

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '40000' },
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    program: { type: 'string' },
    /** Two nodes as they are without load shedding, to compare. */
    'without-shedding': { type: 'boolean', default: false },
  },
});
const wanted = Number(values.requests);
const seconds = Number(values.seconds);
const quietSeconds = Math.min(20, seconds);

const p95 = (times: readonly number[]): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0);

/** CPU seconds that everything on this machine took since its start (proc(5): all but idle and iowait). */
const machineSeconds = (): number => {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).map(Number);
  return ticks.slice(0, 8).reduce((sum, one, i) => sum + (i === 3 || i === 4 ? 0 : one), 0) / 100;
};

const summary = (logins: readonly Login[]) => ({
  logins: logins.length,
  failed: logins.filter(({ failed }) => failed !== undefined).length,
  sentAway: logins.filter(({ again }) => again > 0).length,
  p50Ms: Math.round(logins.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(logins.length / 2)] ?? 0),
  p95Ms: p95(logins.map(({ ms }) => ms)),
});
const byKind = (logins: readonly Login[]) =>
  Object.fromEntries(kinds.map((kind) => [kind, summary(logins.filter((one) => one.kind === kind))]));

const cluster = await startCluster({
  parts: ['id'],
  cards: 0,
  proxy: 'haproxy',
  program: values.program ?? process.cwd(),
  set: {
    WEB__OVERLOAD__SHED: String(!values['without-shedding']),
    // Both nodes are on this machine.
    ID__PASSWORD_HASH__PLACES: '1',
  },
});
try {
  const network = createNetwork();
  const { ask } = cluster.installation.clients;
  const people = createStormCitizens({ citizens: createCitizens(cluster, network), network, client: ask });
  /** Whose names the attackers know: strangers' guesses make only unknown browsers wait. */
  const attacked = await people.make(8);
  const others = await people.make(16);

  /** All kinds of citizens for a while: two from known browsers, six from new ones, and one a second who has the page open. */
  const honest = async (forSeconds: number, open: readonly (() => Promise<void>)[]): Promise<Login[]> => {
    const until = performance.now() + forSeconds * 1000;
    const share = <T>(all: readonly T[], of: number, i: number): T[] => all.filter((_, at) => at % of === i);
    await Promise.all([
      ...[0, 1].map((i) => people.knownBrowser(share(attacked, 2, i), until)),
      ...[0, 1, 2, 3, 4, 5].map((i) => people.unknownBrowser(share(others.slice(0, 12), 6, i), until)),
      ...open.map(async (finish, i) => {
        await pause(((i + 0.5) / open.length) * forSeconds * 1000);
        await finish();
      }),
    ]);
    return people.take();
  };
  const openPages = async (count: number): Promise<(() => Promise<void>)[]> => {
    const open: (() => Promise<void>)[] = [];
    for (let i = 0; i < count; i++) {
      const owner = others[12 + (i % 4)];
      if (owner) open.push(await people.open(owner));
    }
    return open;
  };
  const forQuiet = await openPages(quietSeconds);
  const forStorm = await openPages(seconds);
  await honest(3, []);

  const quiet = await honest(quietSeconds, forQuiet);

  const driver = fork(new URL('storm-driver.ts', import.meta.url));
  const order: StormOrder = {
    target: {
      issuer: cluster.issuer,
      clientId: ask.id,
      redirectUri: ask.redirectUri,
      victims: attacked.map(({ account }) => account.email),
    },
    requests: wanted,
    seconds,
  };
  const { redis } = cluster;
  const redisServers = 'members' in redis ? redis.members : 'nodes' in redis ? redis.nodes : [redis];
  const groups: Readonly<Record<string, readonly number[]>> = {
    attackers: [driver.pid ?? 0],
    'citizens (and their services)': [process.pid],
    proxy: [cluster.proxies.id?.pid ?? 0],
    nodes: cluster.nodes.map((node) => node.run.child.pid ?? 0),
    stores: [cluster.postgres.pid, ...redisServers.map(({ pid }) => pid)],
  };
  const cpu = (): Record<string, number> => {
    const own = Object.fromEntries(
      // PostgreSQL has a process for each connection, and nodes and stores are this process's children.
      Object.entries(groups).map(([name, pids]) => [
        name,
        cpuSeconds((name === 'stores' ? pids.flatMap(treeOf) : pids).filter((pid) => existsSync(`/proc/${pid}`))),
      ]),
    );
    const ours = Object.values(own).reduce((sum, one) => sum + one, 0);
    return { ...own, 'other processes': machineSeconds() - ours };
  };
  const reported = once(driver, 'message');
  const before = cpu();
  const began = performance.now();
  driver.send(order);
  const stormy = await honest(seconds, forStorm);
  const after = cpu();
  const took = (performance.now() - began) / 1000;
  const [report] = (await reported) as [StormReport];
  driver.disconnect();

  // Nobody is locked out of an account of their own.
  await people.knownBrowser(attacked, performance.now() + 4000);
  const locked = people.take().filter(({ failed }) => failed !== undefined);

  const totals = Object.fromEntries(
    outcomes.map((one) => [one, Object.values(report.byAttack).reduce((sum, counts) => sum + counts[one], 0)]),
  );
  const all = { quiet: summary(quiet), storm: summary(stormy) };
  const ratios = Object.fromEntries(
    kinds.map((kind) => {
      const [one, other] = [quiet, stormy].map((logins) => p95(logins.filter((a) => a.kind === kind).map((a) => a.ms)));
      return [kind, Math.round(((other ?? 0) / (one ?? 1)) * 100) / 100];
    }),
  );
  const result = {
    hostile: report.sent,
    seconds: Math.round(report.took * 10) / 10,
    outcomes: totals,
    byAttack: report.byAttack,
    breakIns: totals['break-in'] ?? 0,
    lockedOut: locked.length,
    honestFailures: stormy.flatMap(({ kind, failed }) => (failed === undefined ? [] : [`${kind}: ${failed}`])),
    quiet: { ...all.quiet, byKind: byKind(quiet) },
    storm: { ...all.storm, byKind: byKind(stormy) },
    ratio: Math.round((all.storm.p95Ms / all.quiet.p95Ms) * 100) / 100,
    ratios,
    cores: Object.fromEntries(
      Object.keys(after).map((name) => [
        name,
        Math.round((((after[name] ?? 0) - (before[name] ?? 0)) / took) * 100) / 100,
      ]),
    ),
  };
  console.log(values.json ? JSON.stringify(result) : result);
  const held = result.breakIns === 0 && locked.length === 0 && all.storm.failed === 0 && result.ratio < 2;
  process.exitCode = held ? 0 : 1;
} finally {
  await cluster.close();
}
