import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { letterTexts } from '../../src/portal/fuehrungszeugnis/letters/texts.ts';
import { goOn } from '../attack/service.ts';
import { lettersArrive, newApplicant, type Applicant, type Wish } from '../support/applicant.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, type Seat } from '../support/browser.ts';
import { createPerson } from '../support/browse.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { max as maxsLogin } from '../support/journey.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

/** Each language, screen and way to apply, with scripts and without, meets each of the others once at least. */
const days: readonly (readonly [string, Seat, Wish, string])[] = [
  ['German, 1280 px', { locale: 'de', width: 1280 }, { form: 'N' }, 'polizeiliches Fürungszeugnis'],
  ['English, 390 px', { locale: 'en', width: 390 }, { form: 'O' }, 'police check'],
  [
    'German, 320 px, dark, no script',
    { locale: 'de', width: 320, theme: 'dark', script: false },
    { form: 'O' },
    'Führungszeugnis',
  ],
  [
    'English, 1280 px, dark, no script',
    { locale: 'en', width: 1280, theme: 'dark', script: false },
    { form: 'N' },
    'background check',
  ],
];

describeIf(chromium, 'the circle: a citizen’s day from the search to the answered letter', () => {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    app = await startTestApp();
    // The caseworker has added his card before.
    const person = createPerson();
    await goOn(app, person, await person.visit(app.registerbehoerde), { login: maxsLogin, card: 'max' });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await app.stop();
  });

  /** Finds the service and reads what it needs, before any login. */
  const findsService = async (erika: Applicant, search: string): Promise<void> => {
    const { portal: t, common } = erika.words;
    const name =
      erika.window.seat.locale === 'de' ? 'Führungszeugnis' : 'Certificate of good conduct (Führungszeugnis)';
    await erika.visits(app.portal);
    await erika.reads(t.heading, 'portal');
    await erika.page.getByLabel(t.search.label, { exact: true }).fill(search);
    await erika.presses(t.search.button);
    await erika.reads(t.list.found({ search }), 'gefunden');
    await erika.follows(name);
    await erika.reads(name, 'leistung');
    expect(await erika.text()).toContain(common.level.needed.high);
  };

  /** The start page with what every module has for her. On a busy machine one may be late: the page says so, and that it is to be loaded again. */
  const seesOverview = async (erika: Applicant, picture: string): Promise<void> => {
    const { portal: t } = erika.words;
    await erika.visits(app.portal);
    while ((await erika.text()).includes(t.overview.away)) await erika.visits(app.portal);
    await erika.reads(t.heading, picture);
  };

  /** From the application that waits for its fee to the portal, which knows what is open, and back to the bill. */
  const findsOpenPayment = async (erika: Applicant): Promise<void> => {
    const { bezahlen } = erika.words;
    await seesOverview(erika, 'uebersicht-offene-zahlung');
    await erika.page.locator('#zahlungen li a').click();
    await erika.reads(erika.service, 'meine-zahlung');
    await erika.follows(bezahlen.mine.finish);
    await erika.reads(bezahlen.pay.title);
  };

  /** A caseworker at her own desk answers the one application that is there. */
  const answers = async (max: Citizen, reference: string, text: string): Promise<void> => {
    const { office: t, flow } = max.words;
    await max.visits(app.registerbehoerde);
    await max.reads(flow.login.title, 'amt-anmelden');
    await max.opensClient(flow.login.eid.button);
    await max.usesCard('max');
    await max.reads(t.list.title, 'amt-antraege');
    await max.follows(reference);
    await max.reads(t.application.title({ reference }), 'amt-antrag');
    for (const read of ['MUSTERMANN', 'HEIDESTRASSE 17', 'Muster']) expect(await max.text()).toContain(read);
    await max.presses(t.application.takeUp);
    await max.page.getByText(t.states.processing).first().waitFor();
    await max.page.locator('input[name="outcome"][value="issued"]').check();
    await max.page.locator('textarea[name="text"]').fill(text);
    await max.presses(t.answer.send);
    await max.page.getByText(t.answer.given, { exact: true }).waitFor();
    await max.reads(t.application.title({ reference }), 'amt-beantwortet');
  };

  test.each(days)(
    '%s: finds, logs in, proves who she is, pays, files, and reads the answer',
    async (_title, seat, wish, search) => {
      const erika = await newApplicant(browser, app, seat, 'tag');
      const { portal: t, flow, fz, postfach, common } = erika.words;
      await findsService(erika, search);

      await erika.logsInAtPortal('erika');
      await seesOverview(erika, 'uebersicht');
      for (const read of [t.overview.letters.none, t.overview.applications.none, t.overview.payments.none])
        expect(await erika.text()).toContain(read);
      await erika.goesToFuehrungszeugnis();
      await erika.provesAndLinks('erika');
      await erika.fillsIn(wish);
      await erika.wantsToPay(wish);
      await erika.sends();
      await erika.goesToBill();
      await findsOpenPayment(erika);
      await erika.paysWith('success');
      const reference = await erika.goesBackPaid();
      await erika.downloadsPdf(fz.sent.pdf);
      await lettersArrive(app, 'erika', 2);

      const max = await newCitizen(browser, app, seat, 'tag');
      const words = seat.locale === 'de' ? 'Mit freundlichen Grüßen, Max Beispiel' : 'Yours sincerely, Max Beispiel';
      await answers(max, reference, words);
      await lettersArrive(app, 'erika', 3);

      await seesOverview(erika, 'uebersicht-antwort');
      const overview = await erika.text();
      // The portal has heard of the card that was shown to another service.
      expect(overview).toContain(common.level.meaning.high);
      expect(overview).toContain(t.overview.letters.some({ count: 3 }));
      expect(overview).toContain(t.overview.applications.state.COMPLETED);
      expect(overview).toContain(t.overview.payments.none);
      await erika.follows(t.postfach.open);
      await erika.reads(postfach.nav.items.inbox, 'postfach');
      const { subject } = letterTexts[seat.locale].answered;
      await erika.follows(subject.issued);
      await erika.reads(subject.issued, 'antwort');
      for (const read of [reference, words]) expect(await erika.text()).toContain(read);
      await erika.visits(`${app.postfach}/vorgaenge`);
      await erika.reads(postfach.applications.title, 'vorgaenge');
      expect(await erika.text()).toContain(postfach.applications.state.COMPLETED);
      await erika.presses(common.account.logout);
      await erika.reads(flow.logout.title);

      const seen = (heading: string): number => erika.headings.filter((one) => one === heading).length;
      expect([seen(flow.login.title), seen(flow.stepUp.title)]).toEqual([1, 1]);
      expect([...erika.window.complaints, ...max.window.complaints]).toEqual([]);
    },
    120_000,
  );
});
