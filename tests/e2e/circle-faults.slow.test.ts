import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startApp, type App } from '../../src/app.ts';
import { createLog } from '../../src/web/log.ts';
import { authority, newApplicant, type Applicant } from '../support/applicant.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, type Seat } from '../support/browser.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const minute = 60_000;

const seats: readonly (readonly [string, Seat])[] = [
  ['German, 390 px', { locale: 'de', width: 390 }],
  ['English, 1280 px, no script', { locale: 'en', width: 1280, script: false }],
];

describeIf(chromium, 'the circle, with what goes wrong on the way', () => {
  let browser: Browser;
  let app: TestApp;
  /** The Bezahlsystem, which is down at first. */
  let late: App | undefined;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    app = await startTestApp({ without: ['bezahlsystem'] });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    resetClock();
    await late?.close(1000);
    late = undefined;
    await app.stop();
  });

  const bezahlsystemComesBack = async (): Promise<void> => {
    late = await startApp({
      settings: app.settings,
      configDirectory: app.config,
      production: false,
      parts: ['bezahlsystem'],
      env: { ...process.env, ...app.env },
      log: createLog({ write: () => {} }),
    });
  };

  /** From the step-up to where she was, first with a card that is somebody else's. */
  const provesAtSecondTry = async (erika: Applicant, goesOn: () => Promise<void>): Promise<void> => {
    const { flow, service } = erika.words;
    await erika.reads(flow.stepUp.title, 'niveau-wieder');
    await erika.opensClient(flow.stepUp.button);
    await erika.usesCard('max');
    await erika.reads(flow.refused.cause.foreignCard.title, 'fremder-ausweis');
    expect(await erika.text()).not.toMatch(/Max/i);
    await erika.presses(flow.backTo({ service: 'Führungszeugnis' }));
    await erika.reads(service.failures.level.title, 'niveau-fehlt');
    await erika.follows(service.again);
    await erika.reads(flow.stepUp.title);
    await erika.opensClient(flow.stepUp.button);
    await erika.usesCard('erika');
    await goesOn();
  };

  test.each(seats)(
    '%s: closes the browser, shows a wrong card, loses the level, finds a module down and the first card declined, and files all the same',
    async (_title, seat) => {
      const max = await newApplicant(browser, app, seat);
      await max.logsInAtPortal('max');
      await max.goesToFuehrungszeugnis();
      await max.provesAndLinks('max');
      await max.window.context.close();

      const before = await newApplicant(browser, app, seat, 'stoerung');
      await before.erikaAtFuehrungszeugnis();
      await before.field('mother_birth_name').fill('Muster');
      await before.presses(before.words.fz.next);
      await before.reads(before.words.fz.kind.title);
      await before.window.context.close();

      // A new browser knows nobody; the draft is there.
      const erika = await newApplicant(browser, app, seat, 'stoerung');
      const { portal, flow, fz, bezahlen } = erika.words;
      await erika.logsInAtPortal('erika');
      expect(await erika.text()).toContain(portal.overview.away);
      await erika.visits(`${app.fz}/fuehrungszeugnis/antrag`);
      await provesAtSecondTry(erika, () => erika.reads(fz.tasks.title, 'entwurf'));
      await erika.follows(fz.tasks.goOn);
      await erika.reads(fz.kind.title);
      await erika.page.locator('input[name="form"][value="O"]').check();
      await erika.presses(fz.next);

      // She looks for the file number for too long.
      await erika.reads(fz.recipient.title);
      for (const [name, value] of Object.entries(authority)) await erika.field(name).fill(value);
      shiftClock(6 * minute);
      await erika.presses(fz.next);
      await erika.reads(flow.stepUp.title, 'niveau-abgelaufen');
      await erika.opensClient(flow.stepUp.button);
      await erika.usesCard('erika');
      await erika.reads(fz.recipient.title, 'eingaben-noch-da');
      expect(await erika.text()).toContain(erika.words.service.kept.title);
      for (const [name, value] of Object.entries(authority)) expect(await erika.field(name).inputValue()).toBe(value);
      await erika.presses(fz.next);
      await erika.reads(fz.fee.title);
      await erika.wantsToPay({ form: 'N' });

      await erika.sends();
      await erika.reads(fz.payment.title, 'bezahlsystem-antwortet-nicht');
      expect(await erika.text()).toContain(fz.payment.awayTitle);
      await bezahlsystemComesBack();
      await erika.follows(fz.payment.again);
      await erika.goesToBill();

      await erika.paysWith('declined');
      await erika.reads(bezahlen.notPaid.title, 'nicht-bezahlt');
      await erika.visits(`${app.fz}/fuehrungszeugnis/zahlung`);
      await erika.goesToBill();
      expect(await erika.text()).toContain(bezahlen.pay.failed.title);
      await erika.paysWith('success');
      await erika.goesBackPaid();
      expect(await erika.text()).toContain(authority.name);
      expect(erika.window.complaints).toEqual([]);
    },
    120_000,
  );
});
