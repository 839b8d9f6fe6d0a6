import type { IncomingMessage } from 'node:http';
import { addressKey, createCallerOf } from '../client-address.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { parts as partNames, type Environment, type Part } from '../parts.ts';
import { createAdmission, type Admission } from './admission.ts';
import { createBudgets } from './budgets.ts';
import { createLoad } from './load.ts';
import { createRankOf, type Whose } from './rank-of.ts';
import { createRefuse, type Refusing } from './refuse.ts';
import type { OverloadSettings } from './settings.ts';
import { createShedding, lookInterval, ranks } from './shedding.ts';

/** A part that has an admission. */
export interface AdmittedPart extends Whose, Refusing {
  readonly part: Part;
  readonly origin: string;
}

/** What the parts of one process share: how busy it is, and which share of each rank is sent away for that. */
export interface Overload {
  admission(part: AdmittedPart): Admission;
  /** The address of a request as budgets count it. */
  addressOf(request: IncomingMessage): string;
  stop(): void;
}

export interface OverloadParts {
  readonly settings: OverloadSettings;
  readonly trustedProxies: readonly string[];
  readonly environment: Environment;
  readonly metrics: Metrics;
  readonly log: Pick<Log, 'warn'>;
  /** Says how busy the process is in place of a look at it, and is asked more often. */
  readonly load?: (() => number) | undefined;
}

/** So few requests are never too many: then the process is busy with something else, such as its start. */
const alwaysAdmitted = { burst: 10, per_second: 10 };

/** ms between two looks where something else says how busy the process is. */
const toldInterval = 2;

export const createOverload = (parts: OverloadParts): Overload => {
  const { settings, environment, metrics, log, load } = parts;
  const measured = settings.shed && !load ? createLoad() : undefined;
  const shedding = createShedding(settings.busy, load ?? (() => measured?.read() ?? 0));
  const sent = metrics.counters(
    'requests_shed_total',
    'Requests that were sent away because the process was too busy.',
    { part: partNames, rank: ranks },
  );
  const shares = metrics.gauges('requests_shed_share', 'The share of requests that is sent away now.', { rank: ranks });
  metrics.look(() => {
    for (const rank of ranks) shares.set({ rank }, shedding.share(rank));
    return Promise.resolve();
  });
  const few = createBudgets(alwaysAdmitted);
  const callerOf = createCallerOf(parts.trustedProxies);
  const timer = settings.shed
    ? setInterval(() => shedding.look(), load ? toldInterval : lookInterval).unref()
    : undefined;
  return {
    admission: ({ part, origin, ...own }) =>
      createAdmission({
        part,
        log,
        active: () => shedding.active(),
        hasTimeFor(rank) {
          if (few.spend('all') || shedding.admits(rank)) return true;
          sent.add({ part, rank });
          return false;
        },
        rankOf: createRankOf(settings, callerOf, own),
        refuse: createRefuse(settings.retry_after, { environment, origin }, own),
      }),
    addressOf: (request) => addressKey(callerOf(request)),
    stop() {
      clearInterval(timer);
      measured?.stop();
    },
  };
};
