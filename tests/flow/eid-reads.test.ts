import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServices, type Service, type Services } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { tcTokenUrlOf, useCard } from '../support/journey.ts';

let app: TestApp;
let services: Services;
/** Each is told more than the one before it. */
let name: Service;
let address: Service;
let everything: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  name = await services.add({ clientId: 'name', file: { client_name: 'Hundesteuer' } });
  address = await services.add({
    clientId: 'address',
    file: {
      client_name: { de: 'Wohnsitz & Co.', en: 'Residence & co.' },
      scope: 'openid profile address',
      minimum_level: 'substantial',
    },
  });
  everything = await services.add({
    clientId: 'everything',
    file: { scope: 'openid profile address identity', minimum_level: 'high' },
  });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const identity = ['Art des Ausweises', 'Gültig bis', 'Familienname', 'Geburtsdatum', 'Pseudonym'];
const optional = ['Vornamen', 'Geburtsort', 'Geburtsname'];

interface Seen {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly purpose: string;
}

/** What the citizen sees in the eID client before the PIN: what the eID-Server was really asked for. */
const seenInClient = async (page: Page): Promise<Seen> => {
  const begun = await fetch(`${app.simulator}/eID-Client?tcTokenURL=${encodeURIComponent(tcTokenUrlOf(page))}`, {
    redirect: 'manual',
  });
  const html = await (
    await fetch(new URL(begun.headers.get('location') ?? '', app.simulator), { headers: { 'accept-language': 'de' } })
  ).text();
  const value = (label: string): string =>
    new RegExp(`<dt[^>]*>${label}</dt>\\s*<dd[^>]*>(?:<[^>]*>)*([^<]*)`).exec(html)?.[1] ?? '';
  return {
    required: value('Diese Daten werden gelesen').split(', '),
    optional: [...html.matchAll(/<label class="kern-label" for="optional-[^"]*">([^<]*)</g)].map(
      ([, one]) => one ?? '',
    ),
    purpose: value('Zweck').replaceAll('&amp;', '&'),
  };
};

const startPage = async (service: Service, scope: string): Promise<Page> => {
  const person = createPerson();
  return person.submit(await service.ask(person, { scope }), '/eid');
};

describe('only what the asking service needs is read from the card', () => {
  test.each<[string, () => Service, string, readonly string[]]>([
    ['a name', () => name, 'openid profile', optional],
    ['nothing but who it is', () => name, 'openid', optional],
    ['an address', () => address, 'openid address', [...optional, 'Anschrift']],
    ['less than its file allows', () => everything, 'openid profile', optional],
    [
      'everything',
      () => everything,
      'openid profile address identity',
      [
        ...optional,
        'Staatsangehörigkeit',
        'Anschrift',
        'Doktorgrad',
        'Ordens- oder Künstlername',
        'Amtlicher Gemeindeschlüssel',
      ],
    ],
  ])('%s', async (_title, service, scope, expected) => {
    const page = await startPage(service(), scope);
    const seen = await seenInClient(page);
    expect([...seen.required].sort()).toEqual([...identity].sort());
    expect([...seen.optional].sort()).toEqual([...expected].sort());
  });

  test('our own page announces the same, and the client shows for whom', async () => {
    const page = await startPage(address, 'openid address');
    expect(textOf(page)).toContain('Anschrift');
    expect(textOf(page)).not.toContain('Staatsangehörigkeit');
    expect((await seenInClient(page)).purpose).toBe('Anmeldung bei Wohnsitz & Co.');
    const english = createPerson();
    const asked = await english.submit(await address.ask(english, { scope: 'openid', ui_locales: 'en' }), '/eid');
    expect((await seenInClient(asked)).purpose).toBe('Signing in at Residence & co.');
  });
});

/** The first use of a card makes an account. */
const byCard = async (person: Person, page: Page, card: string): Promise<Page> => {
  const read = await useCard(app, person, page, card);
  return read.body.includes('/zuordnen') ? person.submit(read, '/zuordnen', { answer: 'new' }) : read;
};

describe('a service that needs more than was read', () => {
  const scope = 'openid profile address identity';

  test('is not answered before the card was read for it; then it knows, and nobody is asked again', async () => {
    const person = createPerson();
    await name.redeem(await byCard(person, await name.ask(person, { scope: 'openid profile' }), 'max'));
    await app.events();

    const page = await everything.ask(person, { scope });
    expect(page.url.origin).toBe(app.issuer);
    const text = textOf(page);
    expect(text).toContain('braucht Angaben aus Ihrem Ausweis, die wir noch nicht gelesen haben');
    for (const word of ['Anschrift', 'Staatsangehörigkeit']) expect(text).toContain(word);
    expect(text).not.toContain('abgelaufen');
    expect(formsOf(page).some(({ action }) => action.endsWith('/passwort'))).toBe(false);
    // Who only asks whether there is a session, is told that there is something to do.
    expect(everything.answer(await everything.ask(person, { scope, prompt: 'none' }))).toMatchObject({
      error: 'interaction_required',
    });

    const tokens = await everything.redeem(await useCard(app, person, page, 'max'));
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await me.json()).toMatchObject({
      address: { locality: 'WÜRZBURG' },
      nationalities: ['DE'],
      community_id: '02760906630000',
    });
    expect((await app.events()).map(({ type }) => type)).toContain('card.updated');
    everything.answer(await everything.ask(person, { scope }));
    everything.answer(await everything.ask(person, { scope, prompt: 'none' }));
    address.answer(await address.ask(person, { scope: 'openid address' }));
  });

  test('what was read for one service stays when another asks for less', async () => {
    const person = createPerson();
    await everything.redeem(await byCard(person, await everything.ask(person, { scope }), 'zeichen'));
    const again = createPerson();
    await name.redeem(await useCard(app, again, await name.ask(again, { scope: 'openid profile' }), 'zeichen'));
    const tokens = await everything.redeem(await everything.ask(again, { scope }));
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await me.json()).toMatchObject({ address: { locality: 'ROTHENBURG OB DER TAUBER' } });
  });

  test.each(['unionsbuerger', 'ohne-anschrift', 'ohne-geburtstag', 'ein-name'])(
    'what the chip of %s does not have was asked: it is missing, and asked no second time',
    async (card) => {
      const person = createPerson();
      const tokens = await everything.redeem(await byCard(person, await everything.ask(person, { scope }), card));
      const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      const claims = (await me.json()) as Record<string, unknown>;
      if (card !== 'ohne-geburtstag') expect(claims).not.toHaveProperty(card === 'ein-name' ? 'given_name' : 'address');
      // An incomplete date stays what is known of it.
      else expect(claims['birthdate']).toBe('1960');
      everything.answer(await everything.ask(person, { scope }));
    },
  );

  test('what the citizen deselected is missing, and asked no second time', async () => {
    const person = createPerson();
    const eid = await person.submit(await everything.ask(person, { scope }), '/eid');
    const end = await app.app.simulator?.runClient({
      tcTokenUrl: tcTokenUrlOf(eid),
      card: 'titel',
      deselected: ['PlaceOfResidence', 'AcademicTitle', 'BirthName'],
    });
    const read = await person.visit(end?.location ?? '');
    const tokens = await everything.redeem(await person.submit(read, '/zuordnen', { answer: 'new' }));
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    const claims = (await me.json()) as Record<string, unknown>;
    expect(claims).toMatchObject({ also_known_as: 'DORA DUR' });
    for (const claim of ['address', 'title', 'birth_family_name']) expect(claims).not.toHaveProperty(claim);
    everything.answer(await everything.ask(person, { scope }));
  });

  test('who came by password is not sent for the card', async () => {
    const plain = await services.add({
      clientId: 'plain-address',
      file: { scope: 'openid address', verified_claims_minimum: 'basic' },
    });
    const person = createPerson();
    const login = await plain.ask(person, { scope: 'openid address' });
    plain.answer(await person.submit(login, '/passwort', { login: 'erika', password: 'zwiebel-turm-laterne' }));
  });
});

describe('the level that the service needs is asked of the eID-Server', () => {
  test.each<[string, () => Service, string]>([
    ['high', () => everything, 'anmelden'],
    ['substantial', () => address, 'service'],
  ])('a Smart-eID at a service that needs %s', async (_level, service, end) => {
    const person = createPerson();
    const page = await byCard(person, await service().ask(person), 'smart-eid');
    if (end === 'service') return void service().answer(page);
    // Refused by the eID-Server, before the PIN, and told in words that help.
    expect(page.url.pathname).toMatch(/\/eid\/fehler$/);
    expect(textOf(page)).toContain('Diese Art von Ausweis');
    return undefined;
  });
});

describe('a change of sector key', () => {
  test('the same card before, during and after it is the same person', async () => {
    const subjects: unknown[] = [];
    for (const card of ['wechsel-vorher', 'wechsel', 'wechsel-nachher', 'wechsel-nachher']) {
      const person = createPerson();
      const page = await useCard(app, person, await name.ask(person), card);
      const known = page.body.includes('/zuordnen') ? await person.submit(page, '/zuordnen', { answer: 'new' }) : page;
      expect([card, page.body.includes('/zuordnen')]).toEqual([card, card === 'wechsel-vorher']);
      subjects.push((await name.redeem(known)).claims.sub);
    }
    expect(new Set(subjects).size).toBe(1);
    expect((await app.events()).filter(({ type }) => type === 'card.moved')).toHaveLength(1);
  });
});
