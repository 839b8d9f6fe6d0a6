const day = 86_400_000;

/** Until when a letter can be brought back from the trash, in ms since the epoch. */
export const trashEnds = (trashedAt: number, days: number): number => trashedAt + days * day;

/** What was put there before this moment is over. */
export const before = (now: number, days: number): number => now - days * day;
