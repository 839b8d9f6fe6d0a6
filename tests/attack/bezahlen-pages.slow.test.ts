import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalogues } from '../../src/portal/bezahlsystem/citizen/i18n/messages.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { askForFee } from '../support/fees.ts';
import { atProvider } from '../support/payer.ts';

const t = catalogues.de;
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** What the provider's page is, when the answer leads there. */
const providerOf = (page: Page): string | undefined => /^0;url=(.*)$/.exec(page.headers.get('refresh') ?? '')?.[1];

const bill = async (person: Person = createPerson()): Promise<{ person: Person; address: string; page: Page }> => {
  const { page: address } = await askForFee(app);
  return { person, address, page: await person.visit(address) };
};
const pay = (person: Person, page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> =>
  person.submit(page, page.url.pathname, fields);

/** Sends the form of a page as it is, with other headers. */
const post = (page: Page, headers: Readonly<Record<string, string>>, fields: object = {}): Promise<Response> => {
  const form = formsOf(page).find(({ action }) => action === new URL(page.url.pathname, page.url).href);
  return fetch(form?.action ?? '', {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    body: new URLSearchParams({ ...form?.fields, ...fields }).toString(),
  });
};

describe('PA-06: two clicks, two tabs, going back', () => {
  test('ten at once are one payment at the provider, and none after it is paid', async () => {
    const { person, address, page } = await bill();
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(person, page)));
    const pages = new Set(answers.map(providerOf));
    expect(pages.size).toBe(1);
    const [provider = ''] = pages;
    await atProvider.pays(provider ?? '', 'success');
    const again = await pay(person, page);
    expect(again.url.pathname).toMatch(/\/ergebnis$/);
    expect(textOf(again)).toContain(t.paid.title);
    expect(providerOf(again)).toBeUndefined();
    expect(textOf(await person.visit(`${address}/abbrechen`))).toContain(t.paid.title);
  });
});

describe('PA-08: the way back proves nothing', () => {
  test('the result opened by hand is the bill; there is no receipt', async () => {
    const { person, address } = await bill();
    const page = await person.visit(`${address}/ergebnis?status=PAYED&bezahlt=1`);
    expect(textOf(page)).toContain(t.pay.billHeading);
    expect((await person.visit(`${address}/beleg.pdf`)).status).toBe(404);
  });

  test('a payment whose bank has not answered is neither paid nor unpaid', async () => {
    const { person, address, page } = await bill();
    await atProvider.pays(providerOf(await pay(person, page)) ?? '', 'timeout');
    const result = await person.visit(`${address}/ergebnis`);
    expect(textOf(result)).toContain(t.checking.title);
    expect(textOf(result)).not.toContain('Es wurde nichts abgebucht');
    expect(formsOf(result)).toEqual([]);
    expect(providerOf(await pay(person, page))).toBeUndefined();
    const kept = await person.submit(await person.visit(`${address}/abbrechen`), '/abbrechen');
    expect(textOf(kept)).toContain(t.stop.notDone);
    expect(textOf(kept)).toContain(t.checking.title);
  });
});

describe('PA-01: what counts is the stored order', () => {
  test('fields that a browser adds change nothing; a method that is not offered pays nothing', async () => {
    const { person, page } = await bill();
    const answer = await pay(person, page, { amount: '1', currency: 'USD', payee: 'Mallory' });
    const provider = await person.visit(providerOf(answer) ?? '');
    expect(textOf(provider)).toContain('13,00');
    expect(textOf(provider)).not.toContain('Mallory');
    const other = await bill();
    for (const method of ['', 'GOLD', 'PAYPAL']) {
      const refused = await pay(other.person, other.page, { method });
      expect(refused.status).toBe(422);
      expect(providerOf(refused)).toBeUndefined();
    }
  });
});

describe('forms', () => {
  test('are taken only from the page of this payment, and from no other site', async () => {
    const [mine, other] = [await bill(), await bill()];
    const foreign = formsOf(other.page).find(({ fields }) => 'method' in fields)?.fields['csrf'] ?? '';
    expect((await post(mine.page, {}, { csrf: foreign })).status).toBe(403);
    expect((await post(mine.page, {}, { csrf: '' })).status).toBe(403);
    expect((await post(mine.page, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(mine.page, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(mine.page, {})).status).toBe(200);
  });

  test('lead nowhere but to ourselves, whatever the provider does afterwards', async () => {
    const { person, page } = await bill();
    const answer = await pay(person, page);
    for (const headers of [page.headers, answer.headers])
      expect(headers.get('content-security-policy')).toMatch(/form-action 'self'(?:;|$)/);
  });
});

describe('pages', () => {
  test('are kept by no cache, tell no other site their address, and say nothing of the person', async () => {
    const { person, address, page } = await bill();
    const answer = await pay(person, page);
    const pages = [page, answer, await person.visit(`${address}/ergebnis`), await person.visit(`${address}/abbrechen`)];
    for (const { headers, body, status } of pages) {
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(body).not.toMatch(/Mustermann|Erika/);
    }
  });

  test('an address that was made up, of any form, is nothing', async () => {
    const person = createPerson();
    for (const id of ['A'.repeat(43), 'x', '%00', 'A'.repeat(2000)])
      for (const end of ['', '/ergebnis', '/abbrechen', '/beleg.pdf'])
        expect((await person.visit(`${app.bezahlsystem}/bezahlen/${id}${end}`)).status).toBe(404);
  });

  test('what somebody has paid is shown after a login only', async () => {
    for (const path of ['', '/x', '/x/beleg.pdf']) {
      const answer = await fetch(`${app.bezahlsystem}/meine-zahlungen${path}`, { redirect: 'manual' });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toContain(`${app.issuer}/auth?`);
    }
  });
});
