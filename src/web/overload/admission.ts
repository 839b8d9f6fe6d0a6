import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'koa';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Environment } from '../parts.ts';
import { createBudgets } from './budgets.ts';
import { createLoad } from './load.ts';
import { createRefuse, type Refuse } from './refuse.ts';
import type { OverloadSettings } from './settings.ts';
import { createShedding, lookInterval, ranks, type Rank, type Shedding } from './shedding.ts';

/** Stands before everything that a part does for a request. */
export interface Admission {
  /** @returns whether the request may go on; if not it is answered. */
  admits(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for one of which only its route knows the rank; it is the route that answers. */
  admitsAs(rank: Rank): boolean;
  /** How the route answers then. */
  sendAway(ctx: Context): void;
  stop(): void;
}

export interface AdmissionParts {
  readonly shedding: Shedding;
  /** Whose request it is, without asking a store; undefined for what is never sent away. */
  readonly rankOf: (request: IncomingMessage) => Rank | undefined;
  readonly refuse: Refuse;
  readonly metrics: Metrics;
  readonly log: Pick<Log, 'warn'>;
  readonly part: string;
  /** ms between two looks; 0 never looks. */
  readonly interval?: number;
}

/** So few requests are never too many: then the process is busy with something else, such as its start. */
const alwaysAdmitted = { burst: 10, per_second: 10 };

/** ms between two lines in the log about requests that were sent away. */
const tellInterval = 10_000;

export const createAdmission = (parts: AdmissionParts): Admission => {
  const { shedding, rankOf, refuse, metrics, log, part, interval = lookInterval } = parts;
  const sent = metrics.counters(
    'requests_shed_total',
    'Requests that were sent away because the process was too busy.',
    {
      rank: ranks,
    },
  );
  const shares = metrics.gauges('requests_shed_share', 'The share of requests that is sent away now.', { rank: ranks });
  metrics.look(() => {
    for (const rank of ranks) shares.set({ rank }, shedding.share(rank));
    return Promise.resolve();
  });
  const few = createBudgets(alwaysAdmitted);
  let untold = 0;
  let toldAt = -Infinity;
  const tell = (): void => {
    untold += 1;
    const now = performance.now();
    if (now - toldAt < tellInterval) return;
    log.warn('requests_shed', { part, count: untold });
    untold = 0;
    toldAt = now;
  };
  const timer = interval > 0 ? setInterval(() => shedding.look(), interval).unref() : undefined;
  const admitsAs = (rank: Rank): boolean => {
    if (few.spend('all') || shedding.admits(rank)) return true;
    sent.add({ rank });
    tell();
    return false;
  };
  return {
    admits(request, response) {
      const rank = shedding.active() ? rankOf(request) : undefined;
      if (rank === undefined || admitsAs(rank)) return true;
      refuse(request, response);
      return false;
    },
    admitsAs,
    sendAway(ctx) {
      ctx.respond = false;
      refuse(ctx.req, ctx.res);
    },
    stop: () => clearInterval(timer),
  };
};

export interface OverloadParts extends Pick<AdmissionParts, 'metrics' | 'log'> {
  readonly overload: OverloadSettings;
  readonly environment: Environment;
  /** Says how busy the process is in place of a look at it, and is asked more often. */
  readonly load?: () => number;
}

/** The admission of a part as its settings say. */
export const createOverloadAdmission = (
  { overload, environment, metrics, log, load }: OverloadParts,
  { origin, ...own }: Pick<AdmissionParts, 'part' | 'rankOf'> & { readonly origin: string },
): Admission => {
  const measured = overload.shed && !load ? createLoad() : undefined;
  const admission = createAdmission({
    ...own,
    metrics,
    log,
    shedding: createShedding(overload.busy, load ?? (() => measured?.read() ?? 0)),
    interval: overload.shed ? (load ? 2 : lookInterval) : 0,
    refuse: createRefuse(overload.retry_after, { environment, origin }),
  });
  return {
    ...admission,
    stop() {
      admission.stop();
      measured?.stop();
    },
  };
};
