import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createFuehrungszeugnis, type Fuehrungszeugnis } from '../../src/portal/fuehrungszeugnis/app.ts';
import type { Application } from '../../src/portal/fuehrungszeugnis/records/applications.ts';
import { fuehrungszeugnisSettings } from '../../src/portal/fuehrungszeugnis/settings.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { upload } from '../support/fuehrungszeugnis.ts';
import { startScene, type Scene } from '../support/relying-parties.ts';

const minutes = 60_000;
const high = 'http://eidas.europa.eu/LoA/high';
const low = 'http://eidas.europa.eu/LoA/low';
const byCard = ['sc', 'pin', 'mfa', 'eid'];
const bezahlsystem = 'http://bezahlen.test';

const card = (claims: Record<string, unknown>): Record<string, unknown> => ({
  verified_claims: {
    verification: { trust_framework: 'eidas', assurance_level: 'high', time: '2026-11-23T00:00:00Z' },
    claims,
  },
});
const erikasCard = card({
  given_name: 'ERIKA',
  family_name: 'MUSTERMANN',
  birth_family_name: 'GABLER',
  birthdate: '1964-08-12',
  place_of_birth: { locality: 'BERLIN' },
  nationalities: ['DE'],
  address: { street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' },
});
const maxsCard = card({ given_name: 'MAX', family_name: 'BEISPIEL', birthdate: '1991-03-17', nationalities: ['DE'] });

/** A Bezahlsystem that says what a test wants. */
interface Payments {
  status: string;
  amount: number;
  answers: boolean;
  readonly made: Map<string, string>;
}

let scene: Scene;
let fz: string;
let module: Fuehrungszeugnis;
let payments: Payments;
let account = 0;
let subject = '';

beforeAll(async () => {
  scene = await startScene({
    fuehrungszeugnis: async (deps) => {
      module = await createFuehrungszeugnis({
        ...deps,
        settings: fuehrungszeugnisSettings.parse({
          ...deps.settings,
          bezahlsystem: { origin: bezahlsystem },
          documents: { bytes: 100_000 },
        }),
        keys: { ...deps.keys, part: randomBytes(32) },
        metrics: createMetrics(),
        jobInterval: 3600_000,
      });
      return module;
    },
  });
  fz = scene.party('fuehrungszeugnis').origin;
  const json = (body: unknown): Promise<Response> =>
    Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
  scene.network.intercept = (url, options) => {
    const sent = typeof options.body === 'string' ? options.body : String(options.body as URLSearchParams);
    if (sent.includes('grant_type=client_credentials'))
      return json({ access_token: 'token', token_type: 'DPoP', expires_in: 60 });
    if (!url.startsWith(bezahlsystem)) return Promise.resolve(undefined);
    if (!payments.answers) return Promise.reject(new TypeError('fetch failed'));
    const asked = options.method === 'POST' ? (JSON.parse(sent) as { requestId: string }).requestId : undefined;
    if (asked !== undefined && !payments.made.has(asked)) payments.made.set(asked, randomUUID());
    const [requestId, transactionId] = [...payments.made].find(
      ([request, made]) => request === asked || url.endsWith(`/${made}`),
    ) ?? ['', ''];
    return json({
      paymentInformation: {
        transactionId,
        status: payments.status,
        ...(payments.status === 'INITIAL' ? { transactionRedirectUrl: `${bezahlsystem}/bezahlen/x` } : {}),
      },
      paymentRequest: { requestId, grosAmount: payments.amount, currency: 'EUR' },
    });
  };
});
afterAll(async () => {
  await module.close();
  await scene.close();
});

beforeEach(() => {
  // A person of her own for each test.
  account += 1;
  subject = `erika-${account}`;
  scene.provider.claims.set(subject, erikasCard);
  scene.provider.claims.set('max', maxsCard);
  Object.assign(scene.provider.next, { accountId: subject, acr: high, authTime: undefined, amr: byCard });
  payments = { status: 'INITIAL', amount: 13, answers: true, made: new Map() };
});
afterEach(resetClock);

const at = (person: Person, path: string): Promise<Page> => person.visit(`${fz}/fuehrungszeugnis/${path}`);

const openOne = async (): Promise<Application | undefined> => module.records.applications.openOf(subject);
const sentOnes = (): Promise<Application[]> => module.records.applications.sentOf(subject);

const fillIn = async (person: Person): Promise<Page> => {
  let page = await person.submit(await at(person, 'art'), '/art', { form: 'N' });
  page = await person.submit(page, '/daten');
  return person.submit(page, '/gebuehr', { fee: 'pay' });
};
const send = (person: Person, page: Page): Promise<Page> => person.submit(page, '/pruefen', { selbst: '1' });

describe('PA-11 an application', () => {
  test.each(['art', 'daten', 'empfaenger', 'nachweise', 'gebuehr', 'pruefen', 'zahlung', 'antraege', 'antrag'])(
    'is not there at low: %s',
    async (path) => {
      scene.provider.next.acr = low;
      const page = await at(createPerson(), path);
      expect([page.status, textOf(page).includes('MUSTERMANN')]).toEqual([403, false]);
    },
  );

  test('at high by something else than the card is refused', async () => {
    scene.provider.next.amr = ['hwk', 'user', 'mfa'];
    const page = await at(createPerson(), 'daten');
    expect([page.status, textOf(page).includes('HEIDESTRASSE')]).toEqual([403, false]);
  });

  test('with a login at high that is older than ten minutes is refused', async () => {
    scene.provider.next.authTime = Math.floor(Date.now() / 1000) - 11 * 60;
    const page = await at(createPerson(), 'daten');
    expect([page.status, textOf(page).includes('MUSTERMANN')]).toEqual([400, false]);
    expect(await openOne()).toBeUndefined();
  });

  test('has the card’s data, whatever the form says', async () => {
    const erika = createPerson();
    const page = await erika.submit(await at(erika, 'daten'), '/daten', {
      given_name: 'MALLORY',
      family_name: 'FREMD',
      birthdate: '1999-01-01',
      place_of_birth: 'Anderswo',
      nationality: 'FR',
      street_address: 'Briefkasten 1',
      postal_code: '12345',
      locality: 'Anderswo',
      birth_family_name: 'Anders',
      'person[family_name]': 'FREMD',
    });
    expect(page.url.pathname).toBe('/fuehrungszeugnis/art');
    const { person, typed } = (await openOne())?.content ?? {};
    expect(person?.family_name?.value).toBe('MUSTERMANN');
    expect(person?.birthdate?.value).toBe('1964-08-12');
    expect(typed).toEqual({});
  });
});

describe('PA-12 an application for another person', () => {
  test('is not sent when the card is no longer the one that it was filled in with', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    scene.provider.claims.set(subject, maxsCard);
    shiftClock(6 * minutes);
    const asked = await send(erika, check);
    expect([asked.url.pathname, asked.url.search]).toEqual(['/fuehrungszeugnis/daten', '?geaendert=1']);
    expect(await sentOnes()).toEqual([]);
    const { content } = (await openOne()) ?? {};
    expect(content?.person?.family_name?.value).toBe('MUSTERMANN');
  });

  test('is not sent when another person proves herself in between', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    scene.provider.next.accountId = 'max';
    // At the provider nobody is logged in any more.
    for (const name of erika.cookies.keys()) if (!name.includes('fuehrungszeugnis')) erika.cookies.delete(name);
    shiftClock(6 * minutes);
    const page = await send(erika, check);
    expect(page.status).toBe(403);
    expect(await sentOnes()).toEqual([]);
    expect(await module.records.applications.sentOf('max')).toEqual([]);
  });

  test('is not there for another person, nor can she send it with a form of hers', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    const form = {
      csrf: /name="csrf" value="([^"]+)"[^>]*><input type="hidden" name="stand"/.exec(check.body)?.[1] ?? '',
    };
    scene.provider.next.accountId = 'max';
    const max = createPerson();
    expect(textOf(await at(max, 'antrag'))).toContain('keinen angefangenen Antrag');
    const stolen = { ...form, stand: String((await openOne())?.updatedAt), selbst: '1' };
    const page = await max.visit(`${fz}/fuehrungszeugnis/pruefen`, { form: stolen });
    expect(page.status).toBe(403);
    expect((await openOne())?.state).toBe('draft');
  });

  test('is not sent without the word that it is for herself', async () => {
    const erika = createPerson();
    const page = await erika.submit(await fillIn(erika), '/pruefen');
    expect(page.status).toBe(422);
    expect((await openOne())?.state).toBe('draft');
  });
});

describe('PA-13 application and payment', () => {
  test('not paid: it is not sent, is filled in still, and a new payment is another one', async () => {
    const erika = createPerson();
    await send(erika, await fillIn(erika));
    expect((await openOne())?.state).toBe('paying');
    // The address of the way back proves nothing.
    expect((await at(erika, 'zahlung')).url.pathname).toBe('/fuehrungszeugnis/zahlung');
    expect(await sentOnes()).toEqual([]);
    payments.status = 'FAILED';
    const page = await at(erika, 'zahlung');
    expect([page.url.pathname, textOf(page)]).toEqual([
      '/fuehrungszeugnis/pruefen',
      expect.stringContaining('nicht zustande gekommen'),
    ]);
    payments.status = 'INITIAL';
    await send(erika, page);
    expect(payments.made.size).toBe(2);
  });

  test('while it is being paid nothing of it changes', async () => {
    const erika = createPerson();
    const kind = await at(erika, 'art');
    await send(erika, await fillIn(erika));
    const before = await openOne();
    const page = await erika.submit(kind, '/art', { form: 'O', extended: '1' });
    expect(page.url.pathname).toBe('/fuehrungszeugnis/zahlung');
    await erika.submit(await at(erika, 'zahlung'), '/abmelden').catch(() => undefined);
    expect((await openOne())?.content).toEqual(before?.content);
    expect(await module.records.applications.discard(subject)).toBe(false);
  });

  test('paid, and the process died before it was sent: it is sent later, once', async () => {
    const erika = createPerson();
    await send(erika, await fillIn(erika));
    payments.status = 'PAYED';
    shiftClock(minutes);
    await module.runJobs();
    expect(await openOne()).toBeUndefined();
    await Promise.all([module.runJobs(), at(erika, 'zahlung'), at(erika, 'zahlung')]);
    expect(await sentOnes()).toHaveLength(1);
    expect(textOf(await at(erika, 'zahlung'))).toContain('Aktenzeichen');
  });

  test('asked for, and the answer was lost: the same payment counts', async () => {
    payments.answers = false;
    const erika = createPerson();
    const page = await send(erika, await fillIn(erika));
    expect([page.status, textOf(page)]).toEqual([503, expect.stringContaining('Bezahlt haben Sie noch nicht')]);
    payments.answers = true;
    await at(erika, 'zahlung');
    await at(erika, 'zahlung');
    expect(payments.made.size).toBe(1);
  });

  test('paid, but another amount or another request: not sent', async () => {
    const erika = createPerson();
    await send(erika, await fillIn(erika));
    payments.status = 'PAYED';
    payments.amount = 1.3;
    expect((await at(erika, 'zahlung')).status).toBe(503);
    payments.amount = 13;
    const [[requestId, transactionId] = ['', '']] = [...payments.made];
    payments.made.delete(requestId);
    payments.made.set('another', transactionId);
    expect((await at(erika, 'zahlung')).status).toBe(503);
    expect(await sentOnes()).toEqual([]);
    expect((await openOne())?.state).toBe('paying');
  });

  test('asked for at a fee that was changed meanwhile: nobody pays the old one, and it ends', async () => {
    const erika = createPerson();
    await send(erika, await fillIn(erika));
    payments.amount = 12;
    expect((await at(erika, 'zahlung')).status).toBe(503);
    payments.status = 'FAILED';
    expect((await at(erika, 'zahlung')).url.pathname).toBe('/fuehrungszeugnis/pruefen');
    expect([(await openOne())?.state, await sentOnes()]).toEqual(['draft', []]);
  });

  test('two tabs that send at once ask for one payment', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    await Promise.all([send(erika, check), send(erika, check), send(erika, check)]);
    expect(payments.made.size).toBe(1);
  });

  test('what another tab has uploaded or taken away meanwhile is seen before it is sent', async () => {
    const erika = createPerson();
    await fillIn(erika);
    let page = await erika.submit(await at(erika, 'gebuehr'), '/gebuehr', { fee: 'volunteer' });
    page = await upload(erika, page, { zweck: 'exemption', name: 'eins.pdf' });
    const check = await at(erika, 'pruefen');
    await upload(erika, page, { zweck: 'exemption', name: 'zwei.pdf' });
    const asked = await send(erika, check);
    expect([asked.url.pathname, textOf(asked)]).toEqual([
      '/fuehrungszeugnis/pruefen',
      expect.stringContaining('zwei.pdf'),
    ]);
    const remove = await erika.submit(await at(erika, 'nachweise'), '/entfernen');
    expect(remove.status).toBe(200);
    expect((await send(erika, asked)).url.pathname).toBe('/fuehrungszeugnis/pruefen');
    expect(await sentOnes()).toEqual([]);
  });

  test('pressed twice it is sent once, and both lead to what was sent', async () => {
    const erika = createPerson();
    await fillIn(erika);
    const page = await erika.submit(await at(erika, 'gebuehr'), '/gebuehr', { fee: 'volunteer' });
    await upload(erika, page, { zweck: 'exemption', name: 'eins.pdf' });
    const check = await at(erika, 'pruefen');
    const ends = await Promise.all([send(erika, check), send(erika, check)]);
    ends.push(await send(erika, check));
    const [sent, ...more] = await sentOnes();
    expect(more).toEqual([]);
    expect(ends.map(({ url }) => url.pathname)).toEqual(Array(3).fill(`/fuehrungszeugnis/antraege/${sent?.id}`));
  });

  test('changed in the moment of sending it is not sent, and she is led to look again', async () => {
    const erika = createPerson();
    await fillIn(erika);
    const page = await erika.submit(await at(erika, 'gebuehr'), '/gebuehr', { fee: 'volunteer' });
    await upload(erika, page, { zweck: 'exemption', name: 'eins.pdf' });
    const check = await at(erika, 'pruefen');
    const { applications } = module.records;
    // Another tab, after the last look at the application and before its end as a draft.
    const sending = jest.spyOn(applications, 'file').mockImplementationOnce(async (...args) => {
      sending.mockRestore();
      await applications.edit(subject, (before) => ({ ...before, locale: 'en' }));
      return applications.file(...args);
    });
    const asked = await send(erika, check);
    expect([asked.url.pathname, asked.status]).toEqual(['/fuehrungszeugnis/pruefen', 200]);
    expect([(await openOne())?.state, await sentOnes()]).toEqual(['draft', []]);
  });

  test('a page from before a payment that failed sends nothing', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    await send(erika, check);
    payments.status = 'FAILED';
    await at(erika, 'zahlung');
    payments.status = 'INITIAL';
    const asked = await send(erika, check);
    expect([asked.url.pathname, textOf(asked)]).toEqual([
      '/fuehrungszeugnis/pruefen',
      expect.stringContaining('nicht zustande gekommen'),
    ]);
    expect((await openOne())?.state).toBe('draft');
  });
});

describe('PA-14 the level falls between form and sending', () => {
  test('she is asked again, nothing is sent, and the draft is still there', async () => {
    const erika = createPerson();
    const check = await fillIn(erika);
    const asked = scene.provider.requests.length;
    shiftClock(6 * minutes);
    const page = await send(erika, check);
    expect(scene.provider.requests).toHaveLength(asked + 1);
    expect([page.url.pathname, page.status]).toEqual(['/fuehrungszeugnis/pruefen', 200]);
    expect((await openOne())?.state).toBe('draft');
    expect(payments.made.size).toBe(0);
    await send(erika, page);
    expect((await openOne())?.state).toBe('paying');
  });

  /** Fills in so much of an application that it needs a document. */
  const needsDocument = async (person: Person): Promise<Page> => {
    let page = await person.submit(await at(person, 'art'), '/art', { form: 'N' });
    page = await person.submit(page, '/daten');
    return person.submit(page, '/gebuehr', { fee: 'volunteer' });
  };
  /** The same, and is away for so long that the level is gone. */
  const waitsAtDocuments = async (person: Person): Promise<Page> => {
    const page = await needsDocument(person);
    shiftClock(6 * minutes);
    return page;
  };
  const documentsOf = async () => module.records.documents.of((await openOne())?.id ?? '');
  const held = 'In den Antrag übernehmen';
  const exemption = { zweck: 'exemption', name: 'ehrenamt.pdf' };

  test('a file is no part of the application until she says so after the login, and then is one', async () => {
    const erika = createPerson();
    const asked = scene.provider.requests.length;
    const page = await upload(erika, await waitsAtDocuments(erika), exemption);
    expect(scene.provider.requests.length).toBeGreaterThan(asked);
    expect([page.url.pathname, page.status]).toEqual(['/fuehrungszeugnis/nachweise', 200]);
    expect(textOf(page)).toContain('ehrenamt.pdf');
    expect(await documentsOf()).toEqual([]);
    expect((await at(erika, 'pruefen')).body).not.toContain('ehrenamt.pdf');
    const [once] = await Promise.all([
      erika.submit(page, '/uebernehmen'),
      erika.submit(page, '/uebernehmen').catch(() => undefined),
    ]);
    expect(textOf(once)).not.toContain(held);
    expect(await documentsOf()).toEqual([expect.objectContaining({ purpose: 'exemption', name: 'ehrenamt.pdf' })]);
  });

  test.each([
    ['that she discards', (erika: Person, page: Page) => erika.submit(page, '/verwerfen')],
    [
      'whose time is over',
      async () => {
        shiftClock(66 * minutes);
        return at(createPerson(), 'nachweise');
      },
    ],
    [
      'to another person',
      async () => {
        scene.provider.next.accountId = 'max';
        scene.provider.claims.set('max', erikasCard);
        return needsDocument(createPerson());
      },
    ],
  ])('a file is not shown %s', async (_title, then) => {
    const erika = createPerson();
    const page = await upload(erika, await waitsAtDocuments(erika), exemption);
    expect(textOf(page)).toContain(held);
    const later = await then(erika, page);
    expect([later.status, later.url.pathname]).toEqual([200, '/fuehrungszeugnis/nachweise']);
    expect(later.body).not.toContain('ehrenamt.pdf');
    expect(await documentsOf()).toEqual([]);
  });

  test('a held file is looked at as any other, and is gone when it will not do', async () => {
    const erika = createPerson();
    const program = Buffer.from('MZ');
    const page = await upload(erika, await waitsAtDocuments(erika), { ...exemption, content: program });
    const refused = await erika.submit(page, '/uebernehmen');
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('Nur PDF')]);
    expect(textOf(refused)).not.toContain(held);
    expect(await documentsOf()).toEqual([]);
  });

  test.each([
    [
      'that no page of this session has sent',
      (page: Page) => ({ ...page, body: page.body.replaceAll(/(name="csrf" value=")[^"]+/g, '$1x') }),
      {},
    ],
    ['that is too large', (page: Page) => page, { content: Buffer.alloc(160_000, '%PDF-') }],
  ])('a file is not held %s', async (_title, change, more) => {
    const erika = createPerson();
    const page = await upload(erika, change(await waitsAtDocuments(erika)), { ...exemption, ...more });
    expect([page.url.pathname, page.body.includes('ehrenamt.pdf')]).toEqual(['/fuehrungszeugnis/nachweise', false]);
  });

  test('what is left of held files is destroyed', async () => {
    const erika = createPerson();
    await upload(erika, await waitsAtDocuments(erika), exemption);
    const { id } = (await openOne()) ?? { id: '' };
    await module.runJobs();
    expect(await module.records.heldUploads.of(id)).toBeDefined();
    shiftClock(66 * minutes);
    await module.runJobs();
    resetClock();
    expect(await module.records.heldUploads.of(id)).toBeUndefined();
  });

  test('a draft outlives the session', async () => {
    await fillIn(createPerson());
    shiftClock(24 * 60 * minutes);
    const later = await at(createPerson(), 'pruefen');
    expect(textOf(later)).toContain('MUSTERMANN');
  });
});
