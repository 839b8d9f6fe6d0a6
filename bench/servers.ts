import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cosePublicKey } from './passkey.ts';
import type { Question, Questions } from './child.ts';
import { freePort, type StackTask, type Task, type ToldServices } from './world.ts';

/** One of the two processes that are measured. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** In its issuer, where that is another one. */
  readonly issuerPort?: number;
  readonly clientSecret: string;
  ask<Ask extends keyof Questions>(ask: Ask, seconds?: number, tcTokenUrl?: string): Promise<Questions[Ask]>;
  stop(): Promise<void>;
}

/** The cores that this process may use, as `taskset` lists them ("0-3,6"); none where there is no taskset. */
const ownCores = (): readonly number[] => {
  const { stdout, status } = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return [];
  const list = stdout.slice(stdout.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
};

/**
 * Gives the servers one core and the driver another. Both servers share theirs: only one of them has work at a time, and
 * on one and the same core they can be compared.
 */
export const pin = (): { readonly servers: number; readonly driver: number } | undefined => {
  const [servers, driver] = ownCores();
  if (servers === undefined || driver === undefined) return undefined;
  spawnSync('taskset', ['-acp', String(driver), String(process.pid)]);
  return { servers, driver };
};

export interface ServerOptions {
  readonly name: 'product' | 'bare' | 'eid' | 'postfach' | 'bezahlsystem';
  readonly folder: string;
  readonly eid?: Task['eid'];
  readonly port?: number;
  readonly core: number | undefined;
  /** Folder for a V8 profile of the whole run. */
  readonly profile?: string | undefined;
  readonly told?: ToldServices | undefined;
  readonly smtpPort?: number;
  readonly stack?: StackTask;
}

const started = (child: ChildProcess, name: string, log: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}, see ${log}`)));
  });

/** Starts a server and waits until it answers. Its log goes to a file, as in production. */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { name, folder, core, profile, eid, told, smtpPort, stack } = options;
  const task: Task = {
    folder,
    port: options.port ?? (await freePort()),
    clientSecret: stack?.clientSecret ?? randomBytes(32).toString('base64url'),
    passkey: cosePublicKey(),
    ...(eid ? { eid } : {}),
    ...(told ? { told } : {}),
    ...(smtpPort === undefined ? {} : { smtpPort }),
    ...(stack ? { stack } : {}),
  };
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const file = fileURLToPath(new URL(`server-${name}.ts`, import.meta.url));
  const node = [
    '--disable-warning=ExperimentalWarning',
    ...(eid === undefined ? [] : ['--expose-gc']),
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    file,
    JSON.stringify(task),
  ];
  const [command = '', ...args] = [
    ...(core === undefined ? [] : ['taskset', '-c', String(core)]),
    process.execPath,
    ...node,
  ];
  const child = spawn(command, args, {
    stdio: ['ignore', log, log, 'ipc'],
    // The eID simulator refuses production.
    env: { ...process.env, NODE_ENV: name === 'eid' ? 'development' : 'production', UV_THREADPOOL_SIZE: '8' },
  });
  await started(child, name, logFile);

  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, answer }: { id: number; answer: never }) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`${name} ended with ${code}`));
      resolve();
    });
  });
  const ask = <Ask extends keyof Questions>(what: Ask, seconds = 0, tcTokenUrl = ''): Promise<Questions[Ask]> =>
    new Promise((resolve, reject) => {
      const question: Question = { id: ++asked, ask: what, seconds, tcTokenUrl };
      waiting.set(question.id, { resolve, reject });
      child.send(question);
    });
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  return {
    pid: child.pid,
    port: task.port,
    ...(stack ? { issuerPort: stack.issuerPort } : {}),
    clientSecret: task.clientSecret,
    ask,
    async stop() {
      if (child.exitCode !== null) return;
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ask('stop').catch(() => {});
      await ended;
      clearTimeout(kill);
    },
  };
};
