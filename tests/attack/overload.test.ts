import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { freezeClock } from '../support/clock.ts';
import { createCrowd } from '../support/crowd.ts';
import { erika, max } from '../support/journey.ts';
import type { Rank } from '../../src/web/overload/shedding.ts';
import { startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let service: Service;
const { options, elsewhere, stranger, ask, gathers, disperses } = createCrowd();
beforeAll(async () => {
  app = await startTestApp(options);
  services = await startServices(app);
  service = await services.add({ clientId: 'crowded' });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
afterEach(() => disperses(app));

const asked = (headers: Readonly<Record<string, string>> = {}, path = service.request().url): Promise<Response> =>
  ask(new URL(path, app.issuer), { headers });
const crowd = (busy: number, rank?: Rank, share?: number): Promise<void> =>
  gathers(app, service.request().url, busy, rank, share);
const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

const password = (person: Person, page: Parameters<Person['submit']>[0], who = erika) =>
  person.submit(page, '/passwort', who);

describe('when more is asked than can be done', () => {
  test('strangers are sent away for a moment, with a page or a problem', async () => {
    await crowd(0.75);
    const page = await asked();
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await page.text()).toContain('Gerade nicht erreichbar');
    const problem = await asked({ accept: 'application/json' });
    expect([problem.status, problem.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(await problem.json()).toMatchObject({ error: 'temporarily_unavailable' });
  });

  test('what monitors and services ask for again and again is answered', async () => {
    await crowd(0.75);
    for (const path of ['/health/live', '/health/ready', '/jwks', '/.well-known/openid-configuration'])
      expect([path, (await asked({}, path)).status]).toEqual([path, 200]);
    const sheet = /href="(\/assets\/[^"]+\.css)"/.exec(await (await asked()).text())?.[1] ?? '';
    expect((await asked({}, sheet)).status).toBe(200);
  });

  test('what only looks like it is not', async () => {
    await crowd(0.75, 'untried', 0.9);
    const paths = [
      '/assets/x',
      '/assets/AAAAAAAAAAAA/kern.css',
      '/health/x',
      '/.well-known/x',
      '/jwks/x',
      '/assets/../x',
    ];
    const answers: number[] = [];
    for (const path of [...paths, ...paths, ...paths]) answers.push((await asked({}, path)).status);
    // Of what nobody knows one in ten passes.
    expect(answers.filter((status) => status === 503).length).toBeGreaterThanOrEqual(16);
  });

  test('a real cookie among thousands of others counts for nothing', async () => {
    const begun = await asked();
    const { pathname } = new URL(begun.headers.get('location') ?? '', app.issuer);
    const cookie = cookiesOf(begun);
    await crowd(0.75);
    const crumbs = 'a=;'.repeat(2800);
    expect((await asked({ cookie: `${crumbs}${cookie}` }, pathname)).status).toBe(503);
    expect((await asked({ cookie: `a=; b=; ${cookie}` }, pathname)).status).toBe(200);
  });

  test('whoever is in the middle of a login ends it, and nobody else has their page', async () => {
    const person = stranger();
    const page = await service.ask(person);
    await crowd(0.75);
    expect(service.answer(await password(person, page))).toHaveProperty('code');
    expect((await asked({}, page.url.pathname)).status).toBe(503);
  });

  test('a request that must not ask anybody anything goes back to its service, and to nobody else', async () => {
    const pushing = await services.add({ clientId: 'pushing', file: { require_pushed_authorization_requests: true } });
    const silent = (more: Readonly<Record<string, string | undefined>> = {}): string =>
      service.request({ prompt: 'none', state: 'st&te', ...more }).url;
    await crowd(0.75);
    const answer = await asked({}, silent());
    const back = new URL(answer.headers.get('location') ?? '', app.issuer);
    expect([answer.status, `${back.origin}${back.pathname}`]).toEqual([303, service.redirectUri]);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'temporarily_unavailable',
      state: 'st&te',
      iss: app.issuer,
    });
    const others = [
      silent({ prompt: 'login' }),
      silent({ prompt: 'none login' }),
      silent({ redirect_uri: 'https://evil.example/' }),
      silent({ redirect_uri: `${service.redirectUri}?x=1` }),
      silent({ redirect_uri: undefined }),
      silent({ client_id: 'nobody' }),
      pushing.request({ prompt: 'none' }).url,
      silent({ response_mode: 'form_post' }),
      silent({ request_uri: 'urn:x' }),
      silent({ request: 'x.y.z' }),
      silent({ response_type: 'none' }),
      `${silent()}&state=other`,
      `${silent()}&redirect_uri=https://evil.example/`,
      silent().replace('/auth?', '/auth/x?'),
    ];
    for (const other of others) expect([other, (await asked({}, other)).status]).toEqual([other, 503]);
    expect((await ask(silent(), { method: 'POST' })).status).toBe(503);
  });

  test('forged cookies buy nothing', async () => {
    const begun = await asked();
    const cookies = cookiesOf(begun);
    const { pathname } = new URL(begun.headers.get('location') ?? '', app.issuer);
    await crowd(0.75);
    expect((await asked({ cookie: cookies }, pathname)).status).toBe(200);
    const changed = cookies
      .replace(/(id-interaction\.sig=)(.)/, (_, name: string, first: string) => `${name}${first === 'A' ? 'B' : 'A'}`)
      .replace(/(id-resume\.sig=)(.)/, (_, name: string, first: string) => `${name}${first === 'A' ? 'B' : 'A'}`);
    expect(changed).not.toBe(cookies);
    const unsigned = cookies.replaceAll(/; id-\w+\.sig=[^;]*/g, '');
    const foreign = cookies
      .replace(/(id-interaction=)([^;]*)/, '$1another-login')
      .replace(/(id-resume=)([^;]*)/, '$1x');
    const device = `id-device=${Buffer.alloc(120, 7).toString('base64url')}`;
    for (const cookie of [changed, unsigned, foreign, device, 'id-flows=x'])
      expect([cookie, (await asked({ cookie }, pathname)).status]).toEqual([cookie, 503]);
  });

  test('a copy of a real cookie has a budget', async () => {
    const begun = await asked();
    const cookie = cookiesOf(begun);
    const { pathname } = new URL(begun.headers.get('location') ?? '', app.issuer);
    await crowd(0.75);
    const answers: number[] = [];
    for (let i = 0; i < 70; i++) answers.push((await asked({ cookie }, pathname)).status);
    expect(answers.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 200));
    expect(answers.slice(60)).not.toContain(200);
  });

  test('browsers in which somebody was logged in before go before those that are under way', async () => {
    const known = stranger();
    await password(known, await service.ask(known), max);
    const begun = await asked();
    const cookie = cookiesOf(begun);
    const { pathname } = new URL(begun.headers.get('location') ?? '', app.issuer);
    await crowd(1, 'under_way', 0.95);
    const others = [];
    for (let i = 0; i < 20; i++) others.push((await asked({ cookie }, pathname)).status);
    expect(others.filter((status) => status === 503).length).toBeGreaterThanOrEqual(18);
    const page = await service.ask(known, { prompt: 'login' });
    expect(page.status).toBe(200);
    expect(service.answer(await password(known, page, max))).toHaveProperty('code');
  });

  test('a service that authenticated before gets its tokens, and those who guess its secret get in each other’s way', async () => {
    const person = stranger();
    const first = await service.ask(person);
    await service.redeem(await password(person, first));
    const again = await service.ask(person, { prompt: 'login' });
    await crowd(0.75);
    const guess = (): Promise<Response> =>
      fetch(`${app.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('crowded:guessed')}`, 'x-forwarded-for': elsewhere() },
        body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: service.redirectUri }),
      });
    const guesses: number[] = [];
    for (let i = 0; i < 20; i++) guesses.push((await guess()).status);
    // One in ten passes, wherever the count stands.
    expect(guesses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(17);
    expect(new Set(guesses)).toEqual(new Set([401, 503]));
    const done = await password(person, again);
    // After the one that passes nine do not.
    while ((await guess()).status !== 401);
    expect((await service.redeem(done)).status).toBe(200);
  });

  test('an app ends the login that its citizen’s browser has begun from the same address', async () => {
    const address = elsewhere();
    const person = createPerson({ 'x-forwarded-for': address });
    const page = await service.ask(person);
    await crowd(0.75);
    await password(person, page);
    const me = (from: string): Promise<Response> =>
      fetch(`${app.issuer}/me`, { headers: { authorization: 'Bearer x', 'x-forwarded-for': from } });
    expect((await me(address)).status).toBe(401);
    const others = [];
    for (let i = 0; i < 10; i++) others.push((await me(elsewhere())).status);
    expect(others.filter((status) => status === 503).length).toBeGreaterThanOrEqual(8);
  });

  test('passwords that come sooner than anybody types wait only while they are guessed', async () => {
    const known = stranger();
    await password(known, await service.ask(known), max);
    const begin = async () => {
      const person = stranger();
      return { person, page: await service.ask(person) };
    };
    const early = await Promise.all([begin(), begin()]);
    const mine = await service.ask(known, { prompt: 'login' });
    const guessers = [];
    for (let i = 0; i < 30; i++) guessers.push(await begin());
    await crowd(0.75);
    const [first, second] = early;
    expect(service.answer(await password(first.person, first.page))).toHaveProperty('code');
    for (const [i, { person, page }] of guessers.entries())
      await person.submit(page, '/passwort', { login: `nobody-${i}`, password: 'geraten' });
    const hasty = await password(second.person, second.page);
    expect([hasty.status, textOf(hasty)]).toEqual([503, expect.stringContaining('senden Sie Ihre Eingaben')]);
    expect(service.answer(await password(known, mine, max))).toHaveProperty('code');
    // The same form, once it has had its time.
    freezeClock(Date.now() + 4000);
    const form = formsOf(second.page).find(({ action }) => action.endsWith('/passwort'));
    const late = await second.person.visit(form!.action, { form: { ...form!.fields, ...erika } });
    expect(service.answer(late)).toHaveProperty('code');
  });

  test('it is told in the metrics', async () => {
    await crowd(0.75);
    const text = await app.app.monitored.metrics();
    expect(Number(/requests_shed_total\{part="id",rank="stranger"\} (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(5);
    expect(text).toContain('requests_shed_share{rank="stranger"} 1\n');
    expect(text).toContain('password_hashes_waiting{turn="hasty"} 0\n');
  });
});
