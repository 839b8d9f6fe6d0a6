import type { Kysely } from 'kysely';
import { prepareQuery } from '../../storage/prepared-query.ts';
import type { CitizenTables } from './tables.ts';

const accountRows = (db: Kysely<CitizenTables>) =>
  db
    .selectFrom('accounts as a')
    .leftJoin('attributes as s', (join) => join.onRef('s.account_id', '=', 'a.id').on('s.source', '=', 'self'))
    .leftJoin('card_links as l', 'l.active_account', 'a.id')
    .leftJoin('attributes as c', (join) => join.onRef('c.account_id', '=', 'a.id').on('c.source', '=', 'card'))
    .leftJoin('login_names as n', (join) => join.onRef('n.account_id', '=', 'a.id').on('n.kind', '=', 'name'))
    .leftJoin('login_names as e', (join) => join.onRef('e.account_id', '=', 'a.id').on('e.kind', '=', 'email'))
    .select([
      'a.id',
      'a.epoch',
      'a.state',
      'a.data_key',
      'a.created_at',
      'a.seen_at',
      'a.leaves_at',
      'a.preferences',
      's.sealed as self_sealed',
      'l.id as link_id',
      'l.sealed as link_sealed',
      'l.linked_at',
      'c.sealed as card_sealed',
      'n.hash as name_hash',
      'n.sealed as name_sealed',
      'e.hash as email_hash',
      'e.sealed as email_sealed',
    ]);

const accountRowsWithPassword = (db: Kysely<CitizenTables>) =>
  accountRows(db)
    .leftJoin('credentials as p', (join) => join.onRef('p.account_id', '=', 'a.id').on('p.kind', '=', 'password'))
    .leftJoin('credentials as t', (join) => join.onRef('t.account_id', '=', 'a.id').on('t.kind', '=', 'totp'))
    .select([
      'p.id as password_id',
      'p.sealed as password_sealed',
      'p.changed_at as password_changed_at',
      't.id as totp_id',
    ]);

/** Reads that stand in the way of every request. */
export const prepareQueries = (db: Kysely<CitizenTables>) => ({
  account: prepareQuery(db, (from, slot: (name: 'account') => never) =>
    accountRows(from).where('a.id', '=', slot('account')),
  ),
  accountWithSubject: prepareQuery(db, (from, slot: (name: 'account' | 'sector') => never) =>
    accountRows(from)
      .leftJoin('subjects as u', (join) => join.onRef('u.account_id', '=', 'a.id').on('u.sector', '=', slot('sector')))
      .select('u.subject')
      .where('a.id', '=', slot('account')),
  ),
  accountWithPassword: prepareQuery(db, (from, slot: (name: 'account') => never) =>
    accountRowsWithPassword(from).where('a.id', '=', slot('account')),
  ),
  standing: prepareQuery(db, (from, slot: (name: 'account') => never) =>
    from.selectFrom('accounts').select(['epoch', 'state']).where('id', '=', slot('account')),
  ),
  accountOfLogin: prepareQuery(db, (from, slot: (name: 'hash') => never) =>
    accountRowsWithPassword(from).where('a.id', '=', (names) =>
      names.selectFrom('login_names').select('account_id').where('hash', '=', slot('hash')),
    ),
  ),
  subject: prepareQuery(db, (from, slot: (name: 'account' | 'sector') => never) =>
    from
      .selectFrom('subjects')
      .select('subject')
      .where('account_id', '=', slot('account'))
      .where('sector', '=', slot('sector')),
  ),
  consent: prepareQuery(db, (from, slot: (name: 'account' | 'client') => never) =>
    from
      .selectFrom('consents as c')
      .innerJoin('accounts as a', 'a.id', 'c.account_id')
      .select(['c.id', 'c.sealed', 'c.given_at', 'a.data_key'])
      .where('c.account_id', '=', slot('account'))
      .where('c.client_id', '=', slot('client'))
      .where('c.withdrawn_at', 'is', null)
      .orderBy('c.given_at', 'desc')
      .limit(1),
  ),
});

type RowOf<Name extends 'account' | 'accountOfLogin'> = Awaited<
  ReturnType<ReturnType<typeof prepareQueries>[Name]>
>[number];

export type AccountRow = RowOf<'account'>;
export type AccountRowWithPassword = RowOf<'accountOfLogin'>;
