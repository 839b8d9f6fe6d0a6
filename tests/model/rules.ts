/**
 * The rules of levels as architecture.md 2 and 3 say them, written down a second time and in another way: nothing here is
 * the product's, so that a fault in one of the two shows.
 */

export const order = ['basic', 'low', 'substantial', 'high'] as const;
export type Level = (typeof order)[number];

/** -1: not even basic. */
export type Rank = -1 | 0 | 1 | 2 | 3;

/** For messages. */
export const nameOf = (rank: number): string => order[rank] ?? 'nothing';

export const rankOf = (level: string): Rank => order.indexOf(level as Level) as Rank;

const minutes = 60_000;

/** How long each rank lasts since the login, and without a request, in ms. */
const longest = [720 * minutes, 720 * minutes, 120 * minutes, 30 * minutes];
const idle = [60 * minutes, 60 * minutes, 30 * minutes, 5 * minutes];

export type MeansName = 'password' | 'password_totp' | 'passkey' | 'eid';

export const rankOfMeans: Readonly<Record<MeansName, Rank>> = { password: 1, password_totp: 2, passkey: 2, eid: 3 };

/** What time has left of a rank. */
export const aged = (rank: Rank, at: number, seen: number, now: number): Rank => {
  for (let left = rank; left >= 0; left -= 1)
    if (now - at < (longest[left] ?? 0) && now - seen < (idle[left] ?? 0)) return left;
  return -1;
};

export const least = (...ranks: readonly Rank[]): Rank => Math.min(...ranks) as Rank;
export const greatest = (...ranks: readonly Rank[]): Rank => Math.max(-1, ...ranks) as Rank;
