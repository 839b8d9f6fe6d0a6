import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { paymentSandboxSecrets } from '../../src/secrets.ts';
import { signedHeaders } from '../../src/simulators/payment-provider/callbacks.ts';
import { contractOf } from '../support/api-contract.ts';
import { certificates, type TestApp } from '../support/app.ts';
import { startBezahlsystem, type ApiAnswer, type BezahlWorld, type TestService } from '../support/bezahlsystem.ts';
import { textOf, type Person } from '../support/browse.ts';
import { freezeClock } from '../support/clock.ts';
import { createCrowd } from '../support/crowd.ts';
import { loginAtPortal, max } from '../support/journey.ts';

let world: BezahlWorld;
let app: TestApp;
let amt: TestService;
const { options, elsewhere, stranger, ask, gathers, disperses } = createCrowd();
beforeAll(async () => {
  const budgets = { WEB__OVERLOAD__HOLDER__BURST: '15', WEB__OVERLOAD__SERVICE__BURST: '12' };
  world = await startBezahlsystem({ ...options, set: { ...options.set, ...budgets } });
  ({ app } = world);
  amt = await world.service('amt');
});
afterEach(() => disperses(app));
afterAll(() => world.stop());

const crowd = (): Promise<void> => gathers(app, app.portal, 0.75);
/** So busy that whoever is under way is sent away as well; it takes who is known. */
const greatCrowd = (): Promise<void> => gathers(app, app.portal, 1, 'under_way', 0.95);

/** In minutes; the few requests that are never too many are used up again. */
const hasPassed = async (minutes: number): Promise<void> => {
  freezeClock(Date.now() + minutes * 60_000);
  await many(12, () => ask(app.portal));
};

const many = async (times: number, one: () => Promise<Response | ApiAnswer>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) {
    const answer = await one();
    if (answer instanceof Response) await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
};
const sentAway = (statuses: readonly number[]): number => statuses.filter((status) => status === 503).length;

const cookieOf = (person: Person, name: string): string => person.cookies.get(`${name} /`)?.value ?? '';
/** Logs in at Bayern-Portal and Mein Postfach. */
const citizen = async (): Promise<Person> => {
  const person = stranger();
  await loginAtPortal(app, person, max);
  await person.visit(`${app.postfach}/login`);
  return person;
};

describe('at every module, when more is asked than can be done', () => {
  test('strangers get a page or a problem, and monitors and assets are answered', async () => {
    const sheet = /href="(\/assets\/[^"]+\.css)"/.exec(await (await ask(app.portal)).text())?.[1] ?? '';
    const contract = await contractOf(app.postfach);
    await crowd();
    const { portal, postfach, bezahlsystem, fz, registerbehoerde, playground } = app;
    for (const origin of [portal, postfach, bezahlsystem, fz, registerbehoerde, playground]) {
      const page = await ask(`${origin}/`);
      expect([origin, page.status, page.headers.get('retry-after')]).toEqual([origin, 503, '5']);
      expect(await page.text()).toContain('Gerade nicht erreichbar');
      const problem = await ask(`${origin}/`, { headers: { accept: 'application/json' } });
      expect(await problem.json()).toMatchObject({ status: 503, title: expect.any(String) });
      for (const path of ['/health/live', '/health/ready', sheet])
        expect([origin, path, (await ask(`${origin}${path}`)).status]).toEqual([origin, path, 200]);
    }
    // Below /api in the form of the API, to a browser, too; one in ten passes, but not two in a row.
    const answers = [await ask(`${postfach}/api/replies`), await ask(`${postfach}/api/replies`)];
    const refused = answers.find(({ status }) => status === 503);
    const body: unknown = await refused?.json();
    expect(body).toMatchObject({ code: 'unavailable' });
    contract.answer('GET', '/api/replies', 503, refused?.headers.get('content-type') ?? '', body);
    const text = await app.app.monitored.metrics();
    for (const part of ['bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'registerbehoerde'])
      expect(
        Number(new RegExp(`requests_shed_total\\{part="${part}",rank="stranger"\\} (\\d+)`).exec(text)?.[1]),
      ).toBeGreaterThanOrEqual(2);
  });

  test('a citizen with a session is served, also where those who are under way are not', async () => {
    const person = await citizen();
    const beginner = stranger();
    await beginner.visit(`${app.portal}/login`);
    await greatCrowd();
    for (const page of [await person.visit(app.portal), await person.visit(app.postfach)])
      expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining('Max Beispiel')]);
    const others = await many(12, () => ask(app.portal, { headers: { cookie: cookiesOf(beginner) } }));
    expect(sentAway(others)).toBeGreaterThanOrEqual(11);
  });

  test('a cookie that is forged, of another part or of another installation is a stranger’s', async () => {
    const person = await citizen();
    const real = cookieOf(person, 'bayern-portal-session');
    expect(real).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    await crowd();
    const asWith = async (value: string): Promise<number> => {
      const answer = await ask(app.portal, { headers: { cookie: `bayern-portal-session=${value}` } });
      await answer.arrayBuffer();
      return answer.status;
    };
    expect(await asWith(real)).toBe(200);
    const [id = '', secret = ''] = real.split('.');
    const random = (): string => randomBytes(32).toString('base64url');
    const changedAt = (text: string, at: number): string =>
      `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    // The last letter of the random part says four bits: the same are said by three other letters.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const group = letters.indexOf(secret[26] ?? '') & ~3;
    const spellings = Array.from(letters.slice(group, group + 4))
      .map((letter) => `${secret.slice(0, 26)}${letter}${secret.slice(27)}`)
      .filter((other) => other !== secret);
    expect(spellings).toHaveLength(3);
    for (const value of [
      ...[0, 26, 27, 42].map((at) => `${id}.${changedAt(secret, at)}`),
      ...spellings.map((other) => `${id}.${other}`),
      `${changedAt(id, 0)}.${secret}`,
      `${random()}.${random()}`,
      `${id}.${secret.slice(0, 42)}`,
      `${id}.${secret}A`,
      `${id}.${secret.slice(0, 27)}`,
      `${secret}.${id}`,
      cookieOf(person, 'mein-postfach-session'),
      `${real}; bayern-portal-session=${real}`,
    ])
      expect([value, await asWith(value)]).toEqual([value, 503]);
  });

  test('a copy of a real cookie has a budget', async () => {
    const cookie = `mein-postfach-session=${cookieOf(await citizen(), 'mein-postfach-session')}`;
    await crowd();
    const statuses = await many(20, () => ask(`${app.postfach}/abgemeldet`, { headers: { cookie } }));
    expect(statuses.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 200));
    expect(statuses.slice(15)).toEqual(Array.from({ length: 5 }, () => 503));
    // Longer than any session it counts for nothing.
    await hasPassed(12 * 60 - 1);
    expect(await many(1, () => ask(`${app.postfach}/abgemeldet`, { headers: { cookie } }))).toEqual([200]);
    await hasPassed(2);
    expect(await many(1, () => ask(`${app.postfach}/abgemeldet`, { headers: { cookie } }))).toEqual([503]);
  });

  test('whoever is in the middle of a login comes back, and has the page that she wanted', async () => {
    const person = stranger();
    const asked = await person.visit(`${app.postfach}/login`);
    expect(asked.url.origin).toBe(app.issuer);
    await crowd();
    const page = await person.submit(asked, '/passwort', max);
    expect([page.url.href, page.status, textOf(page)]).toEqual([
      `${app.postfach}/postfach`,
      200,
      expect.stringContaining('Max Beispiel'),
    ]);
    expect(page.trail.some((address) => address.startsWith(`${app.postfach}/callback?`))).toBe(true);
    expect((await ask(`${app.postfach}/callback?code=x&state=y`)).status).toBe(503);
  });

  test('the cookie of a login counts as long as a login takes, and only where it was made', async () => {
    const person = stranger();
    await person.visit(`${app.portal}/login`, { until: ({ origin }) => origin === app.issuer });
    const [name = '', value = ''] = cookiesOf(person).split('=');
    expect(name).toMatch(/^bayern-portal-login-[\w-]{16}$/);
    await crowd();
    const asWith = async (cookie: string, origin = app.portal): Promise<number> =>
      (await ask(`${origin}/abgemeldet`, { headers: { cookie } })).status;
    expect(await asWith(`${name}=${value}`)).toBe(200);
    expect(await asWith(`${name.slice(0, -1)}${name.endsWith('A') ? 'B' : 'A'}=${value}`)).toBe(503);
    expect(await asWith(`bayern-portal-session=${value.replace(/\..*/, '')}`)).toBe(503);
    expect(await asWith(`${name.replace('bayern-portal', 'mein-postfach')}=${value}`, app.postfach)).toBe(503);
    await hasPassed(64);
    expect(await asWith(`${name}=${value}`)).toBe(200);
    const forged = Array.from({ length: 9 }, (_, i) => `bayern-portal-login-${String(i).padStart(16, 'x')}=${value}`);
    expect(await asWith([...forged, `${name}=${value}`].join('; '))).toBe(503);
    await hasPassed(2);
    expect(await asWith(`${name}=${value}`)).toBe(503);
  });

  test('a service whose token was accepted lately goes on, within its budget; others do so after some tries', async () => {
    const status = (address: string): Promise<ApiAnswer> =>
      amt.call('GET', `/api/status/${amt.place}`, undefined, { headers: { 'x-forwarded-for': address } });
    const [served, newcomer] = [elsewhere(), elsewhere()];
    expect((await status(served)).status).toBe(200);
    await crowd();
    expect(await many(12, () => status(served))).toEqual(Array.from({ length: 12 }, () => 200));
    expect(sentAway(await many(12, () => status(served)))).toBeGreaterThanOrEqual(10);
    let last: ApiAnswer;
    let refused = 0;
    while ((last = await status(newcomer)).status === 503) {
      refused += 1;
      expect([last.body, last.headers.get('retry-after')]).toEqual([
        { type: 'about:blank', status: 503, title: 'UNSPECIFIED', code: 'UNSPECIFIED' },
        '5',
      ]);
    }
    expect(refused).toBeLessThanOrEqual(10);
    expect(await many(12, () => status(newcomer))).toEqual(Array.from({ length: 12 }, () => 200));
    const guess = (): Promise<Response> =>
      ask(`${app.bezahlsystem}/api/status/${amt.place}`, { headers: { authorization: 'Bearer guessed' } });
    expect(sentAway(await many(12, guess))).toBeGreaterThanOrEqual(10);
  });

  test('whoever was sent to pay goes on without a login', async () => {
    const { transactionRedirectUrl: address = '' } = await amt.create();
    await crowd();
    const person = stranger();
    const page = await person.visit(address);
    expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining('13,00')]);
    const asked = await person.submit(page, new URL(address).pathname, { method: '' });
    expect([asked.status, asked.url.href]).toEqual([422, address]);
    expect((await person.visit(`${address}/ergebnis`)).status).toBe(200);
    const forged = [`${address.slice(0, -1)}${address.endsWith('A') ? 'B' : 'A'}`, `${address}A`, address.slice(0, -1)];
    for (const other of forged) expect([other, (await ask(other)).status]).toEqual([other, 503]);
    await hasPassed(24 * 60 + 1);
    expect((await ask(address)).status).toBe(503);
  });

  test('logouts and accounts that are gone are told while others flood, and at once where that was done lately', async () => {
    const [first, second] = [stranger(), stranger()];
    for (const person of [first, second]) await loginAtPortal(app, person, max);
    await logOut(first);
    // Nobody else asks programs' addresses of Führungszeugnis from here.
    const ended = { clientId: 'fuehrungszeugnis', uri: `${app.fz}/api/security-events`, sub: 'nobody', at: Date.now() };
    await app.app.id?.oidc.tellPurged(ended, randomUUID());
    await crowd();
    for (const url of [`${app.portal}/backchannel-logout`, ended.uri]) {
      const notice = (address: string): Promise<Response> =>
        ask(url, { method: 'POST', body: 'x', headers: { 'x-forwarded-for': address } });
      // Looking at such an address by hand takes nothing of what is kept for notices.
      expect(sentAway(await many(3, () => ask(url)))).toBeGreaterThanOrEqual(2);
      const newcomer = elsewhere();
      const statuses = await many(20, () => notice(newcomer));
      expect([url, statuses.slice(0, 10)]).toEqual([url, Array.from({ length: 10 }, () => 415)]);
      expect(sentAway(statuses.slice(10))).toBeGreaterThanOrEqual(8);
      expect([url, sentAway(await many(5, () => notice('127.0.0.1')))]).toEqual([url, 0]);
    }
    await logOut(second);
    const page = await second.visit(app.portal);
    expect([page.status, textOf(page).includes('Max Beispiel')]).toEqual([200, false]);
  });

  test('a payment provider tells of payments likewise', async () => {
    const key = paymentSandboxSecrets(join(app.data, 'data', 'secrets')).callbackSecret;
    const payment = { reference: randomUUID(), id: 'p', state: 'paid', amount: 1300, currency: 'EUR' };
    const body = JSON.stringify({ type: 'payment.paid', payment });
    const address = elsewhere();
    const tell = (secret: Buffer): Promise<Response> =>
      ask(`${app.bezahlsystem}/api/callbacks/sandbox`, {
        method: 'POST',
        body,
        headers: {
          'x-forwarded-for': address,
          ...signedHeaders(secret, { id: randomBytes(8).toString('hex'), at: Date.now(), body }),
        },
      });
    await crowd();
    const forged = await many(22, () => tell(Buffer.alloc(32)));
    expect(sentAway(forged.slice(0, 10))).toBe(0);
    expect(sentAway(forged.slice(10))).toBeGreaterThanOrEqual(10);
    while ((await tell(key)).status === 503);
    expect(await many(10, () => tell(key))).toEqual(Array.from({ length: 10 }, () => 200));
  });

  test('who shows a certificate that is trusted at the listener for it is known, within its budget', async () => {
    const read = (name: string): Buffer => readFileSync(join(certificates, name));
    const own = { cert: read('eid-client.pem'), key: read('eid-client.key') };
    const get = (by: object, path = '/api/openapi.json'): Promise<number> =>
      new Promise((resolve, reject) => {
        const url = new URL(path, app.bezahlsystemMutualTls);
        const headers = { 'x-forwarded-for': elsewhere() };
        const sent = httpsRequest(url, { agent: false, ca: read('ca.pem'), headers, ...by }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
        });
        sent.on('error', reject).end();
      });
    const times = async (count: number, by: object): Promise<number[]> => {
      const statuses: number[] = [];
      for (let i = 0; i < count; i++) statuses.push(await get(by));
      return statuses;
    };
    await crowd();
    expect(await times(12, own)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(sentAway(await times(10, own))).toBeGreaterThanOrEqual(8);
    expect(sentAway(await times(10, {}))).toBeGreaterThanOrEqual(8);
  });
});

const cookiesOf = ({ cookies }: Person): string =>
  [...cookies]
    .filter(([key]) => key.startsWith('bayern-portal-'))
    .map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`)
    .join('; ');

const logOut = async (person: Person): Promise<void> => {
  const question = await person.submit(await person.visit(app.portal), '/abmelden');
  const done = await person.submit(question, '/session/end/confirm');
  expect(done.status).toBe(200);
  await app.outboxEmpty('logout');
};
