import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';
import { goOn, startServices, type Service, type Services } from './service.ts';
import { startListener, type Listener } from './told.ts';

let app: TestApp;
let services: Services;
let listener: Listener;
let service: Service;
let strict: Service;
let other: Service;
const loa = (level: string): string => `http://eidas.europa.eu/LoA/${level}`;
const offline = { scope: 'openid profile offline_access', grant_types: ['authorization_code', 'refresh_token'] };

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  listener = await startListener();
  service = await services.add({
    clientId: 'switched',
    file: { ...offline, backchannel_logout_uri: listener.uri('x') },
  });
  strict = await services.add({ clientId: 'switched-strict', file: { minimum_level: 'high' } });
  other = await services.add({ clientId: 'switched-other', file: offline });
  await erikaAtFuehrungszeugnis(app);
});
afterAll(async () => {
  await services.close();
  await listener.close();
  await app.stop();
});

const turn = async (to: 'off' | 'on', ...what: string[]): Promise<void> => {
  await operate(app, 'switch', to, ...what);
  await poll(app);
};
afterEach(async () => {
  resetClock();
  // Not turned on: a switch turned at a later time than the clock now shows would make every login count for nothing.
  await app.app.id?.stores.records.query.deleteFrom('switches').execute();
  await poll(app);
});

const forms = (page: Page): string[] =>
  formsOf(page).map(({ action }) => new URL(action).pathname.split('/').at(-1) ?? '');
const without = {
  passkey: 'Die Anmeldung mit Passkey geht zurzeit nicht',
  eid: 'Der Online-Ausweis geht zurzeit nicht',
  password: 'Die Anmeldung mit Passwort geht zurzeit nicht',
};
const silent = async (from: Service, person: Person, more: Record<string, string> = {}): Promise<string> => {
  const page = await from.ask(person, { prompt: 'none', ...more });
  const answer = from.answer(page);
  return answer['error'] ?? String((await from.redeem(page)).claims.acr);
};

describe('a method that is switched off', () => {
  test.each(['eid', 'password'] as const)('%s is gone from the login page, which says so', async (method) => {
    const person = createPerson();
    expect(forms(await service.ask(person))).toEqual(expect.arrayContaining(['eid', 'passwort']));
    await turn('off', 'method', method);
    const page = await service.ask(person);
    expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining(without[method])]);
    expect(forms(page)).not.toContain(method === 'eid' ? 'eid' : 'passwort');
    expect(forms(page)).toContain(method === 'eid' ? 'passwort' : 'eid');
    const done = await goOn(app, person, page, method === 'eid' ? { login: erika } : { card: 'erika' });
    expect(service.answer(done)['code']).toBeDefined();
    await turn('on', 'method', method);
    expect(forms(await service.ask(createPerson()))).toEqual(expect.arrayContaining(['eid', 'passwort']));
  });

  test('MG-08: a right password in a form from before does not get in', async () => {
    const person = createPerson();
    const form = await service.ask(person);
    await turn('off', 'method', 'password');
    await app.events();
    const page = await person.submit(form, '/passwort', erika);
    expect([page.url.pathname, textOf(page)]).toEqual([form.url.pathname, expect.stringContaining(without.password)]);
    const wrong = await person.submit(form, '/passwort', { ...erika, password: 'ganz-falsch' });
    expect([wrong.status, textOf(wrong)]).toEqual([page.status, textOf(page)]);
    expect((await app.events()).filter(({ type }) => type.startsWith('login.'))).toEqual([]);
    expect(await silent(service, person)).toBe('login_required');
  });

  test('MG-08: a password that was proved before, but not yet used up', async () => {
    const person = createPerson();
    // The password is not enough here: the flow waits for the card.
    const page = await person.submit(await service.ask(person, { acr_values: loa('high') }), '/passwort', max);
    expect(forms(page)).toContain('eid');
    await turn('off', 'method', 'password');
    const again = await person.visit(page.url.href);
    expect(textOf(again)).toContain(without.password);
    const card = await useCard(app, person, again, 'max');
    expect(forms(card)).toContain('zuordnen');
  });

  test('MG-08: no entry of the card is open', async () => {
    const person = createPerson();
    const login = await service.ask(person);
    const eid = await person.submit(login, '/eid');
    const { simulator } = app.app;
    await turn('off', 'method', 'eid');
    expect((await person.submit(login, '/eid')).url.pathname).toBe(login.url.pathname);
    expect((await person.visit(eid.url.href)).url.pathname).toBe(login.url.pathname);
    expect((await fetch(tcTokenUrlOf(eid))).status).toBe(404);
    await turn('on', 'method', 'eid');
    const end = await simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(eid), card: 'erika' });
    await turn('off', 'method', 'eid');
    const back = await person.visit(end?.location ?? '');
    expect([back.url.pathname, textOf(back)]).toEqual([login.url.pathname, expect.stringContaining(without.eid)]);
    expect(await silent(service, person)).toBe('login_required');
  });

  test('MG-08: a card that was read before makes no account and links none', async () => {
    const stranger = createPerson();
    const assign = await useCard(app, stranger, await service.ask(stranger), 'zeichen');
    expect(forms(assign)).toContain('zuordnen');
    const person = createPerson();
    await loginAtPortal(app, person, max);
    const link = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    expect(forms(link)).toContain('ausweis-hinzufuegen');
    await turn('off', 'method', 'eid');
    // The card is forgotten, so the flow goes on from where it was before.
    expect(forms(await stranger.submit(assign, '/zuordnen', { answer: 'new' }))).toContain('passwort');
    expect(await silent(service, stranger)).toBe('login_required');
    expect(forms(await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' }))).toEqual(['abbrechen']);
    expect((await app.citizen('max'))?.card).toBeUndefined();
    const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect([forms(stepUp), textOf(stepUp)]).toEqual([['abbrechen'], expect.stringContaining(without.eid)]);
  });

  test('MG-08: on the linking page no password is asked, and none is taken', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    shiftClock(11 * 60_000);
    const link = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    expect(link.body).toContain('name="password"');
    await turn('off', 'method', 'password');
    const refused = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add', password: max.password });
    expect(forms(refused)).not.toContain('ausweis-hinzufuegen');
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });

  test('LA-16: running sessions are judged without it, also after it is on again', async () => {
    const person = createPerson();
    service.answer(await goOn(app, person, await service.ask(person), { login: erika }));
    const both = createPerson();
    service.answer(await goOn(app, both, await service.ask(both), { login: erika }));
    strict.answer(await goOn(app, both, await strict.ask(both), { card: 'erika' }));
    const card = createPerson();
    service.answer(await goOn(app, card, await service.ask(card), { card: 'erika' }));
    const standing = async (): Promise<string[]> => [
      await silent(service, person),
      await silent(service, both),
      await silent(strict, both),
      await silent(service, card),
    ];
    expect(await standing()).toEqual([loa('low'), loa('high'), loa('high'), loa('high')]);
    await turn('off', 'method', 'eid');
    expect(await standing()).toEqual([loa('low'), loa('low'), 'unmet_authentication_requirements', 'login_required']);
    await turn('on', 'method', 'eid');
    expect(await standing()).toEqual([loa('low'), loa('low'), 'unmet_authentication_requirements', 'login_required']);
    await turn('off', 'method', 'password');
    expect((await standing()).slice(0, 2)).toEqual(['login_required', 'login_required']);
    await turn('on', 'method', 'password');
    service.answer(await goOn(app, card, await service.ask(card), { card: 'erika' }));
    expect(await silent(service, card)).toBe(loa('high'));
  });

  test('all ways off: a page that says so, and a way back', async () => {
    await turn('off', 'method', 'password');
    await turn('off', 'method', 'eid');
    await turn('off', 'method', 'passkey');
    const person = createPerson();
    const page = await service.ask(person);
    expect([page.status, forms(page)]).toEqual([200, ['abbrechen']]);
    for (const words of Object.values(without)) expect(textOf(page)).toContain(words);
    expect(service.answer(await person.submit(page, '/abbrechen'))['error']).toBe('access_denied');
  });
});

describe('a client that is switched off', () => {
  test('is as good as unknown, its sessions are told, and its neighbours do not notice', async () => {
    const person = createPerson();
    const ask = { scope: 'openid offline_access', prompt: 'login consent' };
    const tokens = await service.redeem(await goOn(app, person, await service.ask(person, ask)));
    const pending = await service.ask(person);
    const flow = createPerson();
    const login = await service.ask(flow);
    const asked = await other.ask(person, { scope: 'openid offline_access', prompt: 'consent' });
    const neighbour = await other.redeem(await goOn(app, person, asked));
    await app.outboxEmpty();
    listener.taken();

    await turn('off', 'client', 'switched');
    const page = await service.ask(createPerson());
    expect([page.status, page.url.origin]).toEqual([400, app.issuer]);
    expect((await service.ask(person, { prompt: 'none' })).status).toBe(400);
    expect((await flow.submit(login, '/passwort', erika)).status).toBe(400);
    expect((await service.redeem(pending)).error).toBe('invalid_client');
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect(await service.tokens(refresh)).toMatchObject({ status: 401, error: 'invalid_client' });
    for (const path of ['/token/introspection', '/token/revocation', '/request'])
      expect([path, (await service.post(path, { token: tokens.access_token })).status]).toEqual([path, 401]);
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(me.status).toBe(401);
    await app.outboxEmpty();
    expect(listener.taken().map(({ clientId, sid }) => [clientId, sid])).toContainEqual([
      'switched',
      tokens.claims['sid'],
    ]);
    expect(textOf(await person.visit(app.issuer))).not.toContain('Dienst switched ');
    expect(await silent(other, person)).toBe(loa('low'));
    expect((await other.tokens({ ...refresh, refresh_token: neighbour.refresh_token })).status).toBe(200);

    await turn('on', 'client', 'switched');
    expect((await service.tokens(refresh)).error).toBe('invalid_grant');
    const back = await service.redeem(await service.ask(person));
    expect(back.status).toBe(200);
    shiftClock(62 * 60_000);
    await poll(app);
    await app.outboxEmpty();
    expect(listener.taken().map(({ sid }) => sid)).toContain(back.claims['sid']);
  });

  test('stays off when the client files are read again', async () => {
    await turn('off', 'client', 'switched');
    await app.app.reloadClients();
    expect((await service.ask(createPerson())).status).toBe(400);
    expect((await other.ask(createPerson())).status).toBe(200);
  });

  test('stays off after a restart', async () => {
    const first = await startTestApp();
    await operate(first, 'switch', 'off', 'method', 'eid');
    await operate(first, 'switch', 'off', 'client', 'bayern-portal');
    await first.app.close(0);
    const again = await startTestApp({ data: first.data });
    const page = await createPerson().visit(`${again.portal}/login`);
    expect([page.status, page.url.origin]).toEqual([400, again.issuer]);
    const fz = await createPerson().visit(`${again.fz}/fuehrungszeugnis/daten`);
    expect(textOf(fz)).toContain(without.eid);
    await again.stop();
  });
});

describe('the command', () => {
  test('a name that is none is refused, with the word that was meant', async () => {
    expect(await operate(app, 'switch', 'off', 'client', 'bayern-portl')).toEqual({
      code: 1,
      output: 'there is no client "bayern-portl"; did you mean bayern-portal?',
    });
    expect((await operate(app, 'switch', 'off', 'method', 'eidd')).output).toContain('did you mean eid?');
    for (const args of [
      [],
      ['off'],
      ['off', 'method'],
      ['off', 'level', 'high'],
      ['away', 'method', 'eid'],
      ['off', 'method', 'eid', 'x'],
    ])
      await expect(operate(app, 'switch', ...args)).rejects.toThrow('bayern-id switch');
  });

  test('each turn is in the journal once, and listed', async () => {
    const turns = async () => {
      const rows = await app.app.id?.stores.records.query
        .selectFrom('audit_events')
        .select(['id', 'type', 'client_id', 'detail'])
        .where('type', 'in', ['method.switched', 'client.switched'])
        .execute();
      return (rows ?? []).map(({ id, type, client_id: client, detail }) => ({
        id,
        type,
        client,
        on: (JSON.parse(detail) as { on: boolean }).on,
      }));
    };
    const before = new Set((await turns()).map(({ id }) => id));
    expect((await operate(app, 'switch', 'off', 'method', 'eid')).code).toBe(0);
    expect((await operate(app, 'switch', 'off', 'method', 'eid')).code).toBe(1);
    expect((await operate(app, 'switch', 'off', 'client', 'switched')).code).toBe(0);
    const { output } = await operate(app, 'switch', 'list');
    expect(output).toMatch(/^method +eid +off +\d{4}-/m);
    expect(output).toMatch(/^client +switched +off +\d{4}-/m);
    await operate(app, 'switch', 'on', 'method', 'eid');
    const made = (await turns()).filter(({ id }) => !before.has(id));
    expect(made.map(({ type, client, on }) => `${type} ${client} ${on}`).sort()).toEqual([
      'client.switched switched false',
      'method.switched null false',
      'method.switched null true',
    ]);
  });
});
