import type { Database } from './database.ts';
import { startOutbox, type Outbox, type OutboxHandler, type OutboxOptions, type OutboxTables } from './outbox.ts';
import type { Sealer } from './sealing.ts';

type GivenUp = Parameters<NonNullable<OutboxOptions<OutboxTables>['onFailed']>>;

/** How messages of one kind leave the outbox. */
export interface Delivery {
  readonly deliver: OutboxHandler;
  /** The message will not be tried again. */
  gaveUp(...given: GivenUp): void;
  /** In ms, for one try; without it the outbox's own. */
  readonly timeout?: number;
  /** Tries until the message has failed; without it the outbox's own. */
  readonly attempts?: number;
}

/** The one outbox of a part: what was written down with a transaction goes out behind the request. */
export interface Deliveries {
  /** Looks for messages now: to be called after their transaction. */
  wake(): void;
  /** From now on messages of these kinds are delivered, also those that an earlier process has left. */
  start(kinds: Readonly<Record<string, Delivery>>): void;
  stop(): Promise<void>;
}

export const createDeliveries = <Tables extends OutboxTables>(
  database: Database<Tables>,
  { sealer, log }: { readonly sealer: Sealer; readonly log: OutboxOptions<Tables>['log'] },
): Deliveries => {
  let outbox: Outbox<OutboxTables> | undefined;
  return {
    wake: () => outbox?.wake(),
    start(kinds) {
      const entries = Object.entries(kinds);
      outbox ??= startOutbox({
        database: database as unknown as Database<OutboxTables>,
        sealer,
        log,
        handlers: Object.fromEntries(entries.map(([kind, { deliver }]) => [kind, deliver])),
        timeouts: Object.fromEntries(
          entries.flatMap(([kind, { timeout }]) => (timeout === undefined ? [] : [[kind, timeout]])),
        ),
        attempts: Object.fromEntries(
          entries.flatMap(([kind, { attempts }]) => (attempts === undefined ? [] : [[kind, attempts]])),
        ),
        onFailed: (message, payload) => kinds[message.kind]?.gaveUp(message, payload),
      });
    },
    async stop() {
      await outbox?.stop();
    },
  };
};
