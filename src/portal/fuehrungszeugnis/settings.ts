import { z } from 'zod';
import { originSetting, relyingPartySettings } from '../relying-party/settings.ts';

const days = (value: number, what: string) => z.int().min(1).max(36_500).default(value).describe(what);

/** Führungszeugnis: the application for a certificate of good conduct. */
export const fuehrungszeugnisSettings = z.strictObject({
  ...relyingPartySettings({ port: 3004 }),
  portal_origin: originSetting
    .default('http://localhost:3001')
    .describe('Origin of Bayern-Portal, for the way back to all services.'),
  mein_postfach_origin: originSetting
    .optional()
    .describe('Origin of Mein Postfach, which gets confirmations and answers. Without it there are no letters.'),
  bezahlsystem: z
    .strictObject({
      origin: originSetting.default('http://localhost:3003').describe('Origin of the Bezahlsystem.'),
      originator_id: z
        .string()
        .regex(/^[\w-]{1,36}$/)
        .default('fuehrungszeugnis'),
      end_point_id: z
        .string()
        .regex(/^[\w-]{1,36}$/)
        .default('bfj'),
    })
    .prefault({})
    .describe('Who takes the fee, and how it knows us.'),
  documents: z
    .strictObject({
      files: z.int().min(1).max(20).default(5).describe('Files of one application.'),
      bytes: z.int().min(100_000).max(20_000_000).default(5_000_000).describe('Bytes of one file.'),
    })
    .prefault({})
    .describe('What applicants may upload.'),
  retention: z
    .strictObject({
      drafts: days(90, 'Days without a change after which what was not sent is deleted.'),
      answered: days(365, 'Days after the answer that an application is kept.'),
    })
    .prefault({})
    .describe('How long things are kept.'),
});

export type FuehrungszeugnisSettings = z.output<typeof fuehrungszeugnisSettings>;
