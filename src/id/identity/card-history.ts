import type { Attributes } from './attribute.ts';

/** What a card said before it said something else: only the values that changed. */
export interface CardChange {
  readonly before: Attributes;
  /** ms since the epoch. */
  readonly at: number;
}

/** How many months the citizen can look back; then it is forgotten. */
export const cardHistoryMonths = 24;

/** For the citizen's own eyes, newest first. Written with the change itself. */
export interface CardHistory {
  of(accountId: string): Promise<readonly CardChange[]>;
}

/** What was there and is something else now, or nothing. */
export const changedValues = (before: Attributes, now: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(before).filter(
      ([name, attribute]) => JSON.stringify(attribute.value) !== JSON.stringify(now[name as keyof Attributes]?.value),
    ),
  );
