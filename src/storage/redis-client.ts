import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { Redis, RedisCommander } from 'ioredis';
import { StorageUnavailable } from './artifacts.ts';
import { createRedisClient } from './redis-location.ts';
import type { StoreObserver } from './observer.ts';
import type { RedisLocation } from './redis-location.ts';
import { oldRedisRelease, type NoticeStore } from './server-releases.ts';

/** A Lua script that touches one key, so that it runs on a Cluster too. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

export const redisScript = (text: string): RedisScript => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});

export type RedisArgument = string | number | Buffer;

export type RedisStep = readonly [script: RedisScript, key: string, args: readonly RedisArgument[]];

/** A connection whose every command ends within 2 seconds, by an answer or by StorageUnavailable. */
export interface RedisConnection {
  run(script: RedisScript, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /**
   * The same, and only counts when enough replicas have it too: a server that is promoted in the primary's place knows it.
   * Throws StorageUnavailable when they do not say so in time; whether it happened is not known then.
   */
  runLasting(script: RedisScript, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /**
   * Several scripts, each on its key, in this order: in one round trip where one server has all keys, and on a Cluster the
   * first before the others. They have to bear being done twice.
   */
  runAll(steps: readonly RedisStep[]): Promise<void>;
  /** One command on one key, by its method: the general `call` of ioredis loses the command's name in a pipeline. */
  ask<Reply>(command: (client: RedisCommander) => Promise<Reply>): Promise<Reply>;
  /** Whether any key begins so, on any server. */
  hasKeys(prefix: string): Promise<boolean>;
  close(): Promise<void>;
}

/** In ms; the last resort where the client itself would still try. */
const deadline = 1800;

/** In ms that replicas may take to confirm; a healthy one takes less than one. */
const confirmation = 500;

const unavailable = (cause: unknown): StorageUnavailable => new StorageUnavailable('Redis does not answer', { cause });

/** Replies that say "not now", in contrast to replies to a command that is wrong. */
const notNow =
  /^(LOADING|BUSY|OOM|READONLY|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|MOVED|ASK|UNBLOCKED)\b/;

const toStorageError = (error: unknown): unknown => {
  const { name, message } = error as Error;
  return name === 'ReplyError' && !notNow.test(message) ? error : unavailable(error);
};

const isMissingScript = (error: unknown): boolean => (error as Error).message.startsWith('NOSCRIPT');

/** A section of what each server that takes writes says of itself. */
const infos = (client: Redis | Cluster, section: 'memory' | 'server'): Promise<string[]> => {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  return Promise.all(nodes.map((node) => node.info(section)));
};

/** What a server does when its memory is full, of every server; undefined where a provider hides it. */
const evictionPolicies = async (client: Redis | Cluster): Promise<(string | undefined)[]> =>
  (await infos(client, 'memory')).map((info) => /^maxmemory_policy:(\S+)/m.exec(info)?.[1]);

/** Each fault once, however many servers have it. */
const tellOldReleases = async (client: Redis | Cluster, notice: NoticeStore): Promise<void> => {
  const found = (await infos(client, 'server')).flatMap((info) => oldRedisRelease(info) ?? []);
  for (const one of new Map(found.map((old) => [old.version, old])).values()) notice(one);
};

/** A server that drops keys when it is full would log citizens out at random. */
const refuseEviction = (policies: readonly (string | undefined)[]): void => {
  const wrong = policies.find((policy) => policy !== undefined && policy !== 'noeviction');
  if (wrong !== undefined) {
    throw new Error(`Redis has the maxmemory-policy ${wrong}: it must be noeviction, or sessions are lost`);
  }
};

/** Rejects at the deadline, whatever the client is still trying. */
const inTime = <Result>(answer: Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable(new Error('no answer in time'))), deadline);
    answer.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(toStorageError(error));
      },
    );
  });

/** Tells how a call went, whichever way. */
const observed = async <Result>(
  observe: StoreObserver | undefined,
  operation: 'script' | 'command',
  call: () => Promise<Result>,
): Promise<Result> => {
  if (!observe) return call();
  const began = performance.now();
  try {
    const result = await call();
    observe({ store: 'redis', operation, took: performance.now() - began });
    return result;
  } catch (error) {
    observe({ store: 'redis', operation, took: performance.now() - began, error });
    throw error;
  }
};

const connect = async (location: RedisLocation): Promise<Redis | Cluster> => {
  const client = createRedisClient(location);
  // Without a listener ioredis writes to the console; every command reports its own failure.
  client.on('error', () => {});
  try {
    await inTime(client.connect());
    refuseEviction(await inTime(evictionPolicies(client)));
    return client;
  } catch (error) {
    client.disconnect();
    throw error;
  }
};

/** Answers to what was sent are waited for; a server that does not answer is left. */
const disconnect = async (client: Redis | Cluster): Promise<void> => {
  await inTime(client.quit()).catch(() => {});
  client.disconnect();
};

/** Where each slot is now. Nobody else asks on this client: of a pipeline whose WAIT was answered ioredis does not follow a MOVED. */
const learnSlots = (client: Cluster): Promise<void> =>
  inTime(
    new Promise((resolve, reject) => {
      client.refreshSlotsCache((error?: Error | null) => (error ? reject(error) : resolve()));
    }),
  );

/** The script and the wait for replicas in one go, on the node that has the key: WAIT is about what its own connection wrote. */
const runAndWait = async (
  client: Redis | Cluster,
  replicas: number,
  command: 'evalsha' | 'eval',
  [text, key, args]: readonly [string, string, readonly RedisArgument[]],
  mayMove = client instanceof Cluster,
): Promise<unknown> => {
  const pipeline = client.pipeline();
  if (command === 'eval') pipeline.eval(text, 1, key, ...args);
  else pipeline.evalsha(text, 1, key, ...args);
  const sent = pipeline.wait(replicas, confirmation);
  const [ran, confirmed] = (await inTime(sent.exec())) ?? [];
  if (ran?.[0]) {
    // The slot has another master by now, and nothing happened at this one.
    if (mayMove && client instanceof Cluster && ran[0].message.startsWith('MOVED ')) {
      await learnSlots(client);
      return runAndWait(client, replicas, command, [text, key, args], false);
    }
    throw toStorageError(ran[0]);
  }
  // It had happened before: there is nothing that could get lost.
  if (ran?.[1] === 0) return 0;
  if (confirmed?.[0]) throw unavailable(confirmed[0]);
  if (Number(confirmed?.[1]) < replicas) throw unavailable(new Error('too few replicas have confirmed'));
  return ran?.[1];
};

/** All of it in one go, on one server. */
const runTogether = async (client: Redis, steps: readonly RedisStep[]): Promise<void> => {
  const pipeline = client.pipeline();
  for (const [script, key, args] of steps) pipeline.evalsha(script.sha, 1, key, ...args);
  const failed = ((await inTime(pipeline.exec())) ?? []).find(([error]) => error);
  if (failed) throw toStorageError(failed[0]);
};

/**
 * Connects and proves that the server answers. Throws StorageUnavailable when it does not, and an Error when it is set to
 * evict keys. A connection that is lost later is made again, with growing gaps of at most 2 seconds.
 */
export async function openRedis(
  location: RedisLocation,
  observe?: StoreObserver,
  notice?: NoticeStore,
): Promise<RedisConnection> {
  const client = await connect(location);
  // Best effort: the start does not depend on what a server tells of itself.
  if (notice) await inTime(tellOldReleases(client, notice)).catch(() => {});
  const { acknowledgedBy: replicas = 0 } = 'url' in location ? {} : location;
  // A connection of its own: while replicas are away it stands still, and nothing else behind it.
  const lasting =
    replicas === 0
      ? undefined
      : await connect(location).catch(async (error: unknown) => {
          await disconnect(client);
          throw error;
        });
  const run: RedisConnection['run'] = async (script, key, args) => {
    try {
      return await observed(observe, 'script', () => inTime(client.evalsha(script.sha, 1, key, ...args)));
    } catch (error) {
      if (!isMissingScript(error)) throw error;
      return await observed(observe, 'script', () => inTime(client.eval(script.text, 1, key, ...args)));
    }
  };
  const runEach: RedisConnection['runAll'] = async ([first, ...others]) => {
    if (first) await run(...first);
    await Promise.all(others.map((step) => run(...step)));
  };
  return {
    run,
    async runAll(steps) {
      if (client instanceof Cluster || steps.length < 2) return runEach(steps);
      try {
        await observed(observe, 'script', () => runTogether(client, steps));
      } catch (error) {
        if (!isMissingScript(error)) throw error;
        await runEach(steps);
      }
    },
    async runLasting(script, key, args) {
      if (!lasting) return run(script, key, args);
      try {
        return await observed(observe, 'script', () =>
          runAndWait(lasting, replicas, 'evalsha', [script.sha, key, args]),
        );
      } catch (error) {
        if (!isMissingScript(error)) throw error;
        return await observed(observe, 'script', () => runAndWait(lasting, replicas, 'eval', [script.text, key, args]));
      }
    },
    ask: (command) => observed(observe, 'command', () => inTime(command(client as RedisCommander))),
    async hasKeys(prefix) {
      for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
        let cursor = '0';
        do {
          const [next, found] = await inTime(node.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000));
          if (found.length > 0) return true;
          cursor = next;
        } while (cursor !== '0');
      }
      return false;
    },
    async close() {
      await Promise.all([disconnect(client), lasting && disconnect(lasting)]);
    },
  };
}
