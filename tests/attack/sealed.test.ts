import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { restrictedIdOf } from '../../src/simulators/eid-server/reading.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { firefoxOnWindows } from '../support/account.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { goOn, startServices, type Services } from './service.ts';

let app: TestApp;
let erika: Person;
let services: Services;
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

const keep = (name: string, value: string | undefined): void => {
  if (value === undefined || value.length < 20) throw new Error(`there is no ${name}`);
  secrets.push({ name, value });
};

/** Everything that a service holds, used rightly and wrongly. */
const useTokens = async (): Promise<void> => {
  services = await startServices(app);
  const grants = ['authorization_code', 'refresh_token'];
  const service = await services.add({
    clientId: 'sealed',
    file: { scope: 'openid profile offline_access', grant_types: grants },
  });
  const person = createPerson();
  const login = async (prompt: string): Promise<Awaited<ReturnType<typeof goOn>>> =>
    goOn(app, person, await service.ask(person, { scope: 'openid profile offline_access', prompt }));
  const page = await login('consent');
  keep('code', service.answer(page)['code']);
  const first = await service.redeem(page);
  const second = await service.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
  for (const tokens of [first, second])
    for (const name of ['access_token', 'refresh_token', 'id_token'] as const) keep(name, tokens[name]);
  const me = (token: string): Promise<Response> =>
    fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await me(second.access_token)).status).toBe(200);
  // Again, with a wrong verifier, at the wrong place, in an address.
  expect((await service.redeem(page)).status).toBe(400);
  expect((await me(second.access_token)).status).toBe(401);
  const other = await login('login consent');
  keep('code that was refused', service.answer(other)['code']);
  expect((await service.redeem(other, { code_verifier: 'x'.repeat(43) })).status).toBe(400);
  const third = await service.redeem(await login('login consent'));
  keep('third access token', third.access_token);
  keep('third refresh token', third.refresh_token);
  expect((await me(third.refresh_token)).status).toBe(401);
  await fetch(`${app.issuer}/me?access_token=${third.access_token}`);
  await fetch(`${app.portal}/callback?code=${secrets[0]?.value ?? ''}&state=x`);
  await service.post('/token/revocation', { token: third.refresh_token });
  await service.post('/token/introspection', { token: third.id_token });
  keep('third ID token', third.id_token);
};

/** T, R and what is in the TC Token, used rightly, again and in a foreign browser. */
const useCardSecrets = async (): Promise<void> => {
  const person = createPerson();
  const page = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
  const tcTokenUrl = tcTokenUrlOf(page);
  const end = await app.app.simulator?.runClient({ tcTokenUrl, card: 'erika' });
  const last = (address: string): string | undefined => new URL(address).pathname.split('/').at(-1);
  keep('T', last(tcTokenUrl));
  keep('R', last(end?.location ?? tcTokenUrl));
  expect((await fetch(tcTokenUrl)).status).toBe(404);
  const stranger = createPerson();
  await stranger.visit(`${app.portal}/login`);
  expect((await stranger.visit(end?.location ?? '')).status).toBe(400);
  expect((await person.visit(end?.location ?? '')).status).toBe(400);
};

/** What Mein Konto keeps: own values, devices, what a card said before, the owner's choices. */
const useAccountPages = async (): Promise<void> => {
  const person = createPerson();
  const login = await person.visit(`${app.issuer}/konto`, { headers: firefoxOnWindows });
  const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
  await person.visit(form?.action ?? '', {
    form: { ...form?.fields, login: 'max', password: 'nebel-kutsche-anker' },
    headers: firefoxOnWindows,
  });
  await person.submit(await person.visit(`${app.issuer}/konto/daten/anschrift`), '/anschrift', {
    street_address: 'Sendlinger Straße 8',
    postal_code: '80331',
    locality: 'München',
    country: 'DE',
  });
  await person.submit(await person.visit(`${app.issuer}/konto/daten/telefon`), '/telefon', {
    phone_number: '089 987654321',
  });
  expect(textOf(await person.visit(`${app.issuer}/konto/sitzungen`))).toContain('Firefox auf Windows');
  const account = (await app.citizen('max'))?.account ?? { id: '', epoch: 0 };
  expect(await app.app.id?.accounts.setEmail(account, 'max.beispiel@briefkasten.example', [])).toBe('set');
  // The one before may come back, so it is kept for three days.
  const undo = { token: 'rueckgabe-geheimnis', link: 'https://id.example/', until: Date.now() + 60_000 };
  expect(await app.app.id?.accounts.setEmail(account, 'max.zwei@briefkasten.example', [], undo)).toBe('set');
  const added = await app.app.id?.credentials.addCredential(
    account,
    {
      kind: 'passkey',
      passkey: {
        credentialId: 'Y3JlZGVudGlhbC1vZi1tYXg',
        publicKey: 'key',
        transports: [],
        synced: true,
        name: 'Maxens Klapptelefon',
      },
      counter: 0,
      ceiling: 'basic',
    },
    [],
  );
  expect(added?.kind).toBe('added');
  const card = (await app.citizen('erika'))?.card;
  if (!card) throw new Error('Erika has no card');
  const moved = { locality: 'VILSHOFEN' };
  for (const value of [moved, card.attributes.address?.value ?? {}])
    await app.app.id?.citizens.refreshFromCard(
      (await app.citizen('erika'))?.account.id ?? '',
      {
        restrictedId: restrictedIdOf('development sector', 'erika-1'),
        assured: 'high',
        asked: card.asked,
        attributes: { ...card.attributes, address: { value, source: 'card', level: 'high', at: Date.now() } },
      },
      { always: [], moved: [] },
    );
};

beforeAll(async () => {
  app = await startTestApp();
  ({ person: erika } = await erikaAtFuehrungszeugnis(app));
  await useAccountPages();
  const zoe = createPerson();
  const assign = await useCard(app, zoe, await zoe.visit(`${app.portal}/login`), 'zeichen');
  await zoe.submit(assign, '/zuordnen', { answer: 'new' });
  const wrong = createPerson();
  await loginAtPortal(app, wrong, { login: 'erika', password: 'ganz-falsches-geheimnis' });
  await useTokens();
  await useCardSecrets();
  for (const person of [erika, zoe])
    for (const [name, { value }] of person.cookies) if (value.length > 20) secrets.push({ name, value });
}, 60_000);
afterAll(async () => {
  await services.close();
  await app.stop();
});

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
    'Sendlinger',
    '987654321',
    'Firefox',
    'Windows',
    'briefkasten.example',
    'rueckgabe-geheimnis',
    'Klapptelefon',
    'Y3JlZGVudGlhbC1vZi1tYXg',
    'VILSHOFEN',
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
    for (const name of ['code', 'access_token', 'refresh_token', 'id_token', 'T', 'R', 'id-session /'])
      expect(secrets.map((secret) => secret.name)).toContain(name);
    const [disk, log] = [stored(), app.log.join('')];
    expect(log).toContain('warn');
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
