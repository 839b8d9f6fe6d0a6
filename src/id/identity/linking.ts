import type { Attributes } from './attribute.ts';
import { birthDatesAgree } from './birth-date.ts';
import type { Citizen } from './citizen.ts';

/** How old a proof of the account may be when a card is added (architecture.md 5), in ms. */
export const linkProofAge = 10 * 60 * 1000;

export type LinkObstacle =
  /** Another card is linked, and what the two say of their owner's birth differs. */
  | 'otherCardLinked'
  /** The birth date on the card cannot be the account's. */
  | 'birthDate';

/** For comparing only: what was read is never repaired. */
const folded = (text: string | undefined): string =>
  (text ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();

const birthPlace = ({ place_of_birth: place }: Attributes): string =>
  folded(place && [place.value.locality ?? place.value.formatted].filter((part) => part !== undefined).join(' '));

/**
 * Whether the birth names can be equal. Older cards have no field for it, and whoever kept the name has none either: then
 * the family name stands for it, as it is or as the other card's owner was born.
 */
const birthNamesAgree = (a: Attributes, b: Attributes): boolean => {
  const born = (card: Attributes): string | undefined =>
    card.birth_family_name === undefined ? undefined : folded(card.birth_family_name.value);
  const [first, second] = [born(a), born(b)];
  if (first !== undefined && second !== undefined) return first === second;
  const [family, otherFamily] = [folded(a.family_name?.value), folded(b.family_name?.value)];
  return family === otherFamily || first === otherFamily || second === family;
};

/**
 * Whether two cards can be one person's: what does not change in a life must be equal (eid.md 8). Given names and birth
 * date must be known to both, a birth place as far as both know it.
 */
export const samePerson = (a: Attributes, b: Attributes): boolean => {
  if (!a.birthdate || !b.birthdate || !birthDatesAgree(a.birthdate.value, b.birthdate.value)) return false;
  if (folded(a.given_name?.value) !== folded(b.given_name?.value)) return false;
  const [place, otherPlace] = [birthPlace(a), birthPlace(b)];
  if (place !== '' && otherPlace !== '' && place !== otherPlace) return false;
  return birthNamesAgree(a, b);
};

/**
 * Whether a card that belongs to nobody yet may be added to this account. Only the self-asserted birth date must fit, as
 * far as both are known; names may differ (marriage, spelling) and are shown side by side instead.
 */
export const linkObstacle = (citizen: Citizen, card: Attributes): LinkObstacle | undefined => {
  if (citizen.card) return samePerson(citizen.card.attributes, card) ? undefined : 'otherCardLinked';
  const typed = citizen.self.birthdate?.value;
  const read = card.birthdate?.value;
  if (typed !== undefined && read !== undefined && !birthDatesAgree(typed, read)) return 'birthDate';
  return undefined;
};

/** Whether card and account name the person differently enough to show both side by side. */
export const namesDiffer = (self: Attributes, card: Attributes): boolean =>
  (['given_name', 'family_name'] as const).some(
    (name) => self[name] !== undefined && folded(self[name].value) !== folded(card[name]?.value),
  );
