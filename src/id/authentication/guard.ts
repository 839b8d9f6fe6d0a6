import { setTimeout as pause } from 'node:timers/promises';
import type { Counters } from '../../storage/counters.ts';
import { keyedHash } from '../../storage/sealing.ts';
import { Busy, type AttemptContext } from './method.ts';

/** How many failures a bucket takes in a window (seconds) before it refuses. */
export interface GuardLimits {
  /** One name from one device, or from all unknown devices together. */
  readonly name: { readonly failures: number; readonly window: number };
  readonly address: { readonly failures: number; readonly window: number };
  /** One name from one device (or all unknown ones) in a row: only a right answer, or a long time, begins anew. */
  readonly consecutive: { readonly failures: number; readonly window: number };
}

export type GuardOutcome =
  | 'right'
  | 'wrong'
  /** Refused without a look at the secret. */
  | 'throttled'
  /** The same, and not for the first time in this window: a flood of these is one event. */
  | 'throttledAgain';

/** How often something may be begun from one address in a window (seconds). */
export interface StartLimits {
  readonly starts: number;
  readonly window: number;
}

export interface StartLimit {
  /** Counts a start. @returns undefined when it may go on, else in how many seconds the next one may. */
  count(context: Pick<AttemptContext, 'address'>): Promise<number | undefined>;
}

export type Subject =
  { readonly accountId: string; readonly beside?: 'totp' | 'recovery_codes' } | { readonly typed: string };

export interface Guard {
  /**
   * Runs one check of a secret. `subject` is the account id if the name is known, otherwise the typed name, so that all
   * names of an account share one bucket; a code beside the password has its own, so that whoever does not get past the
   * password cannot exhaust it. Refuses only when a bucket is exhausted by failures; attempts under way
   * merely wait for each other, so that right logins in parallel all pass.
   *
   * @throws Busy when no place became free in time.
   */
  attempt(subject: Subject, context: AttemptContext, check: () => Promise<boolean>): Promise<GuardOutcome>;
}

interface Bucket {
  readonly key: string;
  readonly failures: number;
  readonly window: number;
}

const waits = [25, 50, 100, 200, 400, 800];

export const createGuard = (counters: Counters, key: Buffer, limits: GuardLimits): Guard => {
  /** Reserves a place: failures so far and attempts under way may not exceed the limit together. */
  const reserve = async (bucket: Bucket): Promise<boolean> => {
    for (const wait of [...waits, undefined]) {
      const places = await counters.add(`${bucket.key}:places`, 1, bucket.window);
      if (places <= bucket.failures) return true;
      await counters.add(`${bucket.key}:places`, -1, bucket.window);
      if ((await counters.read(`${bucket.key}:failures`)) >= bucket.failures) return false;
      if (wait !== undefined) await pause(wait);
    }
    throw new Busy();
  };
  const release = (bucket: Bucket): Promise<number> => counters.add(`${bucket.key}:places`, -1, bucket.window);
  const refused = async (bucket: Bucket): Promise<GuardOutcome> =>
    (await counters.add(`${bucket.key}:refused`, 1, bucket.window)) === 1 ? 'throttled' : 'throttledAgain';
  const fail = (bucket: Bucket): Promise<number> => counters.add(`${bucket.key}:failures`, 1, bucket.window);

  return {
    async attempt(subject, { address, device }, check) {
      const who =
        'accountId' in subject
          ? `account\0${subject.accountId}${subject.beside === undefined ? '' : `\0${subject.beside}`}`
          : `name\0${subject.typed}`;
      const known = 'accountId' in subject && device.knows(subject.accountId);
      const name = keyedHash(key, `${who}\0${known ? device.id : 'unknown'}`);
      const row = `guard:${name}:row`;
      const buckets: readonly Bucket[] = [
        { key: `guard:${name}`, ...limits.name },
        { key: `guard:${keyedHash(key, `address\0${address}`)}`, ...limits.address },
      ];
      // What is under way is bounded by the name's places, so a row can grow past its limit by those at most.
      const inARow = await counters.read(row);
      if (inARow >= limits.consecutive.failures) return refused({ key: row, ...limits.consecutive });
      const held: Bucket[] = [];
      try {
        for (const bucket of buckets) {
          if (!(await reserve(bucket))) return await refused(bucket);
          held.push(bucket);
        }
        const right = await check();
        if (right) {
          if (inARow > 0) await counters.reset(row);
          return 'right';
        }
        // A failure keeps its places until the window ends.
        for (const bucket of held.splice(0)) await fail(bucket);
        await counters.add(row, 1, limits.consecutive.window);
        return 'wrong';
      } finally {
        for (const bucket of held) await release(bucket);
      }
    },
  };
};

/**
 * Limits what each address may begin, whether it succeeds or not: each start holds something of somebody else's.
 * Windows end by the clock and not with the first start, so that whoever is refused can be told until when.
 */
export const createStartLimit = (
  counters: Counters,
  key: Buffer,
  what: string,
  { starts, window }: StartLimits,
): StartLimit => ({
  async count({ address }) {
    const now = Date.now() / 1000;
    const end = (Math.floor(now / window) + 1) * window;
    const begun = await counters.add(`starts:${keyedHash(key, `${what}\0${end}\0${address}`)}`, 1, window);
    return begun <= starts ? undefined : Math.max(1, Math.ceil(end - now));
  },
});
