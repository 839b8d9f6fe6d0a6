import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { Socket, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { findProgram } from './programs.ts';
import { runFolder } from './run-folder.js';

/** A server of this test file. It ends with the process of the tests at the latest. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  /** Stops answering without closing anything, as in a lost network. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once and leaves its folder; `start` brings it back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Whether somebody listens there. */
export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', (failed) => resolve(!failed));
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

interface Recipe {
  readonly program: string;
  readonly args: readonly string[];
  readonly options?: SpawnOptions;
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** How it ends without closing anything, but with all its processes. */
  readonly killSignal: NodeJS.Signals;
  /** Waits until it serves, beyond accepting connections. */
  readonly ready?: () => Promise<boolean>;
}

/** A server's processes: PostgreSQL has one for each connection. */
const processesOf = (pid: number): number[] => {
  const list = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(list) ? readFileSync(list, 'utf8').trim().split(' ') : [];
  return [pid, ...children.filter((text) => text !== '').map(Number)];
};

const signalAll = (pid: number, signal: NodeJS.Signals): void => {
  for (const one of processesOf(pid)) {
    try {
      process.kill(one, signal);
    } catch (error) {
      // A connection's process may end between listing and signalling.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
};

/**
 * Ends a server when the process of the tests dies, in whatever way: a shell that waits for the end of its input, since
 * Jest's sandbox does not hear of the real process's exit. Returns what calls it off.
 */
const watch = (pid: number, signal: NodeJS.Signals, folder: string): (() => Promise<void>) => {
  const script = `read -r _
    kill -CONT "$1" $(cat "/proc/$1/task/$1/children")
    kill -s "$2" "$1"
    rm -rf "$3"`;
  const args = ['-c', script, 'watch', String(pid), signal.slice(3), folder];
  const shell = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return async () => {
    shell.kill('SIGKILL');
    await ended(shell);
  };
};

const serve = async (recipe: Recipe): Promise<TestServer> => {
  const { program, args, options, url, port, folder } = recipe;
  let child: ChildProcess;
  let callOff = async (): Promise<void> => {};
  const start = async (): Promise<void> => {
    let output = '';
    child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) callOff = watch(child.pid, recipe.killSignal, folder);
    const keep = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-2000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    // A suite that fails before its end must not keep Jest from ending.
    child.unref();
    for (const pipe of [child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
    const giveUp = performance.now() + 20_000;
    while (!(await (recipe.ready?.() ?? answers(port)))) {
      if (child.exitCode !== null || performance.now() > giveUp) throw new Error(`${program} did not start: ${output}`);
      await pause(20);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    signalAll(child.pid, 'SIGCONT');
    child.kill(signal);
    await ended(child);
    await callOff();
  };
  await start();
  return {
    url,
    port,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    freeze: () => signalAll(child.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalAll(child.pid ?? 0, 'SIGCONT'),
    kill: () => end(recipe.killSignal),
    start,
    async stop() {
      await end(recipe.killSignal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const programOf = (name: string): string => {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is missing: guard the suite by describeIf(need('${name}'), …)`);
  return path;
};

/** A Redis without persistence on a free port of loopback. `extra` are further options of its command line, `file` is its configuration. */
export async function startRedis(extra: readonly string[] = [], file?: string): Promise<TestServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-redis-'));
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  return serve({
    program: programOf('redis-server'),
    args: [...(file === undefined ? [] : [file]), ...fixed, ...extra],
    killSignal: 'SIGKILL',
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
  });
}

/** PostgreSQL refuses to run as root: then its processes get the user that Debian made for it. */
const postgresUser = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no user postgres');
  return { uid: Number(uid), gid: Number(gid) };
};

const makeTemplate = (template: string, user: { uid: number; gid: number } | undefined): void => {
  mkdirSync(runFolder(), { recursive: true, mode: 0o755 });
  const draft = mkdtempSync(join(runFolder(), 'postgres-'));
  if (user !== undefined) chownSync(draft, user.uid, user.gid);
  const args = [
    '-D',
    draft,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  const { status, stderr } = spawnSync(programOf('initdb'), args, { ...user, cwd: draft });
  if (status !== 0) throw new Error(`initdb failed: ${String(stderr)}`);
  try {
    renameSync(draft, template);
  } catch {
    // Another worker was first; its template serves as well.
    rmSync(draft, { recursive: true, force: true });
  }
};

let folderOfTemplate: Promise<string> | undefined;

/** `initdb` runs once for all test files of a run; each server gets a copy. */
const postgresTemplate = (user: { uid: number; gid: number } | undefined): Promise<string> => {
  folderOfTemplate ??= (async () => {
    const template = join(runFolder(), 'postgres');
    if (!existsSync(template)) makeTemplate(template, user);
    return template;
  })();
  return folderOfTemplate;
};

const copyFor = (template: string, folder: string, user: { uid: number; gid: number } | undefined): void => {
  if (user === undefined) {
    cpSync(template, folder, { recursive: true });
    return;
  }
  chownSync(folder, user.uid, user.gid);
  const { status, stderr } = spawnSync('cp', ['-r', `${template}/.`, folder], user);
  if (status !== 0) throw new Error(`Copying the template failed: ${String(stderr)}`);
};

type PostgresUser = ReturnType<typeof postgresUser>;

/** A server on a folder that is filled already. */
const servePostgres = async (folder: string, user: PostgresUser): Promise<TestServer> => {
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: '100',
    shared_buffers: '32MB',
  };
  const ready = async (): Promise<boolean> => {
    const { status } = spawnSync(programOf('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-t', '1']);
    return status === 0;
  };
  return serve({
    program: programOf('postgres'),
    args: [
      '-D',
      folder,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    options: { ...user, cwd: folder },
    killSignal: 'SIGQUIT',
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    ready,
  });
};

/** A PostgreSQL without passwords and fsync (it survives a kill, not a power cut) on a free port of loopback; its database is `postgres`. */
export async function startPostgres(): Promise<TestServer> {
  const user = postgresUser();
  const template = await postgresTemplate(user);
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-postgres-'));
  copyFor(template, folder, user);
  return servePostgres(folder, user);
}

/** A standby that follows a server, by streaming, from a base backup of it. */
export async function startStandby(primary: TestServer): Promise<TestServer> {
  const user = postgresUser();
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const connection = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
  const args = ['-D', folder, ...connection, '-X', 'stream', '-c', 'fast', '--write-recovery-conf', '--no-sync'];
  const { status, stderr } = spawnSync(programOf('pg_basebackup'), args, { ...user, cwd: folder });
  if (status !== 0) throw new Error(`pg_basebackup failed: ${String(stderr)}`);
  return servePostgres(folder, user);
}
