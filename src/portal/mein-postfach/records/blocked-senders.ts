import type { LetterSender } from '../letters/letter.ts';
import type { RecordContext, Trx } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

/** Somebody from whom the mailbox has letters, or had. */
export interface KnownSender {
  readonly sender: LetterSender;
  /** ms since the epoch; absent while it may write. */
  readonly blockedAt?: number;
}

/** Senders that the citizen wants no letters from. What they deliver is refused like letters to a mailbox that is not there. */
export interface BlockedSenders {
  /** By name (German). */
  all(mailbox: Mailbox): Promise<KnownSender[]>;
  /** @returns false when no letter of this sender ever came, and then nothing has changed. */
  block(mailbox: Mailbox, senderId: string): Promise<boolean>;
  unblock(mailbox: Mailbox, senderId: string): Promise<void>;
  isBlocked(mailbox: Mailbox, senderId: string): Promise<boolean>;
}

/** Whether a mailbox refuses a sender, by the hash of the sender in it. */
export const isBlocked = async (
  trx: Pick<Trx, 'selectFrom'>,
  mailboxId: string,
  senderHash: string,
): Promise<boolean> => {
  const row = await trx
    .selectFrom('mailbox_senders')
    .select('blocked_at')
    .where('mailbox_id', '=', mailboxId)
    .where('sender_hash', '=', senderHash)
    .executeTakeFirst();
  return row !== undefined && row.blocked_at !== null;
};

export const createBlockedSenders = ({ database, hashes }: RecordContext): BlockedSenders => {
  const set = async ({ id }: Mailbox, senderId: string, blockedAt: number | null): Promise<boolean> => {
    const { numUpdatedRows } = await database.query
      .updateTable('mailbox_senders')
      .set({ blocked_at: blockedAt })
      .where('mailbox_id', '=', id)
      .where('sender_hash', '=', hashes.sender(id, senderId))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };
  return {
    async all({ id, sealer }) {
      const rows = await database.query
        .selectFrom('mailbox_senders')
        .select(['sender_hash', 'sealed', 'blocked_at'])
        .where('mailbox_id', '=', id)
        .execute();
      return rows
        .map(({ sender_hash: hash, sealed, blocked_at: blockedAt }) => ({
          sender: sealer.open<LetterSender>('mailbox_senders', 'sealed', hash, sealed),
          ...(blockedAt === null ? {} : { blockedAt }),
        }))
        .sort((a, b) => a.sender.name.de.localeCompare(b.sender.name.de, 'de'));
    },
    block: (mailbox, senderId) => set(mailbox, senderId, Date.now()),
    async unblock(mailbox, senderId) {
      await set(mailbox, senderId, null);
    },
    isBlocked: ({ id }, senderId) => isBlocked(database.query, id, hashes.sender(id, senderId)),
  };
};
