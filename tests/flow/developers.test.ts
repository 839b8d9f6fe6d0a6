import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { verifiedClaimsAnswer, verifiedClaimsLine, verifiedClaimsRequest } from '../../src/id/developers/examples.ts';
import { goOn, startServices, type Services } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika } from '../support/journey.ts';
import { startProductionId, type ProductionId } from '../support/production.ts';

let app: TestApp;
let services: Services;
let production: ProductionId;
beforeAll(async () => {
  [app, production] = await Promise.all([startTestApp(), startProductionId()]);
  services = await startServices(app);
}, 60_000);
afterAll(async () => {
  await services.close();
  await Promise.all([app.stop(), production.stop()]);
});

const read = (path: string, language: 'de' | 'en' = 'de'): Promise<Page> =>
  createPerson().visit(`${app.issuer}${path}`, { headers: { 'accept-language': language } });

const unescaped = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** What stands in the code blocks of a page, as a browser would copy it. */
const codeOf = (body: string): string[] =>
  [...body.matchAll(/<pre><code>([\s\S]*?)<\/code><\/pre>/g)].map(([, code]) => unescaped(code ?? ''));

const metadata = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;

describe('the way in', () => {
  test('the footer of Bayern-ID leads there, but out of no login', async () => {
    const person = createPerson();
    const overview = await person.follow(await person.visit(`${app.issuer}/`), '/entwickler');
    expect(overview.status).toBe(200);
    const login = await person.visit(`${app.portal}/login`);
    expect(login.url.origin).toBe(app.issuer);
    expect(login.body).not.toContain('href="/entwickler"');
    expect((await person.visit(`${app.portal}/`)).body).not.toContain('href="/entwickler"');
    expect((await metadata())['service_documentation']).toBe(`${app.issuer}/entwickler`);
  });

  test.each(['de', 'en'] as const)('the overview in %s has no dead end', async (language) => {
    const page = await read('/entwickler', language);
    expect(page.body).toContain(`<html lang="${language}"`);
    const main = /<main[\s\S]*<\/main>/.exec(page.body)?.[0] ?? '';
    const links = [...main.matchAll(/href="([^"#][^"]*)"/g)].map(([, href]) => new URL(href ?? '', page.url).href);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect([link, (await createPerson().visit(link)).status]).toEqual([link, 200]);
  });

  test('shows the file that the quick starts use, as it is on disk', async () => {
    const file = readFileSync('docs/quickstarts/mein-dienst.yaml', 'utf8');
    expect(codeOf((await read('/entwickler')).body)).toContain(file);
  });

  test('names the test persons with their passwords and cards', async () => {
    const text = textOf(await read('/entwickler', 'en'));
    expect(text).toContain('erika zwiebel-turm-laterne Erika Mustermann');
    expect(text).toContain('Greta Gesperrt The card has been revoked');
  });
});

test.each([
  ['node', 'node/server.js'],
  ['python', 'python/server.py'],
  ['go', 'go/main.go'],
])('the quick start for %s shows the program that the tests run', async (language, file) => {
  const codes = codeOf((await read(`/entwickler/schnellstart/${language}`)).body);
  expect(codes[0]).toBe(readFileSync(`docs/quickstarts/${file}`, 'utf8'));
  expect(codes[1]).toContain(`ISSUER=${app.issuer} `);
  expect(codes[1]).toContain(`docs/quickstarts/${file}`);
});

test('there is no quick start for any other language', async () => {
  expect((await read('/entwickler/schnellstart/cobol')).status).toBe(404);
});

describe('the discovery document explained', () => {
  test.each(['de', 'en'] as const)('every member of the running document, in %s', async (language) => {
    const page = await read('/entwickler/discovery', language);
    expect(page.body).not.toMatch(/Weitere Angaben|Other members/);
    const rows = new Map(
      [...page.body.matchAll(/<dt><code[^>]*>([^<]+)<\/code><\/dt><dd>([^<]+)<\/dd><dd>([\s\S]*?)<\/dd>/g)].map(
        ([, name = '', meaning = '', value = '']) => [name, { meaning, value: unescaped(value) }],
      ),
    );
    const document = await metadata();
    expect([...rows.keys()].sort()).toEqual(Object.keys(document).sort());
    for (const [name, value] of Object.entries(document)) {
      expect(rows.get(name)?.meaning).toMatch(/^[A-ZÄÖÜa-z].*\.$/);
      for (const shown of [value].flat())
        if (typeof shown !== 'object')
          expect(rows.get(name)?.value).toContain(JSON.stringify(shown).replaceAll('"', ''));
    }
  });

  test('follows the configuration: an API that is added brings its scopes', async () => {
    await services.add({
      clientId: 'schnittstelle',
      file: { api: { audience: 'https://api.example/', scopes: ['akte:lesen'] } },
    });
    expect(textOf(await read('/entwickler/discovery'))).toContain('akte:lesen');
  });
});

test('the example of verified_claims is what a service gets', async () => {
  const service = await services.add({
    clientId: 'beispiel',
    file: { scope: 'openid', ...(parse(verifiedClaimsLine) as object) },
  });
  const person = createPerson();
  const asked = await service.ask(person, { claims: JSON.stringify(verifiedClaimsRequest) });
  const tokens = await service.redeem(await goOn(app, person, asked, { login: erika, card: 'erika' }));
  const answer = (await (
    await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
  ).json()) as typeof verifiedClaimsAnswer;
  const { time } = answer.verified_claims.verification;
  expect(answer).toEqual({
    sub: expect.any(String),
    verified_claims: {
      ...verifiedClaimsAnswer.verified_claims,
      verification: { ...verifiedClaimsAnswer.verified_claims.verification, time },
    },
  });
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  expect(answer.sub).toHaveLength(verifiedClaimsAnswer.sub.length);
});

describe('a redirect_uri that is wrong', () => {
  const query = (redirectUri: string): string =>
    `/auth?${new URLSearchParams({
      client_id: 'bayern-portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirectUri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString()}`;

  test('in development the page says which was sent, which are registered and where they first differ', async () => {
    const sent = `${app.portal}/calback?<b>`;
    const page = await read(query(sent));
    expect(page.status).toBe(400);
    const text = textOf(page);
    expect(text).toContain(sent);
    expect(text).toContain(`${app.portal}/callback`);
    expect(text).toContain(`Unterschied ab Zeichen ${app.portal.length + 5}: gesendet „back?<b>“, eingetragen „lback“`);
    expect(page.body).not.toContain('<b>');
    expect(textOf(await read(query(`${app.portal}/callback/`), 'en'))).toContain('slash');
  });

  test('in production the page says nothing of it; the reason is in the log under its number', async () => {
    const { status, body } = await production.get(query('https://portal.example.de/calback'));
    expect(status).toBe(400);
    const main = /<main.*<\/main>/s.exec(body)?.[0] ?? '';
    expect(main).not.toMatch(/calback|callback|portal\.example|redirect_uri|bayern-portal/);
    const number = /<code>([^<]+)<\/code>/.exec(main)?.[1]?.replace(' ', '') ?? '';
    expect(number).not.toBe('');
    const line = production.log.find((entry) => entry.includes(number) && entry.includes('provider_refused'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ code: 'redirect_uri' });
  });
});

describe('in production', () => {
  test('the pages are there, about that issuer, without persons, playground and building blocks', async () => {
    const { status, body } = await production.get('/entwickler');
    expect(status).toBe(200);
    expect(body).toContain(`${production.issuer}/.well-known/openid-configuration`);
    expect(body).not.toMatch(/zwiebel-turm-laterne|id="testpersonen"|Testumgebung\.|Spielwiese:|bausteine/);
    expect((await production.get('/entwickler/discovery')).body).toContain(`${production.issuer}/jwks`);
    expect((await production.get('/entwickler/schnellstart/go')).status).toBe(200);
    expect((await production.get('/entwickler/bausteine')).status).toBe(404);
    expect((await production.get('/')).body).toContain('href="/entwickler"');
  });
});
