import { levelOfEvidence, type Evidence, type MeansTable, type Proofing } from './evidence.ts';
import { levels, satisfies, type Level } from './levels.ts';

/** How long a level lasts, in seconds: `longest` since the login, `idle` since the browser was last seen. */
export type Ageing = Readonly<Record<Level, { readonly longest: number; readonly idle: number }>>;

/** BSI TR-03160-1 (by way of BundID's FAQ, 7.5.3); the row for basic is ours. */
export const standardAgeing: Ageing = {
  basic: { longest: 12 * 3600, idle: 3600 },
  low: { longest: 12 * 3600, idle: 3600 },
  substantial: { longest: 2 * 3600, idle: 30 * 60 },
  high: { longest: 30 * 60, idle: 5 * 60 },
};

/** What is left of a level after a time: it falls step by step, and undefined means that not even basic is left. */
export const agedLevel = (
  level: Level,
  times: { readonly at: number; readonly seen: number; readonly now: number },
  ageing: Ageing,
): Level | undefined =>
  levels.findLast(
    (candidate) =>
      satisfies(level, candidate) &&
      times.now - times.at < ageing[candidate].longest * 1000 &&
      times.now - times.seen < ageing[candidate].idle * 1000,
  );

/**
 * Writes into each login what ageing has left of it, so that the next visit cannot start from a full level again;
 * logins of which nothing is left are dropped. Whatever else limits a login may change later (a card is linked, a
 * ceiling lifted), so it is left out of account here.
 */
export const agedEvidence = (
  items: readonly Evidence[],
  times: { readonly seen: number; readonly now: number },
  ageing: Ageing,
): readonly Evidence[] =>
  items.flatMap((item) => {
    const at = { at: item.at, seen: Math.max(times.seen, item.at), now: times.now };
    const left = agedLevel(item.left ?? 'high', at, ageing);
    return left === undefined ? [] : [{ ...item, left }];
  });

/**
 * When nothing will be left of a session's logins if the browser is not seen again, in ms since the epoch; 0 when there
 * are none.
 */
export const endOfEvidence = (items: readonly Evidence[], seen: number, ageing: Ageing): number =>
  Math.max(
    0,
    ...items.flatMap((item) =>
      levels
        .filter((level) => satisfies(item.left ?? 'high', level))
        .map((level) =>
          Math.min(item.at + ageing[level].longest * 1000, Math.max(seen, item.at) + ageing[level].idle * 1000),
        ),
    ),
  );

export interface Circumstances {
  readonly proofing: Proofing;
  readonly table: MeansTable;
  readonly ageing: Ageing;
  /** ms since the epoch. */
  readonly now: number;
  /** When the browser was last seen before this request, in ms since the epoch. */
  readonly seen: number;
  /** Only evidence at least this new counts (`prompt=login`, `max_age`, `max_evidence_age`), in ms since the epoch. */
  readonly notBefore?: number;
}

export interface Reached {
  readonly level: Level;
  /** The one login that level, `amr` and `auth_time` of an answer describe. */
  readonly evidence: Evidence;
}

/**
 * The best that a session's logins give now. `acr`, `amr` and `auth_time` of one answer describe one piece of
 * evidence: the strongest, and among equals the newest.
 */
export const reachedNow = (evidence: readonly Evidence[], c: Circumstances): Reached | undefined => {
  let best: Reached | undefined;
  for (const item of evidence) {
    if (c.notBefore !== undefined && item.at < c.notBefore) continue;
    const nominal = levelOfEvidence(item, c.proofing, c.table, c.now);
    const level = agedLevel(nominal, { at: item.at, seen: Math.max(c.seen, item.at), now: c.now }, c.ageing);
    if (level === undefined) continue;
    const better =
      best === undefined || !satisfies(best.level, level) || (best.level === level && item.at > best.evidence.at);
    if (better) best = { level, evidence: item };
  }
  return best;
};
