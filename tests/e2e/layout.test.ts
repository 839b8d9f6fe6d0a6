import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, openWindow, type Seat } from '../support/browser.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

/** The smallest screen that WCAG 1.4.10 asks for. */
const small: Seat = { locale: 'de', width: 320 };
const large: Seat = { locale: 'de', width: 1280 };

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

const boxOf = (part: Locator): Promise<Box> =>
  part.evaluate((element) => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    return { left, right, top: top + scrollY, bottom: bottom + scrollY, width, height };
  });

describeIf(chromium, 'where things stand on a page', () => {
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
  afterEach(async () => Promise.all(browser.contexts().map((context) => context.close())));

  const story = async (seat: Seat, name: string, origin = app.issuer): Promise<Page> => {
    const { page } = await openWindow(browser, seat);
    await page.goto(`${origin}/entwickler/bausteine/${name}`);
    return page;
  };

  describe('on a small screen', () => {
    test('a password has the room of its line; its button stands below', async () => {
      const page = await story(small, 'anmelden');
      const field = await boxOf(page.locator('#password'));
      expect(field.width).toBeGreaterThan(200);
      expect(field.width).toBe((await boxOf(page.locator('#login'))).width);
      expect((await boxOf(page.locator('.bid-password__toggle'))).top).toBeGreaterThanOrEqual(field.bottom);
    });

    test.each([
      ['zuordnen', 'Weiter', () => app.issuer],
      ['simulator-start', 'Störung vormerken', () => app.simulator],
      ['simulator-start', 'Alle Sperren aufheben', () => app.simulator],
    ])('%s: “%s” is as wide as its form', async (name, words, origin) => {
      const page = await story(small, name, origin());
      const button = page.getByRole('button', { name: words, exact: true });
      expect((await boxOf(button)).width).toBe((await boxOf(page.locator('form', { has: button }))).width);
    });

    test('what is said of a box to tick stands below its words, as wide as they are, and so does what is wrong', async () => {
      for (const [name, part] of [
        ['fuehrungszeugnis-art', '#extended-hinweis'],
        ['fuehrungszeugnis-pruefen-fehler', '#selbst-fehler'],
      ] as const) {
        const page = await story(small, name, app.fz);
        const said = await boxOf(page.locator(part));
        const words = await boxOf(page.locator(`.kern-form-check:has(${part}) > .kern-label`));
        expect(said.top).toBeGreaterThanOrEqual(words.bottom);
        expect([said.left, said.right]).toEqual([words.left, words.right]);
      }
    });

    test('an answer stands out from what is said of it', async () => {
      const page = await story(small, 'zuordnen');
      const weightOf = (part: Locator): Promise<string> => part.evaluate((e) => getComputedStyle(e).fontWeight);
      expect(await weightOf(page.locator('.bid-choice label').first())).toBe('600');
      expect(await weightOf(page.locator('.bid-choice .kern-hint').first())).toBe('400');
    });

    test.each([
      ['freigabe', '.bid-consent__row', '.bid-consent__value, summary', '.bid-badge', () => app.issuer],
      ['fuehrungszeugnis-daten', '.bid-data__row', '.bid-data__value', '.bid-badge', () => app.fz],
    ])(
      '%s: where a value comes from stands below every value, long or short',
      async (name, row, value, badge, origin) => {
        const page = await story(small, name, origin());
        const rows = await page
          .locator(row)
          .filter({ has: page.locator(badge) })
          .all();
        expect(rows.length).toBeGreaterThan(4);
        for (const one of rows) {
          const above = await boxOf(one.locator(value).first());
          expect((await boxOf(one.locator(badge))).top).toBeGreaterThanOrEqual(above.bottom);
        }
      },
    );

    test('the eID client opens before the long list of data, after what one needs', async () => {
      const page = await story(small, 'eid');
      const [ready, open, data] = await Promise.all(
        ['#bereit', '#oeffnen', '#daten'].map((id) => boxOf(page.locator(id))),
      );
      expect(open?.top).toBeGreaterThanOrEqual(ready?.bottom ?? 0);
      expect(data?.top).toBeGreaterThanOrEqual(open?.bottom ?? 0);
    });

    test('everything about a test person is to be seen without scrolling sideways', async () => {
      const page = await story(small, 'anmelden-testpersonen');
      await page.locator('summary').first().click();
      for (const button of await page.locator('.bid-persons button').all()) {
        const { left, right } = await boxOf(button);
        expect([left >= 0, right <= 320]).toEqual([true, true]);
      }
    });

    test('ordinary cards come first at the simulator; its button is near', async () => {
      const page = await story(small, 'simulator-anfrage', app.simulator);
      const shown = page.locator('input[name="card"]:visible');
      expect(await shown.count()).toBe(4);
      await page.getByText('Besondere Ausweise', { exact: false }).click();
      expect(await shown.count()).toBeGreaterThan(12);
    });
  });

  describe('on a large screen', () => {
    test('what is not known of a person stands in one line', async () => {
      const page = await story(large, 'verbinden');
      const unknown = await boxOf(page.locator('.bid-compare .bid-muted').first());
      const known = await boxOf(page.locator('.bid-compare tbody th').first());
      expect(unknown.height).toBeLessThan(known.height);
      const widths = await page.locator('.bid-compare thead th').evaluateAll((all) => all.map((e) => e.clientWidth));
      expect(new Set(widths).size).toBe(1);
    });

    test('the list of data stands beside what one needs and the way on', async () => {
      const page = await story(large, 'eid');
      const [ready, open, data] = await Promise.all(
        ['#bereit', '#oeffnen', '#daten'].map((id) => boxOf(page.locator(id))),
      );
      expect(data?.left).toBeGreaterThan(ready?.right ?? 0);
      expect([open?.left, data?.top]).toEqual([ready?.left, ready?.top]);
      expect(open?.top).toBeGreaterThanOrEqual(ready?.bottom ?? 0);
    });

    test('a paragraph between two cards touches neither', async () => {
      const page = await story(large, 'fuehrungszeugnis-daten', app.fz);
      const text = await boxOf(page.locator('main .bid-column > p.kern-body').last());
      expect((await boxOf(page.locator('#ergaenzen'))).top - text.bottom).toBeGreaterThanOrEqual(20);
    });
  });

  test('with the keyboard, what has the focus never sticks to the edge of the window', async () => {
    const page = await story(small, 'anmelden-testpersonen');
    const seen: string[] = [];
    for (let press = 0; press < 25; press += 1) {
      await page.keyboard.press('Tab');
      const edge = await page.evaluate(() => {
        const focused = document.activeElement;
        if (!focused || focused === document.body) return undefined;
        const { top, bottom } = focused.getBoundingClientRect();
        const page = document.documentElement;
        // At either end of the page there is nothing left to scroll to.
        const above = scrollY === 0 ? Infinity : top;
        const below = scrollY + innerHeight >= page.scrollHeight - 1 ? Infinity : innerHeight - bottom;
        const name = (focused.textContent || focused.getAttribute('name') || '').trim().slice(0, 30);
        return { name, clear: Math.min(above, below) >= 24 };
      });
      if (!edge) break;
      seen.push(edge.name);
      expect(edge).toEqual({ name: edge.name, clear: true });
    }
    expect(seen.length).toBeGreaterThan(15);
  });
});
