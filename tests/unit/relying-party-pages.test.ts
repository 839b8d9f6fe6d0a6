import { describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import { portalStories } from '../../src/portal/bayern-portal/pages/stories.ts';
import { officeStories } from '../../src/portal/fuehrungszeugnis/office/pages/stories.ts';
import { fuehrungszeugnisStories } from '../../src/portal/fuehrungszeugnis/pages/stories.ts';
import { postfachStories } from '../../src/portal/mein-postfach/citizen/pages/stories.ts';
import { relyingPartyStories } from '../../src/portal/relying-party/pages/stories.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { groundMessages, type PageContext } from '../../src/web/page-context.ts';
import type { Part } from '../../src/web/parts.ts';
import { pageToHtml } from '../../src/web/render.ts';

const context = (part: Part, locale: Locale, loggedIn: boolean): PageContext => ({
  part,
  locale,
  common: groundMessages(locale),
  theme: undefined,
  path: '/',
  referenceId: '7k2m9qx4ht',
  testEnvironment: true,
  account: loggedIn ? { name: 'Erika Mustermann', logout: { action: '/abmelden', csrf: 'x' } } : undefined,
  assets: {
    styles: ['/assets/a/kern.css', '/assets/a/site.css'],
    script: '/assets/a/site.js',
    icon: '/assets/a/sign.svg',
  },
});

const stories = [
  ...Object.entries(relyingPartyStories).map((story) => ['bayern-portal', ...story] as const),
  ...Object.entries(portalStories).map((story) => ['bayern-portal', ...story] as const),
  ...Object.entries(postfachStories).map((story) => ['mein-postfach', ...story] as const),
  ...Object.entries(fuehrungszeugnisStories).map((story) => ['fuehrungszeugnis', ...story] as const),
  ...Object.entries(officeStories).map((story) => ['registerbehoerde', ...story] as const),
];

const rendered = locales.flatMap((locale) =>
  stories.flatMap(([part, name, story]) =>
    // Nobody sees a mailbox without being logged in.
    (part === 'mein-postfach' ? [true] : [true, false]).map(
      (loggedIn) =>
        [
          `${locale} ${name}${loggedIn ? ' (logged in)' : ''}`,
          pageToHtml(story(context(part, locale, loggedIn))),
        ] as const,
    ),
  ),
);

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    'void-style': 'off',
    'doctype-style': 'off',
    'require-sri': 'off',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit'] }],
  },
});

describe('every state of a service’s pages', () => {
  test.each(rendered)('%s is valid HTML with one first-level heading', async (_, html) => {
    const report = await validator.validateString(html);
    const faults = report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} ${m.selector}`));
    expect(faults).toEqual([]);
    expect(html.match(/<h1/gu)).toHaveLength(1);
    expect(html).not.toMatch(/undefined|\[object|NaN/u);
  });

  test('what is wrong is said above the form, with a link, and at its field', () => {
    const summaries = rendered.filter(([, html]) => html.includes('bid-summary'));
    expect(summaries.length).toBeGreaterThan(10);
    const unsaid = summaries.flatMap(([title, html]) => {
      const summary = /bid-summary.*?<\/ul>/su.exec(html)?.[0] ?? '';
      return [...summary.matchAll(/href="#([^"]+)"/gu)]
        .map(([, field = '']) => field)
        .filter((field) => !html.includes(`id="${field}-fehler"`))
        .map((field) => `${title}: ${field}`);
    });
    expect(unsaid).toEqual([]);
  });

  test('German and English differ in every page', () => {
    const half = rendered.length / 2;
    for (let i = 0; i < half; i++) expect(rendered[i]?.[1]).not.toBe(rendered[i + half]?.[1]);
  });
});
