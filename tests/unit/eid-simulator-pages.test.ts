import { describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import { simulatorStories } from '../../src/simulators/eid-server/pages/stories.tsx';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { groundMessages, type PageContext } from '../../src/web/page-context.ts';
import { pageToHtml } from '../../src/web/render.ts';

const context = (locale: Locale): PageContext => ({
  part: 'eid-simulator',
  locale,
  common: groundMessages(locale),
  theme: undefined,
  path: '/',
  referenceId: '7k2m9qx4ht',
  testEnvironment: true,
  account: undefined,
  assets: { styles: ['/assets/a/site.css'], script: '/assets/a/site.js', icon: '/assets/a/sign.svg' },
});

const stories = Object.entries(simulatorStories(loadTestPersons('config/test-persons.yaml').cards));
const rendered = locales.flatMap((locale) =>
  stories.map(([name, story]) => [`${locale} ${name}`, pageToHtml(story(context(locale)))] as const),
);

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: { 'void-style': 'off', 'doctype-style': 'off', 'require-sri': 'off' },
});

describe('every state of the simulator’s pages', () => {
  test.each(rendered)('%s is valid HTML and says that it is a simulator', async (_, html) => {
    const report = await validator.validateString(html);
    const faults = report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} ${m.selector}`));
    expect(faults).toEqual([]);
    expect(html.match(/<h1/gu)).toHaveLength(1);
    expect(html).toMatch(/Das ist ein Simulator|This is a simulator/);
    expect(html).not.toMatch(/undefined|\[object|NaN/u);
  });
});
