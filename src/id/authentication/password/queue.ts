import { Busy } from '../method.ts';

/**
 * Who goes first: whoever is known to the account in this browser (or sets a password of their own), whoever has had the page
 * for as long as a person needs to type, whoever has not.
 */
export const turns = ['known', 'typed', 'hasty'] as const;
export type Turn = (typeof turns)[number];

export interface Caller {
  readonly turn: Turn;
  /** As the guard counts it: addresses take turns. */
  readonly address: string;
}

export interface HashQueueLimits {
  /** Hashes at once. */
  readonly places: number;
  /** Callers that may wait. */
  readonly queue: number;
  /** Seconds that one waits at most: then whoever asked has gone away, and the hash would be for nobody. */
  readonly patience: number;
}

export interface HashingLoad {
  readonly running: number;
  readonly waiting: Readonly<Record<Turn, number>>;
  readonly places: number;
  /** Callers that were sent away since the start: none was left to wait for, or too late. */
  readonly refused: Readonly<Record<Turn, number>>;
}

export interface HashQueue {
  /** @throws Busy when there is no place in time. */
  run<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result>;
  load(): HashingLoad;
}

interface Waiting extends Caller {
  readonly start: () => void;
  readonly refuse: () => void;
}

const none = (): Record<Turn, number> => ({ known: 0, typed: 0, hasty: 0 });
const behind = (one: Caller, other: Caller): number => turns.indexOf(one.turn) - turns.indexOf(other.turn);

/**
 * Callers wait by turn, and in a turn the addresses take turns, so that many attempts from few addresses stand in their own
 * way alone. Where the queue is full, whoever came last from the address with most waiting in the lowest turn has to go.
 * How many wait for one account is bounded by the guard.
 */
export const createHashQueue = ({ places, queue, patience }: HashQueueLimits): HashQueue => {
  let running = 0;
  let waiting: Waiting[] = [];
  const refused = none();
  /** When an address that has callers here was last served, as a number that grows. */
  const served = new Map<string, number>();
  let serving = 0;

  const remove = (one: Waiting): void => {
    waiting = waiting.filter((other) => other !== one);
    if (!waiting.some(({ address }) => address === one.address)) served.delete(one.address);
  };

  const next = (): Waiting | undefined => {
    let first: Waiting | undefined;
    for (const one of waiting) {
      const order = first ? behind(one, first) : -1;
      const earlier = first !== undefined && (served.get(one.address) ?? 0) < (served.get(first.address) ?? 0);
      if (order < 0 || (order === 0 && earlier)) first = one;
    }
    if (!first) return undefined;
    serving += 1;
    served.set(first.address, serving);
    remove(first);
    return first;
  };

  const leastWorthy = (): Waiting | undefined => {
    const of = Map.groupBy(waiting, ({ address }) => address);
    const crowd = (one: Waiting): number => of.get(one.address)?.length ?? 0;
    let last: Waiting | undefined;
    for (const one of waiting) {
      const order = last ? behind(one, last) : 1;
      if (order > 0 || (order === 0 && last !== undefined && crowd(one) >= crowd(last))) last = one;
    }
    return last;
  };

  const wait = ({ turn, address }: Caller): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        remove(mine);
        mine.refuse();
      }, patience * 1000);
      const mine: Waiting = {
        turn,
        address,
        start() {
          clearTimeout(late);
          resolve();
        },
        refuse() {
          clearTimeout(late);
          refused[turn] += 1;
          reject(new Busy());
        },
      };
      waiting.push(mine);
      if (waiting.length <= queue) return;
      const gone = leastWorthy();
      if (gone) {
        remove(gone);
        gone.refuse();
      }
    });

  return {
    async run(caller, work) {
      // The place is handed over by the one who leaves, so `running` stays as it is.
      if (running >= places) await wait(caller);
      else running += 1;
      try {
        return await work();
      } finally {
        const successor = next();
        if (successor) successor.start();
        else running -= 1;
      }
    },
    load() {
      const now = none();
      for (const { turn } of waiting) now[turn] += 1;
      return { running, waiting: now, places, refused: { ...refused } };
    },
  };
};
