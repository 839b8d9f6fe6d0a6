import { randomBytes } from 'node:crypto';
import { isUniqueViolation } from '../../../storage/unique-violation.ts';
import type { Level } from '../../../assurance/levels.ts';
import { contentText } from '../letters/content.ts';
import { deemedDelivery, type DeliveryRule } from '../letters/deemed-delivery.ts';
import type { DeemedDelivery, LetterContent, LetterSender, ReplyRule } from '../letters/letter.ts';
import { searchTerms } from '../letters/search-terms.ts';
import { refusalOf } from './acceptance.ts';
import { addAttachments, type StoredAttachment } from './attachments.ts';
import { consentedAt } from './consents.ts';
import type { RecordContext, Trx } from './context.ts';
import { appendJournal } from './journal.ts';
import type { Mailbox } from './mailboxes.ts';
import { openMailboxSealer } from './sealing.ts';
import { addSearchEntry } from './search-entries.ts';
import { openSummary, type SealedSummary } from './summaries.ts';

/** What a sender gets for a letter, and gets again for the same one. */
export interface Receipt {
  /** The members of the receipt, as they were signed. */
  readonly content: Readonly<Record<string, unknown>>;
  /** The same as a compact JWS. */
  readonly jws: string;
}

/** A letter that was checked, whose attachments are in the store already. */
export interface Delivery {
  readonly letterId: string;
  readonly sender: LetterSender;
  readonly messageId: string;
  readonly level: Level;
  readonly service: string;
  readonly subject: string;
  readonly content: LetterContent;
  readonly reference?: string;
  readonly applicationId?: string;
  readonly reply: ReplyRule;
  readonly attachments: readonly StoredAttachment[];
  readonly deemedDelivery: DeliveryRule;
  /** ms since the epoch; stands in the receipt. */
  readonly providedAt: number;
  /** Of the letter's part as it came, hexadecimal. */
  readonly sha512: string;
  readonly receipt: Receipt;
  /** Puts the notice to the citizen into the outbox; absent when there is none to send. */
  readonly notify?: (trx: Trx) => Promise<void>;
}

/** Where a letter is, for its sender. Times are ms since the epoch. */
export interface LetterState {
  readonly providedAt: number;
  readonly noticeAt?: number;
  readonly openedAt?: number;
  readonly repliedAt?: number;
  readonly deletedByCitizen: boolean;
  /** Absent once the letter is gone. */
  readonly deemedDelivery?: DeemedDelivery;
}

export interface DeliveryRecords {
  /** A delivery of the same sender with this id: whether it was the same letter, and its receipt. */
  earlier(
    senderId: string,
    messageId: string,
    sha512: string,
  ): Promise<{ readonly same: false } | { readonly same: true; readonly receipt: Receipt } | undefined>;
  /**
   * Writes letter, attachments, search entry, journal and notice in one transaction. `taken`: the id was given meanwhile; `gone`,
   * `moved`: acceptance.ts. In all these cases nothing was written.
   */
  provide(mailbox: Mailbox, delivery: Delivery): Promise<'provided' | 'taken' | 'gone' | 'moved'>;
  state(senderId: string, messageId: string): Promise<LetterState | undefined>;
  /** The mail server has taken the notice. Once; a second mail of the same letter changes nothing. */
  noticeDispatched(letterId: string, at: number): Promise<void>;
}

/** Ids in the order of time make the index of lists dense. Nobody guesses the rest: 96 random bits. */
export const newLetterId = (now: number): string =>
  Buffer.concat([Buffer.from(now.toString(16).padStart(12, '0'), 'hex'), randomBytes(12)]).toString('base64url');

export const createDeliveries = (context: RecordContext): DeliveryRecords => {
  const { database, hashes, wrapping } = context;

  const insertLetter = async (trx: Trx, mailbox: Mailbox, delivery: Delivery): Promise<void> => {
    const { letterId: id, sender, messageId, service, subject, reference, applicationId, reply } = delivery;
    const { sealer } = mailbox;
    const summary: SealedSummary = {
      sender,
      messageId,
      service,
      subject,
      ...(reference === undefined ? {} : { reference }),
      ...(applicationId === undefined ? {} : { applicationId }),
      deemedDelivery: delivery.deemedDelivery,
      consented: await consentedAt(trx, mailbox.id, 'bekanntgabe', delivery.providedAt),
    };
    const senderHash = hashes.sender(mailbox.id, sender.id);
    await trx
      .insertInto('letters')
      .values({
        id,
        mailbox_id: mailbox.id,
        message_hash: hashes.message(sender.id, messageId),
        sender_hash: senderHash,
        application_hash:
          applicationId === undefined ? null : hashes.application(mailbox.id, sender.authority, applicationId),
        level: delivery.level,
        folder: 'inbox',
        trashed_from: null,
        unread: 1,
        flagged: 0,
        provided_at: delivery.providedAt,
        notice_at: null,
        opened_at: null,
        replied_at: null,
        trashed_at: null,
        removed_at: null,
        reply_allowed: reply.allowed ? 1 : 0,
        reply_until: reply.until ?? null,
        attachments: delivery.attachments.length,
        content_hash: hashes.content(delivery.sha512),
        summary: sealer.seal('letters', 'summary', id, summary),
        content: sealer.seal('letters', 'content', id, delivery.content),
        receipt: sealer.seal('letters', 'receipt', id, delivery.receipt),
      })
      .execute();
    const sealed = sealer.seal('mailbox_senders', 'sealed', senderHash, sender);
    await trx
      .insertInto('mailbox_senders')
      .values({ mailbox_id: mailbox.id, sender_hash: senderHash, sealed, blocked_at: null })
      .onConflict((conflict) => conflict.columns(['mailbox_id', 'sender_hash']).doUpdateSet({ sealed }))
      .execute();
  };

  return {
    async earlier(senderId, messageId, sha512) {
      const row = await database.query
        .selectFrom('letters as l')
        .innerJoin('mailboxes as m', 'm.id', 'l.mailbox_id')
        .select(['l.id', 'l.mailbox_id', 'l.content_hash', 'l.receipt', 'm.data_key'])
        .where('l.message_hash', '=', hashes.message(senderId, messageId))
        .executeTakeFirst();
      if (!row || row.data_key === null) return undefined;
      if (row.content_hash !== hashes.content(sha512)) return { same: false };
      const sealer = openMailboxSealer(row.mailbox_id, row.data_key, wrapping);
      const receipt = sealer.open<Receipt>('letters', 'receipt', row.id, row.receipt);
      return { same: true, receipt };
    },

    async provide(mailbox, delivery) {
      try {
        return await database.transaction(async (trx) => {
          const refusal = await refusalOf(trx, mailbox.id, hashes.sender(mailbox.id, delivery.sender.id));
          if (refusal !== undefined) return refusal;
          const { letterId, providedAt: at, sender, service, subject, content, reference } = delivery;
          await insertLetter(trx, mailbox, delivery);
          await addAttachments(trx, mailbox, letterId, delivery.attachments);
          const files = delivery.attachments.map(({ name }) => name);
          await addSearchEntry(trx, mailbox, letterId, {
            level: delivery.level,
            providedAt: at,
            sender: searchTerms(sender.name.de, sender.name.en),
            text: searchTerms(service, subject, reference ?? '', contentText(content), ...files),
          });
          await appendJournal(trx, { mailboxId: mailbox.id, letterId, type: 'provided', at });
          if (delivery.notify) {
            await delivery.notify(trx);
            await appendJournal(trx, { mailboxId: mailbox.id, letterId, type: 'notice_enqueued', at });
          }
          return 'provided';
        });
      } catch (error) {
        if (isUniqueViolation(error, 'letters')) return 'taken';
        throw error;
      }
    },

    async state(senderId, messageId) {
      const found = await database.query
        .selectFrom('letters as l')
        .innerJoin('mailboxes as m', 'm.id', 'l.mailbox_id')
        .selectAll('l')
        .select('m.data_key')
        .where('l.message_hash', '=', hashes.message(senderId, messageId))
        .executeTakeFirst();
      if (!found || found.data_key === null) return undefined;
      const { data_key: dataKey, ...row } = found;
      const mailbox = {
        id: row.mailbox_id,
        sealer: openMailboxSealer(row.mailbox_id, dataKey, wrapping),
        notices: true,
      };
      const summary = row.summary === null ? undefined : openSummary(mailbox, row.id, row.summary);
      return {
        providedAt: row.provided_at,
        ...(row.notice_at === null ? {} : { noticeAt: row.notice_at }),
        ...(row.opened_at === null ? {} : { openedAt: row.opened_at }),
        ...(row.replied_at === null ? {} : { repliedAt: row.replied_at }),
        deletedByCitizen: row.folder === 'removed',
        ...(summary === undefined
          ? {}
          : {
              deemedDelivery: deemedDelivery(summary.deemedDelivery, {
                providedAt: row.provided_at,
                noticeAt: row.notice_at ?? undefined,
                openedAt: row.opened_at ?? undefined,
                consented: summary.consented,
              }),
            }),
      };
    },

    noticeDispatched: (letterId, at) =>
      database.transaction(async (trx) => {
        const row = await trx
          .updateTable('letters')
          .set({ notice_at: at })
          .where('id', '=', letterId)
          .where('notice_at', 'is', null)
          .returning('mailbox_id')
          .executeTakeFirst();
        if (row) await appendJournal(trx, { mailboxId: row.mailbox_id, letterId, type: 'notice_dispatched', at });
      }),
  };
};
