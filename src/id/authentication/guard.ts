import { setTimeout as pause } from 'node:timers/promises';
import type { Counters } from '../../storage/counters.ts';
import { keyedHash } from '../../storage/sealing.ts';
import { networkKey } from '../../web/client-address.ts';
import { Busy, type AttemptContext } from './method.ts';

/** After so many failures of one bucket in a window, each further one makes it wait twice as long; all times in seconds. */
export interface BucketLimits {
  readonly failures: number;
  readonly window: number;
  readonly first_wait: number;
  readonly longest_wait: number;
}

export interface GuardLimits {
  /** One name from one device, or from all unknown devices together; a means that stands beside the password apart. */
  readonly name: BucketLimits;
  /** IPv4 address, or /64 of IPv6. */
  readonly address: BucketLimits;
  /** /24 of IPv4, or /48 of IPv6. */
  readonly network: BucketLimits;
  /** One name from one device (or all unknown ones) in a row: only a right answer, or a long time, begins anew. */
  readonly consecutive: { readonly failures: number; readonly window: number };
}

/** Who is told of an attack, each kind once in its window. */
export interface GuardAlarm {
  /** So many failures of all names from all addresses: nobody waits because of them (attacks.md PW-08). Seconds. */
  readonly everywhere: { readonly failures: number; readonly window: number };
  /** An address or network is made to wait, or failures everywhere are too many. */
  tell(what: 'address' | 'network' | 'everywhere'): void;
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
   * password cannot exhaust it. Refuses only while a bucket has to wait after failures; attempts under way merely wait
   * for each other, so that right logins in parallel all pass. A device that the account was logged in on before is
   * counted by itself alone, whatever strangers do at the same address.
   *
   * @throws Busy when no place became free in time.
   */
  attempt(subject: Subject, context: AttemptContext, check: () => Promise<boolean>): Promise<GuardOutcome>;
}

interface Bucket extends BucketLimits {
  readonly key: string;
  /** Where many people share it, its first refusal in a window is a sign of an attack. */
  readonly shared?: 'address' | 'network';
}

/** How long whoever finds no place waits for one, in ms; after the last of them it is Busy. */
const waits = [25, 50, 100, 200, 400, 800, 1600];

/** An attempt under way is forgotten after this time, so that a process that dies in it holds no place; seconds. */
const attemptLife = 60;

/** How long a bucket waits after its latest failure, in seconds. */
export const waitAfter = (failures: number, limits: Omit<BucketLimits, 'window'>): number =>
  failures < limits.failures
    ? 0
    : Math.min(limits.longest_wait, limits.first_wait * 2 ** Math.min(failures - limits.failures, 30));

export const createGuard = (counters: Counters, key: Buffer, limits: GuardLimits, alarm?: GuardAlarm): Guard => {
  const failuresOf = (bucket: Bucket): Promise<number> => counters.read(`${bucket.key}:failures`);
  /** The wait has a counter of its own for each number of failures, since a counter lives from its first step. */
  const waitKey = (bucket: Bucket, failures: number): string => `${bucket.key}:wait:${failures}`;
  const release = (bucket: Bucket): Promise<number> => counters.add(`${bucket.key}:places`, -1, attemptLife);

  /** Reserves a place: failures so far and attempts under way may not exceed together what is free, then one by one. */
  const reserve = async (bucket: Bucket): Promise<boolean> => {
    for (const wait of [...waits, undefined]) {
      const failures = await failuresOf(bucket);
      if (failures >= bucket.failures && (await counters.read(waitKey(bucket, failures))) > 0) return false;
      const places = await counters.add(`${bucket.key}:places`, 1, attemptLife);
      // Whoever failed in between has taken a place away, and perhaps begun a wait.
      if (places <= Math.max(1, bucket.failures - failures) && (await failuresOf(bucket)) === failures) return true;
      await release(bucket);
      if (wait !== undefined) await pause(wait);
    }
    throw new Busy();
  };

  const refused = async (bucket: Pick<Bucket, 'key' | 'window' | 'shared'>): Promise<GuardOutcome> => {
    if ((await counters.add(`${bucket.key}:refused`, 1, bucket.window)) > 1) return 'throttledAgain';
    if (bucket.shared) alarm?.tell(bucket.shared);
    return 'throttled';
  };

  /** The wait is written before the place is given back, so that nobody gets in between. */
  const fail = async (bucket: Bucket): Promise<void> => {
    const failures = await counters.add(`${bucket.key}:failures`, 1, bucket.window);
    const wait = waitAfter(failures, bucket);
    if (wait > 0) await counters.add(waitKey(bucket, failures), 1, wait);
  };

  return {
    async attempt(subject, { address, device }, check) {
      const who =
        'accountId' in subject
          ? `account\0${subject.accountId}${subject.beside === undefined ? '' : `\0${subject.beside}`}`
          : `name\0${subject.typed}`;
      const known = 'accountId' in subject && device.knows(subject.accountId);
      const name = keyedHash(key, `${who}\0${known ? device.id : 'unknown'}`);
      const row = `guard:${name}:row`;
      const shared = (what: 'address' | 'network', where: string): Bucket => ({
        key: `guard:${keyedHash(key, `${what}\0${where}`)}`,
        shared: what,
        ...limits[what],
      });
      const buckets: readonly Bucket[] = [
        { key: `guard:${name}`, ...limits.name },
        ...(known ? [] : [shared('address', address), shared('network', networkKey(address))]),
      ];
      // What is under way is bounded by the name's places, so a row can grow past its limit by those at most.
      const inARow = await counters.read(row);
      if (inARow >= limits.consecutive.failures) return refused({ key: row, window: limits.consecutive.window });
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
        for (const bucket of held) await fail(bucket);
        await counters.add(row, 1, limits.consecutive.window);
        if (alarm) {
          const { failures, window } = alarm.everywhere;
          if ((await counters.add('guard:everywhere', 1, window)) === failures) alarm.tell('everywhere');
        }
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
