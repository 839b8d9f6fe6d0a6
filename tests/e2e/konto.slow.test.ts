import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { AccountPageName } from '../../src/id/account/paths.ts';
import { joiningTexts } from '../../src/id/account/texts/joining.tsx';
import { kontoTexts } from '../../src/id/account/texts/konto.ts';
import { meansTexts } from '../../src/id/account/texts/means.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { erikaAtFuehrungszeugnis } from '../support/journey.ts';
import { describeIf, need } from '../support/lack.ts';
import { newcomer } from '../support/means.ts';

const chromium = need('chromium');

describeIf(chromium, 'Mein Konto in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
    app = await startTestApp();
    await erikaAtFuehrungszeugnis(app);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  afterEach(async () => Promise.all(browser.contexts().map((context) => context.close())));

  const seats: readonly (readonly [string, Seat])[] = [
    ['German, 1280 px', defaultSeat],
    ['English, 320 px, dark, no script', { locale: 'en', width: 320, theme: 'dark', script: false }],
  ];

  test.each(seats)(
    '%s: looks at everything, changes a number, ends the other device, withdraws a consent, deletes and undoes it',
    async (_title, seat) => {
      const t = kontoTexts[seat.locale];
      const other = await newCitizen(browser, app, seat);
      await other.visits(`${app.issuer}/konto`);
      await other.givesPassword('max');
      await other.reads(t.home.greeting({ name: 'Max Beispiel' }));

      const opens = async (citizen: Citizen, name: AccountPageName): Promise<void> => {
        await citizen.visits(`${app.issuer}/konto`);
        await citizen.follows(t.nav.items[name]);
      };
      const max = await newCitizen(browser, app, seat);
      await max.visits(`${app.issuer}/konto`);
      await max.givesPassword('max');
      await max.reads(t.home.greeting({ name: 'Max Beispiel' }));
      expect(await max.text()).toContain(t.home.todo.secondFactor.title);

      await opens(max, 'data');
      await max.reads(t.data.title);
      await max.page.locator(`a[href="/konto/daten/telefon"]`).click();
      await max.reads(t.data.edit.phone.title);
      await max.presses(t.data.edit.save);
      await max.reads(t.data.title);
      await max.page.locator(`a[href="/konto/daten/telefon"]`).click();
      await max.reads(t.data.edit.phone.title);
      await max.page.locator('#phone_number').fill('089 123456');
      await max.presses(t.data.edit.save);
      await max.reads(t.data.title);
      expect(await max.text()).toContain('+4989123456');

      await opens(max, 'sessions');
      await max.reads(t.sessions.title);
      await max.presses(t.sessions.endOthers);
      await max.reads(t.sessions.title);
      expect(await max.text()).toContain(t.sessions.noOthers);
      await other.visits(`${app.issuer}/konto`);
      await other.reads(other.words.flow.login.title);

      await opens(max, 'activities');
      await max.reads(t.activities.title);
      await max.follows(t.activities.groups.changes);
      await max.reads(t.activities.title);
      expect(await max.text()).toContain(t.activities.what.dataChanged);

      for (const name of ['services', 'notices', 'language', 'export'] as const) {
        await opens(max, name);
        await max.reads(t[name].title);
      }

      await opens(max, 'deletion');
      await max.reads(t.deletion.title);
      await max.follows(t.deletion.next);
      await max.reads(t.deletion.confirm.title);
      await max.page.locator('#word').fill(t.deletion.confirm.word);
      await max.presses(t.deletion.confirm.button);
      await max.reads(t.deletion.planned.title);
      await max.visits(`${app.issuer}/konto`);
      await max.reads(max.words.flow.login.title);
      await max.givesPassword('max');
      await max.reads(max.words.flow.leaving.title);
      await max.presses(max.words.flow.leaving.button);
      await max.reads(t.home.greeting({ name: 'Max Beispiel' }));

      const erika = await newCitizen(browser, app, seat);
      await erika.visits(`${app.issuer}/konto/dienste/fuehrungszeugnis`);
      await erika.givesPassword('erika');
      await erika.reads('Führungszeugnis');
      if (seat.script !== false) {
        await erika.presses(t.services.withdraw);
        await erika.reads('Führungszeugnis');
        expect(await erika.text()).toContain(t.services.withdrawn);
      } else expect(await erika.text()).toContain(t.services.state.withdrawn);
      for (const { window } of [other, max, erika]) expect(window.complaints).toEqual([]);
    },
    120_000,
  );

  test.each(seats)(
    '%s: proves a second account, reads what becomes of it, and joins the two',
    async (_title, seat) => {
      const t = joiningTexts[seat.locale];
      const kept = await newcomer(app, `bleibt-${seat.locale}`);
      const closed = await newcomer(app, `endet-${seat.locale}`);
      const citizen = await newCitizen(browser, app, seat);
      await citizen.visits(`${app.issuer}/konto/zugaenge`);
      await citizen.givesPassword(kept.login, kept.password);
      await citizen.reads(meansTexts[seat.locale].title);
      await citizen.follows(meansTexts[seat.locale].join.link);
      await citizen.reads(t.title);
      await citizen.presses(t.start);
      await citizen.reads(citizen.words.flow.login.join.title);
      await citizen.givesPassword(closed.login, closed.password);
      await citizen.reads(t.review.title);
      expect(await citizen.text()).toContain(t.review.dropped.loginName({ name: closed.login }));
      await citizen.presses(t.review.button);
      await citizen.reads(t.review.title);
      expect(await citizen.text()).toContain(t.review.agreeError);
      await citizen.page.getByLabel(t.review.agree, { exact: true }).check();
      await citizen.presses(t.review.button);
      await citizen.reads(t.done.title);
      expect(await app.citizen(closed.login)).toBeUndefined();
      await citizen.visits(`${app.issuer}/konto`);
      await citizen.reads(kontoTexts[seat.locale].home.greeting({ name: kept.login }));
      expect(citizen.window.complaints).toEqual([]);
    },
    60_000,
  );
});
