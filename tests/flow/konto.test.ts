import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReadCard } from '../../src/id/identity/repository.ts';
import { restrictedIdOf } from '../../src/simulators/eid-server/reading.ts';
import { openAccount, openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max } from '../support/journey.ts';

/** What the pages of Mein Konto show and change. */
let app: TestApp;
let person: Person;
/** Somebody who stays logged in as Max. */
let atMax: Person;
beforeAll(async () => {
  app = await startTestApp();
  await erikaAtFuehrungszeugnis(app);
  atMax = createPerson();
  await openAccount(app, atMax, '/konto', max);
}, 60_000);
afterAll(() => app.stop());
beforeEach(() => {
  person = createPerson();
});
afterEach(() => resetClock());

const pages = [
  '/konto',
  '/konto/daten',
  '/konto/daten/name',
  '/konto/daten/geburtsdatum',
  '/konto/daten/anschrift',
  '/konto/daten/telefon',
  '/konto/sitzungen',
  '/konto/dienste',
  '/konto/dienste/bayern-portal',
  '/konto/aktivitaet',
  '/konto/nicht-ich',
  '/konto/mitteilungen',
  '/konto/sprache',
  '/konto/auskunft',
  '/konto/loeschen',
  '/konto/loeschen/bestaetigen',
];

test('SE-15: every page asks for a login first, leads back to itself, and is kept by no cache', async () => {
  await loginAtPortal(app, createPerson(), max);
  for (const path of pages) {
    const somebody = createPerson();
    const login = await somebody.visit(`${app.issuer}${path}`);
    expect([path, login.url.pathname.replace(/[^/]+$/, '')]).toEqual([path, '/anmelden/']);
    const page = await somebody.submit(login, '/passwort', max);
    expect([path, page.status, page.url.pathname, page.headers.get('cache-control')]).toEqual([
      path,
      200,
      path,
      'no-store',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
}, 60_000);

const birth = (day: string, month: string, year: string): Readonly<Record<string, string>> => ({
  'birthdate-day': day,
  'birthdate-month': month,
  'birthdate-year': year,
});

describe('/konto/daten', () => {
  test('a password shows where values come from, but not those of the card; the card shows them', async () => {
    const hidden = textOf(await openAccount(app, person, '/konto/daten'));
    expect(hidden).toContain('Die Angaben aus Ihrem Ausweis sind verdeckt');
    expect(hidden).toMatch(/Geburtsname verdeckt aus Ausweis gelesen am .* Vertrauensniveau „hoch“/);
    expect(hidden).not.toMatch(/GABLER|HEIDESTRASSE/i);
    const stepUp = await person.follow(await person.visit(`${app.issuer}/konto/daten`), '/konto/daten/zeigen');
    expect(textOf(stepUp)).toContain('Bitte weisen Sie sich aus');
    await openAccountByCard(app, person, 'erika', '/konto/daten/zeigen');
    const shown = await person.visit(`${app.issuer}/konto/daten`);
    expect(textOf(shown)).toMatch(/Geburtsname GABLER aus Ausweis/);
    expect(textOf(shown)).toMatch(/Anschrift HEIDESTRASSE 17, 51147 KÖLN, Deutschland aus Ausweis/);
    expect(textOf(shown)).not.toContain('verdeckt');
  });

  test('MG-14: what the card says is locked, also for a form that is sent all the same', async () => {
    const page = await openAccount(app, person, '/konto/daten/telefon');
    const csrf = formsOf(page).find(({ action }) => action.endsWith('/telefon'))?.fields['csrf'] ?? '';
    expect((await person.visit(`${app.issuer}/konto/daten/name`)).url.pathname).toBe('/konto/daten');
    const before = (await app.citizen('erika'))?.self;
    const sent = await person.visit(`${app.issuer}/konto/daten/name`, {
      form: { csrf, given_name: 'Erich', family_name: 'Musterfrau' },
    });
    expect(sent.status).toBe(403);
    const address = await person.visit(`${app.issuer}/konto/daten/anschrift`, {
      form: { csrf, street_address: 'Hier 1', postal_code: '80331', locality: 'München', country: 'DE' },
    });
    expect(address.status).toBe(403);
    expect((await app.citizen('erika'))?.self).toEqual(before);
  });

  test('own values: typed, kept with date and source, told in the journal without the value', async () => {
    const form = await openAccount(app, person, '/konto/daten/anschrift', max);
    await app.events();
    const saved = await person.submit(form, '/anschrift', {
      street_address: '  Marienplatz   1 ',
      postal_code: '80331',
      locality: 'München',
      country: 'DE',
    });
    expect(textOf(saved)).toMatch(/Anschrift Marienplatz 1, 80331 München, Deutschland selbst angegeben angegeben am/);
    expect((await app.citizen('max'))?.self.address).toMatchObject({ source: 'self', level: 'basic' });
    const [event] = (await app.events()).filter(({ type }) => type === 'data.changed');
    expect(event).toMatchObject({ attributes: ['address'] });
    expect(JSON.stringify(event)).not.toContain('Marienplatz');
    await person.submit(await person.visit(`${app.issuer}/konto/daten/anschrift`), '/anschrift', {
      street_address: '',
      postal_code: '',
      locality: '',
    });
    expect((await app.citizen('max'))?.self.address).toBeUndefined();
  });

  test.each([
    [birth('', '', '1964'), '1964    '],
    [birth('', '8', '1964'), '196408  '],
    [birth('12', '08', '1964'), '1964-08-12'],
    [birth('29', '2', '1964'), '1964-02-29'],
  ])('a birth date of which not all is known: %j', async (fields, kept) => {
    const form = await atMax.visit(`${app.issuer}/konto/daten/geburtsdatum`);
    expect((await atMax.submit(form, '/geburtsdatum', fields)).url.pathname).toBe('/konto/daten');
    expect((await app.citizen('max'))?.self.birthdate?.value).toBe(kept);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['geburtsdatum', birth('29', '2', '1965'), 'Dieses Datum gibt es nicht'],
    ['geburtsdatum', birth('1', '13', '1965'), 'Dieses Datum gibt es nicht'],
    ['geburtsdatum', birth('1', '', '1965'), 'Tag und Monat als Zahlen'],
    ['geburtsdatum', birth('1', '1', '65'), 'vier Ziffern'],
    ['geburtsdatum', birth('1', '1', '2999'), 'in der Zukunft'],
    ['name', { given_name: ' ', family_name: '' }, 'Vornamen oder Familiennamen'],
    ['name', { given_name: 'x'.repeat(201), family_name: '' }, 'zu lang'],
    ['anschrift', { street_address: 'Gasse', postal_code: '', locality: '' }, 'mindestens den Ort'],
    ['anschrift', { postal_code: '8033', locality: 'München', country: 'DE' }, 'fünf Ziffern'],
    ['telefon', { phone_number: '12' }, 'Telefonnummer mit Vorwahl'],
    ['telefon', { phone_number: 'ruf mich an' }, 'Telefonnummer mit Vorwahl'],
  ])('%s: what cannot be so is asked again, with what was typed: %j', async (page, fields, message) => {
    const before = (await app.citizen('max'))?.self;
    const answer = await atMax.submit(await atMax.visit(`${app.issuer}/konto/daten/${page}`), `/${page}`, fields);
    expect([answer.status, textOf(answer)]).toEqual([422, expect.stringContaining(message)]);
    expect((await app.citizen('max'))?.self).toEqual(before);
    for (const text of Object.values(fields)) if (text.trim() !== '') expect(answer.body).toContain(`"${text}"`);
  });

  test.each([
    ['089 / 123 456', '+4989123456'],
    ['+43 (0)1 234567', '+431234567'],
    ['0043-1-234567', '+431234567'],
  ])('a telephone number is kept as OpenID Connect wants it: %s', async (typed, kept) => {
    await atMax.submit(await atMax.visit(`${app.issuer}/konto/daten/telefon`), '/telefon', { phone_number: typed });
    expect((await app.citizen('max'))?.self.phone_number?.value).toBe(kept);
  });
});

describe('/konto/sprache and /konto/mitteilungen', () => {
  test('the language is kept for the browser and for mails', async () => {
    const page = await person.submit(await openAccount(app, person, '/konto/sprache', max), '/sprache', {
      locale: 'en',
      theme: 'dark',
    });
    expect(textOf(page)).toContain('Saved');
    expect(page.body).toContain('data-kern-theme="dark"');
    expect((await app.citizen('max'))?.preferences).toEqual({ locale: 'en' });
    expect(textOf(await person.visit(`${app.issuer}/konto/mitteilungen`))).toContain(
      'We write e-mails to you in English',
    );
    const back = await person.submit(await person.visit(`${app.issuer}/konto/sprache`), '/sprache', {
      locale: 'de',
      theme: 'system',
    });
    expect(back.body).not.toContain('data-kern-theme');
  });

  test('something else is asked again', async () => {
    const answer = await person.submit(await openAccount(app, person, '/konto/sprache', max), '/sprache', {
      locale: 'fr',
    });
    expect([answer.status, textOf(answer)]).toEqual([422, expect.stringContaining('Wählen Sie eine Sprache')]);
  });
});

describe('/konto/aktivitaet', () => {
  test('what happened in plain words, failures too, and what the operators did with their reason', async () => {
    await loginAtPortal(app, createPerson(), { ...max, password: 'nicht-das-passwort' });
    const id = (await app.citizen('max'))?.account.id ?? '';
    await app.app.id?.citizens.act(id, { kind: 'logout', reason: 'Auf Ihren Wunsch.', operator: 'test' });
    await openAccount(app, person, '/konto', max);
    await app.app.id?.journal.settled();
    const text = textOf(await person.visit(`${app.issuer}/konto/aktivitaet`));
    expect(text).toContain('Von den Betreibern überall abgemeldet');
    expect(text).toContain('Begründung der Betreiber: Auf Ihren Wunsch.');
    expect(text).toMatch(/Das war ich nicht : Angemeldet mit: Passwort/);
    const failures = textOf(await person.visit(`${app.issuer}/konto/aktivitaet?art=failures`));
    expect(failures).toContain('Anmeldung gescheitert: falsches Passwort');
    expect(failures).not.toContain('Angemeldet mit');
  });

  test('older ones page by page, each once, none of another account', async () => {
    const journal = app.app.id?.journal;
    const id = (await app.citizen('max'))?.account.id ?? '';
    const other = (await app.citizen('erika'))?.account.id ?? '';
    for (let i = 0; i < 30; i++)
      await journal?.recordNow([
        { type: 'recovery_code.used', left: i, accountId: id },
        { type: 'recovery_code.used', left: 100 + i, accountId: other },
      ]);
    const seen: string[] = [];
    let page = await openAccount(app, person, '/konto/aktivitaet?art=logins', max);
    for (let pages = 0; pages < 4; pages++) {
      seen.push(...[...textOf(page).matchAll(/benutzt, übrig: (\d+) /g)].map(([, left]) => left ?? ''));
      if (!page.body.includes('vor=')) break;
      page = await person.follow(page, 'vor=');
    }
    // Each stands there twice: as an entry, and in its link for those who do not see.
    expect(seen.filter((_, i) => i % 2 === 0).map(Number)).toEqual(Array.from({ length: 30 }, (_, i) => 29 - i));
  });

  test.each(['vor=x', 'vor=%27%20or%201=1', 'art=alles', 'art=constructor', 'art=a&art=b'])(
    'a query that means nothing is the first page: %s',
    async (query) => {
      const page = await openAccount(app, atMax, `/konto/aktivitaet?${query}`, max);
      expect([page.status, page.body.match(/class="bid-event"/g)?.length]).toEqual([200, 25]);
    },
  );
});

describe('/konto/auskunft', () => {
  test('JSON: everything that is stored, nothing by which anybody could log in', async () => {
    await openAccountByCard(app, person, 'erika');
    const answer = await person.visit(`${app.issuer}/konto/auskunft/bayern-id.json`);
    expect(answer.headers.get('content-disposition')).toContain('bayern-id.json');
    const exported = JSON.parse(answer.body) as Record<string, unknown> & {
      readonly data: readonly { readonly name: string; readonly value: unknown; readonly source: string }[];
      readonly activities: readonly { readonly type: string }[];
    };
    expect(exported.data).toContainEqual(
      expect.objectContaining({ name: 'birth_family_name', value: 'GABLER', source: 'card', level: 'high' }),
    );
    expect(exported.data).toContainEqual(
      expect.objectContaining({ name: 'given_name', value: 'Erika', source: 'self' }),
    );
    expect(exported).toMatchObject({
      format: 'bayern-id-export',
      account: { login_name: 'erika' },
      means: [{ kind: 'password' }, { kind: 'eid', ceiling: 'high' }],
      consents: [{ service: { id: 'fuehrungszeugnis', name: 'Führungszeugnis' } }],
    });
    expect(exported['identifiers']).toContainEqual(
      expect.objectContaining({
        sector: 'bayern/bayern-portal',
        sub: (await app.subjects('erika'))['bayern/bayern-portal'],
      }),
    );
    expect(exported['sessions']).not.toEqual([]);
    expect(exported.activities.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['login.succeeded', 'data.released', 'card.linked', 'data.exported', 'account.created']),
    );
    expect(answer.body).not.toMatch(/argon2|\$m=|pseudonym|restricted/i);
  });

  test('PDF: tagged, in the language of the page, readable by machines as PDF/UA', async () => {
    await openAccountByCard(app, person, 'erika');
    const answer = await fetch(`${app.issuer}/konto/auskunft/bayern-id.pdf`, {
      headers: {
        cookie: [...person.cookies].map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`).join('; '),
      },
    });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const pdf = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    expect(pdf.startsWith('%PDF-1.7')).toBe(true);
    for (const mark of ['/StructTreeRoot', '/Marked true', '/Lang (de-DE)', 'pdfuaid', '/DisplayDocTitle true'])
      expect([mark, pdf.includes(mark)]).toEqual([mark, true]);
    expect(pdf).not.toContain('erika');
  });

  test('takes a fresh login at the highest level of the account: a password is not enough where there is a card', async () => {
    await app.events();
    const answer = await openAccount(app, person, '/konto/auskunft', erika);
    expect(answer.status).toBe(200);
    for (const file of ['bayern-id.json', 'bayern-id.pdf']) {
      const refused = await person.visit(`${app.issuer}/konto/auskunft/${file}`);
      expect(textOf(refused)).toContain('Bitte weisen Sie sich aus');
    }
    expect((await app.events()).map(({ type }) => type)).not.toContain('data.exported');
    shiftClock(11 * 60_000);
    const somebody = createPerson();
    await openAccountByCard(app, somebody, 'erika');
    shiftClock(11 * 60_000);
    expect((await somebody.visit(`${app.issuer}/konto/auskunft/bayern-id.json`)).url.pathname).toMatch(/^\/anmelden\//);
  });
});

describe('as time goes by', () => {
  test('the first page names the level, the login before, and what is still to be done', async () => {
    await loginAtPortal(app, createPerson(), max);
    shiftClock(2 * 3600_000);
    const text = textOf(await openAccount(app, person, '/konto', max));
    expect(text).toContain('Guten Tag, Max Beispiel');
    expect(text).toContain('Basisregistrierung');
    expect(text).toMatch(/Davor zuletzt angemeldet: \d+\. \S+ \d{4} um \d\d:\d\d, Passwort\./);
    expect(text).toContain('Richten Sie einen zweiten Nachweis ein');
    expect(text).not.toContain('Hinterlegen Sie eine E-Mail-Adresse');
    expect(text).not.toContain('läuft');
  });

  test('whoever has no e-mail address is asked for one, and led to where it is given', async () => {
    const { citizens, hashing } = app.app.id ?? {};
    const somebody = { login: 'ohne-adresse', password: 'drei-gelbe-eulen-im-moor' };
    const passwordHash = await hashing?.hash(somebody.password);
    if (passwordHash === undefined) throw new Error('no Bayern-ID');
    await citizens?.create({ loginName: somebody.login, passwordHash, self: {}, ceiling: 'basic' }, []);
    const home = await openAccount(app, person, '/konto', somebody);
    expect(textOf(home)).toContain('Hinterlegen Sie eine E-Mail-Adresse');
    const page = await person.follow(home, '/konto/zugaenge/e-mail');
    expect([page.status, page.url.pathname]).toEqual([200, '/konto/zugaenge/e-mail']);
    expect(textOf(page)).toContain('E-Mail-Adresse hinzufügen');
  });

  test('a card that runs out is told three months before, and afterwards', async () => {
    const until = (await app.citizen('erika'))?.card?.link.validUntil ?? 0;
    expect(textOf(await openAccount(app, person))).not.toContain('Ihr Ausweis läuft');
    shiftClock(until - 80 * 86_400_000 - Date.now());
    expect(textOf(await openAccount(app, createPerson()))).toContain('Ihr Ausweis läuft am');
    shiftClock(81 * 86_400_000);
    expect(textOf(await openAccount(app, createPerson()))).toContain('Ihr Ausweis ist abgelaufen');
  });

  test('LA-14: a card that has run out leaves no way above a password, and the export keeps what it said to itself', async () => {
    const until = (await app.citizen('erika'))?.card?.link.validUntil ?? 0;
    shiftClock(until + 86_400_000 - Date.now());
    await openAccount(app, person, '/konto', erika);
    const answer = await person.visit(`${app.issuer}/konto/auskunft/bayern-id.json`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.body).not.toMatch(/GABLER|HEIDESTRASSE/i);
    const { data } = JSON.parse(answer.body) as { data: readonly object[] };
    expect(data).toContainEqual(expect.objectContaining({ name: 'birth_family_name', source: 'card', hidden: true }));
    expect(data).toContainEqual(expect.objectContaining({ name: 'given_name', value: 'Erika', source: 'self' }));
  });

  test('MG-13: the birth date, which decides what card fits, takes a fresh login', async () => {
    await openAccount(app, person, '/konto', max);
    shiftClock(11 * 60_000);
    expect((await person.visit(`${app.issuer}/konto/daten/telefon`)).url.pathname).toBe('/konto/daten/telefon');
    expect((await person.visit(`${app.issuer}/konto/daten/geburtsdatum`)).url.pathname).toMatch(/^\/anmelden\//);
  });

  test('what a card said before stays for 24 months, and is hidden like the rest', async () => {
    const citizens = app.app.id?.citizens;
    const citizen = await app.citizen('erika');
    if (!citizens || !citizen?.card) throw new Error('Erika has no card');
    const { address } = citizen.card.attributes;
    const moved: ReadCard = {
      restrictedId: restrictedIdOf('development sector', 'erika-1'),
      assured: 'high',
      asked: citizen.card.asked,
      attributes: {
        ...citizen.card.attributes,
        address: { value: { locality: 'PASSAU' }, source: 'card', level: 'high', at: Date.now() },
      },
    };
    const history = await app.app.id?.cardHistory.of(citizen.account.id);
    await citizens.refreshFromCard(citizen.account.id, moved, { always: [], moved: [] });
    await citizens.refreshFromCard(citizen.account.id, moved, { always: [], moved: [] });
    expect(await app.app.id?.cardHistory.of(citizen.account.id)).toEqual([
      { at: expect.any(Number), before: { address } },
      ...(history ?? []),
    ]);
    const text = textOf(await openAccount(app, person, '/konto/daten'));
    expect(text).toMatch(/Frühere Angaben aus Ihrem Ausweis .* Bis \d+\. \S+ \d{4} Anschrift verdeckt/);
    shiftClock(25 * 31 * 86_400_000);
    await app.app.id?.runAccountJobs();
    const rows = await app.app.id?.stores.records.query.selectFrom('attribute_history').selectAll().execute();
    expect(rows).toEqual([]);
  });
});
