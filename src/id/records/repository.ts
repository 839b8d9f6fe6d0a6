import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import type { Level } from '../../assurance/levels.ts';
import { strongest } from '../../assurance/levels.ts';
import type { Database } from '../../storage/database.ts';
import { keyedHash } from '../../storage/sealing.ts';
import type { AuditTables } from '../audit/journal.ts';
import type { Preferences } from '../identity/accounts.ts';
import { cardAttributes, type Attributes, type CardAttribute } from '../identity/attribute.ts';
import type { Citizen, PasswordCredential } from '../identity/citizen.ts';
import {
  CardTaken,
  LoginNameTaken,
  type CitizenRepository,
  type LinkOutcome,
  type NewCitizen,
  type ReadCard,
} from '../identity/repository.ts';
import type { AccountSealer, AccountSealers } from './account-sealing.ts';
import { writeAttributes } from './attributes.ts';
import { createCardChanges } from './card-changes.ts';
import { keepReplaced } from './card-history.ts';
import { columns } from './columns.ts';
import { isUniqueViolation } from '../../storage/unique-violation.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import { createOperatorActs, type OperatorActTables } from './operator-acts.ts';
import { prepareQueries, type AccountRow, type AccountRowWithPassword } from './queries.ts';
import { loginNameHash, writeLoginName } from './login-names.ts';
import { dropUnproved, removedEvents } from './removal.ts';
import { createReleaseRecords } from './releases.ts';
import type { CitizenTables } from './tables.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables & OperatorActTables;
type Query = Kysely<Tables> | Transaction<Tables>;

export interface RecordKeys {
  /** Seals what belongs to one account under a key of its own. */
  readonly accounts: AccountSealers;
  /** Finds login names and card pseudonyms without storing them. */
  readonly index: Buffer;
}

interface SealedLink {
  readonly documentType?: string;
  readonly validUntil?: number;
  readonly ceiling: Level;
  /** As in the columns: a row whose pseudonym was exchanged for another card's is found, and then refused. */
  readonly pseudonyms: readonly string[];
  /** Undefined in rows from before cards were asked for what a service needs: they were asked everything but one. */
  readonly asked?: readonly CardAttribute[];
}

interface SealedPassword {
  /** Passwords of the first version do not say it. */
  readonly kind?: 'password';
  readonly hash: string;
  readonly ceiling: Level;
}

interface Loaded {
  readonly citizen: Citizen;
  readonly sealer: AccountSealer;
  readonly link?: SealedLink;
}

const askedOf = ({ asked }: SealedLink): readonly CardAttribute[] =>
  asked ?? cardAttributes.filter((name) => name !== 'community_id');

/**
 * Citizens in SQL. Every invariant is a unique constraint or a conditional update, on SQLite and PostgreSQL alike.
 *
 * @param endSessions called within every transaction that raises an account's epoch.
 * @param writer called within every transaction that changes something.
 */
export const createCitizenRepository = (
  database: Database<Tables>,
  keys: RecordKeys,
  endSessions: EndSessions,
  writer: EventWriter,
): CitizenRepository => {
  const queries = prepareQueries(database.query);
  // The number says by which index key: a later one is added beside it, and both are looked for until all are renewed.
  const hash = (value: string): string => `1.${keyedHash(keys.index, value)}`;
  const hashName = (typed: string): string => loginNameHash(keys, typed);
  const hashCard = (restrictedId: string): string => hash(`card\0${restrictedId.toLowerCase()}`);

  const hashesOf = (card: Pick<ReadCard, 'restrictedId' | 'restrictedId2'>): string[] =>
    [card.restrictedId, card.restrictedId2].filter((id) => id !== undefined).map(hashCard);

  const openAccount = (row: AccountRow): Loaded => {
    const sealer = keys.accounts.open(row.id, row.data_key);
    const { link_id, link_sealed, linked_at } = row;
    const link =
      link_id !== null && link_sealed !== null
        ? sealer.open<SealedLink>(columns.link(link_id), link_sealed)
        : undefined;
    return {
      sealer,
      ...(link ? { link } : {}),
      citizen: {
        account: {
          id: row.id,
          epoch: row.epoch,
          state: row.state,
          createdAt: row.created_at,
          ...(row.seen_at === null ? {} : { seenAt: row.seen_at }),
          ...(row.leaves_at === null ? {} : { leavesAt: row.leaves_at }),
        },
        preferences: row.preferences ? sealer.open<Preferences>(columns.preferences, row.preferences) : {},
        self: row.self_sealed ? sealer.open<Attributes>(columns.attributes('self'), row.self_sealed) : {},
        ...(row.name_hash !== null && row.name_sealed !== null
          ? { loginName: sealer.open<string>(columns.loginName(row.name_hash), row.name_sealed) }
          : {}),
        ...(row.email_hash !== null && row.email_sealed !== null
          ? { email: sealer.open<string>(columns.loginName(row.email_hash), row.email_sealed) }
          : {}),
        ...(link && link_id !== null && linked_at !== null
          ? {
              card: {
                link: {
                  id: link_id,
                  linkedAt: linked_at,
                  ceiling: link.ceiling,
                  ...(link.documentType === undefined ? {} : { documentType: link.documentType }),
                  ...(link.validUntil === undefined ? {} : { validUntil: link.validUntil }),
                },
                asked: askedOf(link),
                attributes: row.card_sealed ? sealer.open<Attributes>(columns.attributes('card'), row.card_sealed) : {},
              },
            }
          : {}),
      },
    };
  };

  const openPassword = (row: AccountRowWithPassword, { sealer }: Loaded): PasswordCredential | undefined => {
    const { password_id, password_sealed, password_changed_at, totp_id } = row;
    return password_id !== null && password_sealed !== null && password_changed_at !== null
      ? {
          id: password_id,
          changedAt: password_changed_at,
          asksForCode: totp_id !== null,
          ...sealer.open<SealedPassword>(columns.credential(password_id), password_sealed),
        }
      : undefined;
  };

  const load = async (query: Query, accountId: string): Promise<Loaded | undefined> => {
    const [row] = await queries.account(query, { account: accountId });
    return row && openAccount(row);
  };

  const loadExisting = async (query: Query, accountId: string): Promise<Loaded> => {
    const loaded = await load(query, accountId);
    if (!loaded) throw new Error('the account is gone');
    return loaded;
  };

  const writeLink = async (
    trx: Transaction<Tables>,
    accountId: string,
    sealer: AccountSealer,
    card: ReadCard,
    ceiling: Level,
  ): Promise<string> => {
    const id = randomUUID();
    const link: SealedLink = {
      ceiling,
      pseudonyms: hashesOf(card),
      asked: card.asked,
      ...(card.documentType === undefined ? {} : { documentType: card.documentType }),
      ...(card.validUntil === undefined ? {} : { validUntil: card.validUntil }),
    };
    await trx
      .insertInto('card_links')
      .values({
        id,
        account_id: accountId,
        pseudonym: hashCard(card.restrictedId),
        next_pseudonym: card.restrictedId2 === undefined ? null : hashCard(card.restrictedId2),
        active_account: accountId,
        sealed: sealer.seal(columns.link(id), link),
        linked_at: Date.now(),
      })
      .execute();
    await writeAttributes(trx, accountId, sealer, 'card', card.attributes);
    return id;
  };

  const linksOf = (
    query: Query,
    hashes: readonly string[],
  ): Promise<{ id: string; account_id: string; pseudonym: string | null; next_pseudonym: string | null }[]> =>
    query
      .selectFrom('card_links')
      .select(['id', 'account_id', 'pseudonym', 'next_pseudonym'])
      .where((where) => where.or([where('pseudonym', 'in', hashes), where('next_pseudonym', 'in', hashes)]))
      .where('active_account', 'is not', null)
      .execute();

  /** Where a card's two pseudonyms lead to two accounts, the one that it comes with now says whose it is. */
  const linkOfCard = async (
    query: Query,
    card: Pick<ReadCard, 'restrictedId' | 'restrictedId2'>,
  ): Promise<{ id: string; account_id: string } | undefined> => {
    const links = await linksOf(query, hashesOf(card));
    const current = hashCard(card.restrictedId);
    return links.find((link) => link.pseudonym === current || link.next_pseudonym === current) ?? links[0];
  };

  return {
    async find(accountId, sector) {
      if (sector === undefined) return (await load(database.query, accountId))?.citizen;
      const [row] = await queries.accountWithSubject(database.query, { account: accountId, sector });
      const citizen = row && openAccount(row).citizen;
      return citizen && (row.subject === null ? citizen : { ...citizen, subject: { sector, value: row.subject } });
    },

    async standing(accountId) {
      return (await queries.standing(database.query, { account: accountId }))[0];
    },

    async findByLoginName(typed) {
      const [row] = await queries.accountOfLogin(database.query, { hash: hashName(typed) });
      if (!row) return undefined;
      const loaded = openAccount(row);
      const password = openPassword(row, loaded);
      return { citizen: loaded.citizen, ...(password ? { password } : {}) };
    },

    async findByCard(card) {
      const row = await linkOfCard(database.query, card);
      const loaded = row && (await load(database.query, row.account_id));
      if (!loaded) return undefined;
      const { link } = loaded;
      if (!hashesOf(card).some((hash) => link?.pseudonyms.includes(hash) === true))
        throw new Error('a card link was changed by somebody else');
      return loaded.citizen;
    },

    async passwordOf(accountId) {
      const [row] = await queries.accountWithPassword(database.query, { account: accountId });
      return row && openPassword(row, openAccount(row));
    },

    async create(citizen: NewCitizen, events) {
      const id = randomUUID();
      const { sealer, dataKey } = keys.accounts.make(id);
      const now = Date.now();
      try {
        return await database.transaction(async (trx) => {
          await trx
            .insertInto('accounts')
            .values({
              id,
              epoch: 1,
              state: 'active',
              data_key: dataKey,
              created_at: now,
              seen_at: now,
              warned: 0,
              warned_at: null,
              leaves_at: null,
              preferences: citizen.preferences ? sealer.seal(columns.preferences, citizen.preferences) : null,
            })
            .execute();
          if (citizen.loginName !== undefined) await writeLoginName(trx, keys, id, sealer, 'name', citizen.loginName);
          if (citizen.email !== undefined) await writeLoginName(trx, keys, id, sealer, 'email', citizen.email);
          if (citizen.self) await writeAttributes(trx, id, sealer, 'self', citizen.self);
          if (citizen.passwordHash !== undefined) {
            const credential = randomUUID();
            const sealed = sealer.seal(columns.credential(credential), {
              hash: citizen.passwordHash,
              ceiling: citizen.ceiling,
              kind: 'password',
            } satisfies SealedPassword);
            const row = { id: credential, account_id: id, kind: 'password', sealed } as const;
            const unused = { used_at: null, handle: null, counter: 0 };
            await trx
              .insertInto('credentials')
              .values({ ...row, ...unused, created_at: now, changed_at: now })
              .execute();
          }
          if (citizen.card) {
            // The constraints know each of the two columns alone; what one link calls its next is another's first.
            if (await linkOfCard(trx, citizen.card)) throw new CardTaken('the card belongs to an account');
            await writeLink(trx, id, sealer, citizen.card, citizen.ceiling);
          }
          await writer.write(trx, id, events);
          return (await loadExisting(trx, id)).citizen;
        });
      } catch (error) {
        if (isUniqueViolation(error, 'login_names'))
          throw new LoginNameTaken('the login name is taken', { cause: error });
        if (isUniqueViolation(error, 'card_links'))
          throw new CardTaken('the card belongs to an account', { cause: error });
        throw error;
      }
    },

    async linkCard(account, card, { ceiling, confirm, keep }, events): Promise<LinkOutcome> {
      try {
        return await database.transaction(async (trx): Promise<LinkOutcome> => {
          const loaded = await load(trx, account.id);
          if (!loaded || loaded.citizen.account.epoch !== account.epoch || loaded.citizen.account.state !== 'active')
            return { kind: 'stale' };
          if (loaded.citizen.card) return { kind: 'otherCardLinked' };
          if (await linkOfCard(trx, card)) return { kind: 'taken' };
          // Answering "stale" undoes nothing that was written, so everything is looked at first.
          const credentials =
            confirm.length === 0
              ? []
              : await trx
                  .selectFrom('credentials')
                  .select(['id', 'sealed'])
                  .where('id', 'in', confirm)
                  .where('account_id', '=', account.id)
                  .execute();
          if (credentials.length < new Set(confirm).size) return { kind: 'stale' };
          const dropped = keep ? await dropUnproved(trx, account.id, loaded.sealer, [...confirm, ...keep]) : [];
          if (dropped.length > 0) await raiseEpoch(trx, account.id, endSessions);
          await writeLink(trx, account.id, loaded.sealer, card, ceiling);
          for (const row of credentials) {
            const before = loaded.sealer.open<SealedPassword>(columns.credential(row.id), row.sealed);
            const sealed = loaded.sealer.seal(columns.credential(row.id), {
              ...before,
              ceiling: strongest(before.ceiling, ceiling),
            });
            await trx.updateTable('credentials').set({ sealed }).where('id', '=', row.id).execute();
          }
          await writer.write(trx, account.id, [...events, ...removedEvents(dropped)]);
          return { kind: 'linked', citizen: (await loadExisting(trx, account.id)).citizen };
        });
      } catch (error) {
        if (isUniqueViolation(error, 'card_links')) return { kind: 'taken' };
        throw error;
      }
    },

    async refreshFromCard(accountId, card, events) {
      return database.transaction(async (trx) => {
        const { citizen, sealer, link } = await loadExisting(trx, accountId);
        if (!citizen.card || !link) throw new Error('the account has no card');
        const { id } = citizen.card.link;
        const taken = (await linksOf(trx, hashesOf(card)))
          .filter((other) => other.id !== id)
          .flatMap((other) => [other.pseudonym, other.next_pseudonym]);
        const now = hashesOf(card).filter((hash) => !taken.includes(hash));
        const pseudonyms = [...new Set([...now, ...link.pseudonyms])].slice(0, 2);
        const [pseudonym = null, next = null] = pseudonyms;
        const sealed = sealer.seal(columns.link(id), {
          ...link,
          pseudonyms,
          asked: [...new Set([...askedOf(link), ...card.asked])],
        } satisfies SealedLink);
        await trx
          .updateTable('card_links')
          .set({ pseudonym, next_pseudonym: next, sealed })
          .where('id', '=', id)
          .execute();
        const kept = Object.entries(citizen.card.attributes).filter(
          ([name]) => !(card.asked as readonly string[]).includes(name),
        );
        const attributes: Attributes = { ...Object.fromEntries(kept), ...card.attributes };
        await keepReplaced(trx, accountId, sealer, citizen.card.attributes, attributes);
        await writeAttributes(trx, accountId, sealer, 'card', attributes);
        const moved = now.some((hash) => !link.pseudonyms.includes(hash));
        const before = citizen.card;
        // What it is asked for the first time is news to us, not to its owner.
        const changed = card.asked
          .filter((name) => before.asked.includes(name))
          .filter((name) => !isDeepStrictEqual(before.attributes[name]?.value, attributes[name]?.value));
        await writer.write(trx, accountId, [...events.always, ...(moved ? events.moved : [])], { changed });
        return (await loadExisting(trx, accountId)).citizen;
      });
    },

    async rehashPassword(accountId, credentialId, hash) {
      await database.transaction(async (trx) => {
        const { sealer } = await loadExisting(trx, accountId);
        const row = await trx
          .selectFrom('credentials')
          .select('sealed')
          .where('id', '=', credentialId)
          .where('account_id', '=', accountId)
          .executeTakeFirst();
        if (!row) return;
        const before = sealer.open<SealedPassword>(columns.credential(credentialId), row.sealed);
        await trx
          .updateTable('credentials')
          .set({ sealed: sealer.seal(columns.credential(credentialId), { ...before, hash }) })
          .where('id', '=', credentialId)
          .execute();
      });
    },

    ...createCardChanges({
      database,
      keys,
      endSessions,
      writer,
      load,
      isLinked: async (trx, card) => (await linkOfCard(trx, card)) !== undefined,
      writeLink,
    }),
    ...createReleaseRecords(database, queries, keys.accounts, writer),
    ...createOperatorActs(database, keys.accounts, endSessions, writer),
  };
};
