import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { CardId } from '../../src/simulators/payment-provider/cards.ts';
import { ordinaryCards } from '../../src/simulators/payment-provider/cards.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser, type Seat } from '../support/browser.ts';
import { Citizen, newCitizen } from '../support/browser-citizen.ts';
import { askForFee, type Fee } from '../support/fees.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const phone: Seat = { locale: 'en', width: 320, theme: 'dark', script: false };
const seats: readonly (readonly [string, Seat])[] = [
  ['German, 1280 px', defaultSeat],
  ['English, 320 px, dark, no script', phone],
];

describeIf(chromium, 'paying in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  const sum = (seat: Seat): string => (seat.locale === 'de' ? '13,00\u00A0€' : '€13.00');

  /** Somebody on the bill of a new fee. */
  const atBill = async (
    seat: Seat = defaultSeat,
    purpose = 'Fuehrungszeugnis 4711',
  ): Promise<{ citizen: Citizen; fee: Fee }> => {
    const fee = await askForFee(app, { purpose });
    const citizen = await newCitizen(browser, app, seat, 'bezahlen');
    await citizen.visits(fee.page);
    await citizen.reads(citizen.words.bezahlen.pay.title, 'rechnung');
    return { citizen, fee };
  };
  /** From the bill to the provider's page. */
  const goesToProvider = async (citizen: Citizen): Promise<void> => {
    const { bezahlen, payments } = citizen.words;
    await citizen.presses(bezahlen.pay.button({ amount: sum(citizen.window.seat) }));
    await citizen.reads(payments.pay.title, 'karte');
    expect(citizen.page.url().startsWith(app.paymentSimulator)).toBe(true);
  };
  const paysWith = async (citizen: Citizen, card: CardId): Promise<void> => {
    const { payments } = citizen.words;
    if (!ordinaryCards.has(card)) await citizen.page.getByText(payments.pay.more, { exact: true }).click();
    await citizen.page.locator(`input[name="card"][value="${card}"]`).check();
    await citizen.presses(payments.pay.button({ amount: sum(citizen.window.seat) }));
  };
  /** How many payments with this purpose the provider has taken. */
  const paymentsTaken = async (citizen: Citizen, purpose: string): Promise<number> => {
    const page = await citizen.window.context.newPage();
    await page.goto(app.paymentSimulator);
    const rows = page.locator('.bid-data__row', { hasText: purpose });
    expect(await rows.count()).toBeGreaterThan(0);
    const paid = await rows.filter({ hasText: citizen.words.payments.states.paid }).count();
    await page.close();
    return paid;
  };

  test.each(seats)('%s: sees the bill, pays with a card, gets the receipt, goes back', async (_title, seat) => {
    const { citizen, fee } = await atBill(seat);
    const { bezahlen: t, fz } = citizen.words;
    const bill = await citizen.text();
    for (const words of [
      'Registerbehörde (Demonstration)',
      'Fuehrungszeugnis 4711',
      'Versand',
      sum(seat).replace('\u00A0', ' '),
    ])
      expect(bill).toContain(words);
    await goesToProvider(citizen);
    await paysWith(citizen, 'success');
    await citizen.reads(t.paid.title, 'bezahlt');
    expect(await fee.state()).toBe('paid');
    const [download] = await Promise.all([citizen.page.waitForEvent('download'), citizen.follows(t.paid.receipt)]);
    expect(download.suggestedFilename()).toMatch(/\.pdf$/);
    expect(
      readFileSync(await download.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await citizen.follows(
      t.toService({ service: seat.locale === 'de' ? 'Führungszeugnis' : 'Certificate of good conduct' }),
    );
    await citizen.reads(fz.start.title);
    expect(citizen.window.complaints).toEqual([]);
  });

  test.each(seats)('%s: a card that is declined, then one with 3-D Secure', async (_title, seat) => {
    const { citizen, fee } = await atBill(seat);
    const { bezahlen: t, payments } = citizen.words;
    await goesToProvider(citizen);
    await paysWith(citizen, 'declined');
    await citizen.reads(t.notPaid.title, 'nicht-bezahlt');
    expect(await citizen.text()).toContain(t.reasons.declined);
    expect(await fee.state()).toBe('open');
    await citizen.follows(t.notPaid.again);
    await citizen.reads(t.pay.title, 'rechnung-nach-fehlschlag');
    expect(await citizen.text()).toContain(t.pay.failed.title);
    await goesToProvider(citizen);
    await paysWith(citizen, 'threeDSecure');
    await citizen.reads(payments.code.title, 'code');
    await citizen.types(payments.code.label, '000000');
    await citizen.presses(payments.code.confirm);
    await citizen.page.getByRole('alert').waitFor();
    await citizen.page.getByLabel(payments.code.label, { exact: true }).fill('123456');
    await citizen.presses(payments.code.confirm);
    await citizen.reads(t.paid.title);
    expect(await fee.state()).toBe('paid');
    expect(citizen.window.complaints).toEqual([]);
  });

  test.each(seats)('%s: a slow bank: it is being checked, and then it is paid', async (_title, seat) => {
    const { citizen, fee } = await atBill(seat);
    const { bezahlen: t, payments } = citizen.words;
    await goesToProvider(citizen);
    await paysWith(citizen, 'slow');
    await citizen.reads(payments.waiting.title, 'bank-wartet');
    await citizen.follows(payments.waiting.back);
    await citizen.reads(t.checking.title, 'wird-geprueft');
    expect(await citizen.page.getByRole('button').count()).toBe(0);
    await citizen.visits(fee.page);
    await citizen.reads(t.checking.title);
    await app.app.paymentSimulator?.settle();
    await citizen.follows(t.checking.again);
    await citizen.reads(t.paid.title);
    expect(await fee.state()).toBe('paid');
    expect(citizen.window.complaints).toEqual([]);
  });

  const cards: readonly (readonly [CardId, 'paid' | 'checking'])[] = [
    ['lateCallback', 'paid'],
    ['doubleCallback', 'paid'],
    ['noCallback', 'paid'],
    ['wrongAmount', 'checking'],
  ];
  test.each(cards)('the card %s ends as %s', async (card, ends) => {
    const { citizen, fee } = await atBill();
    const { bezahlen: t } = citizen.words;
    await goesToProvider(citizen);
    await paysWith(citizen, card);
    await citizen.reads(t[ends].title);
    await app.app.paymentSimulator?.settle();
    await app.app.bezahlsystem?.settled();
    await citizen.visits(fee.page);
    await citizen.reads(t[ends].title);
    expect((await fee.state()) === 'paid').toBe(ends === 'paid');
  });

  test('two tabs pay once', async () => {
    const purpose = 'In zwei Fenstern';
    const { citizen, fee } = await atBill(defaultSeat, purpose);
    const { bezahlen: t } = citizen.words;
    const second = new Citizen({ ...citizen.window, page: await citizen.window.context.newPage() }, app);
    await second.visits(fee.page);
    await second.reads(t.pay.title);
    await Promise.all([goesToProvider(citizen), goesToProvider(second)]);
    expect(second.page.url()).toBe(citizen.page.url());
    await paysWith(citizen, 'success');
    await citizen.reads(t.paid.title);
    await paysWith(second, 'success');
    await second.reads(t.paid.title);
    await second.visits(fee.page);
    await second.reads(t.paid.title);
    expect(await paymentsTaken(citizen, purpose)).toBe(1);
    expect(await fee.state()).toBe('paid');
  });

  test('the back button leads to the bill, and from there to the same payment; it never pays twice', async () => {
    const purpose = 'Hin und zurueck';
    const { citizen, fee } = await atBill(defaultSeat, purpose);
    const { bezahlen: t, payments } = citizen.words;
    await goesToProvider(citizen);
    const provider = citizen.page.url();
    await citizen.page.goBack();
    await citizen.reads(t.pay.title, 'rechnung-begonnen');
    expect(await citizen.text()).toContain(t.pay.begun.title);
    await goesToProvider(citizen);
    expect(citizen.page.url()).toBe(provider);
    await paysWith(citizen, 'success');
    await citizen.reads(t.paid.title);
    await citizen.page.goBack();
    await citizen.reads(payments.over.title.paid);
    await citizen.follows(payments.over.back);
    await citizen.reads(t.paid.title);
    expect(await paymentsTaken(citizen, purpose)).toBe(1);
    expect(await fee.state()).toBe('paid');
  });

  test.each(seats)('%s: cancels at the provider, and then the whole payment', async (_title, seat) => {
    const { citizen, fee } = await atBill(seat);
    const { bezahlen: t, payments } = citizen.words;
    await goesToProvider(citizen);
    await citizen.presses(payments.pay.cancel);
    await citizen.reads(t.notPaid.title);
    expect(await citizen.text()).toContain(t.reasons.cancelled);
    await citizen.follows(t.pay.cancel);
    await citizen.reads(t.stop.title, 'abbrechen');
    await citizen.presses(t.stop.button);
    await citizen.reads(t.cancelled.title, 'abgebrochen');
    expect(await fee.state()).toBe('cancelled');
    await citizen.visits(fee.page);
    await citizen.reads(t.cancelled.title);
  });

  test('the result, opened by hand, is the bill; an address that was made up is nothing', async () => {
    const { citizen, fee } = await atBill();
    const { bezahlen: t } = citizen.words;
    await citizen.visits(`${fee.page}/ergebnis`);
    await citizen.reads(t.pay.title);
    await citizen.visits(`${app.bezahlsystem}/bezahlen/${'A'.repeat(43)}`);
    await citizen.reads(t.gone.title, 'unbekannt');
    expect((await citizen.page.request.get(`${fee.page}/beleg.pdf`)).status()).toBe(404);
  });

  test('who is logged in is known without a question, and finds the payment again; nobody else does', async () => {
    const erika = await newCitizen(browser, app, defaultSeat, 'meine-zahlungen');
    const { bezahlen: t } = erika.words;
    await erika.logsInAtPortal('erika');
    const fee = await askForFee(app);
    await erika.visits(fee.page);
    await erika.reads(t.pay.title);
    expect(await erika.page.locator('header').innerText()).toContain('Erika Mustermann');
    await goesToProvider(erika);
    await paysWith(erika, 'success');
    await erika.reads(t.paid.title);
    await erika.follows(t.paid.toMine);
    await erika.reads(t.mine.title, 'liste');
    await erika.follows('Führungszeugnis');
    await erika.reads('Führungszeugnis', 'eine');
    const own = erika.page.url();
    expect(await erika.text()).toContain('13,00 €');

    const max = await newCitizen(browser, app, defaultSeat);
    await max.logsInAtPortal('max');
    await max.visits(`${app.bezahlsystem}/meine-zahlungen`);
    await max.reads(t.mine.title);
    expect(await max.text()).toContain(t.mine.emptyTitle);
    expect((await max.page.goto(own))?.status()).toBe(404);
    expect((await max.page.request.get(`${own}/beleg.pdf`)).status()).toBe(404);
  });

  /** Presses Tab until the control with these words has the focus. */
  const tabTo = async (page: Page, words: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        return [element?.textContent, ...labels.map(({ textContent }) => textContent)].map((text) => text?.trim());
      });
      if (at.includes(words)) return;
    }
    throw new Error(`Tab does not lead to “${words}” on ${page.url()}`);
  };

  test('pays with the keyboard alone, at 320 px', async () => {
    const seat: Seat = { locale: 'de', width: 320 };
    const { citizen } = await atBill(seat);
    const { bezahlen: t, payments } = citizen.words;
    const { page } = citizen;
    await tabTo(page, t.pay.button({ amount: sum(seat) }));
    await page.keyboard.press('Enter');
    await citizen.reads(payments.pay.title);
    await tabTo(page, payments.cards.success.name);
    await page.keyboard.press('Space');
    await tabTo(page, payments.pay.button({ amount: sum(seat) }));
    await page.keyboard.press('Enter');
    await citizen.reads(t.paid.title);
    await tabTo(page, t.toService({ service: 'Führungszeugnis' }));
    await page.keyboard.press('Enter');
    await citizen.reads(citizen.words.fz.start.title);
    expect(citizen.window.complaints).toEqual([]);
  });
});
