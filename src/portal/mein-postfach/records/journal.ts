import { randomUUID } from 'node:crypto';
import type { ConsentKind, JournalEntry, JournalType } from '../letters/letter.ts';
import type { RecordContext, Trx } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

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
      id: randomUUID(),
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
  const entries = async (mailbox: Mailbox, letterId: string | null): Promise<JournalEntry[]> => {
    const rows = await database.query
      .selectFrom('journal')
      .select(['type', 'at', 'consent'])
      .where('mailbox_id', '=', mailbox.id)
      .where('letter_id', letterId === null ? 'is' : '=', letterId)
      .orderBy('at')
      .orderBy('id')
      .execute();
    return rows.map(({ type, at, consent }) => ({ type, at, ...(consent === null ? {} : { consent }) }));
  };
  return {
    ofLetter: (mailbox, letterId) => entries(mailbox, letterId),
    ofConsents: (mailbox) => entries(mailbox, null),
    async purge(before) {
      await database.query.deleteFrom('journal').where('at', '<', before).execute();
    },
  };
};
