import { describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import { bezahlsystemStories } from '../../src/portal/bezahlsystem/citizen/pages/stories.ts';
import { catalogues } from '../../src/portal/bezahlsystem/citizen/i18n/messages.ts';
import { receiptPdf } from '../../src/portal/bezahlsystem/citizen/receipt-pdf.ts';
import type { OrderView } from '../../src/portal/bezahlsystem/payments.ts';
import { paymentSimulatorStories } from '../../src/simulators/payment-provider/pages/stories.tsx';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { groundMessages, type PageContext } from '../../src/web/page-context.ts';
import type { Part } from '../../src/web/parts.ts';
import { pageToHtml } from '../../src/web/render.ts';

const context = (part: Part, locale: Locale): PageContext => ({
  part,
  locale,
  common: groundMessages(locale),
  theme: undefined,
  path: '/',
  referenceId: '7k2m9qx4ht',
  testEnvironment: true,
  account: undefined,
  assets: { styles: ['/assets/a/site.css'], script: '/assets/a/site.js', icon: '/assets/a/sign.svg' },
});

const html = (name: string, locale: Locale = 'de'): string => {
  const story = bezahlsystemStories[name];
  if (story === undefined) throw new Error(`no story ${name}`);
  return pageToHtml(story(context('bezahlsystem', locale)));
};

const rendered = locales.flatMap((locale) =>
  [['bezahlsystem', bezahlsystemStories] as const, ['payment-simulator', paymentSimulatorStories] as const].flatMap(
    ([part, stories]) =>
      Object.entries(stories).map(([name, story]) => ({
        title: `${locale} ${name}`,
        part,
        page: pageToHtml(story(context(part, locale))),
      })),
  ),
);

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: { 'void-style': 'off', 'doctype-style': 'off', 'require-sri': 'off' },
});

describe('every state of the pages for paying', () => {
  test.each(rendered)('$title is valid HTML; the simulator says that it is a test', async ({ page, part }) => {
    const report = await validator.validateString(page);
    expect(report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} ${m.selector}`))).toEqual([]);
    expect(page.match(/<h1/gu)).toHaveLength(1);
    expect(page).not.toMatch(/undefined|\[object|NaN/u);
    if (part === 'payment-simulator') expect(page).toMatch(/Das ist ein Test|This is a test/);
  });
});

describe('what a page says', () => {
  test('before paying: payee, purpose, every item and the sum, above the button that names the sum', () => {
    const page = html('bezahlen-mehrere-posten');
    const button = page.indexOf('Jetzt 60,40\u00A0€ bezahlen');
    expect(button).toBeGreaterThan(0);
    for (const text of [
      'Landratsamt Musterkreis, Zulassungsbehörde',
      'Zulassung MU-ST 2026',
      '30,60\u00A0€',
      '2 × 11,90\u00A0€',
      'darin Umsatzsteuer 3,80\u00A0€',
      '>60,40\u00A0€<',
    ]) {
      const at = page.indexOf(text);
      expect([text, at > 0 && at < button]).toEqual([text, true]);
    }
  });

  test.each([
    ['de', 'Führungszeugnis'],
    ['en', 'Certificate of good conduct'],
  ] as const)(
    'in %s a payment has the service’s name there, and the purpose as the bank statement has it',
    (locale, name) => {
      const list = html('meine-zahlungen', locale);
      expect(list).toMatch(new RegExp(`class="bid-row__link"[^>]*>${name}<`));
      expect(list).toContain('Fuehrungszeugnis 4711');
      const one = html('meine-zahlung', locale);
      expect(one).toMatch(new RegExp(`<h1[^>]*>${name}<`));
      expect(one).toContain('Fuehrungszeugnis 4711');
    },
  );

  test('what the provider learns is what goes there', () => {
    const { data } = catalogues.de.pay;
    expect(html('bezahlen')).not.toContain(data.name);
    expect(html('bezahlen-mehrere-posten')).toContain(data.name);
    expect(html('bezahlen-mehrere-posten')).toContain(data.address);
  });

  test('only what is paid says so and has a receipt; what is not known claims neither', () => {
    const nothing = 'Es wurde nichts abgebucht';
    for (const name of Object.keys(bezahlsystemStories).filter((one) => one.startsWith('ergebnis-'))) {
      const page = html(name);
      const paid = /ergebnis-(bezahlt|erstattet)/.test(name);
      expect([name, page.includes('/beleg.pdf')]).toEqual([name, paid]);
      expect([name, /<h1[^>]*>Bezahlt</.test(page)]).toEqual([name, paid]);
      if (paid || /geprueft|fertig|beend/.test(name)) expect([name, page.includes(nothing)]).toEqual([name, false]);
    }
    expect(html('ergebnis-wird-geprueft')).toContain('Bezahlen Sie nicht noch einmal.');
    expect(html('ergebnis-wird-geprueft')).not.toContain('method="post"');
  });
});

describe('the receipt', () => {
  const view: OrderView = {
    pageId: 'p',
    id: '0b6f1c5e-7c1d-4c53-9a43-9d1f3a1c2b77',
    state: 'paid',
    payee: { name: 'Stadt Musterstadt', address: ['Rathausplatz 1'], accountReference: 'innen-4711' },
    purpose: 'Hundesteuer 2026',
    items: [
      {
        id: '1',
        description: 'Hundesteuer',
        taxRate: '0',
        quantity: 1,
        totalNet: 12_000,
        totalTax: 0,
        singleNet: 12_000,
        singleTax: 0,
      },
    ],
    amount: 12_000,
    currency: 'EUR',
    reference: 'KZ-1',
    methods: ['CREDITCARD'],
    createdAt: 0,
    payableUntil: 0,
    paidAt: Date.UTC(2026, 10, 26),
    refunds: [],
    returnUrl: 'https://dienst.example/',
    serviceName: { de: 'Hundesteuer', en: 'Dog tax' },
    dataPassedOn: [],
  };

  test.each(locales)('in %s is a tagged PDF with its title and language', async (locale) => {
    const pdf = (await receiptPdf(view, locale)).toString('latin1');
    expect(pdf.startsWith('%PDF-1.7')).toBe(true);
    expect(pdf).toContain('/MarkInfo');
    expect(pdf).toContain(locale === 'de' ? '/Lang (de-DE)' : '/Lang (en-GB)');
  });

  test('is made of what is paid only', () => {
    expect(() => receiptPdf({ ...view, state: 'checking' }, 'de')).toThrow(TypeError);
  });
});
