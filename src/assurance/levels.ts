/**
 * The four ordered levels of assurance, from weakest to strongest. `basic` (Basisregistrierung) is no eIDAS level:
 * nobody has checked who the person is. The others are those of Regulation (EU) 910/2014, Art. 8.
 */
export const levels = ['basic', 'low', 'substantial', 'high'] as const;

export type Level = (typeof levels)[number];

const rank: Readonly<Record<Level, number>> = { basic: 0, low: 1, substantial: 2, high: 3 };

/** Whether `reached` satisfies `wanted`: a requested level is always a minimum. */
export const satisfies = (reached: Level, wanted: Level): boolean => rank[reached] >= rank[wanted];

/** The weakest of the given levels; `high` when there are none, since nothing limits. */
export const weakest = (...given: readonly Level[]): Level =>
  given.reduce<Level>((a, b) => (rank[a] <= rank[b] ? a : b), 'high');

/** The strongest of the given levels; `basic` when there are none. */
export const strongest = (...given: readonly Level[]): Level =>
  given.reduce<Level>((a, b) => (rank[a] >= rank[b] ? a : b), 'basic');
