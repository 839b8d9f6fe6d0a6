import type { Attributes } from './attribute.ts';
import { birthDatesAgree } from './birth-date.ts';
import type { Citizen } from './citizen.ts';

/** How old a proof of the account may be when a card is added (architecture.md 5), in ms. */
export const linkProofAge = 10 * 60 * 1000;

export type LinkObstacle =
  /** Another card is linked: a new card takes a guided change. */
  | 'otherCardLinked'
  /** The birth date on the card cannot be the account's. */
  | 'birthDate';

/**
 * Whether a card that belongs to nobody yet may be added to this account. Only the self-asserted birth date must fit, as
 * far as both are known; names may differ (marriage, spelling) and are shown side by side instead.
 */
export const linkObstacle = (citizen: Citizen, card: Attributes): LinkObstacle | undefined => {
  if (citizen.card) return 'otherCardLinked';
  const typed = citizen.self.birthdate?.value;
  const read = card.birthdate?.value;
  if (typed !== undefined && read !== undefined && !birthDatesAgree(typed, read)) return 'birthDate';
  return undefined;
};

const folded = (name: string | undefined): string =>
  (name ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();

/** Whether card and account name the person differently enough to show both side by side. */
export const namesDiffer = (self: Attributes, card: Attributes): boolean =>
  (['given_name', 'family_name'] as const).some(
    (name) => self[name] !== undefined && folded(self[name].value) !== folded(card[name]?.value),
  );
