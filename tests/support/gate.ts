import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import type { BrowserContext, Page } from 'playwright-core';
import { keyboardRecorder, measureControls, type ControlReport } from './gate-in-page.ts';

/** Everything that the gate looks at in one page, one line each; none means that the page passes. */
export type Findings = string[];

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'EN-301-549'];

export const themes = ['light', 'dark'] as const;
export const widths = [1280, 320] as const;

const axeSource = (): string => {
  const fromPlaywright = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'));
  return readFileSync(fromPlaywright.resolve('axe-core/axe.min.js'), 'utf8');
};

/** Makes every page of a context ready for the gate: axe is there, and nothing fades while it is looked at. */
export const prepareForGate = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript({ content: axeSource() });
  await context.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      const still = new CSSStyleSheet();
      still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
      document.adoptedStyleSheets.push(still);
    });
  });
};

interface Axe {
  run(options: object): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
    }[];
  }>;
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    // Style, not faults; integrity is for other people's servers.
    'void-style': 'off',
    'doctype-style': 'off',
    'require-sri': 'off',
    // Several boxes of one question share a name, and so do several buttons of one form.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit'] }],
  },
});

/** html-validate over the bytes that the server sent. */
export const inspectHtml = async (html: string): Promise<Findings> => {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `html: ${ruleId}: ${message} (${selector ?? ''})`),
  );
};

/** What axe can find in one theme, width or language and not in another: colours, sizes, what is hidden, names. */
const looks = [
  'color-contrast',
  'link-in-text-block',
  'target-size',
  'scrollable-region-focusable',
  'aria-hidden-focus',
  'button-name',
  'link-name',
  'label',
  'empty-heading',
  'page-has-heading-one',
];

/** axe, with the rules of WCAG 2.2 AA and EN 301 549 and its good practices, or only with those about looks. */
export const inspectWithAxe = async (page: Page, which: 'all' | 'looks' = 'all'): Promise<Findings> =>
  page.evaluate(
    async (runOnly) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run({ runOnly, resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary = '' }) =>
            `axe: ${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`,
        ),
      );
    },
    which === 'all' ? { type: 'tag', values: tags } : { type: 'rule', values: looks },
  );

/** Nothing to be scrolled sideways, and every control large enough for a finger (WCAG 2.5.8: 24 px, links in text apart). */
export const inspectMeasures = async (page: Page): Promise<Findings> => {
  const { overflow, small, unsendable } = await page.evaluate(measureControls);
  return [
    ...overflow.map((what) => `scroll: ${what}`),
    ...small.map((what) => `target: ${what}`),
    ...unsendable.map((what) => `enter: ${what}`),
  ];
};

/** Tab from the first control to the last: every one is reached, in the order of the document, with a visible focus. */
export const inspectKeyboard = async (page: Page): Promise<Findings> => {
  const expected = await page.evaluate(keyboardRecorder);
  for (let press = 0; press < expected.length; press += 1) await page.keyboard.press('Tab');
  const reached = (await page.evaluate('globalThis.gateFocus')) as ControlReport[];
  const findings: Findings = [];
  const wanted = expected.slice(1);
  const got = reached.map(({ name }) => name);
  const missed = wanted.filter((name) => !got.includes(name));
  if (missed.length > 0) findings.push(`keyboard: never reached: ${missed.join(', ')}`);
  else if (got.slice(0, wanted.length).join('\n') !== wanted.join('\n'))
    findings.push(`keyboard: not in the order of the document: ${got.join(', ')}`);
  for (const { name, visible } of reached) if (!visible) findings.push(`keyboard: no visible focus: ${name}`);
  return findings;
};

/**
 * `everything`: every rule in each width and theme. `whole`: every rule once, and what looks can change in each.
 * `language`: for a page that was looked at as a whole in another language: its structure and its order are known.
 */
export type Depth = 'everything' | 'whole' | 'language';

export interface InspectOptions {
  /** The bytes of the document. */
  readonly html: string;
  readonly depth?: Depth;
}

/** The whole gate on the page that is open: its address is not opened again, so an answer to a form passes it, too. */
export const inspect = async (page: Page, { html, depth = 'whole' }: InspectOptions): Promise<Findings> => {
  const findings = new Set<string>(await inspectHtml(html));
  // A heading can be there before the style sheet is.
  await page.waitForLoadState('load');
  const whole = depth !== 'language';
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const line of await inspectMeasures(page)) findings.add(`${line} at ${width} px`);
    // Colours change with the theme and sizes with the language; both together were looked at in the whole gate.
    for (const colorScheme of whole || width === widths[0] ? themes : themes.slice(0, 1)) {
      await page.emulateMedia({ colorScheme });
      const known = depth !== 'everything' && (colorScheme !== themes[0] || (width !== widths[0] && !whole));
      for (const line of await inspectWithAxe(page, known ? 'looks' : 'all'))
        findings.add(`${line} at ${width} px, ${colorScheme}`);
    }
  }
  if (whole) for (const line of await inspectKeyboard(page)) findings.add(line);
  await page.setViewportSize({ width: widths[0], height: 800 });
  await page.emulateMedia({ colorScheme: themes[0] });
  return [...findings];
};
