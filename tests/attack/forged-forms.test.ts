import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { linkCard, newcomer } from '../support/means.ts';
import { mailTo } from '../support/post.ts';

/** Every address of Bayern-ID to which a form is sent, by where it is. */
const flow = `abbrechen anderes-konto ausweis-hinzufuegen code code/zurueck eid eid/andere freigabe konto konto-behalten
  passkey passwort transfercode zuordnen registrieren registrieren/ende registrieren/e-mail registrieren/code
  registrieren/neuer-code registrieren/andere-adresse registrieren/angaben registrieren/passwort registrieren/ohne
  registrieren/weiter`.split(/\s+/);
const recovery = ['', '/code', '/ausweis', '/neu'];
const account =
  `abmelden daten/name daten/geburtsdatum daten/anschrift daten/telefon dienste/x/widerrufen loeschen nicht-ich
  sitzungen/alle-anderen sitzungen/beenden sprache zusammenlegen zusammenlegen/x zugaenge/passwort zugaenge/benutzername
  zugaenge/benutzername/entfernen zugaenge/e-mail zugaenge/e-mail/neuer-code zugaenge/e-mail/andere-adresse
  zugaenge/e-mail/code zugaenge/passkey zugaenge/passkey/x/name zugaenge/passkey/x/entfernen zugaenge/app
  zugaenge/app/entfernen zugaenge/codes zugaenge/ausweis/transfercode zugaenge/ausweis/trennen`.split(/\s+/);
/** From mails: their forms belong to their link. */
const fromMails = ['nicht-ich/x', 'e-mail-zuruecknehmen/x'];

const elsewhere = [
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

let app: TestApp;
let person: Person;
let token: string;
const login = 'formulare';

beforeAll(async () => {
  app = await startTestApp();
  const access = await newcomer(app, login);
  const citizen = await app.citizen(login);
  if (!citizen) throw new Error('there is no account');
  await app.app.id?.accounts.setEmail(citizen.account, `${login}@post.test`, []);
  await linkCard(app, access, 'titel');
  person = createPerson();
  // At the highest level, a moment ago: nothing but the form itself can be what is refused.
  const page = await openAccountByCard(app, person, 'titel', '/konto/sprache');
  token = tokenOf(page);
});
afterAll(() => app.stop());

const tokenOf = (page: Page): string =>
  formsOf(page).find(({ fields, method }) => method === 'post' && (fields['csrf'] ?? '') !== '')?.fields['csrf'] ?? '';

/** Refused, and shut against frames (SE-08). */
const refused = (page: Page): unknown => [
  page.status,
  page.headers.get('x-frame-options'),
  page.headers.get('content-security-policy')?.includes("frame-ancestors 'none'"),
];
const isRefused = [403, 'DENY', true];

const sent = async (address: string, right: string, who: Person = person): Promise<void> => {
  expect(right).not.toBe('');
  for (const csrf of [undefined, '', 'x', 'A'.repeat(64)]) {
    const page = await who.visit(address, { form: csrf === undefined ? {} : { csrf } });
    expect([address, ...(refused(page) as unknown[])]).toEqual([address, ...isRefused]);
  }
  for (const headers of elsewhere) {
    const page = await who.visit(address, { form: { csrf: right }, headers });
    expect([address, ...(refused(page) as unknown[])]).toEqual([address, ...isRefused]);
  }
};

test('every form of the program is in these lists', () => {
  const routes = globSync('src/id/**/*.ts').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/router\.post\(/g)].map(() => path),
  );
  // One route stands for the four groups of one's own data, and one is for programs, with a bearer token.
  const dataGroups = 4;
  expect(flow.length + recovery.length + account.length + fromMails.length).toBe(routes.length - 1 + dataGroups - 1);
});

describe('SE-05, SE-08: without its token, with a wrong one, and from another site no form does anything', () => {
  test.each(account)('/konto/%s', async (path) => {
    const before = await app.citizen(login);
    await sent(`${app.issuer}/konto/${path}`, token);
    expect(await app.citizen(login)).toEqual(before);
    expect((await person.visit(`${app.issuer}/konto`)).status).toBe(200);
  });

  test.each(flow)('/anmelden/…/%s', async (ending) => {
    const somebody = createPerson();
    const page = await somebody.visit(`${app.portal}/login`);
    await sent(`${page.url.href}/${ending}`, tokenOf(page), somebody);
  });

  test('/passwort-vergessen', async () => {
    const somebody = createPerson();
    const first = await somebody.visit(`${app.issuer}/passwort-vergessen`);
    await sent(first.url.href, tokenOf(first), somebody);
    await somebody.submit(first, '/passwort-vergessen', { login });
    const page = await somebody.visit((await mailTo(app, `${login}@post.test`)).link ?? '');
    for (const ending of recovery.filter((each) => each !== ''))
      await sent(`${app.issuer}/passwort-vergessen${ending}`, tokenOf(page), somebody);
  });

  test.each(fromMails)('/konto/%s', async (path) => {
    await sent(`${app.issuer}/konto/${path}`, token);
  });
});
