/** Whose request it is, the first to be served before the last. */
export const ranks = ['known', 'under_way', 'stranger', 'hasty', 'untried', 'excess'] as const;
export type Rank = (typeof ranks)[number];

export interface Shedding {
  /** Whether anybody is sent away now: until then it need not be known whose a request is. */
  active(): boolean;
  /** Decides about one request. The share that is sent away is spread evenly, so that nobody depends on luck. */
  admits(rank: Rank): boolean;
  /** The share of a rank's requests that is sent away now, 0 to 1. */
  share(rank: Rank): number;
  /** Looks how busy the process is; to be called every {@link lookInterval}. */
  look(): void;
}

/** ms between two looks. */
export const lookInterval = 100;

/** How much of a rank's share changes in one look when the process is wholly busy, or idle, beyond what is allowed. */
const gain = 0.5;

/** One look counts for half: a single long piece of work is no overload. */
const weight = 0.5;

/** Whom it helps to send away only where the work is theirs. */
const inside: ReadonlySet<Rank> = new Set(['known', 'under_way']);

/** An answer costs as much as so many refusals, or more. */
const refusalsPerAnswer = 8;

/** So many refusals a second are no work. */
const cheapRefusals = 100;

/** ms after which a third of what was answered and refused still counts. */
const memory = 1000;

/**
 * Of programs that nobody knows yet one in ten passes even then: a service authenticates, and is known from then on. Whoever
 * is under way has been let in, and comes first but for the ones that are known.
 */
const most: Readonly<Record<Rank, number>> = {
  known: 0.9,
  under_way: 0.95,
  stranger: 1,
  hasty: 1,
  untried: 0.9,
  excess: 1,
};

/**
 * Sends requests away by rank. Each rank has its own limit of how busy the process may be: beyond it a growing share of that
 * rank is sent away, below it a shrinking one, so that the share settles where the process is just so busy. Limits rise with
 * the rank, hence a rank loses nothing before those below it have lost nearly all.
 *
 * A flood can be so fast that to refuse it keeps the process wholly busy. Whoever is inside loses nothing for that: where most of the work
 * is refusals, sending away the few that are answered would make room for more refusals and nothing else.
 *
 * @param limits how busy the process may be, 0 to 1
 * @param measure how busy it was since the last time that it was asked, 0 to 1
 */
export const createShedding = (limits: Readonly<Record<Rank, number>>, measure: () => number): Shedding => {
  const shares = new Map<Rank, number>(ranks.map((rank) => [rank, 0]));
  const owed = new Map<Rank, number>(ranks.map((rank) => [rank, 0]));
  let busy = 0;
  const work = { answered: 0, refused: 0, at: performance.now() };
  /** How much of the process's work are answers, 0 to 1. */
  const answers = (): number => {
    const now = performance.now();
    const left = Math.exp((work.at - now) / memory);
    work.at = now;
    work.answered *= left;
    work.refused *= left;
    const answering = work.answered * refusalsPerAnswer;
    const refusing = Math.max(0, work.refused - cheapRefusals);
    return refusing === 0 ? 1 : answering / (answering + refusing);
  };
  const share = (rank: Rank): number => shares.get(rank) ?? 0;
  return {
    active: () => ranks.some((rank) => share(rank) > 0),
    share,
    admits(rank) {
      const due = (owed.get(rank) ?? 0) + share(rank);
      owed.set(rank, due >= 1 ? due - 1 : due);
      work[due < 1 ? 'answered' : 'refused'] += 1;
      return due < 1;
    },
    look() {
      busy += weight * (measure() - busy);
      const busyInside = busy * Math.min(1, 2 * answers());
      for (const rank of ranks) {
        const next = share(rank) + gain * ((inside.has(rank) ? busyInside : busy) - limits[rank]);
        shares.set(rank, Math.min(most[rank], Math.max(0, next)));
      }
    },
  };
};
