import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, type TestServer } from '../servers.ts';
import { asking, until } from './redis-asking.ts';
import type { Credentials } from './credentials.ts';

/** A primary, its replicas, and three Sentinels that watch them under the name `main`. */
export interface RedisGroup {
  readonly members: readonly TestServer[];
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The member that the Sentinels name now. */
  primary(): Promise<TestServer>;
  /** Resolves when one that answers as primary has so many replicas, and the Sentinels know them. */
  settled(replicas: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param extra further options of every member's command line.
 * @param credentials a user for each module, and Sentinels that tell nobody more than where the primary is.
 */
export const startRedisGroup = async (
  replicas: number,
  extra: readonly string[] = [],
  credentials?: Credentials,
): Promise<RedisGroup> => {
  const directory = mkdtempSync(join(tmpdir(), 'bayern-id-sentinel-'));
  let files = 0;
  const configuration = (of: 'redis' | 'sentinel', lines: readonly string[] = []): string | undefined => {
    const all = [...(credentials ? [credentials.lines(of)] : []), ...lines];
    if (all.length === 0) return undefined;
    const file = join(directory, `${of}-${files++}.conf`);
    writeFileSync(file, `${all.join('\n')}\n`);
    return file;
  };
  const first = await startRedis(['--repl-diskless-sync-delay', '0', ...extra], configuration('redis'));
  const follow = ['--replicaof', '127.0.0.1', String(first.port), '--repl-diskless-sync-delay', '0', ...extra];
  const others = await Promise.all(Array.from({ length: replicas }, () => startRedis(follow, configuration('redis'))));
  const members = [first, ...others];
  // A Sentinel is a Redis with a configuration file of its own, which it rewrites.
  const startSentinel = async (): Promise<TestServer> => {
    const lines = [
      `sentinel monitor main 127.0.0.1 ${first.port} 2`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 3000',
      ...(credentials ? ['sentinel sentinel-user operator', `sentinel sentinel-pass ${credentials.operator}`] : []),
    ];
    return startRedis(['--sentinel'], configuration('sentinel', lines));
  };
  const operating = (server: TestServer): { readonly url: string } =>
    credentials ? { url: server.url.replace('//', `//operator:${credentials.operator}@`) } : server;
  const sentinels = await Promise.all(Array.from({ length: 3 }, startSentinel));
  const [watcher] = sentinels;
  if (!watcher) throw new Error('no Sentinel');

  const primary = async (): Promise<TestServer> => {
    const [, port] = (await asking(operating(watcher), (client) =>
      client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main'),
    )) as [string, string];
    const found = members.find((member) => member.port === Number(port));
    if (!found) throw new Error('the Sentinels name a stranger');
    return found;
  };
  const settled = (count: number): Promise<void> =>
    until(async () => {
      const quorum = String(await asking(operating(watcher), (client) => client.call('SENTINEL', 'CKQUORUM', 'main')));
      const known = (await asking(operating(watcher), (client) =>
        client.call('SENTINEL', 'REPLICAS', 'main'),
      )) as unknown[];
      const info = await asking(await primary(), (client) => client.info('replication'));
      const online = info.match(/state=online/g) ?? [];
      return quorum.startsWith('OK 3') && known.length >= count && /role:master/.test(info) && online.length >= count;
    });
  await settled(replicas);
  return {
    members,
    sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
    primary,
    settled,
    async stop() {
      for (const server of [...sentinels, ...members]) await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
