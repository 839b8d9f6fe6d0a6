import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'koa';
import type { Log } from '../log.ts';
import type { Part } from '../parts.ts';
import type { Refuse } from './refuse.ts';
import type { Rank } from './shedding.ts';

/** Stands before everything that a part does for a request. */
export interface Admission {
  /** @returns whether the request may go on; if not it is answered. */
  admits(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for one of which only its route knows the rank; it is the route that answers. */
  admitsAs(rank: Rank): boolean;
  /** How the route answers then. */
  sendAway(ctx: Context): void;
}

export interface AdmissionParts {
  readonly part: Part;
  /** Whether anybody is sent away now: until then it need not be known whose a request is. */
  readonly active: () => boolean;
  /** Whether there is time for one more of this rank. */
  readonly hasTimeFor: (rank: Rank) => boolean;
  /** Whose request it is, without asking a store; undefined for what is never sent away. */
  readonly rankOf: (request: IncomingMessage) => Rank | undefined;
  readonly refuse: Refuse;
  readonly log: Pick<Log, 'warn'>;
}

/** ms between two lines in the log about requests that were sent away. */
const tellInterval = 10_000;

export const createAdmission = ({ part, active, hasTimeFor, rankOf, refuse, log }: AdmissionParts): Admission => {
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
  const admitsAs = (rank: Rank): boolean => {
    if (hasTimeFor(rank)) return true;
    tell();
    return false;
  };
  return {
    admits(request, response) {
      const rank = active() ? rankOf(request) : undefined;
      if (rank === undefined || admitsAs(rank)) return true;
      refuse(request, response);
      return false;
    },
    admitsAs,
    sendAway(ctx) {
      ctx.respond = false;
      refuse(ctx.req, ctx.res);
    },
  };
};
