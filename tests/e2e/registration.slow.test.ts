import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { loginDataTexts } from '../../src/id/account/texts/login-data.tsx';
import { emailCodeTexts } from '../../src/id/email-code/texts.tsx';
import { registrationTexts } from '../../src/id/interaction/registration/texts/index.ts';
import { newPasswordTexts } from '../../src/id/new-password/texts.ts';
import { recoveryTexts } from '../../src/id/recovery/texts/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { describeIf, need } from '../support/lack.ts';
import { mailTo } from '../support/post.ts';

const chromium = need('chromium');
const password = 'zwiebel-turm-laterne-kutsche';
const another = 'anker-wolke-fenster-brot';

/** A new account, a forgotten password and another address, in a browser. */
describeIf(chromium, 'registration and reset in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  let people: Citizen[] = [];
  let count = 0;
  beforeAll(async () => {
    app = await startTestApp();
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    resetClock();
    await browser.close();
    await app.stop();
  });
  afterEach(async () => {
    await Promise.all(people.map(({ window }) => window.context.close()));
    people = [];
    shiftClock(86_401_000);
  });

  const someone = async (seat: Seat, journey: string): Promise<Citizen> => {
    const citizen = await newCitizen(browser, app, seat, journey);
    people.push(citizen);
    return citizen;
  };
  const complaints = (): readonly string[] => people.flatMap(({ window }) => window.complaints);
  /** By Tab alone, from wherever the focus is. */
  const tabTo = async ({ page }: Citizen, name: string): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const label = await focused.evaluate(
        (element) =>
          (element as HTMLInputElement).labels?.[0]?.childNodes[0]?.textContent ?? element.textContent?.trim() ?? '',
      );
      if (label.trim() === name) return;
    }
    throw new Error(`Tab does not lead to “${name}” at ${page.url()}`);
  };

  describe.each<[string, Seat]>([
    ['German, 1280 px', { locale: 'de', width: 1280 }],
    ['German, 320 px, dark, no script', { locale: 'de', width: 320, theme: 'dark', script: false }],
    ['English, 390 px', { locale: 'en', width: 390 }],
  ])('%s', (_, seat) => {
    const t = registrationTexts[seat.locale];
    const emailCode = emailCodeTexts[seat.locale];
    const reset = recoveryTexts[seat.locale];
    const fresh = newPasswordTexts[seat.locale];

    test('from the login page to the service, and back in after the password was forgotten', async () => {
      const email = `browser-${++count}@post.test`;
      const nora = await someone(seat, `registrierung-${seat.locale}-${seat.width}`);
      const { flow, portal } = nora.words;
      await nora.opensPortal();
      await nora.follows(flow.login.register);
      await nora.reads(t.register.title, 'registrieren');
      await nora.presses(t.register.email.button);
      await nora.reads(t.email.title, 'e-mail');
      await nora.types(t.email.label, 'keine');
      await nora.presses(t.email.button);
      await nora.reads(t.email.title, 'e-mail-fehler');
      expect(await nora.text()).toContain(t.email.fault.notAnAddress);
      await nora.page.getByLabel(t.email.label, { exact: true }).fill(email);
      await nora.presses(t.email.button);
      await nora.reads(emailCode.title, 'code');
      const mail = await mailTo(app, email);
      expect(mail.locale).toBe(seat.locale);
      await nora.visits(mail.link ?? '');
      await nora.reads(emailCode.title);
      await nora.presses(emailCode.button);
      await nora.reads(t.person.title, 'angaben');
      await nora.types(t.person.given, 'Nora');
      await nora.types(t.person.family, 'Neu');
      await nora.types(t.person.birth.year, '1990');
      await nora.presses(t.next);
      await nora.reads(t.password.title, 'passwort');
      await nora.types(fresh.label, 'passwordpassword');
      await nora.presses(t.password.button);
      await nora.reads(t.password.title, 'passwort-fehler');
      expect(await nora.text()).toContain(fresh.fault.common);
      await nora.types(fresh.label, password);
      await nora.presses(t.password.button);
      await nora.reads(t.registered.title, 'fertig');
      await nora.presses(t.registered.button({ service: 'Bayern-Portal' }));
      await nora.reads(portal.heading, 'am-dienst');
      expect(await nora.text()).toContain('Nora Neu');

      shiftClock(61_000);
      const forgetful = await someone(seat, `vergessen-${seat.locale}-${seat.width}`);
      await forgetful.opensPortal();
      await forgetful.follows(flow.login.password.forgot);
      await forgetful.reads(reset.forgotten.title, 'passwort-vergessen');
      await forgetful.types(reset.forgotten.login, email);
      await forgetful.presses(reset.forgotten.button);
      await forgetful.reads(reset.sent.title, 'gesendet');
      await forgetful.visits((await mailTo(app, email)).link ?? '');
      await forgetful.reads(reset.password.title, 'neu');
      await forgetful.types(fresh.label, another);
      await forgetful.presses(reset.password.button);
      await forgetful.reads(reset.done.title, 'geaendert');
      await forgetful.follows(reset.done.back);
      await forgetful.reads(flow.login.title);
      await forgetful.givesPassword(email, another);
      await forgetful.reads(portal.heading);
      expect(complaints()).toEqual([]);
    });
  });

  test('the whole registration with the keyboard alone; forms are sent by Enter', async () => {
    const t = registrationTexts.de;
    const emailCode = emailCodeTexts.de;
    const email = `tastatur-${++count}@post.test`;
    const nora = await someone({ locale: 'de', width: 1280 }, 'registrierung-tastatur');
    const { keyboard } = nora.page;
    await nora.opensPortal();
    await tabTo(nora, nora.words.flow.login.register);
    await keyboard.press('Enter');
    await nora.reads(t.register.title);
    await tabTo(nora, t.register.email.button);
    await keyboard.press('Enter');
    await nora.reads(t.email.title);
    await tabTo(nora, t.email.label);
    await keyboard.type(email);
    await keyboard.press('Enter');
    await nora.reads(emailCode.title);
    await tabTo(nora, emailCode.label);
    await keyboard.type((await mailTo(app, email)).code ?? '');
    await keyboard.press('Enter');
    await nora.reads(t.person.title);
    await tabTo(nora, t.person.given);
    await keyboard.type('Nora');
    await tabTo(nora, t.person.birth.day);
    await keyboard.type('31');
    await tabTo(nora, t.person.birth.month);
    await keyboard.type('2');
    await keyboard.press('Enter');
    await nora.reads(t.person.title, 'angaben-fehler');
    // The summary has the focus, and its link leads to the field.
    await tabTo(nora, t.person.fault.noSuchDay);
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await keyboard.press('Shift+Tab');
    expect(await nora.page.locator(':focus').getAttribute('id')).toBe('birthdate-day');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('28');
    await keyboard.press('Enter');
    await nora.reads(t.password.title);
    await tabTo(nora, newPasswordTexts.de.label);
    await keyboard.type(password);
    await keyboard.press('Enter');
    await nora.reads(t.registered.title);
    await tabTo(nora, t.registered.button({ service: 'Bayern-Portal' }));
    await keyboard.press('Enter');
    await nora.reads(nora.words.portal.heading);
    expect(complaints()).toEqual([]);
    await nora.visits(`${app.issuer}/konto/zugaenge/benutzername`);
    await nora.reads(loginDataTexts.de.loginName.title, 'benutzername');
    await nora.types(loginDataTexts.de.loginName.label, 'nora.neu');
    await nora.presses(loginDataTexts.de.loginName.button);
    await nora.page.getByText(loginDataTexts.de.loginName.done).first().waitFor();
    expect(complaints()).toEqual([]);
  });
});
