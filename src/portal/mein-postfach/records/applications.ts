import { randomUUID } from 'node:crypto';
import type { Level } from '../../../assurance/levels.ts';
import type { ApplicationStatus, LetterSender, ShownStatus } from '../letters/letter.ts';
import { mayRead } from '../letters/reading.ts';
import { refusalOf } from './acceptance.ts';
import type { RecordContext } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

/** One of "Meine Vorgänge": what a citizen has applied for at an authority. */
export interface Application {
  readonly id: string;
  /** The authority's own name of it. */
  readonly applicationId: string;
  readonly sender: LetterSender;
  readonly latest: ShownStatus;
}

export interface ApplicationRecords {
  /** What changed last comes first. */
  list(mailbox: Mailbox, present: Level, limit: number): Promise<Application[]>;
  /** An application with every status, the oldest first. Its letters: `letters.list` with `application`. */
  find(
    mailbox: Mailbox,
    present: Level,
    id: string,
  ): Promise<(Application & { readonly statuses: readonly ShownStatus[] }) | undefined>;
  /** Id of an application that has statuses, for a letter that names one. */
  idOf(mailbox: Mailbox, authority: string, applicationId: string): Promise<string | undefined>;
  /**
   * Writes a status, once for its id. `gone`, `moved`: acceptance.ts; nothing was written then.
   *
   * @param sha512 of the request: whether a repeated one is the same.
   */
  addStatus(
    mailbox: Mailbox,
    of: { readonly sender: LetterSender; readonly applicationId: string; readonly statusId: string },
    status: Omit<ApplicationStatus, 'receivedAt'>,
    sha512: string,
  ): Promise<{ readonly outcome: 'stored' | 'repeated' | 'conflict' | 'gone' | 'moved'; readonly receivedAt: number }>;
}

/** What is sealed in `applications.sealed`. */
export interface SealedApplication {
  readonly applicationId: string;
  readonly sender: LetterSender;
  readonly latest: ApplicationStatus;
}

const shown = (status: ApplicationStatus, present: Level): ShownStatus => {
  const { level, createdAt, receivedAt } = status;
  return mayRead(level, present) ? { locked: false, ...status } : { locked: true, level, createdAt, receivedAt };
};

export const createApplications = ({ database, hashes }: RecordContext): ApplicationRecords => {
  interface Row {
    readonly id: string;
    readonly sealed: Uint8Array;
  }
  const openSealed = ({ sealer }: Mailbox, row: Row): SealedApplication =>
    sealer.open<SealedApplication>('applications', 'sealed', row.id, row.sealed);
  const open = (mailbox: Mailbox, present: Level, row: Row): Application => {
    const { latest, ...rest } = openSealed(mailbox, row);
    return { id: row.id, ...rest, latest: shown(latest, present) };
  };

  return {
    async list(mailbox, present, limit) {
      const rows = await database.query
        .selectFrom('applications')
        .select(['id', 'sealed'])
        .where('mailbox_id', '=', mailbox.id)
        .orderBy('updated_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => open(mailbox, present, row));
    },

    async find(mailbox, present, id) {
      const row = await database.query
        .selectFrom('applications')
        .select(['id', 'sealed'])
        .where('id', '=', id)
        .where('mailbox_id', '=', mailbox.id)
        .executeTakeFirst();
      if (!row) return undefined;
      const statuses = await database.query
        .selectFrom('application_statuses')
        .select(['id', 'sealed'])
        .where('application', '=', id)
        .orderBy('created_at')
        .orderBy('received_at')
        .execute();
      return {
        ...open(mailbox, present, row),
        statuses: statuses.map((status) =>
          shown(
            mailbox.sealer.open<ApplicationStatus>('application_statuses', 'sealed', status.id, status.sealed),
            present,
          ),
        ),
      };
    },

    async idOf(mailbox, authority, applicationId) {
      const row = await database.query
        .selectFrom('applications')
        .select('id')
        .where('application_hash', '=', hashes.application(mailbox.id, authority, applicationId))
        .executeTakeFirst();
      return row?.id;
    },

    addStatus: (mailbox, { sender, applicationId, statusId }, given, sha512) =>
      database.transaction(async (trx) => {
        const receivedAt = Date.now();
        const status: ApplicationStatus = { ...given, receivedAt };
        const statusHash = hashes.status(sender.id, applicationId, statusId);
        const contentHash = hashes.content(sha512);
        const earlier = await trx
          .selectFrom('application_statuses')
          .select(['content_hash', 'received_at'])
          .where('status_hash', '=', statusHash)
          .executeTakeFirst();
        if (earlier)
          return {
            outcome: earlier.content_hash === contentHash ? 'repeated' : 'conflict',
            receivedAt: earlier.received_at,
          };
        const refusal = await refusalOf(trx, mailbox.id, hashes.sender(mailbox.id, sender.id));
        if (refusal !== undefined) return { outcome: refusal, receivedAt };
        const applicationHash = hashes.application(mailbox.id, sender.authority, applicationId);
        const known = await trx
          .selectFrom('applications')
          .select(['id', 'sealed'])
          .where('application_hash', '=', applicationHash)
          .executeTakeFirst();
        const id = known?.id ?? randomUUID();
        const before = known && openSealed(mailbox, known);
        // Statuses may come in another order than they were made.
        const latest = before && before.latest.createdAt > status.createdAt ? before.latest : status;
        const sealed = mailbox.sealer.seal('applications', 'sealed', id, { applicationId, sender, latest });
        await trx
          .insertInto('applications')
          .values({ id, mailbox_id: mailbox.id, application_hash: applicationHash, sealed, updated_at: receivedAt })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ sealed, updated_at: receivedAt }))
          .execute();
        const statusRow = randomUUID();
        await trx
          .insertInto('application_statuses')
          .values({
            id: statusRow,
            application: id,
            mailbox_id: mailbox.id,
            status_hash: statusHash,
            content_hash: contentHash,
            sealed: mailbox.sealer.seal('application_statuses', 'sealed', statusRow, status),
            created_at: status.createdAt,
            received_at: receivedAt,
          })
          .execute();
        return { outcome: 'stored', receivedAt };
      }),
  };
};
