import { randomUUID } from 'node:crypto';
import type { ConsentKind } from '../letters/letter.ts';
import type { RecordContext, Trx } from './context.ts';
import { appendJournal } from './journal.ts';
import type { Mailbox } from './mailboxes.ts';

export interface Consent {
  readonly kind: ConsentKind;
  /** Which wording was agreed to. */
  readonly wording: string;
  /** ms since the epoch. */
  readonly givenAt: number;
  readonly withdrawnAt?: number;
}

/** Consents to electronic service: separate from each other and from everything else, revocable at any time. */
export interface ConsentRecords {
  /** Those in force, and those that were withdrawn; the newest first. */
  all(mailbox: Mailbox): Promise<Consent[]>;
  /** @returns false when one is in force already, and then nothing has changed. */
  give(mailbox: Mailbox, kind: ConsentKind, wording: string): Promise<boolean>;
  /** For letters that come from now on. @returns false when none was in force. */
  withdraw(mailbox: Mailbox, kind: ConsentKind): Promise<boolean>;
}

/** Whether a consent was in force at a moment, in ms since the epoch. */
export const consentedAt = async (trx: Trx, mailboxId: string, kind: ConsentKind, at: number): Promise<boolean> => {
  const row = await trx
    .selectFrom('consents')
    .select('id')
    .where('mailbox_id', '=', mailboxId)
    .where('kind', '=', kind)
    .where('given_at', '<=', at)
    .where((where) => where.or([where('withdrawn_at', 'is', null), where('withdrawn_at', '>', at)]))
    .executeTakeFirst();
  return row !== undefined;
};

export const createConsents = ({ database }: RecordContext): ConsentRecords => ({
  async all(mailbox) {
    const rows = await database.query
      .selectFrom('consents')
      .select(['kind', 'wording', 'given_at', 'withdrawn_at'])
      .where('mailbox_id', '=', mailbox.id)
      .orderBy('given_at', 'desc')
      .execute();
    return rows.map((row) => ({
      kind: row.kind,
      wording: row.wording,
      givenAt: row.given_at,
      ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
    }));
  },
  give: (mailbox, kind, wording) =>
    database.transaction(async (trx) => {
      const at = Date.now();
      const given = await trx
        .insertInto('consents')
        .values({ id: randomUUID(), mailbox_id: mailbox.id, kind, wording, given_at: at, withdrawn_at: null })
        .onConflict((conflict) =>
          conflict.columns(['mailbox_id', 'kind']).where('withdrawn_at', 'is', null).doNothing(),
        )
        .returning('id')
        .executeTakeFirst();
      if (!given) return false;
      await appendJournal(trx, { mailboxId: mailbox.id, type: 'consent_given', consent: kind, at });
      return true;
    }),
  withdraw: (mailbox, kind) =>
    database.transaction(async (trx) => {
      const at = Date.now();
      const withdrawn = await trx
        .updateTable('consents')
        .set({ withdrawn_at: at })
        .where('mailbox_id', '=', mailbox.id)
        .where('kind', '=', kind)
        .where('withdrawn_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (!withdrawn) return false;
      await appendJournal(trx, { mailboxId: mailbox.id, type: 'consent_withdrawn', consent: kind, at });
      return true;
    }),
});
