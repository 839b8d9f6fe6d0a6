import type { Migration } from 'kysely/migration';
import { idMigrations } from '../id/persistence.ts';
import { bezahlMigrations } from '../portal/bezahlsystem/records/migrations.ts';
import { fuehrungszeugnisMigrations } from '../portal/fuehrungszeugnis/records/migrations.ts';
import { postfachMigrations } from '../portal/mein-postfach/records/migrations.ts';

/** The parts that keep what must last, with the steps that make their tables. The others have sessions only. */
export const recordParts: Readonly<Record<string, Readonly<Record<string, Migration>>>> = {
  id: idMigrations,
  'mein-postfach': postfachMigrations,
  bezahlsystem: bezahlMigrations,
  fuehrungszeugnis: fuehrungszeugnisMigrations,
};

/** Attachments belong to this part; they lie in a folder of this name unless they are in a bucket. */
export const attachmentsPart = 'mein-postfach';
export const attachmentsFolder = 'mein-postfach-attachments';
