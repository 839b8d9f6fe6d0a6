import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import { catalogues as serviceTexts } from '../../src/portal/relying-party/i18n/messages.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, tcTokenUrlOf, useCard } from '../support/journey.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await erikaAtFuehrungszeugnis(app);
});
afterAll(() => app.stop());
afterEach(() => resetClock());

const { de, en } = flowTexts;
const headingOf = (page: Page): string =>
  textOf({ ...page, body: /<h1[^>]*>.*?<\/h1>/s.exec(page.body)?.[0] ?? '' }).trim();
const titleOf = (page: Page): string => /<title>([^<]*)/.exec(page.body)?.[1] ?? '';
const hasForm = (page: Page, ending: string): boolean =>
  formsOf(page).some(({ action }) => new URL(action).pathname.endsWith(ending));
const hrefsOf = (page: Page): string[] =>
  [...page.body.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
const login = (person: Person): Promise<Page> => person.visit(`${app.portal}/login`);
const stepUp = async (person: Person, who = max): Promise<Page> => {
  await loginAtPortal(app, person, who);
  return person.visit(`${app.fz}/fuehrungszeugnis/daten`);
};

describe('the switches for language and appearance lead back to the very page', () => {
  const cases: Readonly<Record<string, [(person: Person) => Promise<Page>, string, string]>> = {
    'the login': [login, de.login.title, en.login.title],
    'the page before the eID client': [
      async (person) => person.submit(await login(person), '/eid'),
      de.eid.title,
      en.eid.title,
    ],
    'what became of the card': [
      async (person) => useCard(app, person, await login(person), undefined),
      de.eidFailure.title,
      en.eidFailure.title,
    ],
    'the question whether to log out': [
      async (person) => {
        await loginAtPortal(app, person);
        return person.submit(await person.visit(app.portal), '/abmelden');
      },
      de.logout.title,
      en.logout.title,
    ],
    'the end of a session': [
      async (person) => {
        await loginAtPortal(app, person);
        const question = await person.submit(await person.visit(app.portal), '/abmelden');
        return person.submit(question, '/session/end/confirm');
      },
      de.loggedOut.title,
      en.loggedOut.title,
    ],
    'an error of the provider': [
      (person) => person.visit(`${app.issuer}/auth?client_id=unbekannt`),
      de.error.code.unknown_client.title,
      en.error.code.unknown_client.title,
    ],
    'the service’s word on a login that was ended': [
      async (person) => person.submit(await login(person), '/abbrechen'),
      serviceTexts.de.failures.ended.title,
      serviceTexts.en.failures.ended.title,
    ],
    'the warning of a relay': [
      async (person) => {
        const attacker = createPerson();
        const page = await attacker.submit(await login(attacker), '/eid');
        const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(page), card: 'max' });
        return person.visit(end?.location ?? '');
      },
      de.error.code.relay_warning.title,
      en.error.code.relay_warning.title,
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [reach, german, english]) => {
    const person = createPerson();
    const page = await reach(person);
    expect(headingOf(page)).toBe(german);
    const switched = await person.follow(page, '/sprache/en');
    expect([headingOf(switched), switched.url.href]).toEqual([english, page.url.href]);
    const dark = await person.follow(switched, '/darstellung/dunkel');
    expect([headingOf(dark), dark.url.href]).toEqual([english, page.url.href]);
    expect(dark.body).toContain('data-kern-theme="dark"');
  });

  test('a login that failed is told again to the browser that began it, and to no other', async () => {
    const person = createPerson();
    const ended = await person.submit(await login(person), '/abbrechen');
    const { failures } = serviceTexts.de;
    expect(headingOf(await person.visit(ended.url.href))).toBe(failures.ended.title);
    expect(headingOf(await createPerson().visit(ended.url.href))).toBe(failures.unknown.title);
  });

  test('after a wrong password they lead to the login, whose form cannot be sent again', async () => {
    const person = createPerson();
    const wrong = await person.submit(await login(person), '/passwort', { login: 'erika', password: 'falsch' });
    const switched = await person.follow(wrong, '/sprache/en');
    expect([headingOf(switched), switched.status]).toEqual([en.login.title, 200]);
  });
});

describe('help does not cost the login', () => {
  test('from the login to help, from there to its neighbours, into another language, and back', async () => {
    const person = createPerson();
    const start = await login(person);
    const eidHelp = await person.follow(start, '/hilfe/online-ausweis?');
    const help = await person.follow(eidHelp, '/hilfe?');
    const english = await person.follow(help, '/sprache/en');
    const privacy = await person.follow(english, '/datenschutz?');
    const easy = await person.follow(privacy, '/leichte-sprache?');
    expect(textOf(easy)).toContain('Back to signing in');
    const back = await person.follow(easy, start.url.pathname);
    expect(back.url.href).toBe(start.url.href);
    expect(headingOf(back)).toBe(en.login.title);
  });

  test('from the page before the eID client one comes back to it, not to the one before', async () => {
    const person = createPerson();
    const eid = await person.submit(await login(person), '/eid');
    const help = await person.follow(eid, '/hilfe/online-ausweis?');
    expect(hrefsOf(help)).toContain(eid.url.pathname);
  });

  test('opened by itself, help leads back nowhere', async () => {
    const help = await createPerson().visit(`${app.issuer}/hilfe`);
    expect(textOf(help)).not.toContain('Zurück zur Anmeldung');
    expect(hrefsOf(help)).toContain('/hilfe/online-ausweis');
  });

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', '/a&zurueck=/b'])(
    'it leads to nowhere else: %j',
    async (zurueck) => {
      const address = `${app.issuer}/hilfe?zurueck=${zurueck.includes('&') ? zurueck : encodeURIComponent(zurueck)}`;
      const help = await createPerson().visit(address);
      expect(help.status).toBe(200);
      expect(textOf(help)).not.toContain('Zurück zur Anmeldung');
      // The switches name the page itself, as it was asked for.
      const links = hrefsOf(help).filter((href) => !/^\/(?:sprache|darstellung)\//.test(href));
      expect(links.join(' ')).not.toMatch(/evil|alert/);
    },
  );

  test('says what this version can do for somebody without a password, and that nobody answers', async () => {
    const help = textOf(await createPerson().visit(`${app.issuer}/hilfe`));
    expect(help).toContain('Passwort vergessen');
    expect(help).toContain('Wir schicken Ihnen eine E-Mail mit einem Link, mit dem Sie ein neues Passwort setzen');
    expect(help).toContain('Niemand beantwortet hier Anfragen');
  });
});

describe('a start of the eID client is good for one use, and its page knows', () => {
  const begin = async (person: Person): Promise<Page> => person.submit(await login(person), '/eid');
  const isOpened = (page: Page): [boolean, boolean] => [
    page.body.includes('tcTokenURL='),
    textOf(page).includes(de.eid.opened.failed),
  ];

  test('whoever comes back from a client that was opened finds no dead link, and can begin anew', async () => {
    const person = createPerson();
    const page = await begin(person);
    expect(isOpened(page)).toEqual([true, false]);
    await fetch(tcTokenUrlOf(page));
    const back = await person.visit(page.url.href);
    expect(isOpened(back)).toEqual([false, true]);
    const again = await person.submit(back, '/eid');
    expect(isOpened(again)).toEqual([true, false]);
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(again), card: 'erika' });
    expect((await person.visit(end?.location ?? '')).url.origin).toBe(app.portal);
  });

  test.each([
    ['by the way back that the client was given', (_begun: Page, sentTo: string) => sentTo],
    ['by the page from which the client was opened', (begun: Page) => begun.url.href],
  ])('the eID-Server had no session for it: told %s, once', async (_title, address) => {
    const person = createPerson();
    const page = await begin(person);
    app.app.simulator?.planFault({ name: 'tooManyOpenSessions' });
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(page) });
    await app.events();
    const told = await person.visit(address(page, end?.location ?? ''));
    expect(told.url.pathname).toMatch(/\/eid\/fehler$/);
    expect(textOf(told)).toContain(de.eidFailure.cause.busy.lead);
    for (const again of [told.url.href, page.url.href]) expect(textOf(await person.visit(again))).toBe(textOf(told));
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.failed']);
  });

  test('one that another start has ended leads back to the ways in', async () => {
    const person = createPerson();
    const page = await begin(person);
    await app.app.id?.stores.records.query
      .updateTable('eid_transactions' as never)
      .set({ state: 'superseded' } as never)
      .execute();
    expect(headingOf(await person.visit(page.url.href))).toBe(de.login.title);
  });
});

describe('a card that does not fit is no dead end', () => {
  test('whoever thinks for more than ten minutes about whose card it is can begin anew', async () => {
    const person = createPerson();
    const page = await useCard(app, person, await login(person), 'titel');
    shiftClock(10 * 60_000 + 1000);
    const late = await person.submit(page, '/zuordnen', { answer: 'new' });
    expect([late.status, headingOf(late)]).toEqual([200, de.login.title]);
    const linking = createPerson();
    const link = await useCard(app, linking, await stepUp(linking), 'max');
    shiftClock(2 * (10 * 60_000 + 1000));
    const gone = await linking.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect([gone.status, hasForm(gone, '/eid')]).toEqual([200, true]);
  });

  test('at a step-up another card can be tried, but nobody else can take over', async () => {
    const person = createPerson();
    const refused = await useCard(app, person, await stepUp(person), 'erika');
    expect(headingOf(refused)).toBe(de.refused.cause.foreignCard.title);
    expect(hasForm(refused, '/anderes-konto')).toBe(false);
    const { csrf = '' } = formsOf(refused).find(({ action }) => action.endsWith('/eid'))?.fields ?? {};
    const forced = await person.visit(`${refused.url.href}/anderes-konto`, { form: { csrf } });
    expect(forced.status).toBe(400);
    expect(headingOf(await person.visit(refused.url.href))).toBe(de.refused.cause.foreignCard.title);
    const link = await useCard(app, person, refused, 'max');
    expect(headingOf(link)).toBe(de.link.title);
  });

  test('after a password in the same login another account can be chosen instead', async () => {
    const person = createPerson();
    const assign = await useCard(app, person, await login(person), 'zeichen');
    const again = await person.submit(assign, '/zuordnen', { answer: 'existing' });
    const refused = await person.submit(again, '/passwort', max);
    expect(headingOf(refused)).toBe(de.refused.cause.birthDate.title);
    const anew = await person.submit(refused, '/anderes-konto');
    expect(headingOf(anew)).toBe(de.login.title);
    expect(hasForm(anew, '/eid')).toBe(true);
    expect(textOf(anew)).not.toContain('ŻANETA');
    const portal = await person.submit(anew, '/passwort', erika);
    expect(textOf(portal)).toContain('Erika Mustermann');
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });

  test('the way to another account is no way out of a login that was not refused', async () => {
    const person = createPerson();
    const start = await login(person);
    const { csrf = '' } = formsOf(start)[0]?.fields ?? {};
    expect((await person.visit(`${start.url.href}/anderes-konto`, { form: { csrf } })).status).toBe(400);
  });
});

describe('what a step-up says', () => {
  test('the page before the eID client speaks of proving, and offers no other way', async () => {
    const person = createPerson();
    const eid = await person.submit(await stepUp(person), '/eid');
    expect(headingOf(eid)).toBe(de.eid.titleOfStepUp);
    expect(hasForm(eid, '/eid/andere')).toBe(false);
    const other = createPerson();
    const atLogin = await other.submit(await login(other), '/eid');
    expect(hasForm(atLogin, '/eid/andere')).toBe(true);
  });

  test('what the password reaches once the card is added', async () => {
    const person = createPerson();
    const link = await useCard(app, person, await stepUp(person), 'max');
    expect(textOf(link)).toContain('Mit Ihrem Passwort erreichen Sie danach das Vertrauensniveau „niedrig“');
  });
});

describe('the question whether to log out', () => {
  const question = async (person: Person): Promise<Page> => {
    await loginAtPortal(app, person);
    return person.submit(await person.visit(app.portal), '/abmelden');
  };

  test('says what has ended already and what is still asked', async () => {
    expect(textOf(await question(createPerson()))).toContain(
      'Bei „Bayern-Portal“ sind Sie abgemeldet. Auch bei Bayern-ID und allen anderen Diensten abmelden?',
    );
  });

  test('whoever stays is told so, can go back, and can still log out everywhere', async () => {
    const person = createPerson();
    const asked = await question(person);
    const { xsrf = '' } = formsOf(asked).find(({ action }) => action.endsWith('/session/end/confirm'))?.fields ?? {};
    const stayed = await person.visit(`${app.issuer}/session/end/confirm`, { form: { xsrf } });
    expect(headingOf(stayed)).toBe(de.stillLoggedIn.title);
    expect(textOf(stayed)).toContain('Abgemeldet sind Sie nur bei „Bayern-Portal“');
    expect(hrefsOf(stayed)).toContain(`${app.portal}/`);
    const english = await person.follow(stayed, '/sprache/en');
    expect(headingOf(english)).toBe(en.stillLoggedIn.title);
    const again = await person.follow(english, '/session/end');
    expect(headingOf(again)).toBe(en.logout.title);
    expect(headingOf(await person.submit(again, '/session/end/confirm'))).toBe(en.loggedOut.title);
  });
});

describe('what is an error, and what is none', () => {
  test('whoever ends it at the eID client is not alarmed; a card that is invalid is', async () => {
    const person = createPerson();
    const ended = await useCard(app, person, await login(person), undefined);
    expect([titleOf(ended), textOf(ended).includes('Fehlernummer')]).toEqual([
      'Der Vorgang wurde beendet – Bayern-ID',
      false,
    ]);
    const invalid = await useCard(app, person, ended, 'gesperrt');
    expect([titleOf(invalid), textOf(invalid).includes('Fehlernummer')]).toEqual([
      'Fehler: Der Vorgang wurde beendet – Bayern-ID',
      true,
    ]);
  });

  test('whoever ends the login is not alarmed by the service either', async () => {
    const person = createPerson();
    const ended = await person.submit(await login(person), '/abbrechen');
    expect(titleOf(ended)).not.toContain('Fehler');
    expect(textOf(ended)).not.toContain('Fehlernummer');
  });

  test('back after the login: it may be finished, and the start page is one click away', async () => {
    const person = createPerson();
    const start = await login(person);
    await person.submit(start, '/passwort', erika);
    const back = await person.visit(start.url.href);
    expect(back.status).toBe(400);
    expect(textOf(back)).toMatch(/schon abgeschlossen oder abgelaufen/);
    expect(back.body).toMatch(/<a class="kern-btn kern-btn--primary" href="\/"/);
  });
});

describe('what OAuth has to say is for developers', () => {
  const ask = (redirect: string): Promise<Page> =>
    createPerson().visit(
      `${app.issuer}/auth?client_id=bayern-portal&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(redirect)}`,
    );
  const developer = (page: Page): string =>
    textOf({ ...page, body: /<section[^>]*id="entwicklung".*?<\/section>/s.exec(page.body)?.[0] ?? '' });
  const citizen = (page: Page): string =>
    textOf({ ...page, body: page.body.replace(/<section[^>]*id="entwicklung".*?<\/section>/s, '') });

  test('an unknown service', async () => {
    const page = await createPerson().visit(`${app.issuer}/auth?client_id=%3Cb%3Eunbekannt`);
    expect(citizen(page)).not.toContain('invalid_client');
    expect(developer(page)).toContain('invalid_client');
    expect(page.body).not.toContain('<b>unbekannt');
    expect(page.body).toMatch(/<a class="kern-btn kern-btn--primary" href="\/"/);
  });

  test.each([
    ['a slash more', (right: string) => `${right}/`, 'Unterschied: Schrägstrich am Ende'],
    [
      'another path',
      (right: string) => right.replace('/callback', '/rückweg'),
      /Unterschied ab Zeichen \d+: gesendet „r.*ckweg“, eingetragen „callback“/,
    ],
    ['cut short', (right: string) => right.slice(0, -2), /gesendet nichts mehr, eingetragen „ck“/],
  ])('a redirect address with %s', async (_, change, words) => {
    const right = `${app.portal}/callback`;
    const page = await ask(change(right));
    expect(page.status).toBe(400);
    expect(developer(page)).toContain(right);
    expect(developer(page)).toMatch(words);
    expect(citizen(page)).not.toMatch(/redirect_uri|Unterschied/);
  });
});
