import { randomUUID } from 'node:crypto';
import type { Means } from '../../assurance/evidence.ts';
import type { Database } from '../../storage/database.ts';
import { prepareQuery } from '../../storage/prepared-query.ts';
import type { BrowserKind, BrowserSessionRepository } from '../identity/browser-sessions.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

interface SealedSession {
  readonly kind: BrowserKind;
  readonly means: Means;
}

export const createBrowserSessions = <Tables extends CitizenTables>(
  all: Database<Tables>,
  keys: RecordKeys,
): BrowserSessionRepository => {
  const database = all as unknown as Database<CitizenTables>;
  const { query } = database;

  const keyOf = prepareQuery(query, (from, slot: (name: 'account') => never) =>
    from.selectFrom('accounts').select('data_key').where('id', '=', slot('account')),
  );
  const upsert = prepareQuery(
    query,
    (from, slot: (name: 'session_uid' | 'id' | 'account_id' | 'sealed' | 'began_at' | 'login_at') => never) =>
      from
        .insertInto('browser_sessions')
        .values({
          session_uid: slot('session_uid'),
          id: slot('id'),
          account_id: slot('account_id'),
          sealed: slot('sealed'),
          began_at: slot('began_at'),
          login_at: slot('login_at'),
        })
        .onConflict((conflict) =>
          conflict.column('session_uid').doUpdateSet((row) => ({
            account_id: row.ref('excluded.account_id'),
            sealed: row.ref('excluded.sealed'),
            login_at: row.ref('excluded.login_at'),
          })),
        ),
  );

  return {
    async note({ sessionUid, accountId, kind, means, at }) {
      const [account] = await keyOf(query, { account: accountId });
      if (!account) return;
      const sealer = keys.accounts.open(accountId, account.data_key);
      const sealed = sealer.seal(columns.browserSession(sessionUid), { kind, means } satisfies SealedSession);
      const row = { session_uid: sessionUid, id: randomUUID(), account_id: accountId, sealed };
      await upsert(query, { ...row, began_at: at, login_at: at });
    },

    async of(accountId) {
      const [account] = await keyOf(query, { account: accountId });
      if (!account) return [];
      const sealer = keys.accounts.open(accountId, account.data_key);
      const rows = await query
        .selectFrom('browser_sessions')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('login_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        sessionUid: row.session_uid,
        id: row.id,
        beganAt: row.began_at,
        loginAt: row.login_at,
        ...sealer.open<SealedSession>(columns.browserSession(row.session_uid), row.sealed),
      }));
    },

    async forget(sessionUid) {
      await query.deleteFrom('browser_sessions').where('session_uid', '=', sessionUid).execute();
    },

    async purge(before) {
      await query.deleteFrom('browser_sessions').where('login_at', '<', before).execute();
    },
  };
};
