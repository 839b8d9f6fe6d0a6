import { randomBytes, randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { AuditTables } from '../audit/journal.ts';
import { postfachClaim } from '../identity/postfach.ts';
import type { CitizenRepository, Consent } from '../identity/repository.ts';
import type { AccountSealers } from './account-sealing.ts';
import { columns } from './columns.ts';
import { leaveHandle, revokedEvents } from './postfach-handles.ts';
import type { prepareQueries } from './queries.ts';
import type { CitizenTables } from './tables.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables;
type Query = Kysely<Tables> | Transaction<Tables>;
type SealedConsent = Pick<Consent, 'claims' | 'scopes' | 'refused'>;

/** What services get of a citizen: a subject of their own per sector, and what was allowed to be passed on. */
export const createReleaseRecords = (
  database: Database<Tables>,
  queries: ReturnType<typeof prepareQueries>,
  sealers: AccountSealers,
  writer: EventWriter,
): Pick<CitizenRepository, 'subject' | 'consent' | 'giveConsent'> => {
  const read = async (query: Query, accountId: string, clientId: string): Promise<Consent | undefined> => {
    const [row] = await queries.consent(query, { account: accountId, client: clientId });
    if (!row) return undefined;
    const sealer = sealers.open(accountId, row.data_key);
    return {
      id: row.id,
      clientId,
      at: row.given_at,
      ...sealer.open<SealedConsent>(columns.consent(row.id), row.sealed),
    };
  };

  return {
    async subject(accountId, sector) {
      const find = async (): Promise<{ subject: string } | undefined> =>
        (await queries.subject(database.query, { account: accountId, sector }))[0];
      const known = await find();
      if (known) return known.subject;
      const subject = randomBytes(24).toString('base64url');
      const made = await database.query
        .insertInto('subjects')
        .values({ account_id: accountId, sector, subject, created_at: Date.now() })
        .onConflict((conflict) => conflict.columns(['account_id', 'sector']).doNothing())
        .returning('subject')
        .executeTakeFirst();
      const stored = made ?? (await find());
      if (!stored) throw new Error('the account is gone');
      return stored.subject;
    },

    consent: (accountId, clientId) => read(database.query, accountId, clientId),

    giveConsent: (accountId, answer, events) =>
      database.transaction(async (trx) => {
        const { clientId, at } = answer;
        const account = await trx
          .selectFrom('accounts')
          .select('data_key')
          .where('id', '=', accountId)
          .executeTakeFirstOrThrow();
        const sealer = sealers.open(accountId, account.data_key);
        const before = await read(trx, accountId, clientId);
        const anew = new Set([...answer.claims, ...answer.refused]);
        const kept = (names: readonly string[] = []): string[] => names.filter((name) => !anew.has(name));
        const sealed: SealedConsent = {
          claims: [...kept(before?.claims), ...answer.claims],
          refused: [...kept(before?.refused), ...answer.refused],
          scopes: [...new Set([...(before?.scopes ?? []), ...answer.scopes])],
        };
        // One valid consent per service: the new one names everything, the old one stays as history.
        await trx
          .updateTable('consents')
          .set({ withdrawn_at: at })
          .where('account_id', '=', accountId)
          .where('client_id', '=', clientId)
          .where('withdrawn_at', 'is', null)
          .execute();
        const id = randomUUID();
        await trx
          .insertInto('consents')
          .values({
            id,
            account_id: accountId,
            client_id: clientId,
            sealed: sealer.seal(columns.consent(id), sealed),
            given_at: at,
            withdrawn_at: null,
          })
          .execute();
        // Who lets a service have the address of the mailbox no longer takes it back as well.
        const { revoked } = answer.refused.includes(postfachClaim)
          ? await leaveHandle(trx, accountId, clientId)
          : { revoked: [] };
        await writer.write(trx, accountId, [...events, ...revokedEvents(revoked, clientId)]);
        return { id, clientId, at, ...sealed };
      }),
  };
};
