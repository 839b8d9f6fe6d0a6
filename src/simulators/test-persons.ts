import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { eidOperations, eidTypes } from '../id/authentication/eid/port.ts';

const date = z.iso.date('a day of the calendar, YYYY-MM-DD');
const text = z.string().min(1);

const place = z.strictObject({
  street: text.optional(),
  city: text.optional(),
  state: text.optional(),
  country: text.optional(),
  zip_code: text.optional(),
  freetext: text.optional(),
});

const card = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/)
    .describe('Short name, for addresses and tests'),
  title: text.describe('Name shown in the simulator'),
  purpose: z.strictObject({ de: text, en: text }).describe('Why this card exists'),
  ordinary: z.boolean().default(false).describe('Stands among the first in the simulator; the others are folded away'),
  card_key: text.describe("Stands for the chip's secret: the pseudonym is computed from it"),
  document_type: z
    .enum(['ID', 'AR', 'AS', 'AF', 'UB', 'PA'])
    .describe('As on the chip: ID card, residence permit, EU citizen …'),
  issuing_state: text.default('D'),
  date_of_expiry: date,
  given_names: z.string(),
  family_names: z.string(),
  birth_name: text.optional(),
  artistic_name: text.optional(),
  academic_title: text.optional(),
  date_of_birth: z
    .string()
    .regex(/^[0-9 ]{8}$/, 'YYYYMMDD, blanks for what is not known')
    .describe('The eight characters of the chip'),
  place_of_birth: place.optional(),
  nationality: text.optional(),
  place_of_residence: z
    .union([place, z.literal('none')])
    .optional()
    .describe('"none" is the card of somebody who lives abroad'),
  community_id: text.optional(),
  residence_permit: text.optional(),
  eid_type: z.enum(eidTypes).default('CardCertified'),
  level_of_assurance: z.enum(['normal', 'substantiell', 'hoch']).default('hoch'),
  revoked: z.boolean().default(false),
  sector_key: z
    .enum(['old', 'both', 'new'])
    .default('new')
    .describe("Under which of the service provider's sector keys the card is read: before, during or after a change"),
  not_on_chip: z.array(z.enum(eidOperations)).default([]).describe('Data groups that this kind of card does not have'),
});

const account = z.strictObject({
  login: text.describe('User name'),
  password: z.string().min(15),
  given_name: text,
  family_name: text,
  birthdate: date,
  email: z.email().describe('Counts as confirmed'),
});

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** config/test-persons.yaml. */
export const testPersonsSchema = z
  .strictObject({ cards: z.array(card).min(1), accounts: z.array(account).default([]) })
  .refine(({ cards }) => cards.some(({ ordinary }) => ordinary), 'no card is an ordinary one')
  .refine(({ cards }) => unique(cards.map(({ id }) => id)), 'two cards have the same id')
  .refine(
    ({ cards }) => unique(cards.map(({ card_key: key, sector_key: sector }) => `${key} ${sector}`)),
    'two cards have the same card_key and sector_key',
  )
  .refine(({ accounts }) => unique(accounts.map(({ login }) => login)), 'two accounts have the same login');

export type TestPersons = z.infer<typeof testPersonsSchema>;
export type TestCard = TestPersons['cards'][number];
export type TestAccount = TestPersons['accounts'][number];

/**
 * The test persons of a file.
 * @throws in production, and when the file is missing or does not fit the schema
 */
export const loadTestPersons = (path: string): TestPersons => {
  if (process.env['NODE_ENV'] === 'production') throw new Error('Test persons are refused with NODE_ENV=production');
  const read = testPersonsSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  return read.data;
};
