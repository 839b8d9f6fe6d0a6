import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { restrictedIdOf } from '../../src/simulators/eid-server/reading.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, useCard } from '../support/journey.ts';

let app: TestApp;
let erika: Person;
const secrets: { readonly name: string; readonly value: string }[] = [];

/** Everything the parts have on disk, with the logs of SQLite that are not merged yet. */
const stored = (): Buffer => {
  const data = join(app.data, 'data');
  return Buffer.concat(
    readdirSync(data)
      .filter((name) => name.includes('.sqlite'))
      .map((name) => readFileSync(join(data, name))),
  );
};

beforeAll(async () => {
  app = await startTestApp();
  ({ person: erika } = await erikaAtFuehrungszeugnis(app));
  const zoe = createPerson();
  const assign = await useCard(app, zoe, await zoe.visit(`${app.portal}/login`), 'zeichen');
  await zoe.submit(assign, '/zuordnen', { answer: 'new' });
  const wrong = createPerson();
  await loginAtPortal(app, wrong, { login: 'erika', password: 'ganz-falsches-geheimnis' });
  for (const person of [erika, zoe])
    for (const [name, { value }] of person.cookies) if (value.length > 20) secrets.push({ name, value });
}, 60_000);
afterAll(() => app.stop());

describe('whoever reads the store or the logs learns nobody', () => {
  const personal = [
    'Erika',
    'ERIKA',
    'Mustermann',
    'MUSTERMANN',
    'GABLER',
    'HEIDESTRASSE',
    '51147',
    'KÖLN',
    '1964-08-12',
    '19640812',
    '12.08.1964',
    'erika.mustermann',
    'post.test',
    'ŻANETA',
    'zwiebel-turm-laterne',
    'ganz-falsches-geheimnis',
  ];

  test('the search finds what is there', () => {
    expect(stored().includes('login.succeeded')).toBe(true);
    expect(stored().includes('bayern/fuehrungszeugnis')).toBe(true);
    expect(app.log.join('')).toContain('"event"');
  });
  test.each(personal)('“%s” stands nowhere', (word) => {
    expect(stored().includes(word)).toBe(false);
    expect(app.log.join('')).not.toContain(word);
  });
  test('no login name, in either form', () => {
    expect(stored().includes('"erika"')).toBe(false);
    expect(app.log.join('')).not.toMatch(/\berika\b/i);
  });
  test('no pseudonym of a card', () => {
    const pseudonym = restrictedIdOf('development sector', 'erika-1');
    for (const form of [pseudonym, pseudonym.toLowerCase(), pseudonym.toUpperCase()]) {
      expect(stored().includes(form)).toBe(false);
      expect(app.log.join('')).not.toContain(form);
    }
  });
  test('no session, token or code', () => {
    expect(secrets.length).toBeGreaterThan(3);
    const [disk, log] = [stored(), app.log.join('')];
    expect(secrets.filter(({ value }) => disk.includes(value) || log.includes(value)).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

describe('a row is worth nothing elsewhere', () => {
  const swap = async (change: (erikaId: string, maxId: string) => Promise<void>): Promise<unknown> => {
    const [one, two] = [(await app.citizen('erika'))?.account.id ?? '', (await app.citizen('max'))?.account.id ?? ''];
    await change(one, two);
    return app.app.id?.citizens.find(two).catch((error: unknown) => error);
  };
  const query = () => {
    const records = app.app.id?.stores.records.query;
    if (!records) throw new Error('no records');
    return records;
  };

  test('data moved to another account do not open', async () => {
    const before = await query().selectFrom('attributes').selectAll().where('source', '=', 'self').execute();
    const outcome = await swap(async (from, to) => {
      const sealed = before.find(({ account_id: id }) => id === from)?.sealed ?? new Uint8Array();
      await query()
        .updateTable('attributes')
        .set({ sealed })
        .where('account_id', '=', to)
        .where('source', '=', 'self')
        .execute();
    });
    expect(outcome).toBeInstanceOf(Error);
    for (const row of before)
      await query()
        .updateTable('attributes')
        .set({ sealed: row.sealed })
        .where('account_id', '=', row.account_id)
        .where('source', '=', 'self')
        .execute();
  });

  test('neither does another account’s key', async () => {
    const rows = await query().selectFrom('accounts').select(['id', 'data_key']).execute();
    const outcome = await swap(async (from, to) => {
      await query()
        .updateTable('accounts')
        .set({ data_key: rows.find(({ id }) => id === from)?.data_key ?? new Uint8Array() })
        .where('id', '=', to)
        .execute();
    });
    expect(outcome).toBeInstanceOf(Error);
    for (const row of rows)
      await query().updateTable('accounts').set({ data_key: row.data_key }).where('id', '=', row.id).execute();
  });

  test('nor a password moved to another account: nobody gets in by it', async () => {
    const rows = await query().selectFrom('credentials').selectAll().execute();
    const [one, two] = [(await app.citizen('erika'))?.account.id, (await app.citizen('max'))?.account.id];
    await query()
      .updateTable('credentials')
      .set({ sealed: rows.find(({ account_id: id }) => id === one)?.sealed ?? new Uint8Array() })
      .where('account_id', '=', two ?? '')
      .execute();
    const page = await loginAtPortal(app, createPerson(), { login: 'max', password: 'zwiebel-turm-laterne' });
    expect(page.url.origin).toBe(app.issuer);
    expect(page.status).toBe(500);
    for (const row of rows)
      await query().updateTable('credentials').set({ sealed: row.sealed }).where('id', '=', row.id).execute();
    expect(
      (await loginAtPortal(app, createPerson(), { login: 'max', password: 'nebel-kutsche-anker' })).url.origin,
    ).toBe(app.portal);
  });
});

test('a card link whose pseudonym was exchanged opens nobody’s account', async () => {
  const query = app.app.id?.stores.records.query;
  if (!query) throw new Error('no records');
  const rows = await query.selectFrom('card_links').select(['id', 'pseudonym']).execute();
  expect(rows).toHaveLength(2);
  const put = async (id: string, pseudonym: string | null): Promise<void> => {
    await query.updateTable('card_links').set({ pseudonym }).where('id', '=', id).execute();
  };
  const [one, two] = [rows[0]?.id ?? '', rows[1]?.id ?? ''];
  await put(one, 'aside');
  await put(two, rows[0]?.pseudonym ?? null);
  await put(one, rows[1]?.pseudonym ?? null);
  const person = createPerson();
  const page = await useCard(app, person, await person.visit(`${app.portal}/login`), 'erika');
  expect([page.status, page.url.origin]).toEqual([500, app.issuer]);
  expect(page.body).not.toMatch(/ERIKA|ZOË/);
  await put(one, 'aside');
  await put(two, rows[1]?.pseudonym ?? null);
  await put(one, rows[0]?.pseudonym ?? null);
  const again = createPerson();
  const portal = await useCard(app, again, await again.visit(`${app.portal}/login`), 'erika');
  expect(portal.url.origin).toBe(app.portal);
});

describe('ceilings', () => {
  test('linking a card lifts the password that was used, and the level follows', async () => {
    const citizen = await app.citizen('erika');
    expect((await app.app.id?.citizens.passwordOf(citizen?.account.id ?? ''))?.ceiling).toBe('high');
    expect((await app.app.id?.citizens.passwordOf((await app.citizen('max'))?.account.id ?? ''))?.ceiling).toBe(
      'basic',
    );
    const portal = await loginAtPortal(app, createPerson());
    expect(portal.body).toContain('niedrig');
  });
});

describe('a new epoch ends what was issued before', () => {
  test('session, and everything at the services, although they live in another store', async () => {
    const person = createPerson();
    await loginAtPortal(app, person);
    expect((await person.visit(`${app.portal}/login`)).url.origin).toBe(app.portal);
    const id = (await app.citizen('erika'))?.account.id ?? '';
    await app.app.id?.stores.records.query
      .updateTable('accounts')
      .set((set) => ({ epoch: set('epoch', '+', 1) }))
      .where('id', '=', id)
      .execute();
    const asked = await person.visit(`${app.portal}/login`);
    expect(asked.url.origin).toBe(app.issuer);
    expect(asked.body).toContain('/passwort');
    const again = await person.submit(asked, '/passwort', { login: 'erika', password: 'zwiebel-turm-laterne' });
    expect(again.url.origin).toBe(app.portal);
  });

  test('a locked account is out at its next request', async () => {
    const person = createPerson();
    await loginAtPortal(app, person);
    const id = (await app.citizen('erika'))?.account.id ?? '';
    await app.app.id?.stores.records.query
      .updateTable('accounts')
      .set({ state: 'locked' })
      .where('id', '=', id)
      .execute();
    const asked = await person.visit(`${app.portal}/login`);
    const refused = await person.submit(asked, '/passwort', { login: 'erika', password: 'zwiebel-turm-laterne' });
    expect(refused.status).toBe(422);
    expect(refused.url.origin).toBe(app.issuer);
    expect((await app.events()).at(-1)).toMatchObject({ type: 'login.failed', reason: 'locked' });
  });
});
