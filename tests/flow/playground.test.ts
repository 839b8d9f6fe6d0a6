import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp } from '../../src/app.ts';
import { createPlayground } from '../../src/portal/spielwiese/app.ts';
import { faults, type Fault } from '../../src/portal/spielwiese/faults.ts';
import { unfitForProduction } from '../../src/settings.ts';
import { createLog } from '../../src/web/log.ts';
import { goOn } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika } from '../support/journey.ts';
import { startProductionId } from '../support/production.ts';

let app: TestApp;
let person: Person;
beforeAll(async () => {
  app = await startTestApp();
  person = createPerson();
  const first = await login({});
  expect(textOf(first)).toContain('Die Anmeldung ist gelungen');
});
afterAll(() => app.stop());

type Fields = Readonly<Record<string, string>>;

const prepare = async (fields: Fields, who = person): Promise<Page> =>
  who.submit(await who.visit(`${app.playground}/`), '/anfrage', fields);

/** Through Bayern-ID and back, also where the answer comes by a form that the citizen sends. */
const through = async (ready: Page, who = person, card?: string): Promise<Page> => {
  const page = await goOn(app, who, await who.follow(ready, `${app.issuer}/auth`), {
    login: erika,
    ...(card === undefined ? {} : { card }),
  });
  const post = formsOf(page).find(({ action }) => action === `${app.playground}/callback`);
  return post ? who.visit(post.action, { form: post.fields }) : page;
};

const login = async (fields: Fields): Promise<Page> => through(await prepare(fields));

/** The checks of a page by their words, and whether they passed. */
const checksOf = (page: Page): Record<string, boolean> =>
  Object.fromEntries(
    [...page.body.matchAll(/<th scope="row">([^<]+)<\/th><td><span class="kern-badge kern-badge--(\w+)/g)].map(
      ([, name = '', tone]) => [name, tone === 'success'],
    ),
  );

const failedOf = (page: Page): string[] =>
  Object.entries(checksOf(page)).flatMap(([name, passed]) => (passed ? [] : [name]));

describe('a login in the playground', () => {
  test('shows the request before it is sent, and every message and check afterwards', async () => {
    const ready = await prepare({ scope_email: '1', max_age: '600' });
    expect(textOf(ready)).toContain('scope = openid profile email');
    expect(textOf(ready)).toContain('max_age = 600');
    const done = await through(ready);
    expect(done.url.href).toMatch(new RegExp(`^${app.playground}/lauf/[\\w-]{43}$`));
    const text = textOf(done);
    for (const words of ['grant_type = authorization_code', '"access_token"', '"nonce"', '"email"', 'code_verifier'])
      expect(text).toContain(words);
    expect(Object.keys(checksOf(done)).length).toBeGreaterThan(9);
    expect(failedOf(done)).toEqual([]);
    expect(text).toContain('Basisregistrierung');
  });

  test('shows no credential of the client whole', async () => {
    const done = await login({ par: '1' });
    const key = JSON.parse(
      readFileSync(join(app.settings.storage.directory, 'secrets/spielwiese.private.json'), 'utf8'),
    ) as { d: string };
    expect(done.body).not.toContain(key.d);
    // Two JWTs are shown whole: the ID token in the token answer and nothing else; assertions only by their content.
    const jwts = new Set(done.body.match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g) ?? []);
    expect(jwts.size).toBe(1);
    expect(textOf(done)).toContain('client_assertion = ES256');
  });

  test('with PAR the browser carries the reference alone', async () => {
    const ready = await prepare({ par: '1' });
    expect(textOf(ready)).toMatch(/client_id = spielwiese request_uri = urn:ietf:params:oauth:request_uri:/);
    expect(failedOf(await through(ready))).toEqual([]);
  });

  test.each(['query', 'form_post', 'jwt', 'form_post.jwt'])('takes the answer by %s', async (mode) => {
    const done = await login({ response_mode: mode });
    expect(textOf(done)).toContain('Die Anmeldung ist gelungen');
    expect('Signatur der Antwort' in checksOf(done)).toBe(mode.endsWith('jwt'));
  });

  test('an error of the provider is told as it came', async () => {
    const stranger = createPerson();
    const done = await stranger.follow(await prepare({ prompt: 'none' }, stranger), `${app.issuer}/auth`);
    expect(textOf(done)).toContain('Die Bayern-ID lehnt ab');
    expect(textOf(done)).toContain('login_required');
  });

  test('the level is explained and can be raised by one button', async () => {
    const citizen = createPerson();
    const low = await through(await prepare({}, citizen), citizen);
    const asked = await citizen.visit(`${app.playground}/anfrage`, {
      form: formsOf(low).find(({ fields }) => fields['level'] === 'high')?.fields ?? {},
    });
    expect(textOf(asked)).toContain('acr_values = http://eidas.europa.eu/LoA/high');
    const high = await through(asked, citizen, 'erika');
    expect(failedOf(high)).toEqual([]);
    expect(textOf(high)).toContain('Vertrauensniveau „hoch“');
  });

  test('an answer counts once, for its own browser', async () => {
    const ready = await prepare({});
    const answer = (await person.follow(ready, `${app.issuer}/auth`)).trail.find((url) =>
      url.startsWith(`${app.playground}/callback`),
    );
    expect((await person.visit(answer ?? '')).status).toBe(410);
    expect((await createPerson().visit(ready.url.href)).status).toBe(410);
    const other = await prepare({});
    const unused = await person.visit(
      new URL(/href="([^"]+\/auth\?[^"]+)"/.exec(other.body)?.[1] ?? '').href.replaceAll('&amp;', '&'),
      {
        until: (url) => url.origin === app.playground,
      },
    );
    expect((await createPerson().visit(unused.trail.at(-1) ?? '')).status).toBe(410);
  });

  test('what cannot be sent is said at its field, and the form keeps the rest', async () => {
    const page = await prepare({ claims: '["name"]', max_age: 'heute', scope_phone: '1' });
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain('Geben Sie bei claims ein JSON-Objekt ein');
    expect(textOf(page)).toContain('Geben Sie bei max_age höchstens sechs Ziffern ein');
    expect(formsOf(page)[0]?.fields).toMatchObject({ max_age: 'heute', scope_phone: '1' });
  });

  test('a form that another site sends is refused', async () => {
    expect((await person.visit(`${app.playground}/anfrage`, { form: { csrf: 'x' } })).status).toBe(403);
  });
});

describe('faults', () => {
  const refusedBy: Readonly<Partial<Record<Fault, string>>> = {
    state: 'state ist der gesendete',
    iss: 'iss der Antwort ist der Issuer',
    signature: 'Signatur passt zu einem Schlüssel des Issuers',
    audience: 'aud ist dieser Dienst',
    expired: 'noch nicht abgelaufen',
    nonce: 'nonce ist die gesendete',
  };
  const error: Readonly<Partial<Record<Fault, string>>> = {
    assertion_audience: 'invalid_client',
    denied: 'access_denied',
    verifier: 'invalid_grant',
    code: 'invalid_grant',
  };

  test('each of them is tried here', () => {
    expect([...Object.keys(refusedBy), ...Object.keys(error), 'redirect_uri'].sort()).toEqual([...faults].sort());
  });

  test.each(Object.entries(refusedBy))('%s: the playground refuses, by that one check', async (fault, check) => {
    const done = await login({ fault });
    expect(textOf(done)).toContain('Die Spielwiese lehnt ab');
    expect(failedOf(done)).toEqual([check]);
    const redeemed = textOf(done).includes('grant_type = authorization_code');
    expect(redeemed).toBe(fault !== 'state' && fault !== 'iss');
    expect(textOf(done)).not.toContain('Antwort von userinfo');
  });

  test.each(Object.entries(error))('%s: the answer is %s', async (fault, code) => {
    const done = await login({ fault });
    expect(textOf(done)).toMatch(/Die (Bayern-ID|Spielwiese) lehnt ab/);
    expect(done.body).toMatch(new RegExp(`<code class="bid-code">${code}`));
    expect(textOf(done)).not.toContain('Die Anmeldung ist gelungen');
  });

  test('redirect_uri: Bayern-ID stays where it is and says where it differs; with PAR it answers an error', async () => {
    const page = await login({ fault: 'redirect_uri' });
    expect([page.url.origin, page.status]).toEqual([app.issuer, 400]);
    expect(textOf(page)).toContain('Unterschied: Schrägstrich am Ende');
    const pushed = await prepare({ fault: 'redirect_uri', par: '1' });
    expect(textOf(pushed)).toContain('Die Bayern-ID lehnt ab');
    expect(textOf(pushed)).toMatch(/invalid_redirect_uri|invalid_request/);
  });
});

describe('where the playground stands', () => {
  test('the pages for developers lead to it, those for citizens do not', async () => {
    const developers = await createPerson().visit(`${app.issuer}/entwickler`);
    expect((await person.follow(developers, app.playground)).status).toBe(200);
    expect((await createPerson().visit(`${app.issuer}/`)).body).not.toContain(app.playground);
  });

  test('in production there is none: no part, no client, and settings that name one are refused', async () => {
    const deps = { environment: 'production' } as Parameters<typeof createPlayground>[0];
    expect(() => createPlayground(deps)).toThrow('never runs in production');
    expect(unfitForProduction(app.settings).join('\n')).toContain('spielwiese: ');
    const { spielwiese: _, ...settings } = app.settings;
    const start = startApp({
      settings,
      configDirectory: app.config,
      production: false,
      parts: ['spielwiese'],
      env: {},
      log: createLog({ write: () => undefined }),
    });
    await expect(start).rejects.toThrow('spielwiese');
    const production = await startProductionId();
    try {
      const titleFor = async (clientId: string): Promise<string | undefined> => {
        const { body } = await production.get(`/auth?client_id=${clientId}&response_type=code&scope=openid`);
        return /<h1[^>]*>([^<]+)/.exec(body)?.[1];
      };
      expect(await titleFor('spielwiese')).toBe(await titleFor('nobody'));
      expect(await titleFor('spielwiese')).not.toBe(await titleFor('bayern-portal'));
    } finally {
      await production.stop();
    }
  });
});
