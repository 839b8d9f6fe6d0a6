import type { Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../../storage/database.ts';
import type { OutboxTables } from '../../storage/outbox.ts';
import { prepareQuery } from '../../storage/prepared-query.ts';
import type { AuditEvent } from '../audit/events.ts';
import { appendEvents, type AuditTables } from '../audit/journal.ts';
import { noticeKey, type LogoutNotice } from './logout.ts';

/**
 * Which session was used for which service. A session is an artifact that vanishes when its time is over; this is what
 * remembers whom to tell then. A row holds all that a notice needs, since account and client file may be gone by then.
 * Times are ms since the epoch.
 */
export interface SessionTables {
  session_services: {
    session_uid: string;
    client_id: string;
    account_id: string;
    /** Of the account, when the session was begun. */
    epoch: number;
    /** The finished pairwise subject, and the id by which the service knows the session. */
    sub: string;
    sid: string;
    grant_id: string;
    /** Null for a service that does not want to be told. */
    logout_uri: string | null;
    alg: string;
    /** When the session is to be looked at again: it may have ended by then. */
    look_at: number;
  };
}

export const sessionMigrations: Record<string, Migration> = {
  '0007-session-services': {
    async up(db) {
      // No reference to the account: the rows outlive it until the services have been told.
      await db.schema
        .createTable('session_services')
        .addColumn('session_uid', 'text', (c) => c.notNull())
        .addColumn('client_id', 'text', (c) => c.notNull())
        .addColumn('account_id', 'text', (c) => c.notNull())
        .addColumn('epoch', 'integer', (c) => c.notNull())
        .addColumn('sub', 'text', (c) => c.notNull())
        .addColumn('sid', 'text', (c) => c.notNull())
        .addColumn('grant_id', 'text', (c) => c.notNull())
        .addColumn('logout_uri', 'text')
        .addColumn('alg', 'text', (c) => c.notNull())
        .addColumn('look_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('session_services_key', ['session_uid', 'client_id'])
        .execute();
      await db.schema.createIndex('session_services_look').on('session_services').column('look_at').execute();
      await db.schema.createIndex('session_services_account').on('session_services').column('account_id').execute();
    },
  },
};

export type SessionService = SessionTables['session_services'];
export type EndedBy = Extract<AuditEvent, { readonly type: 'session.ended' }>['by'];
export type DueSession = Pick<SessionService, 'session_uid' | 'account_id' | 'epoch'>;

type Tables = SessionTables & AuditTables & OutboxTables;

/** Puts a notice into the outbox, in the transaction that ends the session. */
export type EnqueueNotice = (trx: Transaction<OutboxTables>, notice: LogoutNotice, key: string) => Promise<unknown>;

export interface SessionRegister {
  /** To be called before the first answer of a session to a service. */
  note(row: SessionService): Promise<void>;
  /** Removes what the provider has told by itself: a whole session, or one service of it. */
  forget(sessionUid: string, clientId?: string): Promise<void>;
  /** Sessions that may have ended by now. */
  due(now: number, limit: number): Promise<DueSession[]>;
  lookAgain(sessionUid: string, at: number): Promise<void>;
  /**
   * Ends a session: its rows go, and a notice for each service goes into the outbox, together or not at all. Of several
   * nodes that try, one gets the rows and the others none.
   */
  end(sessionUid: string, by?: EndedBy): Promise<SessionService[]>;
  /** The same for one service of a session, which goes on. */
  endOne(sessionUid: string, clientId: string): Promise<void>;
  /** The same for all sessions of an account, within the transaction that raises its epoch. */
  endAccount(trx: Transaction<never>, accountId: string, by: EndedBy): Promise<void>;
  /** The same for everything that one service has, in small transactions. */
  endClient(clientId: string): Promise<SessionService[]>;
  /** The same for everything that one service has of one account; the sessions themselves go on. */
  endService(accountId: string, clientId: string): Promise<SessionService[]>;
  ofAccount(accountId: string): Promise<SessionService[]>;
}

/** Rows that go in one transaction when a service goes. */
const slice = 200;

/**
 * @param enqueued called after notices were put into the outbox.
 */
export const createSessionRegister = <All extends Tables>(
  all: Database<All>,
  enqueue: EnqueueNotice,
  enqueued: () => void = () => {},
): SessionRegister => {
  const database = all as unknown as Database<Tables>;

  const insert = prepareQuery(database.query, (from, slot: (name: keyof SessionService) => never) =>
    from
      .insertInto('session_services')
      .values({
        session_uid: slot('session_uid'),
        client_id: slot('client_id'),
        account_id: slot('account_id'),
        epoch: slot('epoch'),
        sub: slot('sub'),
        sid: slot('sid'),
        grant_id: slot('grant_id'),
        logout_uri: slot('logout_uri'),
        alg: slot('alg'),
        look_at: slot('look_at'),
      })
      .onConflict((conflict) =>
        conflict.columns(['session_uid', 'client_id']).doUpdateSet((row) => ({
          sub: row.ref('excluded.sub'),
          sid: row.ref('excluded.sid'),
          grant_id: row.ref('excluded.grant_id'),
          logout_uri: row.ref('excluded.logout_uri'),
          alg: row.ref('excluded.alg'),
          look_at: row.ref('excluded.look_at'),
        })),
      ),
  );

  /** @param suffix tells the notices of one session to one service apart where there can be several. */
  const tell = async (
    trx: Transaction<Tables>,
    rows: readonly SessionService[],
    suffix: (row: SessionService) => string = () => '',
  ): Promise<void> => {
    for (const row of rows) {
      const { client_id: clientId, logout_uri: uri, sub, sid, alg } = row;
      if (uri === null) continue;
      const notice = { clientId, uri, sub, sid, alg };
      await enqueue(trx, notice, `${noticeKey(clientId, sid)}${suffix(row)}`);
    }
  };

  /** One service loses what it has of a session, or of all of an account; sessions go on. */
  const endAtService = async (
    whose: 'session_uid' | 'account_id',
    value: string,
    clientId: string,
  ): Promise<SessionService[]> => {
    const rows = await database.transaction(async (trx) => {
      const gone = await trx
        .deleteFrom('session_services')
        .where(whose, '=', value)
        .where('client_id', '=', clientId)
        .returningAll()
        .execute();
      await tell(trx, gone, (row) => `:${row.grant_id}`);
      return gone;
    });
    if (rows.length > 0) enqueued();
    return rows;
  };

  return {
    async note(row) {
      await insert(database.query, row);
    },
    async forget(sessionUid, clientId) {
      const rows = database.query.deleteFrom('session_services').where('session_uid', '=', sessionUid);
      await (clientId === undefined ? rows : rows.where('client_id', '=', clientId)).execute();
    },
    due: (now, limit) =>
      database.query
        .selectFrom('session_services')
        .select(['session_uid', 'account_id', 'epoch'])
        .where('look_at', '<=', now)
        .groupBy(['session_uid', 'account_id', 'epoch'])
        .limit(limit)
        .execute(),
    async lookAgain(sessionUid, at) {
      await database.query
        .updateTable('session_services')
        .set({ look_at: at })
        .where('session_uid', '=', sessionUid)
        .where('look_at', '<', at)
        .execute();
    },
    async end(sessionUid, by) {
      const rows = await database.transaction(async (trx) => {
        const gone = await trx
          .deleteFrom('session_services')
          .where('session_uid', '=', sessionUid)
          .returningAll()
          .execute();
        await tell(trx, gone);
        const [first] = gone;
        if (by && first) await appendEvents(trx, [{ type: 'session.ended', by, accountId: first.account_id }]);
        return gone;
      });
      if (rows.length > 0) enqueued();
      return rows;
    },
    async endOne(sessionUid, clientId) {
      await endAtService('session_uid', sessionUid, clientId);
    },
    async endAccount(caller, accountId, by) {
      const trx = caller as unknown as Transaction<Tables>;
      const gone = await trx
        .deleteFrom('session_services')
        .where('account_id', '=', accountId)
        .returningAll()
        .execute();
      await tell(trx, gone);
      const sessions = new Set(gone.map((row) => row.session_uid));
      await appendEvents(
        trx,
        [...sessions].map(() => ({ type: 'session.ended', by, accountId })),
      );
    },
    async endClient(clientId) {
      const ended: SessionService[] = [];
      for (;;) {
        const rows = await database.transaction(async (trx) => {
          const some = trx
            .selectFrom('session_services')
            .select('session_uid')
            .where('client_id', '=', clientId)
            .limit(slice);
          const gone = await trx
            .deleteFrom('session_services')
            .where('client_id', '=', clientId)
            .where('session_uid', 'in', some)
            .returningAll()
            .execute();
          // The session goes on: when the service is back, its end is told once more under the plain key.
          await tell(trx, gone, (row) => `:${row.grant_id}`);
          return gone;
        });
        ended.push(...rows);
        if (rows.length > 0) enqueued();
        if (rows.length < slice) return ended;
      }
    },
    endService: (accountId, clientId) => endAtService('account_id', accountId, clientId),
    ofAccount: (accountId) =>
      database.query.selectFrom('session_services').selectAll().where('account_id', '=', accountId).execute(),
  };
};
