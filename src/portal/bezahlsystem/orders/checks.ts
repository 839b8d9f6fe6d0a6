/** ms from one question to the provider to the next: soon at first, when citizens wait, then less and less often. */
const gaps = [15_000, 30_000, 60_000, 120_000, 300_000, 900_000];

/** When a provider is asked again that was asked so many times. */
export const nextCheck = (now: number, checks: number): number => now + (gaps[Math.min(checks, gaps.length - 1)] ?? 0);

/** The same for an attempt from which no money should come: a provider may correct itself, and its word may get lost. */
const lastGaps = [3600_000, 86_400_000, 7 * 86_400_000];

/** When a provider is asked again about an attempt that has ended without money; null: never. */
export const lastCheck = (now: number, checks: number): number | null => {
  const gap = lastGaps[checks];
  return gap === undefined ? null : now + gap;
};

/** How often somebody may begin to pay one order: who tries stolen cards one after the other finds no more room here. */
export const mostTries = 30;

/** ms for which the provider is asked once more to begin the same payment; the rest of `beginLimit` is for the last such call. */
export const beginAgainLimit = 5 * 60_000;

/** ms after which a call that began a payment cannot be under way any more. */
export const beginLimit = 10 * 60_000;
