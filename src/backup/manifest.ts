import { z } from 'zod';

/** A file of a backup, as it lies there: of what is packed, the packed bytes. */
const file = {
  file: z.string().regex(/^[\w-]+(?:\/[\w-]+)?\.jsonl\.gz$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

const table = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int().min(0),
  ...file,
});
export type SavedTable = z.output<typeof table>;

/** One part, all of its tables as they were at one moment, parents before children. */
export const savedPart = z.strictObject({
  part: z.string(),
  takenAt: z.iso.datetime(),
  /** Names of the steps that had made its tables. */
  migrations: z.array(z.string()),
  tables: z.array(table),
});
export type SavedPart = z.output<typeof savedPart>;

const attachments = z.strictObject({ count: z.int().min(0), ...file });

export const manifestSchema = z.strictObject({
  format: z.literal('bayern-id-backup'),
  version: z.literal(1),
  id: z.uuid(),
  finishedAt: z.iso.datetime(),
  parts: z.array(savedPart),
  /** The list of all attachments; null when there is no folder of them (a bucket has its own backup). */
  attachments: attachments.nullable(),
});
export type Manifest = z.output<typeof manifestSchema>;

export const manifestFile = 'manifest.json';
