import { z } from 'zod';
import { brandingFile } from './branding.ts';
import { citizenText, inBothLanguages } from './citizen-text.ts';

const text = citizenText();

const countyKey = z.string().regex(/^09\d{3}$/, "write the official key of five digits in quotes, such as '09187'");

/**
 * What an authority's file (config/authorities) says for citizens to read, whichever part shows it. What it grants to
 * clients is Bayern-ID's alone.
 */
export const publicAuthorityFields = {
  area: z
    .union([
      z.literal('bayern'),
      z.strictObject({ county: countyKey }),
      z.strictObject({ municipality: text, county: countyKey }),
    ])
    .optional()
    .describe(
      'Whose authority it is: bayern, a county or independent city by its official key, or a municipality by its name and the key of its county.',
    ),
  office: z
    .strictObject({
      address: z.array(text).min(1).max(4).describe('Lines of the postal address.'),
      hours: inBothLanguages.optional().describe('When it is open.'),
    })
    .optional()
    .describe('Where citizens find it.'),
  branding: brandingFile.optional().describe('How it looks: shown with its services and on the login pages.'),
} as const;

export type Area = NonNullable<z.output<(typeof publicAuthorityFields)['area']>>;
