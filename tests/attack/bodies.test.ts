import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, loginAtPortal, max, useCard } from '../support/journey.ts';
import { happened, startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let asking: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  asking = await services.add({ clientId: 'bodies', file: { consent: 'ask', legal_basis: null } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
beforeEach(async () => {
  await happened(app);
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends as much of a body as the other side takes, and reads the answer. */
const post = (address: string, body: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let answered = false;
    const asking = httpRequest(
      address,
      {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(body.length),
          ...headers,
        },
      },
      (answer) => {
        answered = true;
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        const { statusCode: status = 0 } = answer;
        answer.on('error', () => resolve({ status, body: text }));
        answer.on('end', () => {
          // The authorization endpoint turns a form into a query first, and then looks at it.
          if (status !== 303) resolve({ status, body: text });
          else
            fetch(new URL(answer.headers.location ?? '', address))
              .then(async (next) => resolve({ status: next.status, body: await next.text() }))
              .catch(reject);
        });
      },
    );
    // Whoever refuses a body closes the connection while it is still being sent.
    asking.on('error', (error) => {
      if (!answered) reject(error);
    });
    asking.end(body);
  });

const endpoints: readonly (readonly [string, () => string])[] = [
  ['token', () => `${app.issuer}/token`],
  ['PAR', () => `${app.issuer}/request`],
  ['introspection', () => `${app.issuer}/token/introspection`],
  ['revocation', () => `${app.issuer}/token/revocation`],
  ['userinfo', () => `${app.issuer}/me`],
  ['authorization', () => `${app.issuer}/auth`],
  ['logout', () => `${app.issuer}/session/end`],
  ['logout, confirmed', () => `${app.issuer}/session/end/confirm`],
  ['a login’s password', () => `${app.issuer}/anmelden/x/passwort`],
  ['the portal’s logout', () => `${app.portal}/abmelden`],
  ['the portal’s logout notice', () => `${app.portal}/backchannel-logout`],
  ['Führungszeugnis’s logout notice', () => `${app.fz}/backchannel-logout`],
];

const isCalm = ({ body }: Answer): void =>
  expect(body).not.toMatch(/node_modules|\bat [\w.<>]+ \(|oidc-provider|Error:|RangeError|\.ts:/);

describe.each(endpoints)('DS-01, DS-09: %s', (_name, address) => {
  test('10 MB are refused, whatever they say', async () => {
    const big = Buffer.alloc(10_000_000, 'a');
    big.write('token=');
    const answer = await post(address(), big);
    expect([400, 401, 404, 413]).toContain(answer.status);
    isCalm(answer);
    expect(app.log.filter((line) => /"status":5\d\d/.test(line))).toEqual([]);
  });

  test.each([
    ['bytes that are no UTF-8', Buffer.from([0x74, 0x6f, 0x6b, 0x65, 0x6e, 0x3d, 0xff, 0xfe, 0xc3, 0x28])],
    ['the same, percent-encoded', Buffer.from('token=%ff%fe%c3%28&grant_type=%c0%80&client_id=%ed%a0%80')],
    ['broken percent signs', Buffer.from('token=%&grant_type=%zz&client_id=%u0041')],
    ['NUL', Buffer.from('token=%00&grant_type=a%00b&client_id=bodies%00')],
  ])('%s is an error, and none of ours', async (_, body) => {
    const answer = await post(address(), body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    isCalm(answer);
    expect(app.log.filter((line) => /"status":5\d\d/.test(line))).toEqual([]);
    expect(await happened(app)).toEqual([]);
  });
});

describe('a form that is posted twice', () => {
  /** Both at once, as a double click sends them. */
  const twice = (
    person: Person,
    page: Page,
    ending: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Page[]> => Promise.all([person.submit(page, ending, fields), person.submit(page, ending, fields)]);
  const noFailure = (pages: readonly Page[]): void => {
    for (const page of pages) expect([200, 400]).toContain(page.status);
    expect(app.log.filter((line) => /"status":5\d\d/.test(line))).toEqual([]);
  };

  test('consent: it is given once, and one answer at least leads to the service', async () => {
    const person = createPerson();
    const consent = await person.submit(await asking.ask(person, { scope: 'openid profile' }), '/passwort', erika);
    await happened(app);
    const pages = await twice(person, consent, '/freigabe', { decision: 'release' });
    noFailure(pages);
    const codes = pages.flatMap((page) => (page.url.origin === services.origin ? [asking.answer(page)['code']] : []));
    expect(codes.length).toBeGreaterThan(0);
    const { account } = (await app.citizen('erika')) ?? {};
    expect((await app.app.id?.citizens.consent(account?.id ?? '', 'bodies'))?.claims).toBeDefined();
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('a new account: there is one', async () => {
    const person = createPerson();
    const assign = await useCard(app, person, await person.visit(`${app.portal}/login`), 'ein-name');
    await happened(app);
    const pages = await twice(person, assign, '/zuordnen', { answer: 'new' });
    noFailure(pages);
    const events = await happened(app);
    expect(events.filter((type) => type === 'account.created')).toHaveLength(1);
    expect(events.filter((type) => type === 'card.linked')).toHaveLength(1);
    expect(textOf(await person.visit(app.portal))).toContain('hoch');
  });

  test('adding a card: it is added once', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    const link = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    await happened(app);
    noFailure(await twice(person, link, '/ausweis-hinzufuegen', { answer: 'add' }));
    expect((await happened(app)).filter((type) => type === 'card.linked')).toHaveLength(1);
    expect((await app.citizen('max'))?.card).toBeDefined();
  });

  test('starting the Online-Ausweis: one use is open, and the card still works', async () => {
    const person = createPerson();
    const login = await person.visit(`${app.portal}/login`);
    await happened(app);
    const pages = await twice(person, login, '/eid', {});
    noFailure(pages);
    const open = await app.app.id?.stores.records.query
      .selectFrom('eid_transactions')
      .select('state')
      .where('state', '=', 'created')
      .execute();
    expect(open).toHaveLength(1);
    const { url } = pages[0] ?? {};
    const eid = await person.visit(url?.href ?? '');
    expect(formsOf(eid).some(({ action }) => action.endsWith('/abbrechen'))).toBe(true);
    const done = await useCard(app, person, await person.visit(login.url.href), 'max');
    expect(done.url.origin).toBe(app.portal);
  });
});
