import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { resetClock, shiftClock } from '../support/clock.ts';
import { createCookieBrowser, type CookieBrowser, type Page } from '../support/cookie-browser.ts';
import { startScene, testPages, type Scene } from '../support/relying-parties.ts';

const acr = {
  basic: 'urn:bayern-id:acr:basic',
  low: 'http://eidas.europa.eu/LoA/low',
  high: 'http://eidas.europa.eu/LoA/high',
};
const minutes = 60_000;

let scene: Scene;
let portal: string;
let other: string;
let browser: CookieBrowser;
let late: Scene | undefined;

const shown = (page: Page): unknown => JSON.parse(page.body);
const logIn = (who: CookieBrowser = browser): Promise<Page> => who.visit(`${portal}/login`);

beforeAll(async () => {
  scene = await startScene({
    'bayern-portal': testPages('bayern-portal'),
    'mein-postfach': testPages('mein-postfach'),
  });
  portal = scene.party('bayern-portal').origin;
  other = scene.party('mein-postfach').origin;
});

afterAll(() => scene.close());

beforeEach(() => {
  browser = createCookieBrowser();
  scene.provider.claims.set('erika', { name: 'Erika Mustermann' });
  Object.assign(scene.provider.next, { accountId: 'erika', acr: acr.basic, authTime: undefined, error: undefined });
  scene.provider.requests.length = 0;
});

afterEach(async () => {
  await late?.close();
  late = undefined;
  resetClock();
  scene.network.intercept = undefined;
});

describe('login', () => {
  test('shows who is logged in, by the claims of userinfo', async () => {
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
    const page = await logIn();
    expect(page.url.href).toBe(`${portal}/`);
    expect(shown(page)).toEqual({ sub: 'erika', level: 'basic', reached: 'basic', name: 'Erika Mustermann' });
  });

  test('asks with PKCE S256, state and nonce, and each time with new ones', async () => {
    await logIn();
    await logIn(createCookieBrowser());
    const [one, two] = scene.provider.requests;
    for (const request of [one, two]) {
      expect(request?.get('code_challenge_method')).toBe('S256');
      expect(request?.get('response_type')).toBe('code');
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one?.get(name)).toMatch(/^[\w-]{43}$/u);
      expect(one?.get(name)).not.toBe(two?.get(name));
    }
  });

  test('returns to the page that was asked for, with its query', async () => {
    const page = await browser.visit(`${portal}/login?zurueck=${encodeURIComponent('/niedrig?a=1&b=%C3%A4')}`, {
      until: (url) => url.pathname === '/niedrig',
    });
    expect(page.trail.at(-1)).toBe(`${portal}/niedrig?a=1&b=%C3%A4`);
  });

  test('a login that others start: by the right provider, and to a page of ours', async () => {
    const started = (query: Readonly<Record<string, string>>): string =>
      `${portal}/login?${new URLSearchParams(query).toString()}`;
    const { issuer } = scene.provider;
    const page = await browser.visit(started({ iss: issuer, target_link_uri: `${portal}/niedrig?a=1` }), {
      until: (url) => url.pathname === '/niedrig',
    });
    expect(page.trail.at(-1)).toBe(`${portal}/niedrig?a=1`);
    const other = createCookieBrowser();
    expect((await other.visit(started({ iss: 'https://evil.example' }))).status).toBe(400);
    const away = await other.visit(started({ iss: issuer, target_link_uri: 'https://evil.example/x' }));
    expect(away.url.href).toBe(`${portal}/`);
  });

  test('two tabs each end at their own page', async () => {
    const callback = (url: URL): boolean => url.pathname === '/callback';
    const one = await browser.visit(`${portal}/login?zurueck=/eins`, { until: callback });
    const two = await browser.visit(`${portal}/login?zurueck=/zwei`, { until: callback });
    const answer = async (page: Page): Promise<string | null> =>
      (await browser.visit(page.trail.at(-1) ?? '', { until: () => true })).headers.get('location');
    expect(await answer(one)).toBe('/eins');
    expect(await answer(two)).toBe('/zwei');
  });

  test('two tabs that begin at the same moment, in a browser without cookies, both log in', async () => {
    const callback = (url: URL): boolean => url.pathname === '/callback';
    // Both requests leave before either answer sets a cookie.
    const tabs = await Promise.all(
      ['/eins', '/zwei'].map((path) => browser.visit(`${portal}/login?zurueck=${path}`, { until: callback })),
    );
    for (const [i, path] of ['/eins', '/zwei'].entries()) {
      const page = await browser.visit(tabs[i]?.trail.at(-1) ?? '', { until: () => true });
      expect(page.headers.get('location')).toBe(path);
    }
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ sub: 'erika' });
  });

  test('keeps a bounded number of logins under way: the oldest makes room', async () => {
    const callback = (url: URL): boolean => url.pathname === '/callback';
    const begin = (): Promise<Page> => browser.visit(`${portal}/login`, { until: callback });
    const mine = (): string[] => [...browser.cookies.keys()].filter((key) => key.startsWith('bayern-portal-login-'));
    const pages: Page[] = [];
    for (let login = 0; login < 10; login += 1) {
      pages.push(await begin());
      shiftClock(1000);
    }
    expect(mine()).toHaveLength(8);
    expect(mine().join('').length).toBeLessThan(400);
    const answered = async (page: Page | undefined): Promise<number> =>
      (await browser.visit(page?.trail.at(-1) ?? '', { until: () => true })).status;
    expect(await answered(pages[1])).toBe(400);
    expect(await answered(pages[2])).toBe(303);
    expect(await answered(pages[9])).toBe(303);
  });

  test('keeps its cookies from scripts and from other sites, and every token on the server', async () => {
    const until = (url: URL): boolean => url.pathname === '/';
    const page = await browser.visit(`${portal}/login`, { until });
    for (const cookie of page.headers.getSetCookie()) {
      expect(cookie).toMatch(/^bayern-portal-\w+=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/u);
      expect(cookie).not.toMatch(/eyJ/u);
    }
    expect(page.headers.getSetCookie()).toHaveLength(1);
    const begun = await createCookieBrowser().visit(`${portal}/login`, { until: () => true });
    for (const cookie of begun.headers.getSetCookie())
      expect(cookie).toMatch(
        /^bayern-portal-login-[\w-]{16}=[\w-]{43}\.[0-9a-z]+; Path=\/; Max-Age=3900; HttpOnly; SameSite=Lax$/u,
      );
    expect(begun.headers.getSetCookie()).toHaveLength(1);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('a provider that is away gives a page with a way on, and the login works once it is back', async () => {
    late = await startScene({ bezahlsystem: testPages('bezahlsystem') });
    const origin = late.party('bezahlsystem').origin;
    late.network.intercept = async () => {
      throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    };
    const away = await browser.visit(`${origin}/login`);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(away.body).toContain('Bayern-ID ist gerade nicht erreichbar');
    expect((await browser.visit(`${origin}/`)).status).toBe(200);
    late.network.intercept = undefined;
    shiftClock(1000);
    expect(shown(await browser.visit(`${origin}/login`))).toMatchObject({ sub: 'erika' });
  });

  test.each([
    ['access_denied', 403, 'Die Anmeldung wurde beendet'],
    ['unmet_authentication_requirements', 403, 'Das Vertrauensniveau reicht noch nicht aus'],
    ['login_required', 403, 'Bitte melden Sie sich an'],
    ['consent_required', 403, 'Bitte melden Sie sich an'],
    ['temporarily_unavailable', 503, 'Bayern-ID ist gerade nicht erreichbar'],
    ['invalid_scope', 400, 'Die Anmeldung hat nicht geklappt'],
  ])('the answer %s becomes a page with a way on', async (error, status, heading) => {
    scene.provider.next.error = error;
    const page = await browser.visit(`${portal}/login?zurueck=/niedrig`);
    expect(page.status).toBe(status);
    expect(page.body).toContain(`${heading}</h1>`);
    expect(page.body).toContain('href="/login?zurueck=%2Fniedrig"');
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
  });
});

describe('level', () => {
  test('a page that needs more sends to the provider and is returned to', async () => {
    await logIn();
    Object.assign(scene.provider.next, { acr: acr.high });
    const page = await browser.visit(`${portal}/hoch?antrag=7`);
    expect(page.url.href).toBe(`${portal}/hoch?antrag=7`);
    expect(shown(page)).toMatchObject({ sub: 'erika', level: 'high' });
    const asked = JSON.parse(scene.provider.requests.at(-1)?.get('claims') ?? '');
    expect(asked.id_token.acr).toEqual({ essential: true, values: [acr.high] });
  });

  test('any level that suffices is asked for, the least first', async () => {
    scene.provider.next.acr = acr.high;
    expect(shown(await browser.visit(`${portal}/niedrig`))).toMatchObject({ level: 'high' });
    const asked = JSON.parse(scene.provider.requests.at(-1)?.get('claims') ?? '');
    expect(asked.id_token.acr.values).toEqual([acr.low, 'http://eidas.europa.eu/LoA/substantial', acr.high]);
  });

  test('a level that is not reached is a page, no loop, and the session stays as it was', async () => {
    await logIn();
    const page = await browser.visit(`${portal}/hoch`);
    expect(page.status).toBe(403);
    expect(page.body).toContain('Das Vertrauensniveau reicht noch nicht aus');
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ sub: 'erika', level: 'basic' });
  });

  test('high is gone after five idle minutes, and a later visit does not bring it back', async () => {
    scene.provider.next.acr = acr.high;
    await browser.visit(`${portal}/hoch`);
    shiftClock(4 * minutes);
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'high' });
    shiftClock(4 * minutes);
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'high' });
    shiftClock(5 * minutes);
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'substantial', reached: 'high' });
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'substantial' });
  });

  test('high is gone after thirty minutes in all, and the step-up brings it back on the same page', async () => {
    scene.provider.next.acr = acr.high;
    await browser.visit(`${portal}/hoch`);
    for (let i = 0; i < 7; i++) {
      shiftClock(4 * minutes);
      expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'high' });
    }
    shiftClock(4 * minutes);
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ level: 'substantial' });
    // The provider's own session is as old: it is forgotten here, as a real provider would ask for the card again.
    for (const key of browser.cookies.keys()) if (!key.startsWith('bayern-portal-')) browser.cookies.delete(key);
    const page = await browser.visit(`${portal}/hoch?wieder=da`);
    expect(page.url.href).toBe(`${portal}/hoch?wieder=da`);
    expect(shown(page)).toMatchObject({ level: 'high' });
  });

  test('an old login that the provider still calls high ends in a page, not in a loop', async () => {
    Object.assign(scene.provider.next, { acr: acr.high, authTime: Math.floor(Date.now() / 1000) - 31 * 60 });
    const page = await browser.visit(`${portal}/hoch`);
    expect(page.status).toBe(403);
    expect(page.trail.length).toBeLessThan(10);
  });

  test('the session is over when not even basic is left', async () => {
    await logIn();
    shiftClock(60 * minutes);
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
    resetClock();
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
  });

  test('max_age is asked for where a page wants a fresh login', async () => {
    await logIn();
    shiftClock(2 * minutes);
    expect(shown(await browser.visit(`${portal}/frisch`))).toMatchObject({ sub: 'erika' });
    expect(scene.provider.requests.at(-1)?.get('max_age')).toBe('60');
    expect(scene.provider.requests).toHaveLength(2);
  });

  test('a form below the level leads back to its page', async () => {
    scene.provider.next.acr = acr.low;
    const page = await browser.visit(`${portal}/niedrig?x=1`, {
      form: { a: 'b' },
      until: (url) => url.pathname === '/niedrig',
    });
    expect(page.trail.at(-1)).toBe(`${portal}/niedrig`);
  });
});

describe('logout', () => {
  const token = (page: Page): string => /name="csrf" value="([^"]+)"/u.exec(page.body)?.[1] ?? '';
  const csrf = async (): Promise<string> => token(await browser.visit(`${portal}/abgemeldet`));

  test('ends the session here and asks the provider to end its own', async () => {
    await logIn();
    const page = await browser.visit(`${portal}/abmelden`, {
      form: { csrf: await csrf() },
      until: (url) => url.origin === scene.provider.issuer,
    });
    const asked = new URL(page.trail.at(-1) ?? '').searchParams;
    expect(asked.get('client_id')).toBe('bayern-portal');
    expect(asked.has('post_logout_redirect_uri')).toBe(false);
    expect(asked.get('id_token_hint')).toMatch(/^eyJ/u);
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
  });

  test('needs the token of the form', async () => {
    await logIn();
    expect((await browser.visit(`${portal}/abmelden`, { form: { csrf: 'x' } })).status).toBe(403);
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ sub: 'erika' });
  });

  test('a page from before a step-up can still log out', async () => {
    await logIn();
    const old = await csrf();
    scene.provider.next.acr = acr.high;
    await browser.visit(`${portal}/hoch`);
    const page = await browser.visit(`${portal}/abmelden`, {
      form: { csrf: old },
      until: (url) => url.origin !== portal,
    });
    expect(page.status).toBe(303);
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
  });

  test('with nobody logged in there is nothing to do, and the page says so', async () => {
    const page = await browser.visit(`${portal}/abmelden`, { form: {} });
    expect(page.url.pathname).toBe('/abgemeldet');
    expect(page.status).toBe(200);
  });

  test('logged out at one service, the other one is told by the back channel', async () => {
    await logIn();
    expect(shown(await browser.visit(`${other}/login`))).toMatchObject({ sub: 'erika' });
    const question = await browser.visit(`${portal}/abmelden`, { form: { csrf: await csrf() } });
    const xsrf = /name="xsrf" value="([^"]+)"/u.exec(question.body)?.[1] ?? '';
    const last = await browser.visit(`${scene.provider.issuer}/session/end/confirm`, { form: { xsrf, logout: 'yes' } });
    expect(last.url.origin).toBe(scene.provider.issuer);
    expect(shown(await browser.visit(`${other}/`))).toBeNull();
  });

  test('a page of a logged-in person may post to the provider, others may not', async () => {
    const policy = (page: Page): string => page.headers.get('content-security-policy') ?? '';
    expect(policy(await browser.visit(`${portal}/`))).toContain("form-action 'self'");
    expect(policy(await browser.visit(`${portal}/`))).not.toContain(scene.provider.issuer);
    await logIn();
    expect(policy(await browser.visit(`${portal}/`))).toContain(`form-action 'self' ${scene.provider.issuer}`);
  });
});

test('the log names no person, token or secret', async () => {
  scene.provider.next.acr = acr.high;
  await browser.visit(`${portal}/hoch`);
  scene.provider.next.error = 'access_denied';
  await createCookieBrowser().visit(`${portal}/login`);
  const log = scene.party('bayern-portal').log.join('');
  expect(log).toContain('"event":"login"');
  expect(log).not.toMatch(/erika|Mustermann|eyJ|[\w-]{43}/iu);
});

describe('nodes of two versions', () => {
  const name = 'bayern-portal-session /';
  const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

  test('a session from before cookies had a mark goes on, and one that is begun is found where marks are not known', async () => {
    await logIn();
    const cookie = browser.cookies.get(name)?.value ?? '';
    const [, id = '', secret = ''] = /^([\w-]{43})\.([\w-]{43})$/.exec(cookie) ?? [];
    const { artifacts } = scene.party('bayern-portal').stores;
    const { payload } = (await artifacts.find('rp-session', id)) ?? { payload: {} };
    expect(payload['secret']).toBe(digest(secret));

    const before = randomBytes(32).toString('base64url');
    await artifacts.save('rp-session', id, { ...payload, secret: digest(before) }, { ttl: 3600 });
    expect(shown(await browser.visit(`${portal}/`))).toBeNull();
    browser.cookies.set(name, { value: `${id}.${before}`, path: '/' });
    expect(shown(await browser.visit(`${portal}/`))).toMatchObject({ sub: 'erika' });
  });

  test('the same of a login that is under way', async () => {
    const page = await browser.visit(`${portal}/login`, { until: ({ pathname }) => pathname === '/callback' });
    const answer = new URL(page.trail.at(-1) ?? '');
    const [key = '', bound] = [...browser.cookies].find(([each]) => each.startsWith('bayern-portal-login-')) ?? [];
    const [, secret = '', at = ''] = /^([\w-]{43})\.([0-9a-z]{8})$/.exec(bound?.value ?? '') ?? [];
    expect(parseInt(at, 36)).toBeLessThanOrEqual(Date.now());
    const { artifacts } = scene.party('bayern-portal').stores;
    const state = answer.searchParams.get('state') ?? '';
    const { payload } = (await artifacts.find('rp-login', state)) ?? { payload: {} };
    expect(payload['browser']).toBe(digest(secret));

    const before = randomBytes(32).toString('base64url');
    await artifacts.save('rp-login', state, { ...payload, browser: digest(before) }, { ttl: 3600 });
    browser.cookies.set(key, { value: `${before}.${at}`, path: '/' });
    expect(shown(await browser.visit(answer.href))).toMatchObject({ sub: 'erika' });
  });
});

describe('a page that recognises who is logged in', () => {
  const asked = (): readonly (string | null)[] => scene.provider.requests.map((request) => request.get('prompt'));

  test('asks the provider once, without anybody seeing anything, and shows itself to who is not logged in', async () => {
    const page = await browser.visit(`${portal}/offen?a=1`);
    expect(shown(page)).toBeNull();
    expect(new URL(page.url).searchParams.get('a')).toBe('1');
    expect(asked()).toEqual(['none']);
    expect(shown(await browser.visit(`${portal}/offen`))).toBeNull();
    expect(asked()).toEqual(['none']);
    shiftClock(11 * minutes);
    browser.cookies.delete('bayern-portal-asked /');
    await browser.visit(`${portal}/offen`);
    expect(asked()).toEqual(['none', 'none']);
  });

  test('knows who is logged in at the provider by another service', async () => {
    await browser.visit(`${other}/login`);
    expect(shown(await browser.visit(`${portal}/offen`))).toMatchObject({ sub: 'erika' });
    expect(asked()).toEqual([null, 'none']);
    expect(shown(await browser.visit(`${portal}/offen`))).toMatchObject({ sub: 'erika' });
    expect(asked()).toHaveLength(2);
  });

  test('does not send a browser round in circles that keeps no cookies', async () => {
    const fetchWithout = async (url: string): Promise<readonly string[]> => {
      const trail = [url];
      for (let left = 10; left > 0; left -= 1) {
        const at = trail.at(-1) ?? '';
        const { headers } = await fetch(at, { redirect: 'manual' });
        const location = headers.get('location');
        if (location === null) return trail;
        trail.push(new URL(location, at).href);
      }
      throw new Error(`in circles: ${trail.join(' ')}`);
    };
    const trail = await fetchWithout(`${portal}/offen`);
    expect(trail.at(-1)).toMatch(/\/offen\?gefragt=1$/);
    expect(shown(await browser.visit(trail.at(-1) ?? ''))).toBeNull();
  });

  test('shows itself while the provider is away or does not answer well', async () => {
    scene.network.intercept = (url) =>
      Promise.resolve(url.includes('/token') ? new Response('{}', { status: 500 }) : undefined);
    await browser.visit(`${other}/login`).catch(() => undefined);
    expect(shown(await browser.visit(`${portal}/offen`))).toBeNull();
  });

  test('asks nothing for what browsers fetch ahead or inside a page', async () => {
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-fetch-dest': 'image' }])
      expect(shown(await browser.visit(`${portal}/offen`, { headers }))).toBeNull();
    expect(asked()).toEqual([]);
  });

  test('a login with questions is asked for as before after that', async () => {
    await browser.visit(`${portal}/offen`);
    expect(shown(await logIn())).toMatchObject({ sub: 'erika' });
  });
});
