import { z } from 'zod';
import { citizenText } from '../../../config/citizen-text.ts';
import { levels } from '../../../assurance/levels.ts';

/** What happens in a life, as the start page sorts services; words in i18n/, addresses in paths.ts. */
export const situations = [
  'moving',
  'family',
  'education',
  'work',
  'mobility',
  'documents',
  'money',
  'building',
  'everyday',
  'ageing',
] as const;

export type Situation = (typeof situations)[number];

const identifier = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'use small letters, digits and hyphens, at most 64');

const both = (longest: number) => {
  const text = citizenText(longest);
  return z.strictObject({ de: text, en: text });
};

const lists = (longest: number, most: number) => {
  const list = z.array(citizenText(longest)).max(most).default([]);
  return z.strictObject({ de: list, en: list });
};

const address = z.url({ protocol: /^https?$/ });

const fee = z.union(
  [
    z.literal('none'),
    z.strictObject({
      euro: z
        .union([z.int(), z.string().regex(/^\d{1,6}\.\d{2}$/, "write cents with a point, in quotes, such as '22.80'")])
        .transform((given) => Math.round(Number(given) * 100))
        .describe("Whole euros, or with cents in quotes: '22.80'."),
      note: both(200).optional().describe('For whom it is another one, or free.'),
    }),
    z.strictObject({ depends: both(200).describe('On what it depends.') }),
  ],
  { error: "write none, or { euro: 13 } or { euro: '22.80' }, or { depends: { de: …, en: … } }" },
);

export type Fee = z.output<typeof fee>;

/** What Bayern-Portal offers: one file per service, in the folder of its authority below config/services. */
export const serviceFile = z.strictObject({
  service: identifier.describe('Name of the service; the file is named after it.'),
  title: both(100).describe('What it is called.'),
  summary: both(500).describe('What it is for, in one or two sentences without technical terms.'),
  words: lists(60, 60).describe('What people call it and what has happened to them: “Führerschein verloren”.'),
  situations: z.array(z.enum(situations)).min(1).describe('Where the start page sorts it.'),
  level: z.enum(levels).describe('The least level that a login needs for it: said before anybody logs in.'),
  documents: lists(200, 12).prefault({ de: [], en: [] }).describe('What citizens have to have at hand.'),
  fee: fee.describe("What it costs: none, { euro: 13 }, { euro: '22.80' } or { depends: { de, en } }."),
  time: both(200).describe('How long it takes.'),
  department: both(100).optional().describe('The office of the authority that does it.'),
  online: address.describe('Where it begins online.'),
  leika: z
    .strictObject({
      key: z.string().regex(/^\d{14}$/, 'write the 14 digits in quotes'),
      source: z.string().trim().min(1).max(300).describe('Where the key was read; without it there is none.'),
    })
    .optional()
    .describe('Its key in the catalogue of services of the administration (LeiKa).'),
  often: z.boolean().default(false).describe('Whether the start page shows it.'),
});

export type ServiceFile = z.output<typeof serviceFile>;
