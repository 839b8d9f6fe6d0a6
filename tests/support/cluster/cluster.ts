import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { endAll, ownPorts, run, type Run } from '../process.ts';
import { startPostgres, startRedis, type TestServer } from '../servers.ts';
import { builtProgram } from './build.ts';
import { makeCredentials, moduleOf } from './credentials.ts';
import { makeInstallation, type Installation } from './installation.ts';
import { startPostgresPair, type PostgresPair } from './postgres-pair.ts';
import { startHaproxy } from './haproxy.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { startRedisCluster, type RedisCluster } from './redis-cluster.ts';
import { startRedisGroup, type RedisGroup } from './redis-group.ts';

/** Parts with pages of their own, as compose.yaml has them; each gets nodes and a proxy. */
export const clusterParts = [
  'id',
  'bayern-portal',
  'mein-postfach',
  'bezahlsystem',
  'fuehrungszeugnis',
  'registerbehoerde',
] as const;
export type ClusterPart = (typeof clusterParts)[number];

export interface ClusterNode {
  readonly part: ClusterPart;
  readonly port: number;
  /** The process of now, or the last one. */
  readonly run: Run;
  /** Starts it again, with another version if one is named. */
  start(program?: string): Promise<void>;
  /** SIGTERM, and waits for the end. @returns the exit code */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface Cluster {
  readonly installation: Installation;
  readonly issuer: string;
  readonly origins: Readonly<Record<ClusterPart, string>>;
  readonly simulator: string;
  readonly postgres: TestServer;
  /** Where there is a standby. */
  readonly pair?: PostgresPair;
  /** A group under Sentinel, a Cluster, or one server. */
  readonly redis: RedisGroup | RedisCluster | TestServer;
  readonly nodes: readonly ClusterNode[];
  nodesOf(part: ClusterPart): readonly [ClusterNode, ClusterNode];
  readonly proxies: Readonly<Partial<Record<ClusterPart, Proxy>>>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly parts?: readonly ClusterPart[];
  readonly redis?: 'sentinel' | 'cluster' | 'single';
  /** One server, or a primary with a synchronous standby. */
  readonly postgres?: 'single' | 'pair';
  /** Cards that no account has yet. */
  readonly cards?: number;
  /** Settings of every node, without the prefix. */
  readonly set?: Readonly<Record<string, string>>;
  /** Further options of Node for each process. */
  readonly nodeOptions?: readonly string[];
  /** What stands before the nodes: a proxy in this process, or HAProxy in one of its own. */
  readonly proxy?: 'here' | 'haproxy';
  /** The folder of the built program; built here if it is missing. */
  readonly program?: string;
}

const nodesOfEach = 2;

const addressList = (servers: readonly { readonly port: number }[]): string =>
  `[${servers.map(({ port }) => `'127.0.0.1:${port}'`).join(', ')}]`;

/** The options of Node with which the image starts. */
const imageOptions = (): string[] => {
  const entrypoint = /^ENTRYPOINT (\[.+\])$/m.exec(readFileSync('Dockerfile', 'utf8'))?.[1] ?? '[]';
  const options = (JSON.parse(entrypoint) as string[]).filter((word) => word.startsWith('--'));
  if (options.length === 0) throw new Error('Dockerfile has no ENTRYPOINT that could be read');
  return options;
};

const key = (part: ClusterPart): string => part.replace('-', '_').toUpperCase();

const withPrefix = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`BAYERN_ID__${name}`, value]));

/**
 * The topology of production as plain processes: PostgreSQL, Redis under Sentinel, two nodes of each part and a proxy before
 * each. Only the outside world is the simulators', which have a process of their own, so NODE_ENV is not `production`.
 */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
  const { parts = ['id', 'bayern-portal'], redis: kind = 'sentinel', cards = 40 } = options;
  const program = options.program ?? (await builtProgram());
  const installation = makeInstallation(cards);
  const ports = await ownPorts();
  const database = options.postgres === 'pair' ? await startPostgresPair() : await startPostgres();
  const credentials = makeCredentials(join(installation.home, 'secrets'), Number(new URL(database.url).port));
  credentials.inPostgres('primary' in database ? database.primary : database);
  const startGroup = {
    sentinel: () => startRedisGroup(2, [], credentials),
    cluster: startRedisCluster,
    single: startRedis,
  };
  const redis = await startGroup[kind]();
  const redisSettings: Record<string, string> =
    'url' in redis
      ? { STORAGE__REDIS__URL: redis.url }
      : {
          ...('sentinels' in redis
            ? {
                STORAGE__REDIS__SENTINELS: addressList(redis.sentinels),
                STORAGE__REDIS__NAME: 'main',
                STORAGE__REDIS__SENTINEL_PASSWORD: credentials.sentinels,
              }
            : { STORAGE__REDIS__CLUSTER: addressList(redis.nodes) }),
          STORAGE__REDIS__TLS: 'false',
          STORAGE__ALLOW_UNENCRYPTED: 'true',
        };
  const env: Record<string, string | undefined> = {
    ...ports.env,
    NODE_ENV: undefined,
    UV_THREADPOOL_SIZE: '8',
    ...withPrefix({
      ...redisSettings,
      WEB__LISTEN: '[127.0.0.1]',
      WEB__TRUSTED_PROXIES: '[127.0.0.1/32]',
      WEB__DRAIN_SECONDS: '2',
      // All citizens of a test share one address.
      ID__GUARD__EID__STARTS: '100000',
      ID__GUARD__MAIL__ADDRESS__MAILS: '100000',
      ...options.set,
    }),
  };
  const runs: Run[] = [];
  /** As in compose.yaml: no module can read what another one keeps. */
  const ownAccess = (part: ClusterPart): Record<string, string> => {
    const module = moduleOf(part);
    return {
      STORAGE__DATABASE_URL: credentials.databaseUrl(module),
      ...('sentinels' in redis
        ? { STORAGE__REDIS__USERNAME: module, STORAGE__REDIS__PASSWORD: credentials.redisPassword(module) }
        : {}),
    };
  };
  const launch = async (part: string, from: string, own: Readonly<Record<string, string>> = {}): Promise<Run> => {
    const args = [...imageOptions(), ...(options.nodeOptions ?? []), join(from, 'dist', 'cli.js'), 'serve', part];
    const started = run(process.execPath, args, {
      cwd: installation.home,
      env: { ...env, ...withPrefix(own) },
    });
    runs.push(started);
    await started.says('"event":"started"');
    return started;
  };

  const startNode = async (part: ClusterPart): Promise<ClusterNode> => {
    const port = await freePort();
    const tls = await freePort();
    const own: Record<string, string> = {
      ...ownAccess(part),
      [`${key(part)}__PORT`]: String(port),
      ...(part === 'id' || part === 'bezahlsystem' ? { [`${key(part)}__MUTUAL_TLS__PORT`]: String(tls) } : {}),
    };
    let current = await launch(part, program, own);
    return {
      part,
      port,
      get run() {
        return current;
      },
      async start(other = program) {
        current = await launch(part, other, own);
      },
      async stop() {
        current.child.kill('SIGTERM');
        return current.ended;
      },
      async kill() {
        current.child.kill('SIGKILL');
        await current.ended;
      },
    };
  };

  const origins = Object.fromEntries(
    clusterParts.map((part) => [
      part,
      ports.env[`BAYERN_ID__${key(part)}__ORIGIN`] ?? ports.env['BAYERN_ID__ID__ISSUER'] ?? '',
    ]),
  ) as Record<ClusterPart, string>;
  const proxies: Partial<Record<ClusterPart, Proxy>> = {};
  const close = async (): Promise<void> => {
    // The servers' processes keep nothing alive, and a script would end before they do.
    const waiting = setInterval(() => {}, 1000);
    await endAll(runs);
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await Promise.all([database.stop(), redis.stop()]);
    rmSync(installation.home, { recursive: true, force: true });
    clearInterval(waiting);
  };
  try {
    await launch('eid-simulator', program);
    const nodes: ClusterNode[] = [];
    for (const part of parts) {
      // The first one makes secrets, tables and test persons.
      for (let i = 0; i < nodesOfEach; i++) nodes.push(await startNode(part));
      const { host, port } = new URL(origins[part]);
      const startOne = options.proxy === 'haproxy' ? startHaproxy : startProxy;
      proxies[part] = await startOne({
        port: Number(port),
        nodes: nodes.filter((node) => node.part === part).map((node) => node.port),
        host: () => host,
      });
    }
    if (parts.includes('bezahlsystem')) await launch('payment-simulator', program);
    return {
      installation,
      issuer: ports.issuer,
      origins,
      simulator: ports.env['BAYERN_ID__SIMULATORS__EID__PAGE_ORIGIN'] ?? '',
      ...('primary' in database ? { postgres: database.primary, pair: database } : { postgres: database }),
      redis,
      nodes,
      nodesOf(part) {
        const [one, other] = nodes.filter((node) => node.part === part);
        if (!one || !other) throw new Error(`${part} has no two nodes`);
        return [one, other];
      },
      proxies,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
