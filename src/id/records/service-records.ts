import type { Database } from '../../storage/database.ts';
import { prepareQuery } from '../../storage/prepared-query.ts';
import type { AuditTables } from '../audit/journal.ts';
import type { Consent } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { sealerOf } from './account-keys.ts';
import { columns } from './columns.ts';
import { leaveHandle, revokedEvents } from './postfach-handles.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';
import type { EventWriter } from './write-events.ts';

export const createServiceRecords = (
  database: Database<CitizenTables & AuditTables>,
  keys: RecordKeys,
  writer: EventWriter,
): ServiceRepository => {
  const { query } = database;
  const insertGrant = prepareQuery(
    query,
    (from, slot: (name: 'grant_id' | 'account_id' | 'client_id' | 'ends_at') => never) =>
      from
        .insertInto('service_grants')
        .values({
          grant_id: slot('grant_id'),
          account_id: slot('account_id'),
          client_id: slot('client_id'),
          ends_at: slot('ends_at'),
        })
        .onConflict((conflict) =>
          conflict.column('grant_id').doUpdateSet((row) => ({ ends_at: row.ref('excluded.ends_at') })),
        ),
  );

  return {
    async consentsOf(accountId) {
      const sealer = await sealerOf(query, accountId, keys.accounts);
      if (!sealer) return [];
      const rows = await query
        .selectFrom('consents')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('given_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        clientId: row.client_id,
        at: row.given_at,
        ...(row.withdrawn_at === null ? {} : { endedAt: row.withdrawn_at }),
        ...sealer.open<Pick<Consent, 'claims' | 'scopes' | 'refused'>>(columns.consent(row.id), row.sealed),
      }));
    },

    subjectsOf: (accountId) =>
      query
        .selectFrom('subjects')
        .select(['sector', 'subject', 'created_at as at'])
        .where('account_id', '=', accountId)
        .orderBy('sector')
        .execute(),

    withdrawConsent: (accountId, clientId, events, isClient) =>
      database.transaction(async (trx) => {
        const ended = await trx
          .updateTable('consents')
          .set({ withdrawn_at: Date.now() })
          .where('account_id', '=', accountId)
          .where('client_id', '=', clientId)
          .where('withdrawn_at', 'is', null)
          .returning('id')
          .execute();
        const { held, revoked } = await leaveHandle(trx, accountId, clientId, isClient);
        if (ended.length === 0 && !held) return false;
        await writer.write(trx, accountId, [...events, ...revokedEvents(revoked, clientId)]);
        return true;
      }),

    async noteGrant({ grantId, accountId, clientId, endsAt }) {
      await insertGrant(query, { grant_id: grantId, account_id: accountId, client_id: clientId, ends_at: endsAt });
    },

    async grantsOf(accountId, clientId) {
      const mine = query
        .selectFrom('service_grants')
        .select(['grant_id as grantId', 'client_id as clientId'])
        .where('account_id', '=', accountId);
      return (clientId === undefined ? mine : mine.where('client_id', '=', clientId)).execute();
    },

    async forgetGrants(grantIds) {
      if (grantIds.length === 0) return;
      await query.deleteFrom('service_grants').where('grant_id', 'in', grantIds).execute();
    },

    async purgeGrants(now) {
      await query.deleteFrom('service_grants').where('ends_at', '<', now).execute();
    },
  };
};
