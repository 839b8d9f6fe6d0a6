import { availableParallelism } from 'node:os';
import type { PasswordHashing } from '../src/id/authentication/password/hashing.ts';
import { password, type Task } from './world.ts';

/** What the driver asks a server process, and what it gets. */
export interface Questions {
  readonly cpu: { readonly ms: number };
  readonly hash: Sample;
  /** What authenticators know each account by, base64url. */
  readonly handles: readonly string[];
  readonly stop: null;
}

/** One stretch of work: how often something was done, in which time, at which cost. */
export interface Sample {
  readonly count: number;
  readonly seconds: number;
  readonly cpuMs: number;
  /** ms of each. */
  readonly latencies: readonly number[];
}

export interface Question {
  readonly id: number;
  readonly ask: keyof Questions;
  readonly seconds: number;
}

/** CPU time of this process, libuv's threads included. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Checks one password for so many seconds, with as many at once as there are cores. */
const measureHash = async (hashing: PasswordHashing, seconds: number): Promise<Sample> => {
  const stored = await hashing.hash(password);
  const latencies: number[] = [];
  const [cpu, begin] = [cpuMs(), performance.now()];
  const check = async (): Promise<void> => {
    while (performance.now() - begin < seconds * 1000) {
      const start = performance.now();
      if (!(await hashing.verify(stored, password))) throw new Error('the hash does not fit');
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, check));
  return {
    count: latencies.length,
    seconds: (performance.now() - begin) / 1000,
    cpuMs: (cpuMs() - cpu) / latencies.length,
    latencies,
  };
};

/** Runs as a server process: starts, says so, answers questions, and ends with its parent. */
export const runChild = async (
  start: (task: Task) => Promise<{
    readonly hashing: PasswordHashing;
    readonly handles: readonly string[];
    close(): Promise<void>;
  }>,
): Promise<void> => {
  const server = await start(JSON.parse(process.argv[2] ?? '') as Task);
  const answers: { readonly [Ask in keyof Questions]: (seconds: number) => Promise<Questions[Ask]> } = {
    cpu: () => Promise.resolve({ ms: cpuMs() }),
    hash: (seconds) => measureHash(server.hashing, seconds),
    handles: () => Promise.resolve(server.handles),
    stop: async () => {
      await server.close();
      return null;
    },
  };
  process.on('message', ({ id, ask, seconds }: Question) => {
    void answers[ask](seconds).then((answer) =>
      process.send?.({ id, answer }, () => {
        if (ask === 'stop') process.exit(0);
      }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  // The terminal's Ctrl+C reaches every process; who ends the servers is the driver.
  process.on('SIGINT', () => {});
  process.send?.({ id: 0, answer: null });
};
