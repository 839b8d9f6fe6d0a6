import { createHmac } from 'node:crypto';
import { eidOperations, type EidOperation } from '../../id/authentication/eid/port.ts';
import type { TestCard } from '../test-persons.ts';
import { levelsOfAssurance, type UseIdRequest } from './read-request.ts';

export type ChipPlace = NonNullable<TestCard['place_of_residence']>;

/** What a chip says, and what kind of eID it is: a test card has all of it, of a real one only what was asked for is known. */
export type ChipData = Pick<TestCard, 'eid_type' | 'level_of_assurance'> &
  Partial<
    Pick<
      TestCard,
      | 'issuing_state'
      | 'date_of_expiry'
      | 'given_names'
      | 'family_names'
      | 'birth_name'
      | 'artistic_name'
      | 'academic_title'
      | 'date_of_birth'
      | 'nationality'
      | 'place_of_residence'
      | 'community_id'
      | 'residence_permit'
    >
  > & { readonly document_type?: string; readonly place_of_birth?: ChipPlace | undefined };

/** What became of reading a card for one session. */
export type Reading =
  | {
      readonly kind: 'read';
      readonly card: ChipData;
      readonly allowed: ReadonlyMap<EidOperation, 'ALLOWED' | 'PROHIBITED' | 'NOTONCHIP'>;
      readonly restrictedId: string;
      readonly restrictedId2: string | undefined;
      readonly fulfilsAge: boolean | undefined;
    }
  /** Not authentic, revoked or expired. */
  | { readonly kind: 'invalid' }
  /** Of a type that was denied, or below the level that was asked for. */
  | { readonly kind: 'denied' }
  /** The citizen ended it. */
  | { readonly kind: 'cancelled' }
  /** Client or card did not play their part; the code is the eCard-API's. */
  | { readonly kind: 'failed'; readonly minor: string };

/** Data that some chips lack although the data group exists: then the operation is answered NOTONCHIP. */
const datumOf: Readonly<Partial<Record<EidOperation, keyof TestCard>>> = {
  ArtisticName: 'artistic_name',
  AcademicTitle: 'academic_title',
  BirthName: 'birth_name',
  PlaceOfBirth: 'place_of_birth',
  Nationality: 'nationality',
  PlaceOfResidence: 'place_of_residence',
  CommunityID: 'community_id',
  ResidencePermitI: 'residence_permit',
};

const isOnChip = (card: TestCard, operation: EidOperation): boolean => {
  const datum = datumOf[operation];
  return !card.not_on_chip.includes(operation) && (datum === undefined || card[datum] !== undefined);
};

/** YYYY-MM-DD. `now` in ms. */
export const today = (now: number): string => new Date(now).toISOString().slice(0, 10);

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The latest birthday of somebody who is `age` years old on that day; both YYYY-MM-DD. */
export const lastOldEnough = (day: string, age: number): string => {
  const year = Number(day.slice(0, 4)) - age;
  const rest = day.endsWith('-02-29') && !isLeapYear(year) ? '-02-28' : day.slice(4);
  return `${String(year).padStart(4, '0')}${rest}`;
};

/** Whether the chip or the server's lists would refuse the card at `now` (ms). */
export const isInvalid = (card: TestCard, now: number): boolean => card.revoked || card.date_of_expiry < today(now);

/**
 * Whether the request excludes this eID (TR-03130-1, 3.3.12 and 3.3.23): what it says of the type goes before the level.
 */
export const isDenied = (card: ChipData, { eidTypes, minimumLevel }: UseIdRequest): boolean => {
  const selection = eidTypes.get(card.eid_type);
  if (selection !== undefined) return selection === 'DENIED';
  if (minimumLevel === undefined) return false;
  return levelsOfAssurance.indexOf(card.level_of_assurance) < levelsOfAssurance.indexOf(minimumLevel);
};

/** The chip compares with the last possible day when the date is incomplete. */
export const hasReachedAge = (dateOfBirth: string, age: number, now: number): boolean => {
  const [year, month, day] = [dateOfBirth.slice(0, 4), dateOfBirth.slice(4, 6), dateOfBirth.slice(6, 8)];
  const birthday = `${Number(year) + age}-${month.trim() || '12'}-${day.trim() || '31'}`;
  return year.trim() !== '' && birthday <= today(now);
};

/** Restricted Identification: what one card is called in one sector. */
export const restrictedIdOf = (sectorSecret: string, cardKey: string): string =>
  createHmac('sha256', sectorSecret).update(cardKey).digest('hex').toUpperCase();

/** Reads a card: what was asked for, less what the citizen deselected and what is not on the chip. `now` in ms. */
export const readCard = (
  card: TestCard,
  request: UseIdRequest,
  options: { readonly deselected: ReadonlySet<EidOperation>; readonly sectorSecret: string; readonly now: number },
): Reading => {
  if (isInvalid(card, options.now)) return { kind: 'invalid' };
  if (isDenied(card, request)) return { kind: 'denied' };
  const allowed = new Map(
    eidOperations.map((operation) => {
      const wish = request.wishes.get(operation) ?? 'PROHIBITED';
      const given = wish === 'REQUIRED' || (wish === 'ALLOWED' && !options.deselected.has(operation));
      return [operation, given ? (isOnChip(card, operation) ? 'ALLOWED' : 'NOTONCHIP') : 'PROHIBITED'] as const;
    }),
  );
  const now = restrictedIdOf(options.sectorSecret, card.card_key);
  const before = restrictedIdOf(`${options.sectorSecret} before the change`, card.card_key);
  return {
    kind: 'read',
    card,
    allowed,
    restrictedId: card.sector_key === 'new' ? now : before,
    restrictedId2: card.sector_key === 'both' ? now : undefined,
    fulfilsAge:
      allowed.get('AgeVerification') === 'ALLOWED'
        ? hasReachedAge(card.date_of_birth, request.age ?? 0, options.now)
        : undefined,
  };
};
