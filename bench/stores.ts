import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './world.ts';

/** A server of the stack, with the settings that it has out of the box. */
export interface StoreServer {
  readonly url: string;
  /** CPU of all its processes since it began, in ms. */
  cpu(): number;
  stop(): Promise<void>;
}

const folders = (): string[] => {
  const root = '/usr/lib/postgresql';
  return existsSync(root)
    ? readdirSync(root)
        .toReversed()
        .map((version) => join(root, version, 'bin'))
    : [];
};

const program = (name: string): string => {
  const found = [...folders(), '/usr/bin', '/usr/local/bin']
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.end());
    socket.once('error', () => {});
    socket.once('close', (failed) => resolve(!failed));
  });

/** Ticks of a hundredth of a second (proc(5): utime, stime, and those of children that have ended). */
const ticksOf = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
  } catch {
    return 0;
  }
};

const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const run = async (
  file: string,
  args: readonly string[],
  place: {
    readonly port: number;
    readonly folder: string;
    readonly core: number | undefined;
    readonly user?: { uid: number; gid: number } | undefined;
  },
): Promise<Pick<StoreServer, 'cpu' | 'stop'>> => {
  const { port, folder, core, user } = place;
  const [command = '', ...rest] = [...(core === undefined ? [] : ['taskset', '-c', String(core)]), file, ...args];
  const child: ChildProcess = spawn(command, rest, { ...user, cwd: folder, stdio: 'ignore' });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
    await pause(50);
  }
  const pid = child.pid ?? 0;
  return {
    cpu: () => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ticksOf(one), 0) * 10,
    async stop() {
      const over = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const startRedis = async (core: number | undefined): Promise<StoreServer> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-bench-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  return { url: `redis://127.0.0.1:${port}`, ...(await run(program('redis-server'), args, { port, folder, core })) };
};

/** PostgreSQL refuses to run as root: then it gets the user that Debian made for it. */
const postgresUser = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres');
  return { uid: Number(uid), gid: Number(gid) };
};

export const startPostgres = async (core: number | undefined): Promise<StoreServer> => {
  const user = postgresUser();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-bench-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const made = spawnSync(
    program('initdb'),
    ['-D', folder, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...user,
      cwd: folder,
    },
  );
  if (made.status !== 0) throw new Error(`initdb: ${String(made.stderr)}`);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=256MB',
  ];
  const server = await run(
    program('postgres'),
    ['-D', folder, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
    {
      port,
      folder,
      core,
      user,
    },
  );
  const ready = (): boolean =>
    spawnSync(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-t', '1']).status === 0;
  while (!ready()) await pause(50);
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, ...server };
};
