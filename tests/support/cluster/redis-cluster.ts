import { spawnSync } from 'node:child_process';
import { findProgram } from '../programs.ts';
import { freePort } from '../free-port.ts';
import { startRedis, type TestServer } from '../servers.ts';
import { asking, until } from './redis-asking.ts';

/** Six nodes: three masters with a third of the slots each, and a replica of each. */
export interface RedisCluster {
  readonly nodes: readonly TestServer[];
  masters(): Promise<readonly TestServer[]>;
  /** Resolves when every slot is served and every master has a replica that is online. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

/** In ms, until a silent node counts as gone. */
const nodeTimeout = '1000';

export const startRedisCluster = async (): Promise<RedisCluster> => {
  const nodes: TestServer[] = [];
  for (let i = 0; i < 6; i++) {
    const bus = String(await freePort());
    const options = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', nodeTimeout];
    nodes.push(await startRedis([...options, '--repl-diskless-sync-delay', '0']));
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const program = findProgram('redis-cli');
  if (program === undefined)
    throw new Error("redis-cli is missing: guard the suite by describeIf(need('redis-cli'), …)");
  const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
  const { status, stdout } = spawnSync(program, create);
  if (status !== 0) throw new Error(String(stdout));

  const roleOf = (node: TestServer): Promise<unknown[]> => asking(node, (client) => client.role()).catch(() => []);
  const masters = async (): Promise<readonly TestServer[]> => {
    const roles = await Promise.all(nodes.map(roleOf));
    return nodes.filter((_, i) => roles[i]?.[0] === 'master');
  };
  const whole = (): Promise<void> =>
    until(async () => {
      const leading = await masters();
      const sound = await Promise.all(
        leading.map((node) =>
          asking(node, async (client) => {
            const info = await client.info('replication');
            return (await client.cluster('INFO')).includes('cluster_state:ok') && /state=online/.test(info);
          }),
        ),
      );
      return leading.length === 3 && sound.every(Boolean);
    });
  await whole();
  return {
    nodes,
    masters,
    whole,
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
};
