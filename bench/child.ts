import { availableParallelism } from 'node:os';
import type { PasswordHashing } from '../src/id/authentication/password/hashing.ts';
import type { LoginParts } from './sealing.ts';
import { password, type Task } from './world.ts';

/** What the driver asks a server process, and what it gets. */
export interface Questions {
  readonly cpu: { readonly ms: number };
  /** MB: resident, what is held when all garbage is collected, and the most that ever was resident. */
  readonly memory: { readonly resident: number; readonly held: number; readonly peak: number };
  readonly hash: Sample;
  /** What authenticators know each account by, base64url. */
  readonly handles: readonly string[];
  readonly 'eid-messages': Sample;
  /** Everything that the next login seals, opens, hashes and writes into the journal, from now on. */
  readonly record: null;
  /** No longer; how much it was. */
  readonly recorded: Readonly<Record<string, number>>;
  readonly sealing: Sample;
  readonly audit: Sample;
  /** Lays a card on the reader for a tcTokenURL. */
  readonly client: { readonly location: string };
  /** For a module's API: of a sender, or JSON of a token and of the key to which it is bound. */
  readonly token: string;
  readonly 'postfach-inbox': Sample;
  readonly 'payment-pay': Sample;
  readonly stop: null;
}

/** One stretch of work: how often something was done, in which time, at which cost. */
export interface Sample {
  readonly count: number;
  readonly seconds: number;
  readonly cpuMs: number;
  /** ms of each. */
  readonly latencies: readonly number[];
  /** By how much the process grew at most, in MB; where that is measured. */
  readonly memoryMB?: number;
}

export interface Question {
  readonly id: number;
  readonly ask: keyof Questions;
  readonly seconds: number;
  readonly tcTokenUrl?: string;
}

/** What a server process can do beside being asked over the network. */
export interface Child {
  readonly hashing?: PasswordHashing;
  readonly handles?: readonly string[];
  readonly loginParts?: LoginParts;
  readonly eidMessages?: () => Promise<void> | void;
  readonly token?: () => Promise<string>;
  readonly inbox?: () => Promise<void>;
  readonly pay?: () => Promise<void>;
  readonly client?: (tcTokenUrl: string) => Promise<string>;
  close(): Promise<void>;
}

/** CPU time of this process, libuv's threads included. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Does something for so many seconds, by as many at once as there are cores. */
const measure = async (seconds: number, once: () => Promise<void> | void): Promise<Sample> => {
  const latencies: number[] = [];
  const [cpu, begin] = [cpuMs(), performance.now()];
  const work = async (): Promise<void> => {
    do {
      const start = performance.now();
      await once();
      latencies.push(performance.now() - start);
    } while (performance.now() - begin < seconds * 1000);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return {
    count: latencies.length,
    seconds: (performance.now() - begin) / 1000,
    cpuMs: (cpuMs() - cpu) / latencies.length,
    latencies,
  };
};

const measureHash = async (hashing: PasswordHashing, seconds: number): Promise<Sample> => {
  const stored = await hashing.hash(password);
  return measure(seconds, async () => {
    if (!(await hashing.verify(stored, password))) throw new Error('the hash does not fit');
  });
};

const cannot = (): never => {
  throw new Error('this process cannot do that');
};

/** Runs as a server process: starts, says so, answers questions, and ends with its parent. */
export const runChild = async (start: (task: Task) => Promise<Child>): Promise<void> => {
  const server = await start(JSON.parse(process.argv[2] ?? '') as Task);
  const answers: { readonly [Ask in keyof Questions]: (question: Question) => Promise<Questions[Ask]> } = {
    cpu: () => Promise.resolve({ ms: cpuMs() }),
    memory: () => {
      globalThis.gc?.();
      const { rss, heapUsed, external } = process.memoryUsage();
      return Promise.resolve({
        resident: rss / 1024 / 1024,
        held: (heapUsed + external) / 1024 / 1024,
        peak: process.resourceUsage().maxRSS / 1024,
      });
    },
    hash: ({ seconds }) => measureHash(server.hashing ?? cannot(), seconds),
    'eid-messages': ({ seconds }) => measure(seconds, server.eidMessages ?? cannot()),
    record: async () => {
      await (server.loginParts ?? cannot()).record();
      return null;
    },
    recorded: () => (server.loginParts ?? cannot()).recorded(),
    sealing: ({ seconds }) => measure(seconds, (server.loginParts ?? cannot()).seal),
    audit: ({ seconds }) => measure(seconds, (server.loginParts ?? cannot()).audit),
    client: async ({ tcTokenUrl = '' }) => ({ location: await (server.client ?? cannot())(tcTokenUrl) }),
    token: () => (server.token ?? cannot())(),
    'postfach-inbox': ({ seconds }) => measure(seconds, server.inbox ?? cannot()),
    'payment-pay': ({ seconds }) => measure(seconds, server.pay ?? cannot()),
    handles: () => Promise.resolve(server.handles ?? cannot()),
    stop: async () => {
      await server.close();
      return null;
    },
  };
  process.on('message', (question: Question) => {
    const { id, ask } = question;
    void answers[ask](question).then((answer) =>
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
