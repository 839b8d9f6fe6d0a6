import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { resetClock, shiftClock } from '../support/clock.ts';
import { createCookieBrowser, type CookieBrowser, type Page } from '../support/cookie-browser.ts';
import { startScene, testPages, type Scene } from '../support/relying-parties.ts';

const high = 'http://eidas.europa.eu/LoA/high';

let scene: Scene;
let portal: string;
let browser: CookieBrowser;
/** Another person in each test: a logout of all her sessions also stops a login of the same second. */
let erika: string;

const shown = (page: Page): unknown => JSON.parse(page.body);
const whoIs = async (who: CookieBrowser = browser): Promise<unknown> => shown(await who.visit(`${portal}/`));
const isCallback = (url: URL): boolean => url.pathname === '/callback';

/** Goes as far as the provider's answer and gives it back instead of following it. */
const answerOf = async (who: CookieBrowser, path = '/login'): Promise<URL> =>
  new URL((await who.visit(`${portal}${path}`, { until: isCallback })).trail.at(-1) ?? '');

/** Puts something else in place of the ID token or other members of the token endpoint's answer. */
const forgeTokens = (change: (tokens: Record<string, unknown>) => Promise<Record<string, unknown>>): void => {
  scene.network.intercept = async (url, options) => {
    if (!url.endsWith('/token')) return undefined;
    const tokens = (await (await fetch(url, options)).json()) as Record<string, unknown>;
    return Response.json({ ...tokens, ...(await change(tokens)) });
  };
};

const formOf = ({ body }: RequestInit): URLSearchParams => {
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  return new URLSearchParams(typeof body === 'string' ? body : '');
};

const idToken = (tokens: Record<string, unknown>): Record<string, unknown> => decodeJwt(String(tokens['id_token']));

beforeAll(async () => {
  scene = await startScene({
    'bayern-portal': testPages('bayern-portal'),
    'mein-postfach': testPages('mein-postfach'),
  });
  portal = scene.party('bayern-portal').origin;
});

afterAll(() => scene.close());

beforeEach(() => {
  browser = createCookieBrowser();
  erika = `erika-${crypto.randomUUID()}`;
  Object.assign(scene.provider.next, {
    accountId: erika,
    acr: 'urn:bayern-id:acr:basic',
    authTime: undefined,
    error: undefined,
  });
});

afterEach(() => {
  resetClock();
  scene.network.intercept = undefined;
});

describe('the answer of another provider or for another browser', () => {
  test.each([
    ['of another issuer (MX-01)', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['of the issuer with a slash', (url: URL) => url.searchParams.set('iss', `${scene.provider.issuer}/`)],
    ['without an issuer', (url: URL) => url.searchParams.delete('iss')],
    ['with two issuers', (url: URL) => url.searchParams.append('iss', 'https://evil.example')],
    ['with two codes', (url: URL) => url.searchParams.append('code', 'x')],
    ['with a foreign code', (url: URL) => url.searchParams.set('code', 'x'.repeat(43))],
    ['without a code', (url: URL) => url.searchParams.delete('code')],
    ['with another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['without a state', (url: URL) => url.searchParams.delete('state')],
    ['with two states', (url: URL) => url.searchParams.append('state', 'x'.repeat(43))],
  ])('%s is refused', async (_, change) => {
    const answer = await answerOf(browser);
    change(answer);
    const page = await browser.visit(answer.href);
    expect(page.status).toBe(400);
    expect(page.headers.getSetCookie().filter((cookie) => cookie.includes('-session='))).toEqual([]);
    expect(await whoIs()).toBeNull();
  });

  test('an error of another issuer is no news of ours', async () => {
    scene.provider.next.error = 'access_denied';
    const answer = await answerOf(browser);
    answer.searchParams.set('iss', 'https://evil.example');
    expect((await browser.visit(answer.href)).body).toContain('Die Anmeldung hat nicht geklappt');
  });

  test('the honest code at a party that took a hostile provider: refused by iss, and the code goes nowhere (MX-01)', async () => {
    const answer = await answerOf(browser);
    answer.searchParams.set('iss', 'https://evil.example');
    const sent: string[] = [];
    scene.network.intercept = async (url) => {
      sent.push(url);
      return undefined;
    };
    await browser.visit(answer.href);
    expect(sent.filter((url) => url.endsWith('/token'))).toEqual([]);
  });

  test('without an issuer is refused even if the metadata do not promise one', async () => {
    const plain = await startScene({ 'bayern-portal': testPages('bayern-portal') });
    try {
      plain.network.intercept = async (url, options) => {
        if (!url.includes('/.well-known/')) return undefined;
        const metadata = (await (await fetch(url, options)).json()) as Record<string, unknown>;
        return Response.json({ ...metadata, authorization_response_iss_parameter_supported: undefined });
      };
      const { origin } = plain.party('bayern-portal');
      const begun = await browser.visit(`${origin}/login`, { until: isCallback });
      const answer = new URL(begun.trail.at(-1) ?? '');
      answer.searchParams.delete('iss');
      expect((await browser.visit(answer.href)).status).toBe(400);
    } finally {
      await plain.close();
    }
  });

  test('in a browser that did not begin the login is refused, and stays good for the one that did', async () => {
    const answer = await answerOf(browser);
    const victim = createCookieBrowser();
    expect((await victim.visit(answer.href)).status).toBe(400);
    await victim.visit(`${portal}/login`, { until: isCallback });
    expect((await victim.visit(answer.href)).status).toBe(400);
    expect(await whoIs(victim)).toBeNull();
    expect(shown(await browser.visit(answer.href))).toMatchObject({ sub: erika });
  });

  test('counts once: a reload leads to where the login led, and logs nobody in again', async () => {
    const answer = await answerOf(browser);
    await browser.visit(answer.href);
    const cookies = JSON.stringify([...browser.cookies]);
    let exchanges = 0;
    scene.network.intercept = async (url) => {
      if (url.endsWith('/token')) exchanges += 1;
      return undefined;
    };
    const again = await browser.visit(answer.href);
    expect([again.status, again.url.pathname, shown(again)]).toEqual([200, '/', await whoIs()]);
    expect([exchanges, JSON.stringify([...browser.cookies])]).toEqual([0, cookies]);
    // After a logout the old answer is worth nothing, nor is it in another browser.
    browser.cookies.delete('bayern-portal-session /');
    expect(shown(await browser.visit(answer.href))).toBeNull();
    expect((await createCookieBrowser().visit(answer.href)).status).toBe(400);
  });

  test('sent twenty times at once logs in once', async () => {
    const answer = await answerOf(browser);
    let exchanges = 0;
    scene.network.intercept = async (url) => {
      if (url.endsWith('/token')) exchanges += 1;
      return undefined;
    };
    // All twenty have read the login before the first of them takes it.
    const { artifacts } = scene.party('bayern-portal').stores;
    const find = artifacts.find.bind(artifacts);
    const all = Promise.withResolvers<void>();
    let waiting = 0;
    artifacts.find = async (kind, id) => {
      const found = await find(kind, id);
      if (kind === 'rp-login') {
        waiting += 1;
        if (waiting === 20) all.resolve();
        await all.promise;
      }
      return found;
    };
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => browser.visit(answer.href, { until: (url) => url.pathname === '/' })),
    );
    artifacts.find = find;
    expect(pages.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
      Array.from({ length: 20 }, () => [303, '/']),
    );
    const sessions = pages.filter(({ headers }) => headers.getSetCookie().some((line) => line.includes('-session=')));
    expect([sessions.length, exchanges]).toEqual([1, 1]);
    expect(await whoIs()).toMatchObject({ sub: erika });
  });

  test('is too late after an hour and more', async () => {
    const answer = await answerOf(browser);
    shiftClock(66 * 60_000);
    expect((await browser.visit(answer.href)).status).toBe(400);
  });
});

describe('tokens that do not belong', () => {
  test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['another nonce (MX-03)', () => ({ nonce: 'x'.repeat(43) })],
    ['no nonce (MX-03)', () => ({ nonce: undefined })],
    ['another audience (MX-03)', () => ({ aud: 'mein-postfach' })],
    ['a second audience', () => ({ aud: ['bayern-portal', 'evil'], azp: 'bayern-portal' })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['the issuer with a slash', ({ iss }) => ({ iss: `${String(iss)}/` })],
    ['its time run out', () => ({ exp: Math.floor(Date.now() / 1000) - 61 })],
    ['no time of login', () => ({ auth_time: undefined })],
    ['the hash of another access token', () => ({ at_hash: 'x'.repeat(22) })],
    ['no subject', () => ({ sub: undefined })],
  ])('an ID token with %s is refused', async (_, change) => {
    forgeTokens(async (tokens) => {
      const claims = idToken(tokens);
      return { id_token: await scene.provider.sign({ ...claims, ...change(claims) }) };
    });
    const page = await browser.visit(`${portal}/login`);
    expect(page.status).toBe(400);
    expect(page.body).toContain('Die Anmeldung hat nicht geklappt');
    expect(await whoIs()).toBeNull();
  });

  test('the same ID token, signed again unchanged, is accepted: the table above fails for its own reasons', async () => {
    forgeTokens(async (tokens) => ({ id_token: await scene.provider.sign(idToken(tokens)) }));
    expect(shown(await browser.visit(`${portal}/login`))).toMatchObject({ sub: erika });
  });

  test.each<[string, (token: string) => string]>([
    ['unsigned', (token) => new UnsecuredJWT(decodeJwt(token)).encode()],
    ['with a broken signature', (token) => `${token.slice(0, -8)}AAAAAAAA`],
    [
      'with another content under the old signature',
      (token) => {
        const [header, , signature] = token.split('.');
        const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), acr: high })).toString('base64url');
        return [header, payload, signature].join('.');
      },
    ],
  ])('an ID token %s is refused', async (_, change) => {
    forgeTokens(async (tokens) => ({ id_token: change(String(tokens['id_token'])) }));
    expect((await browser.visit(`${portal}/login`)).status).toBe(400);
    expect(await whoIs()).toBeNull();
  });

  test('userinfo of another subject is refused (MX-04)', async () => {
    scene.network.intercept = async (url) =>
      url.endsWith('/me') ? Response.json({ sub: 'max', name: 'Max' }) : undefined;
    expect((await browser.visit(`${portal}/login`)).status).toBe(400);
    expect(await whoIs()).toBeNull();
  });

  test('the code goes with its own verifier (PKCE)', async () => {
    scene.network.intercept = async (url, options) => {
      if (!url.endsWith('/token')) return undefined;
      const body = formOf(options);
      expect(body.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/u);
      body.set('code_verifier', 'x'.repeat(43));
      return await fetch(url, { ...options, body });
    };
    expect((await browser.visit(`${portal}/login`)).status).toBe(400);
  });
});

describe('discovery', () => {
  test.each([
    ['another issuer', (issuer: string) => issuer.replace('localhost', '127.0.0.1')],
    ['the issuer with a slash', (issuer: string) => `${issuer}/`],
  ])('that names %s is refused (ASVS 10.5.3)', async (_, change) => {
    const hostile = await startScene({ 'bayern-portal': testPages('bayern-portal') });
    try {
      hostile.network.intercept = async (url, options) => {
        if (!url.includes('/.well-known/')) return undefined;
        const metadata = (await (await fetch(url, options)).json()) as Record<string, unknown>;
        return Response.json({ ...metadata, issuer: change(hostile.provider.issuer) });
      };
      expect((await browser.visit(`${hostile.party('bayern-portal').origin}/login`)).status).toBe(503);
    } finally {
      await hostile.close();
    }
  });

  test('that names a foreign token endpoint gets no assertion good elsewhere: its aud is the issuer alone (MX-09)', async () => {
    const assertions: Record<string, unknown>[] = [];
    const hostile = await startScene({ 'bayern-portal': testPages('bayern-portal') });
    try {
      hostile.network.intercept = async (url, options) => {
        if (url.includes('/.well-known/')) {
          const metadata = (await (await fetch(url, options)).json()) as Record<string, unknown>;
          return Response.json({ ...metadata, token_endpoint: `${scene.provider.issuer}/token` });
        }
        if (url.endsWith('/token')) {
          assertions.push(decodeJwt(formOf(options).get('client_assertion') ?? ''));
        }
        return undefined;
      };
      const page = await browser.visit(`${hostile.party('bayern-portal').origin}/login`);
      expect(page.status).toBe(400);
      expect(assertions).toHaveLength(1);
      expect(assertions[0]?.['aud']).toBe(hostile.provider.issuer);
    } finally {
      await hostile.close();
    }
  });
});

describe('the session', () => {
  const session = (who: CookieBrowser): string => who.cookies.get('bayern-portal-session /')?.value ?? '';

  /** As if the provider's session had ended or another person sat there. */
  const forgetProvider = (): void => {
    for (const key of browser.cookies.keys()) if (!key.startsWith('bayern-portal-')) browser.cookies.delete(key);
  };

  test('has a new cookie at each login and step-up, and the old one is worth nothing (fixation)', async () => {
    const planted = `${'x'.repeat(43)}.${'y'.repeat(43)}`;
    browser.cookies.set('bayern-portal-session /', { value: planted, path: '/' });
    await browser.visit(`${portal}/login`);
    const first = session(browser);
    expect(first).not.toBe(planted);
    scene.provider.next.acr = high;
    expect(shown(await browser.visit(`${portal}/hoch`))).toMatchObject({ level: 'high' });
    expect(session(browser)).not.toBe(first);
    for (const old of [planted, first]) {
      const thief = createCookieBrowser();
      thief.cookies.set('bayern-portal-session /', { value: old, path: '/' });
      expect(await whoIs(thief)).toBeNull();
    }
  });

  test.each([
    ['empty', ''],
    ['of an odd form', 'null'],
    ['with a secret of its own', undefined],
  ])('a cookie %s is no session', async (_, value) => {
    await browser.visit(`${portal}/login`);
    const thief = createCookieBrowser();
    const guessed = value ?? `${session(browser).split('.')[0]}.${'A'.repeat(43)}`;
    thief.cookies.set('bayern-portal-session /', { value: guessed, path: '/' });
    expect(await whoIs(thief)).toBeNull();
  });

  test('a step-up by another person is an error, and the session stays', async () => {
    await browser.visit(`${portal}/login`);
    forgetProvider();
    Object.assign(scene.provider.next, { accountId: 'max', acr: high });
    const page = await browser.visit(`${portal}/hoch`);
    expect(page.status).toBe(403);
    expect(page.body).toContain('Das war ein anderes Konto');
    expect(await whoIs()).toMatchObject({ sub: erika, level: 'basic' });
  });

  test('a step-up by another person is an error even when the session has ended meanwhile', async () => {
    await browser.visit(`${portal}/login`);
    forgetProvider();
    Object.assign(scene.provider.next, { accountId: 'max', acr: high });
    const answer = await answerOf(browser, '/hoch');
    browser.cookies.delete('bayern-portal-session /');
    expect((await browser.visit(answer.href)).body).toContain('Das war ein anderes Konto');
    expect(await whoIs()).toBeNull();
  });

  test('a new login of the same person under another session of the provider ends the old one', async () => {
    await browser.visit(`${portal}/login`);
    const first = session(browser);
    forgetProvider();
    await browser.visit(`${portal}/login`);
    expect(session(browser).split('.')[0]).not.toBe(first.split('.')[0]);
    const thief = createCookieBrowser();
    thief.cookies.set('bayern-portal-session /', { value: first, path: '/' });
    expect(await whoIs(thief)).toBeNull();
  });

  test('a login of another person in a second tab does not replace it either', async () => {
    const answer = await answerOf(browser);
    forgetProvider();
    scene.provider.next.accountId = 'max';
    await browser.visit(`${portal}/login`);
    expect((await browser.visit(answer.href)).status).toBe(403);
    expect(await whoIs()).toMatchObject({ sub: 'max' });
  });
});

describe('the way back after a login', () => {
  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/%0d%0aSet-Cookie:x=y\r\nX: y',
    '',
  ])('%j stays on our origin', async (value) => {
    const page = await browser.visit(`${portal}/login?zurueck=${encodeURIComponent(value)}`, {
      until: (url) => url.origin === portal && url.pathname !== '/callback',
    });
    expect(new URL(page.trail.at(-1) ?? '').origin).toBe(portal);
    expect(page.headers.get('location')).toMatch(/^\/(?!\/)/u);
  });
});

describe('back-channel logout', () => {
  const sidOf = async (): Promise<string> => {
    let sid = '';
    forgeTokens(async (tokens) => {
      sid = String(idToken(tokens)['sid']);
      return {};
    });
    await browser.visit(`${portal}/login`);
    scene.network.intercept = undefined;
    return sid;
  };
  const notify = async (token: string): Promise<Page> =>
    await createCookieBrowser().visit(`${portal}/backchannel-logout`, {
      form: { logout_token: token },
      headers: { accept: '*/*' },
    });

  test.each([
    ['sid', (sid: string) => ({ sid })],
    ['sub', () => ({ sub: erika })],
    ['both', (sid: string) => ({ sid, sub: erika })],
  ])('ends the session by %s', async (_, claims) => {
    const sid = await sidOf();
    const page = await notify(await scene.provider.logoutToken({ aud: 'bayern-portal', ...claims(sid) }));
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await whoIs()).toBeNull();
  });

  test('ends only the session that it names', async () => {
    await sidOf();
    const second = createCookieBrowser();
    await second.visit(`${portal}/login`);
    const sid = await sidOf();
    expect((await notify(await scene.provider.logoutToken({ aud: 'bayern-portal', sid }))).status).toBe(200);
    expect(await whoIs()).toBeNull();
    expect(await whoIs(second)).toMatchObject({ sub: erika });
  });

  const now = (): number => Math.floor(Date.now() / 1000);

  test.each<[string, (sid: string) => Promise<string>]>([
    [
      'unsigned (alg none)',
      async (sid) =>
        new UnsecuredJWT({ ...decodeJwt(await scene.provider.logoutToken({ aud: 'bayern-portal', sid })) }).encode(),
    ],
    [
      'without its signature',
      async (sid) => (await scene.provider.logoutToken({ aud: 'bayern-portal', sid })).replace(/[^.]+$/u, ''),
    ],
    ['with a nonce', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, nonce: 'x' })],
    ['of type JWT', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid }, { typ: 'JWT' })],
    ['without a type', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid }, {})],
    ['for another client', (sid) => scene.provider.logoutToken({ aud: 'mein-postfach', sid })],
    ['for two clients', (sid) => scene.provider.logoutToken({ aud: ['bayern-portal', 'evil'], sid })],
    ['without audience', (sid) => scene.provider.logoutToken({ sid })],
    [
      'of another issuer',
      (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, iss: 'https://evil.example' }),
    ],
    [
      'issued long ago',
      (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, iat: now() - 181, exp: now() + 999 }),
    ],
    [
      'issued in the future',
      (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, iat: now() + 61, exp: now() + 120 }),
    ],
    ['run out', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, exp: now() - 61 })],
    ['without iat', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, iat: undefined })],
    ['without exp', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, exp: undefined })],
    ['without jti', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, jti: undefined })],
    ['without the event', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, events: {} })],
    [
      'with another event',
      (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, events: { 'https://evil.example': {} } }),
    ],
    ['with an event of odd form', (sid) => scene.provider.logoutToken({ aud: 'bayern-portal', sid, events: 'x' })],
    ['with neither sid nor sub', () => scene.provider.logoutToken({ aud: 'bayern-portal' })],
    ['with a sid that is no text', () => scene.provider.logoutToken({ aud: 'bayern-portal', sid: 7 })],
    ['that is no token', async () => 'x'],
    ['that is empty', async () => ''],
  ])('a token %s is refused and the session stays (LO-09)', async (_, forge) => {
    const sid = await sidOf();
    const page = await notify(await forge(sid));
    expect(page.status).toBe(400);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await whoIs()).toMatchObject({ sub: erika });
  });

  test('an ID token is no logout token', async () => {
    let token = '';
    forgeTokens(async (tokens) => {
      token = String(tokens['id_token']);
      return {};
    });
    await browser.visit(`${portal}/login`);
    expect((await notify(token)).status).toBe(400);
    expect(await whoIs()).toMatchObject({ sub: erika });
  });

  test('a used token is refused, and ends no later session (LO-09)', async () => {
    await sidOf();
    const token = await scene.provider.logoutToken({ aud: 'bayern-portal', sub: erika });
    expect((await notify(token)).status).toBe(200);
    shiftClock(2000);
    await browser.visit(`${portal}/login`);
    expect((await notify(token)).status).toBe(400);
    expect(await whoIs()).toMatchObject({ sub: erika });
  });

  test('a token that could not be acted on may come again (LO-11)', async () => {
    const sid = await sidOf();
    const token = await scene.provider.logoutToken({ aud: 'bayern-portal', sid });
    const { artifacts } = scene.party('bayern-portal').stores;
    const remove = artifacts.remove.bind(artifacts);
    artifacts.remove = async () => {
      throw Object.assign(new Error('away'), { name: 'StorageUnavailable' });
    };
    expect((await notify(token)).status).toBe(503);
    artifacts.remove = remove;
    expect((await notify(token)).status).toBe(200);
    expect(await whoIs()).toBeNull();
  });

  test('keys that cannot be fetched are no verdict: 503, so that it is delivered again', async () => {
    const late = await startScene({ 'bayern-portal': testPages('bayern-portal') });
    try {
      late.network.intercept = async (url) => {
        if (url.includes('/.well-known/')) return undefined;
        throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
      };
      const token = await late.provider.logoutToken({ aud: 'bayern-portal', sid: 'x' });
      const address = `${late.party('bayern-portal').origin}/backchannel-logout`;
      expect((await browser.visit(address, { form: { logout_token: token } })).status).toBe(503);
      late.network.intercept = undefined;
      expect((await browser.visit(address, { form: { logout_token: token } })).status).toBe(200);
    } finally {
      await late.close();
    }
  });

  test('a session that ends while its login is under way does not begin', async () => {
    scene.network.intercept = async (url, options) => {
      if (!url.endsWith('/me')) return undefined;
      const answer = await fetch(url, options);
      expect((await notify(await scene.provider.logoutToken({ aud: 'bayern-portal', sub: erika }))).status).toBe(200);
      return answer;
    };
    const page = await browser.visit(`${portal}/login`);
    expect(page.status).toBe(403);
    expect(page.body).toContain('Sie wurden inzwischen abgemeldet');
    expect(await whoIs()).toBeNull();
  });

  test('is a POST of a form: anything else is refused', async () => {
    expect((await browser.visit(`${portal}/backchannel-logout`)).status).toBe(405);
    const json = await fetch(`${portal}/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
  });
});
