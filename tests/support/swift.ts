import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { answers } from './servers.ts';
import { need } from './lack.ts';

/** An S3-compatible store that is not ours: OpenStack Swift with its S3 API, one disk of each kind. */
export interface SwiftStore {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

const kinds = ['account', 'container', 'object'] as const;

/** The programs of Debian's packages of Swift; undefined where one of them is missing. */
export const swiftPrograms = ():
  Readonly<Record<'memory' | 'ring' | 'proxy' | (typeof kinds)[number], string>> | undefined => {
  const [memory, ring, proxy, account, container, object] = [
    need('memcached'),
    need('swift-ring-builder'),
    need('swift-proxy-server'),
    ...kinds.map((kind) => need(`swift-${kind}-server`)),
  ];
  return memory && ring && proxy && account && container && object
    ? { memory, ring, proxy, account, container, object }
    : undefined;
};

const configuration = (sections: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string =>
  Object.entries(sections)
    .map(
      ([name, values]) =>
        `[${name}]\n${Object.entries(values)
          .map(([key, value]) => `${key} = ${value}`)
          .join('\n')}\n`,
    )
    .join('\n');

export const startSwift = async (programs: NonNullable<ReturnType<typeof swiftPrograms>>): Promise<SwiftStore> => {
  const folder = mkdtempSync(join(tmpdir(), 'swift-'));
  const own = { region: 'eu-test-1', accessKeyId: 'briefe:postfach', secretAccessKey: 'not-a-secret' };
  const common = { swift_dir: folder, user: process.env['USER'] ?? 'root', bind_ip: '127.0.0.1', workers: 0 };
  const running: ChildProcess[] = [];
  const ports: number[] = [];
  const newPort = async (): Promise<number> => {
    const port = await freePort();
    ports.push(port);
    return port;
  };
  const write = (name: string, sections: Parameters<typeof configuration>[0]): string => {
    const file = join(folder, name);
    writeFileSync(file, configuration(sections));
    return file;
  };
  const start = (program: string, ...words: readonly string[]): void => {
    running.push(spawn(program, words, { stdio: 'ignore', env: { ...process.env, HOME: folder } }));
  };
  const build = (...words: readonly string[]): void => {
    const { status, stderr, stdout } = spawnSync(programs.ring, words, { cwd: folder, encoding: 'utf8' });
    // 1 is a warning, as that there is one disk only.
    if (status === null || status > 1) throw new Error(`swift-ring-builder ${words.join(' ')}: ${stderr}${stdout}`);
  };

  write('swift.conf', {
    'swift-hash': { swift_hash_path_prefix: 'test', swift_hash_path_suffix: 'test' },
    'storage-policy:0': { name: 'one', default: 'yes' },
  });
  const devices = join(folder, 'devices');
  mkdirSync(join(devices, 'd1'), { recursive: true });
  for (const kind of kinds) {
    const port = await newPort();
    build(`${kind}.builder`, 'create', '1', '1', '1');
    build(`${kind}.builder`, 'add', `r1z1-127.0.0.1:${port}/d1`, '1');
    build(`${kind}.builder`, 'rebalance');
    const file = write(`${kind}-server.conf`, {
      DEFAULT: { ...common, bind_port: port, devices, mount_check: 'false', disable_fallocate: 'true' },
      'pipeline:main': { pipeline: `${kind}-server` },
      [`app:${kind}-server`]: { use: `egg:swift#${kind}` },
    });
    start(programs[kind], file);
  }
  const memory = await newPort();
  start(programs.memory, '-l', '127.0.0.1', '-p', String(memory), '-U', '0', '-u', 'nobody');
  const port = await newPort();
  const file = write('proxy-server.conf', {
    DEFAULT: { ...common, bind_port: port },
    'pipeline:main': { pipeline: 'catch_errors cache listing_formats s3api tempauth bulk slo proxy-server' },
    'app:proxy-server': { use: 'egg:swift#proxy', account_autocreate: 'true', allow_account_management: 'true' },
    'filter:catch_errors': { use: 'egg:swift#catch_errors' },
    'filter:cache': { use: 'egg:swift#memcache', memcache_servers: `127.0.0.1:${memory}` },
    'filter:listing_formats': { use: 'egg:swift#listing_formats' },
    'filter:s3api': { use: 'egg:swift#s3api', location: own.region, check_bucket_owner: 'false' },
    'filter:tempauth': { use: 'egg:swift#tempauth', user_briefe_postfach: `${own.secretAccessKey} .admin` },
    'filter:bulk': { use: 'egg:swift#bulk' },
    'filter:slo': { use: 'egg:swift#slo' },
  });
  start(programs.proxy, file);
  for (const each of ports)
    while (!(await answers(each))) {
      if (running.some(({ exitCode }) => exitCode !== null)) throw new Error('Swift does not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  return {
    ...own,
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      await Promise.all(
        running.map(async (child) => {
          if (child.exitCode !== null) return;
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          await ended;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
