import { randomUUID } from 'node:crypto';
import type { ConsentKind, JournalEntry, JournalType } from '../letters/letter.ts';
import type { RecordContext, Trx } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

/** What this process has written down so far. */
let written = 0;

/** Behind the ids of all that it wrote down before: of two entries of one millisecond the later one is read later. */
const nextId = (): string => {
  written = (written + 1) % 1_000_000_000;
  return `${String(written).padStart(9, '0')}-${randomUUID()}`;
};

/** Writes down what happened, in the transaction in which it does. `at` in ms since the epoch. */
export const appendJournal = async (
  trx: Trx,
  entry: {
    readonly mailboxId: string;
    readonly letterId?: string;
    readonly type: JournalType;
    readonly consent?: ConsentKind;
    readonly at: number;
  },
): Promise<void> => {
  await trx
    .insertInto('journal')
    .values({
      id: nextId(),
      mailbox_id: entry.mailboxId,
      letter_id: entry.letterId ?? null,
      type: entry.type,
      consent: entry.consent ?? null,
      at: entry.at,
    })
    .execute();
};

export interface Journal {
  /** What happened with a letter of this mailbox, oldest first. */
  ofLetter(mailbox: Mailbox, letterId: string): Promise<JournalEntry[]>;
  /** Consents that were given and withdrawn, oldest first. */
  ofConsents(mailbox: Mailbox): Promise<JournalEntry[]>;
  /** Removes what is older than `before` (ms since the epoch). */
  purge(before: number): Promise<void>;
}

export const createJournal = ({ database }: RecordContext): Journal => {
  const rows = database.query.selectFrom('journal').select(['type', 'at', 'consent']).orderBy('at').orderBy('id');
  const entries = (found: readonly { type: JournalType; at: number; consent: ConsentKind | null }[]): JournalEntry[] =>
    found.map(({ type, at, consent }) => ({ type, at, ...(consent === null ? {} : { consent }) }));
  return {
    async ofLetter(mailbox, letterId) {
      // Whose the letter is says its own row: what was written down before it moved here has the mailbox of that time.
      const ownLetter = database.query.selectFrom('letters').select('id').where('mailbox_id', '=', mailbox.id);
      return entries(
        await rows
          .where('letter_id', '=', letterId)
          .where('letter_id', 'in', ownLetter.where('id', '=', letterId))
          .execute(),
      );
    },
    async ofConsents(mailbox) {
      return entries(await rows.where('mailbox_id', '=', mailbox.id).where('consent', 'is not', null).execute());
    },
    async purge(before) {
      await database.query.deleteFrom('journal').where('at', '<', before).execute();
    },
  };
};
