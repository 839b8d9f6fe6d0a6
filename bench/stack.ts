import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { generateAccounts } from './generate.ts';
import { createQuota, type Quota } from './quota.ts';
import { startServer, type Server } from './servers.ts';
import { startPostgres, startRedis, type StoreServer } from './stores.ts';
import { Visitor } from './visitor.ts';
import { accountName, freePort, makeFolder } from './world.ts';

export const stackNames = ['sqlite', 'postgres', 'postgres,redis'] as const;
export type StackName = (typeof stackNames)[number];

/** One line: what one operation costs on a stack, with so many nodes and accounts. */
export interface StackResult {
  readonly stack: StackName;
  readonly nodes: number;
  readonly accounts: number;
  readonly name: 'login-session' | 'login-password';
  /** ms of CPU of the nodes, and of PostgreSQL and Redis. */
  readonly cpuMs: number;
  readonly storesCpuMs: number;
  /** Calls to stores, begin and commit among them, for one operation. */
  readonly roundTrips: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** From the start of a node's process to its first answer, in ms. */
  readonly startMs: number;
  /** Of the records; null while there are too few accounts to tell. */
  readonly bytesPerAccount: number | null;
  /** Of sessions and all else that expires, for one login; null where it is not in Redis. */
  readonly redisBytesPerLogin: number | null;
}

export interface StackPlan {
  readonly stacks: readonly StackName[];
  readonly nodes: readonly number[];
  readonly accounts: readonly number[];
  readonly seconds: number;
  /** How much of a core each node may use, 0 to 1; then nothing is pinned. */
  readonly nodeCores?: number | undefined;
  readonly cores: { readonly servers: number; readonly driver: number } | undefined;
  readonly progress: (text: string) => void;
}

interface Stores {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly servers: readonly StoreServer[];
}

interface Node {
  readonly server: Server;
  readonly monitoring: number;
  readonly startMs: number;
  readonly quota?: Quota;
}

const visitors = 16;

const startStores = async (stack: StackName, core: number | undefined): Promise<Stores> => {
  if (stack === 'sqlite') return { servers: [] };
  const database = await startPostgres(core);
  if (stack === 'postgres') return { databaseUrl: database.url, servers: [database] };
  const redis = await startRedis(core);
  return { databaseUrl: database.url, redisUrl: redis.url, servers: [database, redis] };
};

/** Bytes of the records of Bayern-ID. */
const sizeOf = async ({ databaseUrl }: Stores, folder: string): Promise<number> => {
  if (databaseUrl === undefined)
    return ['', '-wal'].reduce((sum, end) => {
      const file = statSync(join(folder, 'data', `id.sqlite${end}`), { throwIfNoEntry: false });
      return sum + (file?.size ?? 0);
    }, 0);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ size: string }>(
    `select sum(pg_total_relation_size(c.oid)) as size from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'id' and c.relkind = 'r'`,
  );
  await client.end();
  return Number(rows[0]?.size ?? 0);
};

const redisMemory = async ({ redisUrl }: Stores): Promise<number | undefined> => {
  if (redisUrl === undefined) return undefined;
  const redis = new Redis(redisUrl);
  const [, used] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? [];
  redis.disconnect();
  return Number(used);
};

/** How often the node has asked a store so far. */
const callsOf = async ({ monitoring }: Node): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${monitoring}/metrics`)).text();
  return [...text.matchAll(/^store_call_duration_seconds_count\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

type Operation = (visitor: Visitor, account: string) => Promise<void>;

const operations: Readonly<Record<StackResult['name'], { readonly once: Operation; readonly prepare?: Operation }>> = {
  'login-session': {
    prepare: async (visitor, account) => void (await visitor.login(account)),
    once: async (visitor, account) => {
      await visitor.userinfo((await visitor.login(account)).access_token);
    },
  },
  'login-password': {
    once: async (visitor, account) => {
      visitor.forget();
      await visitor.userinfo((await visitor.login(account)).access_token);
    },
  },
};

const measure = async (
  name: StackResult['name'],
  nodes: readonly Node[],
  stores: Stores,
  seconds: number,
): Promise<Omit<StackResult, 'stack' | 'nodes' | 'accounts' | 'startMs' | 'bytesPerAccount'>> => {
  const { once, prepare } = operations[name];
  const perNode = Math.ceil(visitors / nodes.length);
  const crowd = nodes.flatMap(({ server }, node) =>
    Array.from({ length: perNode }, (_, i) => ({
      visitor: new Visitor(server),
      account: accountName(node * perNode + i),
    })),
  );
  for (const { visitor, account } of crowd) await prepare?.(visitor, account);
  const state: { phase: 'warm' | 'measured' | 'over' } = { phase: 'warm' };
  const latencies: number[] = [];
  const over = Promise.all(
    crowd.map(async ({ visitor, account }) => {
      while (state.phase !== 'over') {
        const begun = performance.now();
        await once(visitor, account);
        if (state.phase === 'measured') latencies.push(performance.now() - begun);
      }
    }),
  );
  const wait = (ms: number): Promise<unknown> => Promise.race([pause(ms), over]);
  const read = async () => ({
    cpu: sum(await Promise.all(nodes.map(async ({ server }) => (await server.ask('cpu')).ms))),
    stores: sum(stores.servers.map((one) => one.cpu())),
    calls: sum(await Promise.all(nodes.map(callsOf))),
    redis: await redisMemory(stores),
    at: performance.now(),
  });
  await wait(Math.min(2, seconds) * 1000);
  for (const { quota } of nodes) quota?.on();
  // What was begun without the quota is over.
  if (nodes.some(({ quota }) => quota)) await wait(1000);
  const before = await read();
  state.phase = 'measured';
  await wait(seconds * 1000);
  while (latencies.length === 0) await wait(200);
  const count = latencies.length;
  const after = await read();
  state.phase = 'over';
  for (const { quota } of nodes) quota?.off();
  await over;
  for (const { visitor } of crowd) visitor.close();
  const sorted = latencies.slice(0, count).toSorted((a, b) => a - b);
  return {
    name,
    cpuMs: (after.cpu - before.cpu) / count,
    storesCpuMs: (after.stores - before.stores) / count,
    roundTrips: (after.calls - before.calls) / count,
    perSecond: (count * 1000) / (after.at - before.at),
    p99Ms: sorted[Math.floor(count * 0.99)] ?? 0,
    redisBytesPerLogin:
      after.redis === undefined || before.redis === undefined ? null : (after.redis - before.redis) / count,
  };
};

const measureStack = async (stack: StackName, plan: StackPlan, take: (result: StackResult) => void): Promise<void> => {
  const { cores, progress, seconds } = plan;
  const folder = makeFolder();
  const stores = await startStores(stack, cores?.driver);
  const running: Node[] = [];
  const issuerPort = await freePort();
  const clientSecret = randomBytes(32).toString('base64url');
  const start = async (seed: boolean): Promise<Node> => {
    const monitoring = await freePort();
    const begun = performance.now();
    const server = await startServer({
      name: 'product',
      folder: folder.path,
      core: cores?.servers,
      stack: {
        seed,
        monitoring,
        issuerPort,
        clientSecret,
        ...(stores.databaseUrl === undefined ? {} : { databaseUrl: stores.databaseUrl }),
        ...(stores.redisUrl === undefined ? {} : { redisUrl: stores.redisUrl }),
      },
      ...(seed ? {} : { port: await freePort() }),
    });
    const startMs = performance.now() - begun;
    const { nodeCores } = plan;
    const node = {
      server,
      monitoring,
      startMs,
      ...(nodeCores === undefined ? {} : { quota: createQuota(server.pid, nodeCores) }),
    };
    running.push(node);
    return node;
  };
  const stopNodes = async (): Promise<void> => {
    await Promise.all(
      running.splice(0).map(async ({ server, quota }) => {
        await server.stop();
        quota?.remove();
      }),
    );
  };
  try {
    progress(`${stack}: first start`);
    await start(true);
    await stopNodes();
    const [few, small] = [128, await sizeOf(stores, folder.path)];
    for (const accounts of plan.accounts) {
      await generateAccounts(
        stores.databaseUrl === undefined
          ? { file: join(folder.path, 'data', 'id.sqlite') }
          : { url: stores.databaseUrl, schema: 'id', statementTimeout: 600_000 },
        accounts,
        (text) => progress(`${stack}: ${text}`),
      );
      const size = await sizeOf(stores, folder.path);
      for (const nodes of plan.nodes) {
        if (stack === 'sqlite' && nodes > 1) continue;
        while (running.length < nodes) await start(false);
        for (const name of Object.keys(operations) as StackResult['name'][]) {
          progress(`${stack}: ${accounts} accounts, ${nodes} nodes, ${name}`);
          take({
            stack,
            nodes,
            accounts,
            startMs: running[0]?.startMs ?? 0,
            bytesPerAccount: accounts < 1000 ? null : (size - small) / (accounts - few),
            ...(await measure(name, running, stores, seconds)),
          });
        }
      }
      await stopNodes();
    }
  } finally {
    await stopNodes();
    for (const server of stores.servers) await server.stop();
    folder.remove();
  }
};

/** What issue 9 aims at, beside what was found. */
export const stackConclusions = (results: readonly StackResult[], nodeCores?: number): string[] => {
  const find = (wanted: Partial<StackResult>): StackResult | undefined =>
    results.find((one) => Object.entries(wanted).every(([key, value]) => one[key as keyof StackResult] === value));
  const lines: string[] = [];
  const most = Math.max(...results.map(({ accounts }) => accounts));
  const least = Math.min(...results.map(({ accounts }) => accounts));
  const sqlite = find({ stack: 'sqlite', name: 'login-session', accounts: least });
  for (const stack of stackNames) {
    const session = find({ stack, nodes: 1, name: 'login-session', accounts: least });
    if (!session) continue;
    lines.push(`${stack}: ${session.roundTrips.toFixed(1)} store calls for a login with a session (aim: at most 20)`);
    if (sqlite && stack !== 'sqlite')
      lines.push(`${stack}: ${(session.cpuMs / sqlite.cpuMs).toFixed(2)} × its cost on SQLite (aim: at most 1.3)`);
    const grown = find({ stack, nodes: 1, name: 'login-session', accounts: most });
    if (grown && most > least)
      lines.push(
        `${stack}: ${(grown.cpuMs / session.cpuMs).toFixed(2)} × from ${least} to ${most} accounts (aim: flat)`,
      );
    const two = find({ stack, nodes: 2, name: 'login-session', accounts: least });
    if (two) {
      const adds = (more: number): number => Math.round((more - 1) * 100);
      lines.push(
        nodeCores === undefined
          ? `${stack}: by CPU the second node adds ${adds(2 * (session.cpuMs / two.cpuMs))} % (aim: at least 80)`
          : `${stack}: the second node adds ${adds(two.perSecond / session.perSecond)} % of logins a second (aim: at least 80)`,
      );
    }
  }
  return lines;
};

export const measureStacks = async (plan: StackPlan, take: (result: StackResult) => void): Promise<void> => {
  for (const stack of plan.stacks) await measureStack(stack, plan, take);
};

const rounded = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

export const stackLine = (r: StackResult): string =>
  [
    r.stack.padEnd(15),
    String(r.nodes).padStart(2),
    String(r.accounts).padStart(9),
    r.name.padEnd(15),
    rounded(r.cpuMs, 2).padStart(7),
    rounded(r.storesCpuMs, 2).padStart(7),
    rounded(r.roundTrips, 1).padStart(6),
    rounded(r.perSecond, 0).padStart(6),
    rounded(r.p99Ms, 0).padStart(6),
    rounded(r.startMs, 0).padStart(7),
    rounded(r.bytesPerAccount, 0).padStart(7),
    rounded(r.redisBytesPerLogin, 0).padStart(7),
  ].join(' ');

export const stackHeading = `stack          nd  accounts  operation          cpu stores  calls  per s    p99  start  B/acct B/login`;
