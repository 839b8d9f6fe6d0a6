import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, max, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { goOn, happened, startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let plain: Service;
let asking: Service;
let high: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  plain = await services.add({ clientId: 'plain' });
  asking = await services.add({ clientId: 'asking', file: { consent: 'ask', legal_basis: null } });
  high = await services.add({ clientId: 'high', file: { minimum_level: 'high' } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
beforeEach(async () => {
  await happened(app);
});
afterEach(() => {
  resetClock();
  // Whatever was tried: nothing of it was a failure of ours.
  expect(app.log.filter((line) => /"(status":500|event":"provider\.)/.test(line))).toEqual([]);
});

const uidOf = (page: Page): string => /\/anmelden\/([^/]+)/.exec(page.url.pathname)?.[1] ?? '';
const csrfOf = (page: Page): string => formsOf(page).find(({ fields }) => 'csrf' in fields)?.fields['csrf'] ?? '';
const cookiesOf = (person: Person): string =>
  [...person.cookies].map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`).join('; ');
const session = (person: Person): string | undefined => person.cookies.get('id-session /')?.value;

/** A page of ours in its own words: no stack, no version, a reference, not kept by caches. */
const isOurPage = (page: Page, status: number): void => {
  expect([page.status, page.url.origin]).toEqual([status, app.issuer]);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.body).not.toMatch(/node_modules|\bat [\w.<>]+ \(|oidc-provider|Error:/);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe-inline');
  expect(page.headers.get('x-frame-options')).toBe('DENY');
  expect(page.headers.get('cache-control')).toContain('no-store');
};

describe('redirect_uri and what is wrong with it', () => {
  const evil = (page: Page, sent: string): void => {
    isOurPage(page, 400);
    expect(page.trail).toHaveLength(1);
    expect(page.headers.get('location')).toBeNull();
    if (sent !== '') expect(page.body).not.toContain(`href="${sent}`);
  };

  test.each<[string, string, (registered: string) => string]>([
    ['AZ-01', 'not registered', () => 'https://evil.example/cb'],
    ['AZ-02', 'a path further', (uri) => `${uri}/x`],
    ['AZ-02', 'a query more', (uri) => `${uri}?x=1`],
    ['AZ-02', 'a fragment', (uri) => `${uri}#f`],
    ['AZ-02', 'a letter more', (uri) => `${uri}x`],
    ['AZ-02', 'a slash more', (uri) => `${uri}/`],
    ['AZ-02', 'a prefix', (uri) => uri.slice(0, -4)],
    ['AZ-03', 'up and down', (uri) => `${uri}/../evil`],
    ['AZ-03', 'up and back', (uri) => uri.replace('/callback', '/x/../callback')],
    ['AZ-03', 'with a parameter of the path', (uri) => `${uri}/..;/evil`],
    ['AZ-03', 'encoded', (uri) => `${uri}/%2e%2e/evil`],
    ['AZ-04', 'user info', (uri) => uri.replace('http://', 'http://rp@')],
    ['AZ-04', 'the host as user', (uri) => `${uri.replace('/plain/callback', '')}@evil.example/plain/callback`],
    ['AZ-04', 'two of them', (uri) => uri.replace('http://', 'http://a@b@')],
    ['AZ-05', 'scheme in capitals', (uri) => uri.replace('http', 'HTTP')],
    ['AZ-05', 'dot at the end', (uri) => uri.replace('127.0.0.1', '127.0.0.1.')],
    ['AZ-05', 'another spelling of the address', (uri) => uri.replace('127.0.0.1', '127.1')],
    ['AZ-05', 'path in capitals', (uri) => uri.replace('callback', 'Callback')],
    ['AZ-05', 'an encoded letter', (uri) => uri.replace('callback', '%63allback')],
    ['AZ-05', 'a letter that looks alike', (uri) => uri.replace('callback', 'cаllback')],
    ['AZ-06', 'another port of loopback', () => 'http://127.0.0.1:9999/plain/callback'],
    ['AZ-06', 'localhost', (uri) => uri.replace('127.0.0.1', 'localhost')],
    ['AZ-07', 'a script', () => 'JaVaScRiPt:alert(1)'],
    ['AZ-07', 'data', () => 'data:text/html,<script>alert(1)</script>'],
    ['AZ-08', 'empty', () => ''],
    ['AZ-01', 'blanks around', (uri) => ` ${uri}`],
    ['AZ-01', 'a line break', (uri) => `${uri}\r\nlocation: https://evil.example`],
    ['AZ-01', 'a NUL', (uri) => `${uri}\0`],
  ])('%s: %s', async (_id, _title, variant) => {
    const sent = variant(plain.redirectUri);
    evil(await plain.ask(createPerson(), { redirect_uri: sent }), sent);
    expect(await happened(app)).toEqual([]);
  });

  test('AZ-08: left out', async () => {
    evil(await plain.ask(createPerson(), { redirect_uri: undefined }), 'x');
  });

  test.each(['redirect_uri', 'client_id', 'scope', 'state', 'code_challenge', 'prompt'])(
    'AZ-09: %s twice',
    async (name) => {
      const { url } = plain.request({ prompt: 'login' });
      const value = new URL(url).searchParams.get(name) ?? '';
      for (const second of [value, 'https://evil.example/cb']) {
        const page = await createPerson().visit(`${url}&${name}=${encodeURIComponent(second)}`);
        if (page.url.origin === app.issuer) evil(page, 'https://evil.example');
        else expect(plain.answer(page)['error']).toBe('invalid_request');
      }
    },
  );

  test.each([
    ['unknown', 'nobody'],
    ['empty', ''],
    ['a long one', 'x'.repeat(5000)],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['a key of every object', '__proto__'],
    ['another', 'constructor'],
    ['a NUL', 'plain\0'],
  ])('AZ-24: client_id %s', async (_title, clientId) => {
    const page = await plain.ask(createPerson(), { client_id: clientId });
    evil(page, plain.redirectUri);
    expect(page.body).not.toContain('<img src=x');
  });
});

describe('requests that are wrong get an OAuth error', () => {
  const long = 'x'.repeat(9000);
  test.each<[string, string, Record<string, string | undefined>, string | RegExp]>([
    ['AZ-10', 'response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['AZ-10', 'response_type id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['AZ-10', 'response_type code token', { response_type: 'code token' }, 'unsupported_response_type'],
    ['AZ-10', 'response_type none', { response_type: 'none' }, 'unsupported_response_type'],
    ['AZ-10', 'no response_type', { response_type: undefined }, 'invalid_request'],
    ['AZ-11', 'unknown response_mode', { response_mode: 'web_message' }, /unsupported_response_mode|invalid_request/],
    ['AZ-11', 'response_mode fragment', { response_mode: 'fragment' }, 'unsupported_response_mode'],
    ['AZ-13', 'a known scope beyond the file', { scope: 'openid email' }, 'invalid_scope'],
    ['AZ-16', 'prompt none with login', { prompt: 'none login' }, 'invalid_request'],
    ['AZ-16', 'an unknown prompt', { prompt: 'evidence' }, 'invalid_request'],
    ['AZ-17', 'prompt none without a session', { prompt: 'none' }, 'login_required'],
    ['AZ-18', 'control characters in scope', { scope: 'openid\u0007' }, 'invalid_scope'],
    ['TK-01', 'no code_challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['TK-02', 'plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['TK-02', 'no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['TK-02', 'a short challenge', { code_challenge: 'abc' }, 'invalid_request'],
    ['LA-17', 'max_age -1', { max_age: '-1' }, 'invalid_request'],
    ['LA-17', 'max_age text', { max_age: 'soon' }, 'invalid_request'],
    ['LA-17', 'max_age 1.5', { max_age: '1.5' }, 'invalid_request'],
    ['rule 8', 'a broken id_token_hint', { id_token_hint: 'x.y.z' }, 'invalid_request'],
    [
      'JO-01',
      'an unsigned id_token_hint',
      { id_token_hint: `${btoa('{"alg":"none"}').replaceAll('=', '')}.${btoa('{"sub":"x"}').replaceAll('=', '')}.` },
      'invalid_request',
    ],
    ['rule 11', 'a request object that is none', { request: 'x' }, 'invalid_request_object'],
    ['rule 11', 'registration', { registration: '{}' }, 'registration_not_supported'],
    ['claims', 'no JSON', { claims: '{' }, 'invalid_request'],
    ['claims', 'a list', { claims: '[]' }, 'invalid_request'],
    ['claims', 'null', { claims: 'null' }, 'invalid_request'],
    ['claims', 'without members', { claims: '{}' }, 'invalid_request'],
    ['claims', 'members that are no objects', { claims: '{"id_token":1}' }, 'invalid_request'],
    ['claims', 'acr that is text', { claims: '{"id_token":{"acr":"high"}}' }, 'invalid_request'],
    [
      'LA-02',
      'a level of odd types',
      { claims: '{"id_token":{"acr":{"value":7,"values":"high"}}}' },
      'invalid_request',
    ],
    ['claims', 'a name that is a list', { claims: '{"userinfo":{"name":[{}]}}' }, 'invalid_request'],
    ['claims', 'verified_claims that is a number', { claims: '{"userinfo":{"verified_claims":5}}' }, 'invalid_request'],
    ['claims', 'verified_claims with holes', { claims: '{"userinfo":{"verified_claims":[null]}}' }, 'invalid_request'],
    ['claims', 'verified_claims with nothing', { claims: '{"userinfo":{"verified_claims":[]}}' }, 'invalid_request'],
  ])('%s: %s; state and iss come back (AZ-12, AZ-15)', async (_id, _title, params, error) => {
    const page = await plain.ask(createPerson(), { state: 'a~b c"<', ...params });
    const answer = plain.answer(page);
    if (typeof error === 'string') expect(answer['error']).toBe(error);
    else expect(answer['error']).toMatch(error);
    expect(answer).toMatchObject({ state: 'a~b c"<', iss: app.issuer });
    expect(answer['code']).toBeUndefined();
    expect(page.trail).toHaveLength(2);
    expect(await happened(app)).toEqual([]);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['AZ-18: unknown scopes', { scope: 'openid admin *' }],
    ['a scope that every object has', { scope: 'openid constructor __proto__ toString' }],
    ['AZ-18: 9 kB of scope', { scope: `openid ${long}` }],
    ['odd languages', { ui_locales: 'xx <script> ../../etc de-DE-x-y-z', claims_locales: '%' }],
    ['a name that is script', { login_hint: '"><script>alert(1)</script>' }],
    ['a hint without end', { login_hint: long }],
    ['display and unknown parameters', { display: 'popup', foo: 'bar', __proto__x: '1' }],
    ['no state, no nonce', { state: undefined }],
    ['max_age without end', { max_age: '99999999999' }],
    ['acr_values that nobody knows', { acr_values: 'urn:x constructor __proto__' }],
    ['claims: acr without values', { claims: '{"id_token":{"acr":{"essential":true,"values":[]}}}' }],
    ['claims: acr null', { claims: '{"id_token":{"acr":null},"userinfo":{"acr":null}}' }],
    [
      'claims: names of every object',
      { claims: '{"userinfo":{"constructor":null,"__proto__":null,"toString":{"essential":true}}}' },
    ],
    [
      'claims: a list of verified_claims',
      {
        claims:
          '{"userinfo":{"verified_claims":[{"claims":null},{"claims":"abc"},{"verification":1,"claims":{"given_name":5}},{}]}}',
      },
    ],
    [
      'claims: verified_claims null',
      { claims: '{"userinfo":{"verified_claims":null},"id_token":{"verified_claims":{}}}' },
    ],
  ])('no error: %s', async (_title, params) => {
    for (const service of [plain, asking]) {
      const person = createPerson();
      const page = await service.ask(person, params);
      isOurPage(page, 200);
      expect(page.body).not.toContain('<script>alert');
      const end = service.answer(await goOn(app, person, page));
      expect([service.clientId, end['error'], end['error_description']]).toEqual([
        service.clientId,
        undefined,
        undefined,
      ]);
      const tokens = await service.redeem(await service.ask(person, params));
      expect(tokens.status).toBe(200);
      const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      expect(me.status).toBe(200);
    }
  });

  test('DS-01: a claims parameter nested without end', async () => {
    const page = await plain.ask(createPerson(), { claims: `{"userinfo":${'{"a":'.repeat(2000)}1${'}'.repeat(2001)}` });
    expect([200, 400, 431]).toContain(page.status);
  });

  test.each(['PUT', 'DELETE'])('%s to the authorization endpoint', async (method) => {
    const answer = await fetch(`${app.issuer}/auth`, {
      method,
      ...(method === 'GET' ? {} : { body: 'client_id=plain' }),
      headers: { accept: 'text/html' },
    });
    expect([404, 405]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/node_modules/);
  });
});

describe('AZ-14, SE-01, SE-06: what goes well goes well', () => {
  test('the password is not sent again: 303 all the way, and the session changes its id', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    const before = session(person);
    const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
    const answer = await fetch(form?.action ?? '', {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookiesOf(person), accept: 'text/html' },
      body: new URLSearchParams({ ...form?.fields, ...erika }),
    });
    expect(answer.status).toBe(303);
    const done = await person.visit(answer.headers.get('location') ?? '');
    const { state, iss, code } = plain.answer(done);
    expect([typeof state, iss, typeof code]).toEqual(['string', app.issuer, 'string']);
    const after = session(person);
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    await goOn(app, person, await high.ask(person), { card: 'erika' });
    expect(session(person)).not.toBe(after);
  });

  test('a session id that somebody else chose is never used', async () => {
    const person = createPerson();
    person.cookies.set('id-session /', { value: 'chosen-by-the-attacker', path: '/' });
    person.cookies.set('id-session.sig /', { value: 'x', path: '/' });
    plain.answer(await goOn(app, person, await plain.ask(person)));
    expect(session(person)).not.toBe('chosen-by-the-attacker');
  });

  test('two tabs with two services: each ends at its own, with its own parameters', async () => {
    const person = createPerson();
    const first = await plain.ask(person, { state: 'first' });
    const second = await asking.ask(person, { state: 'second' });
    const one = plain.answer(await goOn(app, person, first));
    expect(one).toMatchObject({ state: 'first' });
    const two = asking.answer(await goOn(app, person, second));
    expect(two).toMatchObject({ state: 'second' });
    expect(two['error']).toBeUndefined();
  });

  test('M8: two tabs, two people: the second takes over, the session of the first has ended', async () => {
    const person = createPerson();
    const first = await plain.ask(person, { state: 'first' });
    const second = await asking.ask(person, { state: 'second' });
    plain.answer(await goOn(app, person, first, { login: erika }));
    await happened(app);
    const page = await goOn(app, person, second, { login: max });
    expect(asking.answer(page)).toMatchObject({ state: 'second' });
    expect(await happened(app)).toEqual(['login.succeeded', 'session.ended']);
    const tokens = await asking.redeem(page);
    expect(tokens.claims.sub).toBe((await app.subjects('max'))['bayern/asking']);
  });

  test('SE-07: client data changed on the way back count for nothing', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
    const answer = await fetch(form?.action ?? '', {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookiesOf(person) },
      body: new URLSearchParams({ ...form?.fields, ...erika }),
    });
    const resume = answer.headers.get('location') ?? '';
    const page = await person.visit(
      `${resume}?client_id=high&response_type=none&redirect_uri=https://evil.example&scope=openid+email`,
    );
    const { code, error } = plain.answer(page);
    expect([typeof code, error]).toEqual(['string', undefined]);
  });
});

describe('SE-02, SE-03, SE-10: interactions and cookies that do not belong together', () => {
  test('the address of somebody else’s login', async () => {
    const attacker = createPerson();
    const login = await plain.ask(attacker);
    isOurPage(await createPerson().visit(login.url.href), 400);
    const victim = createPerson();
    const own = await plain.ask(victim);
    const cookie = cookiesOf(victim);
    const answer = await fetch(login.url, { headers: { cookie, accept: 'text/html' } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('gehört zu einem anderen Browser');
    const posted = await fetch(`${login.url.href}/passwort`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams({ ...erika, csrf: csrfOf(login) }),
    });
    expect(posted.status).toBe(400);
    expect(uidOf(own)).not.toBe(uidOf(login));
    expect(await happened(app)).toEqual([]);
  });

  test.each(['', '/eid', '/eid/fehler'])('an interaction that does not exist: %s', async (ending) => {
    isOurPage(await createPerson().visit(`${app.issuer}/anmelden/nobody${ending}`), 400);
  });

  test('the resume address without its cookie, and with that of another login', async () => {
    const victim = createPerson();
    const login = await plain.ask(victim);
    const resume = `${app.issuer}/auth/${uidOf(login)}`;
    const attacker = createPerson();
    await plain.ask(attacker);
    for (const cookie of ['', cookiesOf(attacker)]) {
      const answer = await fetch(resume, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });
      expect(answer.status === 400 || (answer.headers.get('location') ?? '').includes('/anmelden/')).toBe(true);
      expect(answer.headers.get('location') ?? '').not.toContain('code=');
    }
  });

  test.each<[string, string]>([
    ['100 cookies', Array.from({ length: 100 }, (_, i) => `c${i}=${i}`).join('; ')],
    ['names twice', 'id-session=a; id-session=b; id-session.sig=c; id-interaction=a; id-interaction=b'],
    ['broken percent signs', 'id-session=%; id-session.sig=%ff; id-interaction=%e0%a4%a; id-device=%'],
    ['bytes that are no text', 'id-session=\u00ff\u0080; id-device=\u00ff'],
    ['no names', '=; ;; =a; a'],
    ['keys of every object', '__proto__=1; constructor=1; toString=1'],
  ])('%s count as none', async (_title, cookie) => {
    const answer = await fetch(plain.request().url, { redirect: 'manual', headers: { cookie } });
    expect([answer.status, answer.headers.get('location')?.startsWith('/anmelden/')]).toEqual([303, true]);
    const none = await fetch(plain.request({ prompt: 'none' }).url, { redirect: 'manual', headers: { cookie } });
    expect(new URL(none.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
  });
});

describe('SE-04, SE-05: forms that are not ours', () => {
  const endings = ['/passwort', '/eid', '/eid/andere', '/zuordnen', '/ausweis-hinzufuegen', '/freigabe', '/abbrechen'];

  test.each(endings)('%s without, with a broken, with a foreign token, and from another site', async (ending) => {
    const person = createPerson();
    const login = await plain.ask(person);
    const other = await plain.ask(createPerson());
    const fields = { ...erika, answer: 'add', decision: 'release' };
    const address = `${login.url.href}${ending}`;
    for (const csrf of [undefined, '', 'x', csrfOf(other), 'A'.repeat(64)]) {
      const page = await person.visit(address, { form: csrf === undefined ? fields : { ...fields, csrf } });
      isOurPage(page, 403);
    }
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const page = await person.visit(address, { form: { ...fields, csrf: csrfOf(login) }, headers });
      isOurPage(page, 403);
    }
    expect(await happened(app)).toEqual([]);
    expect(plain.answer(await goOn(app, person, await person.visit(login.url.href)))['code']).toBeDefined();
  });

  test('a token twice', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    const answer = await fetch(`${login.url.href}/passwort`, {
      method: 'POST',
      headers: { cookie: cookiesOf(person), 'content-type': 'application/x-www-form-urlencoded' },
      body: `login=erika&password=x&csrf=${csrfOf(login)}&csrf=${csrfOf(login)}`,
    });
    expect(answer.status).toBe(400);
  });
});

describe('SE-13: a step is taken when it comes, and not before', () => {
  /** Every POST of the flow with what would make it work, and the steps at which it may. */
  const posts: Readonly<Record<string, { readonly fields: Record<string, string>; readonly at: readonly string[] }>> = {
    '/passwort': { fields: erika, at: ['login', 'eidFailed'] },
    '/passkey': { fields: { answer: '{}' }, at: ['login', 'eidFailed'] },
    '/code': { fields: { code: '123456', with: 'app' }, at: [] },
    '/code/zurueck': { fields: {}, at: [] },
    '/zuordnen': { fields: { answer: 'new' }, at: ['assign'] },
    '/ausweis-hinzufuegen': { fields: { answer: 'add', password: erika.password }, at: ['link'] },
    '/freigabe': { fields: { decision: 'release' }, at: ['consent'] },
    '/eid': { fields: {}, at: ['login', 'stepUp', 'eid', 'eidFailed', 'assign', 'link', 'refused'] },
  };
  const steps: Readonly<Record<string, (person: Person) => Promise<Page>>> = {
    login: (person) => plain.ask(person),
    async stepUp(person) {
      await goOn(app, person, await plain.ask(person), { login: max });
      return high.ask(person);
    },
    async eid(person) {
      return person.submit(await reach('stepUp', person), '/eid');
    },
    async eidFailed(person) {
      return useCard(app, person, await plain.ask(person), 'gesperrt');
    },
    async assign(person) {
      return useCard(app, person, await plain.ask(person), 'zeichen');
    },
    async link(person) {
      return useCard(app, person, await reach('stepUp', person), 'max');
    },
    async refused(person) {
      return useCard(app, person, await reach('stepUp', person), 'zeichen');
    },
    async consent(person) {
      await goOn(app, person, await plain.ask(person), { login: max });
      return asking.ask(person, { scope: 'openid profile' });
    },
  };
  const reach = async (step: string, person: Person): Promise<Page> => {
    const go = steps[step];
    if (!go) throw new Error(`there is no step ${step}`);
    return go(person);
  };
  const table = Object.keys(steps).flatMap((step) => Object.keys(posts).map((ending) => [step, ending] as const));

  test.each(table.filter(([step, ending]) => !(posts[ending]?.at ?? []).includes(step)))(
    'at %s a POST to %s is 400',
    async (step, ending) => {
      const person = createPerson();
      const page = await reach(step, person);
      const before = { max: await app.citizen('max'), erika: await app.citizen('erika') };
      await happened(app);
      const base = `${app.issuer}/anmelden/${uidOf(page)}`;
      const answer = await person.visit(`${base}${ending}`, { form: { ...posts[ending]?.fields, csrf: csrfOf(page) } });
      isOurPage(answer, 400);
      expect(await happened(app)).toEqual([]);
      expect({ max: await app.citizen('max'), erika: await app.citizen('erika') }).toEqual(before);
      expect((await person.visit(base)).url.origin).toBe(app.issuer);
    },
  );

  test('the resume address before anything was proved asks again', async () => {
    const person = createPerson();
    const page = await plain.ask(person);
    const again = await person.visit(`${app.issuer}/auth/${uidOf(page)}`);
    expect(again.url.pathname).toMatch(/^\/anmelden\//);
    expect(again.body).toContain('/passwort');
    expect(await happened(app)).toEqual([]);
  });

  test('LA-15: after the card, before the answer to whose it is, there is no login', async () => {
    const person = createPerson();
    const page = await reach('assign', person);
    const again = await person.visit(`${app.issuer}/auth/${uidOf(page)}`);
    expect(again.url.pathname).toMatch(/^\/anmelden\//);
    expect(again.body).toContain('/passwort');
    const none = plain.answer(await plain.ask(person, { prompt: 'none' }));
    expect(none['error']).toBe('login_required');
  });

  test('the password is no way around a step-up: it is not asked, and the card of somebody else ends it', async () => {
    const person = createPerson();
    const page = await reach('stepUp', person);
    expect(page.body).not.toContain('/passwort"');
    const refused = await useCard(app, person, page, 'zeichen');
    expect(refused.status).toBe(403);
    const end = high.answer(await person.submit(refused, '/abbrechen'));
    expect(end['error']).toBe('unmet_authentication_requirements');
    const still = await plain.ask(person, { prompt: 'none' });
    expect(plain.answer(still)['code']).toBeDefined();
  });
});

describe('twice, late, back', () => {
  test('the login form posted twice, one after the other and at once', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
    const cookie = cookiesOf(person);
    const post = (): Promise<Response> =>
      fetch(form?.action ?? '', {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, accept: 'text/html' },
        body: new URLSearchParams({ ...form?.fields, ...erika }),
      });
    const answers = await Promise.all([post(), post(), post()]);
    for (const { status } of answers) expect([303, 400]).toContain(status);
    expect(answers.some(({ status }) => status === 303)).toBe(true);
    const done = await person.visit(answers.find(({ status }) => status === 303)?.headers.get('location') ?? '');
    expect(plain.answer(done)['code']).toBeDefined();
    isOurPage(await person.visit(form?.action ?? '', { form: { ...form?.fields, ...erika } }), 400);
    isOurPage(await person.visit(login.url.href), 400);
  });

  test('cancelled, then sent all the same', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    const end = plain.answer(await person.submit(login, '/abbrechen'));
    expect(end).toMatchObject({ error: 'access_denied', iss: app.issuer });
    isOurPage(await person.submit(login, '/passwort', erika), 400);
  });

  test('after an hour', async () => {
    const person = createPerson();
    const login = await plain.ask(person);
    shiftClock(60 * 60_000 + 1000);
    const late = await person.submit(login, '/passwort', erika);
    isOurPage(late, 400);
    expect(textOf(late)).toContain('abgelaufen');
    isOurPage(await person.visit(login.url.href), 400);
    expect(await happened(app)).toEqual([]);
  });
});

describe('bodies and addresses that are broken', () => {
  const send = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<number> => {
    const person = createPerson();
    const login = await plain.ask(person);
    const answer = await fetch(`${login.url.href}/passwort`, {
      method: 'POST',
      headers: {
        cookie: cookiesOf(person),
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'text/html',
        ...headers,
      },
      body: typeof body === 'string' ? body.replace('CSRF', csrfOf(login)) : new Uint8Array(body),
    });
    expect(await answer.text()).not.toMatch(/node_modules/);
    return answer.status;
  };

  test.each<[string, string | Buffer, Record<string, string>, number]>([
    ['broken UTF-8', Buffer.from('login=\xff\xfe&password=x', 'latin1'), {}, 400],
    ['broken UTF-8 in percent signs', 'login=%ff%fe&password=x&csrf=CSRF', {}, 400],
    ['a broken percent sign', 'login=%zz&password=x&csrf=CSRF', {}, 400],
    ['a NUL', 'login=eri%00ka&password=x&csrf=CSRF', {}, 400],
    ['a field twice', 'login=erika&login=max&password=x&csrf=CSRF', {}, 400],
    ['a thousand fields', `${'a=1&'.repeat(1000)}csrf=CSRF`, {}, 400],
    ['keys of every object', '__proto__=1&constructor=2&login=erika&password=&csrf=CSRF', {}, 422],
    ['nothing', '', {}, 403],
    ['JSON', '{"login":"erika"}', { 'content-type': 'application/json' }, 415],
    ['a multipart form', 'x', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['another charset', 'login=x', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' }, 415],
    ['compressed', 'x', { 'content-encoding': 'gzip' }, 415],
  ])('%s', async (_title, body, headers, status) => {
    expect(await send(body, headers)).toBe(status);
    expect(await happened(app)).toEqual([]);
  });

  test('DS-01: 10 MB', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const asking_ = request(
        `${app.issuer}/anmelden/x/passwort`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(10 * 1024 * 1024) },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
          asking_.destroy();
        },
      );
      asking_.on('error', reject);
      asking_.write(Buffer.alloc(1024, 'x'));
    });
    expect(answer).toBe(413);
  });

  test.each([
    '/anmelden/%',
    '/anmelden/%e0%a4%a',
    '/anmelden/%00',
    '/anmelden/x%2f..%2fy',
    '/anmelden/..%5c..',
    '/anmelden/x/eid/zurueck/%ff',
    '/eid/tctoken/%ff',
    '/auth/%ff',
    '/auth?%ff=%ff',
    '/auth?client_id=%ff&redirect_uri=%e0%a4%a',
    '/session/end?id_token_hint=%ff&post_logout_redirect_uri=%00',
    '/.well-known/openid-configuration/%ff',
    `/${'a/'.repeat(3000)}`,
  ])('%s', async (path) => {
    const page = await createPerson().visit(`${app.issuer}${path}`);
    expect(page.status).toBeGreaterThanOrEqual(200);
    expect(page.status).toBeLessThan(500);
    expect(page.body).not.toMatch(/node_modules/);
  });

  test('login_hint stands in the field for the name, cut where no name is that long', async () => {
    const shown = async (hint: string): Promise<string | undefined> => {
      const page = await plain.ask(createPerson(), { login_hint: hint });
      return formsOf(page).find(({ action }) => action.endsWith('/passwort'))?.fields['login'];
    };
    expect(await shown('erika')).toBe('erika');
    expect(await shown('Zoë & Söhne')).toBe('Zoë & Söhne');
    expect(await shown('x'.repeat(1000))).toBe('x'.repeat(320));
  });

  test('SE-16: what a request says is text on every page that shows it', async () => {
    const script = '"><script>alert(1)</script>';
    const login = await plain.ask(createPerson(), { login_hint: script, ui_locales: script });
    expect(login.body).toContain('value="&quot;>&lt;script>alert(1)&lt;/script>"');
    for (const page of [
      login,
      await plain.ask(createPerson(), { redirect_uri: script }),
      await plain.ask(createPerson(), { client_id: script }),
    ])
      expect(page.body).not.toContain('<script>alert');
    const person = createPerson();
    const typed = await person.submit(await plain.ask(person), '/passwort', { login: script, password: script });
    isOurPage(typed, 422);
    expect(typed.body).not.toContain('<script>alert');
  });
});

describe('HT-01, HT-02: other hosts', () => {
  const ask = (path: string, headers: Record<string, string | string[]>): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${app.issuer}${path}`, { headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: body + JSON.stringify(response.headers) }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });

  test.each(['/.well-known/openid-configuration', '/auth?client_id=plain', '/session/end', '/jwks', '/'])(
    'a foreign Host on %s',
    async (path) => {
      const answer = await ask(path, { host: 'evil.example' });
      expect([400, 421]).toContain(answer.status);
      expect(answer.body).not.toContain('evil.example');
    },
  );

  test.each(['localhost:80@evil.example', 'evil.example, localhost', 'localhost:99999', 'localhost/../'])(
    'Host: %s',
    async (host) => {
      expect([400, 421]).toContain((await ask('/.well-known/openid-configuration', { host })).status);
    },
  );

  test('HT-03: forwarded headers change nothing', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
      'x-original-url': '/jwks',
      'x-rewrite-url': '/jwks',
      'x-http-method-override': 'DELETE',
    };
    const answer = await ask('/.well-known/openid-configuration', headers);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('evil.example');
    expect(JSON.parse(answer.body.slice(0, answer.body.lastIndexOf('}{') + 1))).toMatchObject({
      issuer: app.issuer,
      token_endpoint: `${app.issuer}/token`,
    });
  });
});

test('the eID page of the flow is not served to others', async () => {
  const person = createPerson();
  const page = await person.submit(await plain.ask(person), '/eid');
  expect(tcTokenUrlOf(page)).toContain('/eid/tctoken/');
  const other = await createPerson().visit(page.url.href);
  expect(other.status).toBe(400);
  expect(other.body).not.toContain('tctoken');
});
