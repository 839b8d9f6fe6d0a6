import { z } from 'zod';
import { isPlain } from '../../module-api/plain-text.ts';
import { maximumLengths as longest } from '../letters/letter.ts';
import { levelOfLetter } from '../letters/reading.ts';
import { Problem } from './problems.ts';

const line = (length: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(length)
    .refine((text) => isPlain(text), 'must be one line')
    .refine((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text), 'must have something to see');

/** In small letters, as in the addresses of its statuses: RFC 9562 has both. */
const applicationId = z.uuid().transform((text) => text.toLowerCase());

/** Names of senders' own, in addresses: message, status and application ids. */
export const isId = (text: string): boolean => /^[A-Za-z0-9._~:-]{1,200}$/.test(text);

const attachment = z.strictObject({
  name: z.string().min(1).max(longest.fileName),
  type: z.string().min(1).max(200),
  length: z.int().min(1),
  sha512: z
    .string()
    .regex(/^[0-9a-f]{128}$/i, 'must be 128 hexadecimal digits')
    .transform((text) => text.toLowerCase()),
});

/** The first part of a delivery. Keys that are not known are refused, so that nothing that was meant is passed over. */
const letterMembers = z.strictObject({
  recipient: z.string().min(1).max(512),
  service: line(longest.service),
  subject: line(longest.subject),
  content: z.strictObject({ type: z.enum(['text', 'html']), body: z.string().min(1).max(longest.content) }),
  level: z.unknown().optional(),
  reference: line(longest.reference).optional(),
  application_id: applicationId.optional(),
  reply: z
    .strictObject({
      allowed: z.boolean(),
      until: z.iso
        .datetime({ offset: true })
        .transform((text) => Date.parse(text))
        .optional(),
    })
    .default({ allowed: false }),
  attachments: z.array(attachment).default([]),
});

/** Missing or unknown is the highest level, never an error: an old program must not lower it by a new word. */
const withLevel = <Part extends { readonly level?: unknown }>({ level, ...part }: Part) => ({
  ...part,
  level: levelOfLetter(typeof level === 'number' ? String(level) : level),
});

const letterPart = letterMembers.transform(withLevel);

export type LetterPart = z.output<typeof letterPart>;

const statusMembers = z.strictObject({
  recipient: z.string().min(1).max(512),
  level: z.unknown().optional(),
  status: z.enum(['INITIATED', 'SUBMITTED', 'RECEIVED', 'PROCESSING', 'ACTION_REQUIRED', 'COMPLETED']),
  publicServiceName: line(longest.service),
  senderName: line(longest.service),
  createdDate: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  statusDetails: line(longest.statusDetails).optional(),
  additionalInformation: line(longest.additionalInformation).optional(),
  reference: line(longest.reference).optional(),
});

const status = statusMembers.transform(withLevel);

export type StatusPart = z.output<typeof status>;

const parse = <Schema extends z.ZodType>(raw: Buffer, schema: Schema): z.output<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    throw new Problem('envelope_invalid', { detail: 'this is no JSON in UTF-8' });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  const where = first?.path.map(String).join('.') ?? '';
  throw new Problem('schema_invalid', {
    detail: `${where === '' ? '' : `${where}: `}${first?.message ?? 'not as described'}`,
  });
};

/** @throws Problem `envelope_invalid` or `schema_invalid` */
export const parseLetter = (raw: Buffer): LetterPart => parse(raw, letterPart);

/** @throws Problem `envelope_invalid` or `schema_invalid` */
export const parseStatus = (raw: Buffer): StatusPart => parse(raw, status);
