import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { readOverview } from '../../src/portal/bayern-portal/overview/overview.ts';
import { sourcesOf } from '../../src/portal/bayern-portal/overview/sources.ts';
import { createLog } from '../../src/web/log.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { erika, loginAtPortal, max } from '../support/journey.ts';

let app: TestApp;
let services: Services;
let caller: Service;
let audience: string;

const file = (more: object = {}): Record<string, unknown> => ({
  resources: { [audience]: ['postfach:overview', 'postfach:read'] },
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  ...more,
});

beforeAll(async () => {
  app = await startTestApp({ exampleLetters: true });
  services = await startServices(app);
  audience = `${app.postfach}/api`;
  caller = await services.add({ clientId: 'caller', by: 'private_key_jwt', file: file() });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const login = async (
  service: Service,
  person: Person,
  params: Record<string, string> = { scope: 'openid postfach:overview', resource: audience },
): Promise<Tokens> => service.redeem(await goOn(app, person, await service.ask(person, params), { login: max }), {});

const refresh = (service: Service, token: string): Promise<Tokens> =>
  service.tokens({ grant_type: 'refresh_token', refresh_token: token, resource: audience });

const call = (path: string, token: string): Promise<Response> =>
  fetch(`${app.postfach}/api/citizen/${path}`, { headers: { authorization: `Bearer ${token}` } });

describe('a refresh token that ends with the session', () => {
  test('brings tokens for the API, each for it alone and with the subject there', async () => {
    const tokens = await login(caller, createPerson());
    expect(tokens.claims.sub).toBeDefined();
    const first = await refresh(caller, tokens.refresh_token);
    const claims = decodeJwt(first.access_token);
    expect(claims).toMatchObject({ aud: audience, scope: 'postfach:overview', client_id: 'caller' });
    expect(claims.sub).toBe((await app.subjects('max'))['bayern/mein-postfach']);
    expect(claims.sub).not.toBe(tokens.claims.sub);
  });

  test('does for two pages at once', async () => {
    const { refresh_token: token } = await login(caller, createPerson());
    const both = await Promise.all([refresh(caller, token), refresh(caller, token)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await refresh(caller, token)).status).toBe(200);
  });

  test('is of no use to another client, and to none after the session', async () => {
    const person = createPerson();
    const { refresh_token: token } = await login(caller, person);
    const other = await services.add({ clientId: 'other', by: 'private_key_jwt', file: file() });
    expect(await refresh(other, token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    await person.submit(await person.visit(`${app.issuer}/session/end`), '/session/end/confirm', { logout: 'yes' });
    expect(await refresh(caller, token)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('changes with each use for a client without a secret, and a second use of one ends all', async () => {
    const open = await services.add({
      clientId: 'open',
      by: 'none',
      file: file({ grant_types: ['authorization_code', 'refresh_token'] }),
    });
    const { refresh_token: first } = await login(open, createPerson());
    const { refresh_token: second } = await refresh(open, first);
    expect(second).not.toBe(first);
    expect(await refresh(open, first)).toMatchObject({ error: 'invalid_grant' });
    expect(await refresh(open, second)).toMatchObject({ error: 'invalid_grant' });
  });

  test('is given to nobody who asks for no API', async () => {
    const tokens = await login(caller, createPerson(), { scope: 'openid' });
    expect([tokens.status, tokens.refresh_token]).toEqual([200, '']);
  });
});

describe('what Mein Postfach tells of a citizen', () => {
  test('the number of her new letters, and her applications', async () => {
    const { refresh_token: token } = await login(caller, createPerson());
    const { access_token: access } = await refresh(caller, token);
    const unread = (await (await call('letters/unread', access)).json()) as { unread: number };
    expect(unread.unread).toBeGreaterThan(0);
    const response = await call('applications', access);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      applications: [
        {
          id: expect.any(String),
          service: 'Wohngeld',
          sender: { de: expect.any(String), en: expect.any(String) },
          status: 'ACTION_REQUIRED',
          since: expect.stringMatching(/^\d{4}-.*Z$/),
          address: expect.stringMatching(new RegExp(`^${app.postfach}/vorgaenge/`)),
        },
      ],
      locked: 0,
    });
  });

  test('to her own token alone', async () => {
    const own = await caller.tokens({ grant_type: 'client_credentials', scope: 'postfach:overview' });
    expect(own.status).toBe(200);
    const others = await login(caller, createPerson(), { scope: 'openid postfach:read', resource: audience });
    const wrong = await refresh(caller, others.refresh_token);
    const statuses = await Promise.all(
      ['', 'nonsense', own.access_token, wrong.access_token].map(
        async (token) => (await call('applications', token)).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 403]);
  });
});

describe('the start page', () => {
  test('shows new letters and applications of who is logged in', async () => {
    const page = textOf(await loginAtPortal(app, createPerson(), max));
    expect(page).toMatch(/\d neue Briefe warten auf Sie/);
    expect(page).toContain('Wohngeld');
    expect(page).toContain('Sie sind am Zug');
  });

  test('keeps back what an application is about when the login is too weak for it', async () => {
    const { mailboxes, applications } = app.app.postfach?.records ?? {};
    const subject = (await app.subjects('max'))['bayern/mein-postfach'] ?? '';
    const mailbox = await mailboxes?.of(subject);
    if (!mailbox || !applications) throw new Error('there is no mailbox');
    await applications.addStatus(
      mailbox,
      {
        sender: { id: 'amt', authority: 'bayern', name: { de: 'Schuldneramt', en: 'Debt office' } },
        applicationId: 'geheim',
        statusId: 'geheim-1',
      },
      {
        level: 'high',
        status: 'COMPLETED',
        publicServiceName: 'Schuldnerberatung',
        senderName: 'Amt',
        createdAt: Date.now(),
      },
      'geheim-1',
    );
    const person = createPerson();
    const page = textOf(await loginAtPortal(app, person, max));
    expect(page).toContain('1 geschützter Vorgang');
    expect(page).not.toMatch(/Schuldnerberatung|Schuldneramt/);
    const { refresh_token: token } = await login(caller, createPerson());
    const { access_token: access } = await refresh(caller, token);
    const told = (await (await call('applications', access)).json()) as { applications: object[]; locked: number };
    expect([told.applications.length, told.locked]).toEqual([1, 1]);
    expect(JSON.stringify(told)).not.toMatch(/Schuldner|COMPLETED/);

    // Nothing more is asked of her once she has shown her card to another service.
    await goOn(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), { card: 'max' });
    expect(textOf(await person.visit(app.portal))).toContain('1 geschützter Vorgang');
    for (const name of person.cookies.keys()) if (name.includes('asked')) person.cookies.delete(name);
    const later = await person.visit(app.portal);
    expect([later.url.pathname, later.status]).toEqual(['/', 200]);
    expect(textOf(later)).toContain('Schuldnerberatung');
    expect(textOf(later)).toContain('Vertrauensniveau „hoch“');
  });

  test('stays as it is for whom Bayern-ID does not know any more, and is not led in a circle', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    for (const name of person.cookies.keys())
      if (!name.startsWith('bayern-portal-session')) person.cookies.delete(name);
    const page = await person.visit(app.portal);
    expect([page.url.pathname, page.status]).toEqual(['/', 200]);
    expect(textOf(page)).toContain('Guten Tag, Max Beispiel.');
  });

  test('to each her own', async () => {
    const page = textOf(await loginAtPortal(app, createPerson(), erika));
    expect(page).toContain('Guten Tag, Erika Mustermann.');
    expect(page).not.toContain('Max');
  });
});

describe('a module that is down', () => {
  const sources = sourcesOf({
    mein_postfach_origin: 'https://postfach.example',
    bezahlsystem_origin: 'https://bezahlen.example',
    fuehrungszeugnis_origin: 'https://fz.example',
    origin: 'https://portal.example',
    port: 0,
  });
  const log = createLog({ write: () => {} });
  const soon = { log, patience: 20 };
  const told = (body: unknown, status = 200): Promise<Response> =>
    Promise.resolve(new Response(JSON.stringify(body), { status }));
  const answers = (letters: () => Promise<Response>) => (url: string) =>
    url.endsWith('/unread') ? letters() : told({ applications: [], locked: 0, payments: [] });

  let read = 0;
  const endless = (): Response =>
    new Response(
      new ReadableStream({
        pull(controller) {
          read += 65_536;
          controller.enqueue(new Uint8Array(65_536).fill(0x20));
        },
      }),
    );
  test('and answers without an end is not listened to for long', async () => {
    read = 0;
    await readOverview(sources, async () => 'token', { fetch: answers(async () => endless()), log, patience: 10_000 });
    expect(read).toBeLessThan(1_000_000);
  });

  test.each<[string, () => Promise<Response>]>([
    ['does not answer', () => new Promise(() => {})],
    ['refuses the connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers 500', () => told({}, 500)],
    ['answers with nonsense', () => told({ unread: 'many' })],
    ['answers with a page', () => Promise.resolve(new Response('<html>'))],
    ['answers without an end', () => Promise.resolve(endless())],
  ])('and %s costs its own tile', async (_title, letters) => {
    const overview = await readOverview(sources, async () => 'token', { fetch: answers(letters), ...soon });
    expect(overview).toEqual({
      letters: { state: 'away' },
      applications: { state: 'told', data: { applications: [], locked: 0 } },
      payments: { state: 'told', data: { payments: [] } },
    });
  });

  test('or no provider: no token, no tile', async () => {
    const fetching = { fetch: () => told({ unread: 1, applications: [], locked: 0, payments: [] }), ...soon };
    expect(await readOverview(sources, () => Promise.reject(new Error('away')), fetching)).toMatchObject({
      letters: { state: 'away' },
    });
    expect(await readOverview(sources, async () => undefined, fetching)).toMatchObject({
      letters: { state: 'loginAgain' },
      applications: { state: 'loginAgain' },
      payments: { state: 'loginAgain' },
    });
  });

  test('one token is asked for each API, and sent to it alone', async () => {
    const asked: string[] = [];
    const sent: (string | null)[] = [];
    await readOverview(
      sources,
      async (audienceOf) => {
        asked.push(audienceOf);
        return `for ${audienceOf}`;
      },
      {
        fetch: (_url, init) => {
          sent.push(new Headers(init.headers).get('authorization'));
          return told({ unread: 0, applications: [], locked: 0, payments: [] });
        },
        ...soon,
      },
    );
    const [mailbox, fees] = ['https://postfach.example/api', 'https://bezahlen.example/api'];
    expect(asked).toEqual([mailbox, fees]);
    expect(sent).toEqual([`Bearer for ${mailbox}`, `Bearer for ${mailbox}`, `Bearer for ${fees}`]);
  });
});

test('an API that Bayern-ID does not know takes its tiles away, not the login', async () => {
  await services.remove('mein-postfach');
  const page = textOf(await loginAtPortal(app, createPerson(), max));
  expect(page).toContain('Guten Tag, Max Beispiel.');
  expect(page).toContain('Dafür melden Sie sich bitte noch einmal an.');
});
