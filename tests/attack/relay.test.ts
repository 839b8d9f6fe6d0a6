import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { tcTokenUrlOf } from '../support/journey.ts';
import { goOn, happened } from './service.ts';

/** One app for all: the account of the card is made by the first test that needs it. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const person = createPerson();
  const done = await goOn(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), {
    card: 'max',
    login: max,
  });
  expect(done.url.origin).toBe(app.fz);
});
afterAll(() => app.stop());
beforeEach(async () => {
  await happened(app);
});
afterEach(() => resetClock());

const max = { login: 'max', password: 'nebel-kutsche-anker' };

interface Begun {
  readonly person: Person;
  /** The page with the link to the eID client. */
  readonly page: Page;
  readonly uid: string;
  readonly tcTokenUrl: string;
}

/** Someone begins to log in at Bayern-Portal by the Online-Ausweis. */
const begin = async (person = createPerson()): Promise<Begun> => {
  const page = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
  const uid = /\/anmelden\/([^/]+)\//.exec(page.url.pathname)?.[1] ?? '';
  return { person, page, uid, tcTokenUrl: tcTokenUrlOf(page) };
};

/** The eID client on somebody's device does its work with that person's card; returns where it sends the browser. */
const readCard = async (tcTokenUrl: string, card = 'max'): Promise<string> => {
  const end = await app.app.simulator?.runClient({ tcTokenUrl, card });
  return end?.location ?? '';
};

const get = (address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(address, { method, redirect: 'manual', headers: { accept: 'text/html', ...headers } });

const cookiesOf = (person: Person): string =>
  [...person.cookies].map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`).join('; ');

const warning = 'Zu Ihrer Sicherheit abgebrochen';
const finished = 'Diese Anmeldung ist schon abgeschlossen';

/** The attacker's browser gets nothing out of it, whatever address it tries. */
const isDead = async ({ person, uid }: Begun, location: string): Promise<void> => {
  const late = await person.visit(location);
  expect([late.status, late.url.origin]).toEqual([400, app.issuer]);
  expect(textOf(late)).toContain(finished);
  const login = await person.visit(`${app.issuer}/anmelden/${uid}`);
  expect(login.status).toBe(200);
  expect(login.body).toContain('/passwort');
  expect(textOf(login)).not.toContain('MAX');
  const answer = await person.visit(`${app.portal}/`);
  expect(textOf(answer)).not.toContain('MAX');
};

/** A neighbour below the same domain can plant whatever cookie has a path; one with the prefix `__Host-` it cannot. */
const plantable = (from: Person, to: Person): void => {
  for (const [key, cookie] of from.cookies) if (cookie.path !== '/') to.cookies.set(key, cookie);
};

describe('planted cookies', () => {
  test('EI-17: with the attacker’s own flow cookies in the victim’s browser the transaction is burned all the same', async () => {
    const attacker = await begin();
    const victim = createPerson();
    plantable(attacker.person, victim);
    const location = await readCard(attacker.tcTokenUrl);
    await app.events();
    const page = await victim.visit(location);
    expect([page.status, textOf(page).includes(warning)]).toEqual([400, true]);
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.burned']);
    await isDead(attacker, location);
  });

  test('SE-02, SE-03: a login begun and proved elsewhere cannot be finished in the victim’s browser', async () => {
    const attacker = await begin();
    const proved = await attacker.person.visit(`${app.issuer}/anmelden/${attacker.uid}`);
    const form = formsOf(proved).find(({ action }) => action.endsWith('/passwort'));
    await attacker.person.visit(form?.action ?? '', {
      form: { ...form?.fields, ...max },
      until: (url) => url.pathname.startsWith('/auth/'),
    });
    const victim = createPerson();
    plantable(attacker.person, victim);
    for (const path of [`/auth/${attacker.uid}`, `/anmelden/${attacker.uid}`]) {
      const page = await victim.visit(`${app.issuer}${path}`);
      expect([page.status, page.url.origin]).toEqual([400, app.issuer]);
    }
    expect([...victim.cookies.keys()].join()).not.toContain('id-session');
  });
});

describe('EI-17, the relay: whoever began gets nothing of the card that another one used', () => {
  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['in a browser that knows nothing of us', () => Promise.resolve({}), 'no_cookie'],
    [
      'in a browser with a login of its own in flight',
      async () => ({ cookie: cookiesOf((await begin()).person) }),
      'foreign_browser',
    ],
    [
      'in a browser that is logged in',
      async () => {
        const victim = createPerson();
        const page = await goOn(app, victim, await victim.visit(`${app.portal}/login`), { login: max });
        expect(page.url.origin).toBe(app.portal);
        return { cookie: cookiesOf(victim) };
      },
      'foreign_browser',
    ],
    [
      'with a made-up cookie',
      () => Promise.resolve({ cookie: 'id-interaction=x; id-interaction.sig=x' }),
      'foreign_browser',
    ],
    [
      'by a browser that says it is the client, but has cookies',
      () => Promise.resolve({ 'user-agent': 'AusweisApp2/2.2.0 (TR-03124-1/1.4)', cookie: 'a=b' }),
      'foreign_browser',
    ],
  ])('R comes back %s', async (_title, headersOf, reason) => {
    const attacker = await begin();
    const headers = await headersOf();
    const location = await readCard(attacker.tcTokenUrl);
    await app.events();
    const answer = await get(location, headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie().join()).not.toContain('session');
    expect(await answer.text()).toContain(warning);
    const events = await app.events();
    expect(events.map(({ type }) => type)).toEqual(['eid.burned']);
    expect(events[0]).toMatchObject({ reason });
    await isDead(attacker, location);
    expect(await happened(app)).toEqual([]);
  });

  test("R of the attacker's login under the address of the victim's own login", async () => {
    const attacker = await begin();
    const victim = await begin();
    const location = await readCard(attacker.tcTokenUrl);
    await app.events();
    const page = await victim.person.visit(location.replace(attacker.uid, victim.uid));
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain(warning);
    expect(await happened(app)).toEqual(['eid.burned']);
    await isDead(attacker, location);
  });

  test("the attacker asks for R under his own cookie, sent to the victim's address", async () => {
    const attacker = await begin();
    const victim = await begin();
    const location = await readCard(victim.tcTokenUrl);
    await app.events();
    const answer = await get(location, { cookie: cookiesOf(attacker.person) });
    expect(answer.status).toBe(400);
    expect(await happened(app)).toEqual(['eid.burned']);
    await isDead(victim, location);
  });

  test('the attacker begins anew meanwhile: the victim is warned all the same, and it is written down', async () => {
    const attacker = await begin();
    const location = await readCard(attacker.tcTokenUrl);
    await attacker.person.submit(await attacker.person.visit(`${app.issuer}/anmelden/${attacker.uid}`), '/eid');
    await app.events();
    const answer = await get(location);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(warning);
    expect(await happened(app)).toEqual(['eid.burned']);
    await isDead(attacker, location);
  });

  test('R in another browser while the rightful one waits for the result', async () => {
    const rightful = await begin();
    const token = await (await get(rightful.tcTokenUrl)).text();
    const location = /<RefreshAddress>([^<]+)</.exec(token)?.[1] ?? '';
    expect(location).toContain(`/anmelden/${rightful.uid}/eid/zurueck/`);
    const waiting = rightful.person.visit(location);
    for (let tries = 0; tries < 200; tries++) {
      const row = await app.app.id?.stores.records.query
        .selectFrom('eid_transactions')
        .select('state')
        .where('interaction', '=', rightful.uid)
        .executeTakeFirst();
      if (row?.state === 'bound') break;
    }
    expect((await get(location)).status).toBe(400);
    const page = await waiting;
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain(finished);
    expect(await happened(app)).toEqual(['eid.started', 'eid.burned']);
  });
});

describe('EI-01, EI-18: a result is used once', () => {
  const types = ['login.succeeded', 'data.released'];

  test.each([
    ['in the same browser', true],
    ['in another one', false],
  ])('again %s', async (_title, same) => {
    const { person, tcTokenUrl } = await begin();
    const location = await readCard(tcTokenUrl);
    await app.events();
    expect((await person.visit(location)).url.origin).toBe(app.portal);
    expect(await happened(app)).toEqual(types);
    const again = await (same ? person : createPerson()).visit(location);
    expect(again.status).toBe(400);
    expect(await happened(app)).toEqual([]);
    expect(textOf(await person.visit(`${app.portal}/`))).toContain('MAX BEISPIEL');
  });

  test('20 times at once in the same browser: one login', async () => {
    const { person, tcTokenUrl, uid } = await begin();
    const location = await readCard(tcTokenUrl);
    await app.events();
    const cookie = cookiesOf(person);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(location, { cookie })));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
    expect(await happened(app)).toEqual(['login.succeeded']);
    expect(answers.find(({ status }) => status === 303)?.headers.get('location')).toContain(`/auth/${uid}`);
  });

  test('after another login was begun in the same interaction, only the newest card counts', async () => {
    const first = await begin();
    const location = await readCard(first.tcTokenUrl);
    const second = await first.person.submit(await first.person.visit(`${app.issuer}/anmelden/${first.uid}`), '/eid');
    expect(tcTokenUrlOf(second)).not.toBe(first.tcTokenUrl);
    const dead = await first.person.visit(location);
    expect(dead.status).toBe(400);
    const late = await readCard(tcTokenUrlOf(second));
    expect((await first.person.visit(late)).url.origin).toBe(app.portal);
  });
});

describe('EI-02, EI-12, EI-19: secrets that fit nothing', () => {
  test('T and R hold 256 bits each and differ', async () => {
    const { tcTokenUrl } = await begin();
    const location = new URL(await readCard(tcTokenUrl));
    const [t, r] = [tcTokenUrl, location.pathname].map((path) => path.split('/').at(-1) ?? '');
    for (const secret of [t, r]) expect(Buffer.from(secret ?? '', 'base64url')).toHaveLength(32);
    expect(t).not.toBe(r);
  });

  test('T: unknown, empty, over-long, fetched twice, or too late', async () => {
    const { tcTokenUrl } = await begin();
    for (const t of ['x', 'A'.repeat(43), 'A'.repeat(10_000), '%00', '..%2f..'])
      expect((await get(`${app.issuer}/eid/tctoken/${t}`)).status).toBe(404);
    const head = await get(tcTokenUrl, {}, 'HEAD');
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET']);
    const token = await get(tcTokenUrl);
    expect([token.status, token.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await get(tcTokenUrl)).status).toBe(404);
    const late = await begin();
    shiftClock(10 * 60_000 + 1000);
    expect((await get(late.tcTokenUrl)).status).toBe(404);
    await expect(happened(app)).resolves.toEqual(['eid.started', 'eid.started']);
  });

  test('20 fetches of one T at once: one token', async () => {
    const { tcTokenUrl } = await begin();
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(tcTokenUrl)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(19);
  });

  test('R: unknown, before the client began, T in its place', async () => {
    const { person, uid, tcTokenUrl } = await begin();
    await happened(app);
    for (const r of ['x', 'A'.repeat(43), tcTokenUrl.split('/').at(-1), '%e0%a4%a']) {
      const page = await person.visit(`${app.issuer}/anmelden/${uid}/eid/zurueck/${r ?? ''}`);
      expect([r, page.status]).toEqual([r, 400]);
    }
    expect(await happened(app)).toEqual([]);
    const done = await person.visit(await readCard(tcTokenUrl));
    expect(done.url.origin).toBe(app.portal);
  });

  test.each([
    ['R with two results', '&ResultMajor=http://www.bsi.bund.de/ecard/api/1.1/resultmajor%23error'],
    ['R with a parameter twice', '&a=1&a=2'],
  ])('%s is 400, and has no effect', async (_title, more) => {
    const { person, tcTokenUrl } = await begin();
    const location = await readCard(tcTokenUrl);
    await happened(app);
    expect((await person.visit(`${location}${more}`)).status).toBe(400);
    expect(await happened(app)).toEqual([]);
    expect((await person.visit(location)).url.origin).toBe(app.portal);
  });

  test('what the browser says of the result counts for nothing', async () => {
    const { person, page, tcTokenUrl } = await begin();
    expect(page.status).toBe(200);
    const end = await app.app.simulator?.runClient({ tcTokenUrl });
    const location = (end?.location ?? '').replace(
      /\?.*/,
      '?ResultMajor=http://www.bsi.bund.de/ecard/api/1.1/resultmajor%23ok',
    );
    const told = await person.visit(location);
    expect(told.url.pathname).toMatch(/\/eid\/fehler$/);
    expect((await happened(app)).slice(-1)).toEqual(['eid.failed']);
  });
});

describe('EI-21: the client itself looks at the way back', () => {
  test.each(['GET', 'HEAD'])(
    '%s without cookies has no effect, and the browser can still come back',
    async (method) => {
      const { person, tcTokenUrl } = await begin();
      const location = await readCard(tcTokenUrl);
      await happened(app);
      const answer = await get(location, { 'user-agent': 'AusweisApp2/2.2.0 (TR-03124-1/1.4)' }, method);
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await happened(app)).toEqual([]);
      expect((await person.visit(location)).url.origin).toBe(app.portal);
    },
  );
});

describe('eid.md 7 (f): T and R are in no log, no journal and no table', () => {
  const secretOf = (address: string): string => new URL(address).pathname.split('/').at(-1) ?? '';

  test('whatever becomes of them', async () => {
    const secrets: string[] = [];
    const readable: string[] = [];
    const keep = async (begun: Begun, location: string): Promise<void> => {
      secrets.push(secretOf(begun.tcTokenUrl), secretOf(location));
      const tokens = await app.app.id?.stores.records.query.selectFrom('eid_transactions').selectAll().execute();
      readable.push(JSON.stringify(tokens));
    };

    const used = await begin();
    const token = await (await get(used.tcTokenUrl)).text();
    const location = /<RefreshAddress>([^<]+)</.exec(token)?.[1] ?? '';
    secrets.push(/<PSK>([^<]+)</.exec(token)?.[1] ?? '', /<SessionIdentifier>([^<]+)</.exec(token)?.[1] ?? '');
    await keep(used, location);
    // T a second time; R twice as a parameter, where the store is silent, in a foreign browser, late, and cut in two.
    expect((await get(used.tcTokenUrl)).status).toBe(404);
    expect((await used.person.visit(`${location}?a=1&a=2`)).status).toBe(400);
    const artifacts = app.app.id?.stores.artifacts;
    if (!artifacts) throw new Error('Bayern-ID does not run');
    const find = artifacts.find.bind(artifacts);
    artifacts.find = () => Promise.reject(new StorageUnavailable('the store does not answer'));
    expect((await used.person.visit(location)).status).toBe(503);
    artifacts.find = () => Promise.reject(new RangeError('anything else'));
    expect((await used.person.visit(location)).status).toBe(500);
    artifacts.find = find;
    expect((await get(location)).status).toBe(400);
    expect((await used.person.visit(location)).status).toBe(400);
    expect((await used.person.visit(`${location}/x`)).status).toBe(404);
    expect((await fetch(location, { method: 'POST', body: 'x' })).status).toBe(405);

    const right = await begin();
    const end = await readCard(right.tcTokenUrl);
    await keep(right, end);
    expect((await right.person.visit(end)).url.origin).toBe(app.portal);

    const busy = await begin();
    app.app.simulator?.planFault({ name: 'tooManyOpenSessions' });
    secrets.push(secretOf(busy.tcTokenUrl));
    expect(await (await get(busy.tcTokenUrl)).text()).not.toContain('/zurueck/');

    await app.app.id?.journal.settled();
    readable.push(
      JSON.stringify(await app.app.id?.stores.records.query.selectFrom('audit_events').selectAll().execute()),
    );
    readable.push(app.log.join(''));
    expect(app.log.join('')).toContain('request_failed');
    expect(app.log.join('')).toContain('eid.start_failed');
    const long = secrets.filter((secret) => secret.length >= 32);
    expect(long.length).toBeGreaterThanOrEqual(7);
    for (const text of readable)
      for (const secret of long) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  test('pages with them are kept nowhere, and send no referrer', async () => {
    const { page, person, tcTokenUrl } = await begin();
    const location = await readCard(tcTokenUrl);
    const client = await get(location, { 'user-agent': 'AusweisApp2/2.2.0 (TR-03124-1/1.4)' });
    const back = await get(location, { cookie: cookiesOf(person) });
    expect([page.status, client.status, back.status]).toEqual([200, 200, 303]);
    for (const { headers } of [page, client, back]) {
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toContain('no-store');
    }
  });
});

/** Last in the file: what is written down at a later time stands behind everything that comes after it. */
describe('EI-01, EI-18: a way back that comes too late', () => {
  test('after ten minutes', async () => {
    const begun = await begin();
    const location = await readCard(begun.tcTokenUrl);
    await app.events();
    shiftClock(10 * 60_000 + 1000);
    const late = await begun.person.visit(location);
    expect(late.url.pathname).toMatch(/\/eid\/fehler$/);
    expect(textOf(late)).toContain('Die Zeit für diesen Vorgang ist abgelaufen');
    expect(await happened(app)).toEqual(['eid.failed']);
    resetClock();
    expect((await begun.person.visit(location)).status).toBe(400);
    expect(await happened(app)).toEqual([]);
  });

  test('somebody else’s R in the browser of a login that took too long: still burned, still a warning', async () => {
    const late = await begin();
    shiftClock(10 * 60_000 + 1000);
    const attacker = await begin();
    const location = await readCard(attacker.tcTokenUrl);
    await happened(app);
    const page = await late.person.visit(location.replace(attacker.uid, late.uid));
    expect([page.status, textOf(page).includes(warning)]).toEqual([400, true]);
    expect(await happened(app)).toEqual(['eid.burned']);
    await isDead(attacker, location);
  });
});
