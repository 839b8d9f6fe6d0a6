import type { Transaction } from 'kysely';
import type { JsonObject } from './artifacts.ts';
import type { Database } from './database.ts';
import { createOutboxQueue } from './outbox-queue.ts';
import type { OutboxCandidate, OutboxClaim } from './outbox-queue.ts';
import { enqueue, outboxStatus, payloadContext } from './outbox-table.ts';
import type { OutboxMessage, OutboxStatus, OutboxTables } from './outbox-table.ts';
import type { Sealer } from './sealing.ts';

export { enqueue, outboxCounts, outboxLanes, outboxMigration, outboxStatus } from './outbox-table.ts';
export type {
  OutboxLane,
  OutboxMessage,
  OutboxState,
  OutboxStatus,
  OutboxTable,
  OutboxTables,
} from './outbox-table.ts';

/** Thrown by a handler: every further try would end the same way, so the message has failed with this one. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

/** Thrown by a handler: the receiver did not take the message now, so that it is tried again. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/**
 * Delivers one message, and throws when it did not arrive: a PermanentFailure when it never will. It may be called again
 * for a message that arrived (the process may die in between), so the receiver must be able to tell. `signal` fires when
 * the time is over.
 */
export type OutboxHandler = (
  payload: JsonObject,
  delivery: { readonly id: string; readonly attempt: number; readonly signal: AbortSignal },
) => Promise<void>;

export interface OutboxOptions<Tables extends OutboxTables> {
  readonly database: Database<Tables>;
  readonly sealer: Sealer;
  /** By kind. Messages of other kinds are left for another process. */
  readonly handlers: Readonly<Record<string, OutboxHandler>>;
  /** The gap in ms after the given number of tries. Default: 10 s growing to 6 h, so that 6 tries fall into the first 75 min. */
  readonly backoff?: (tried: number) => number;
  /** Then the message has failed. Default 8, which takes 9 h. */
  readonly maxAttempts?: number;
  /** The same for kinds that need another number. */
  readonly attempts?: Readonly<Record<string, number>>;
  /** Deliveries at once. Default 16. */
  readonly concurrency?: number;
  /** Deliveries at once for one lane. Default 2. */
  readonly perLane?: number;
  /** In ms, for one delivery. Default 10 s. */
  readonly timeout?: number;
  /** The same for kinds that need another. */
  readonly timeouts?: Readonly<Record<string, number>>;
  /** Gets no payload and no message of an error, which might name a person. */
  readonly log: {
    warn(event: string, fields: { referenceId?: string; kind?: string; attempt?: number; error: string }): void;
  };
  /** The alarm: a message that will not be tried again. What it said is missing where it could not even be opened. */
  readonly onFailed?: (
    message: {
      readonly id: string;
      readonly kind: string;
      readonly lane: string | undefined;
      readonly attempts: number;
    },
    payload: JsonObject | undefined,
  ) => void;
}

export interface Outbox<Tables extends OutboxTables> {
  /** See {@link enqueue}. */
  enqueue(trx: Transaction<Tables>, message: OutboxMessage): Promise<string>;
  /** Looks for messages now: to be called after the transaction. */
  wake(): void;
  /** See {@link outboxStatus}. */
  status(wanted: Parameters<typeof outboxStatus>[1]): Promise<OutboxStatus[]>;
  /** Begins no more deliveries and waits for those that run, which end at their timeout. */
  stop(): Promise<void>;
}

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const gaps = [10 * seconds, minutes, 5 * minutes, 15 * minutes, 45 * minutes, 2 * hours, 6 * hours];

/** Up to a tenth more by chance, so that messages that failed together do not come back together. */
const growingGaps = (tried: number): number => {
  const gap = gaps[Math.min(tried, gaps.length) - 1] ?? 10 * seconds;
  return Math.round(gap * (1 + Math.random() / 10));
};

const pollInterval = 5 * seconds;
const purgeInterval = hours;
/** What another node waits beyond the timeout before it takes over a delivery whose node has died. */
const leaseMargin = 30 * seconds;

class DeliveryTimeout extends Error {
  override readonly name = 'DeliveryTimeout';
}

/** Rejects when the time is over, also for a handler that does not listen to its signal. */
const withTimeout = async (timeout: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new DeliveryTimeout('No answer in time'));
    }, timeout);
  });
  try {
    await Promise.race([work(controller.signal), over]);
  } finally {
    clearTimeout(timer);
  }
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/**
 * Delivers what is in the outbox of a database, beside other nodes that do the same: a row is claimed by a conditional
 * update with a lease and delivered outside any transaction.
 */
export function startOutbox<Tables extends OutboxTables>(options: OutboxOptions<Tables>): Outbox<Tables> {
  const { sealer, handlers, log, backoff = growingGaps, maxAttempts = 8 } = options;
  const { attempts: attemptsOf = {} } = options;
  const { concurrency = 16, perLane = 2, timeout = 10 * seconds, timeouts = {} } = options;
  const database = options.database as unknown as Database<OutboxTables>;
  const kinds = Object.keys(handlers);
  const timeoutOf = (kind: string): number => timeouts[kind] ?? timeout;
  /** Rows of all kinds are claimed together. */
  const lease = Math.max(timeout, ...kinds.map(timeoutOf)) + leaseMargin;
  const queue = createOutboxQueue(database, kinds);
  /** Deliveries that run, and their lanes. */
  const running = new Map<Promise<void>, string | null>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let stopped = false;
  let purgeAt = 0;

  const laneCounts = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const lane of running.values()) if (lane !== null) counts.set(lane, (counts.get(lane) ?? 0) + 1);
    return counts;
  };
  const busyLanes = (): string[] => [...laneCounts()].filter(([, count]) => count >= perLane).map(([lane]) => lane);

  const deliver = async (claim: OutboxClaim): Promise<void> => {
    const { id, kind, lane, box, attempts } = claim;
    let payload: JsonObject | undefined;
    try {
      const text = sealer.open(box ?? new Uint8Array(), payloadContext(kind, id)).toString();
      const opened = JSON.parse(text) as JsonObject;
      payload = opened;
      await withTimeout(timeoutOf(kind), async (signal) => handlers[kind]?.(opened, { id, attempt: attempts, signal }));
    } catch (error) {
      log.warn('outbox_delivery_failed', { referenceId: id, kind, attempt: attempts, error: nameOf(error) });
      if (attempts < (attemptsOf[kind] ?? maxAttempts) && !(error instanceof PermanentFailure))
        await queue.retryAt(claim, Date.now() + backoff(attempts));
      else if (await queue.markFailed(claim))
        options.onFailed?.({ id, kind, lane: lane ?? undefined, attempts }, payload);
      return;
    }
    await queue.markDelivered(claim);
  };

  const begin = (claim: OutboxClaim): void => {
    const delivery = deliver(claim)
      // Its end could not be written: the lease brings the row back.
      .catch((error: unknown) => log.warn('outbox_store_failed', { error: nameOf(error) }))
      .finally(() => {
        running.delete(delivery);
        wake();
      });
    running.set(delivery, claim.lane);
  };

  const hasPlace = (): boolean => !stopped && running.size < concurrency;

  /** As many of the candidates as there is room for, in all and in their lanes. */
  const fitting = (candidates: readonly OutboxCandidate[]): OutboxCandidate[] => {
    const counts = laneCounts();
    const fits = candidates.filter(({ lane }) => {
      if (lane === null) return true;
      const count = (counts.get(lane) ?? 0) + 1;
      counts.set(lane, count);
      return count <= perLane;
    });
    return fits.slice(0, concurrency - running.size);
  };

  /** Until nothing is due or all places are taken. */
  const claimDue = async (): Promise<void> => {
    while (hasPlace()) {
      const due = await queue.findDue(busyLanes(), concurrency);
      if (due.length === 0) return;
      const claims = await queue.claim(fitting(due), Date.now() + lease);
      for (const claim of claims) begin(claim);
    }
  };

  /** What is due already waits for a place, whose end wakes us. */
  const untilNext = async (): Promise<number> => {
    const wait = (await queue.nextDue()) - Date.now();
    return wait > 0 ? Math.min(wait, pollInterval) : pollInterval;
  };

  const purge = async (): Promise<void> => {
    if (Date.now() < purgeAt) return;
    purgeAt = Date.now() + purgeInterval;
    await queue.purge();
  };

  const look = async (): Promise<void> => {
    let wait = pollInterval;
    try {
      lookAgain = false;
      await claimDue();
      await purge();
      wait = await untilNext();
    } catch (error) {
      log.warn('outbox_store_failed', { error: nameOf(error) });
    }
    looking = undefined;
    if (!stopped) timer = setTimeout(wake, lookAgain ? 0 : wait).unref();
  };

  const wake = (): void => {
    lookAgain = true;
    if (stopped || looking !== undefined || kinds.length === 0) return;
    clearTimeout(timer);
    looking = look();
  };

  wake();
  return {
    enqueue: (trx, message) => enqueue(trx, sealer, message),
    wake,
    status: (wanted) => outboxStatus(database, wanted),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await Promise.all(running.keys());
    },
  };
}
