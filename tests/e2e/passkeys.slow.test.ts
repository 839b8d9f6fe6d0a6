import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, CDPSession } from 'playwright-core';
import { meansTexts } from '../../src/id/account/texts/means.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { describeIf, need } from '../support/lack.ts';
import { newcomer } from '../support/means.ts';

const chromium = need('chromium');

interface Device {
  /** Another kind of authenticator than a phone that keeps its passkeys in step with others. */
  readonly synced?: boolean;
  /** Whoever holds it is verified when asked. */
  readonly verifies?: boolean;
}

/** A real browser with an authenticator made by it (WebAuthn 11, "user agent automation"). */
describeIf(chromium, 'passkeys in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  let who: { login: string; password: string };
  let number = 0;
  beforeAll(async () => {
    app = await startTestApp();
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  beforeEach(async () => {
    number += 1;
    who = await newcomer(app, `person-${number}`);
  });
  afterEach(async () => Promise.all(browser.contexts().map((context) => context.close())));

  const plugIn = async (citizen: Citizen, { synced = true, verifies = true }: Device = {}): Promise<Plugged> => {
    const devtools = await citizen.window.context.newCDPSession(citizen.page);
    await devtools.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: synced,
        defaultBackupState: synced,
      },
    });
    return { devtools, authenticatorId };
  };

  interface Plugged {
    readonly devtools: CDPSession;
    readonly authenticatorId: string;
  }

  const someone = (seat = defaultSeat): Promise<Citizen> => newCitizen(browser, app, seat);

  /** Logs in by password at Mein Konto, and makes a passkey there. */
  const makesPasskey = async (citizen: Citizen): Promise<void> => {
    const words = meansTexts[citizen.window.seat.locale];
    await citizen.visits(`${app.issuer}/konto/zugaenge/passkey`);
    await citizen.givesPassword(who.login, who.password);
    await citizen.reads(words.addPasskey.title);
    await citizen.page.getByLabel(words.addPasskey.name, { exact: true }).fill('Mein Telefon');
    await citizen.presses(words.addPasskey.button);
  };

  /** Everything that a browser keeps of a session goes; what the authenticator holds stays. */
  const forgets = (citizen: Citizen): Promise<void> => citizen.window.context.clearCookies();

  test.each([
    ['synced', true],
    ['bound to its device', false],
  ])('made in Mein Konto and used by the button: %s', async (_title, synced) => {
    const citizen = await someone();
    const { devtools, authenticatorId } = await plugIn(citizen, { synced });
    // A browser without autofill, so that it is the button that does it.
    await citizen.page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
    const words = meansTexts.de;
    await makesPasskey(citizen);
    await citizen.reads(words.title);
    expect(await citizen.text()).toContain(words.done['passkey-hinzugefuegt']);
    expect(await citizen.text()).toContain(words.passkey.kind[synced ? 'synced' : 'bound']);
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    await forgets(citizen);
    await citizen.visits(`${app.issuer}/konto`);
    await citizen.reads(citizen.words.flow.login.title);
    await citizen.presses(citizen.words.flow.login.passkey.button);
    await citizen.page.waitForURL(`${app.issuer}/konto`);
    expect(citizen.window.complaints).toEqual([]);
  });

  test('autofill logs in without a user name', async () => {
    const citizen = await someone({ locale: 'en', width: 1280 });
    await plugIn(citizen);
    await makesPasskey(citizen);
    await citizen.reads(meansTexts.en.title);
    await forgets(citizen);
    await citizen.visits(`${app.issuer}/konto`);
    await citizen.page.waitForURL(`${app.issuer}/konto`);
    expect(citizen.window.complaints).toEqual([]);
  });

  test('whoever is not verified makes none, and is told so', async () => {
    const citizen = await someone();
    await plugIn(citizen, { verifies: false });
    await makesPasskey(citizen);
    await citizen.page.getByText(meansTexts.de.addPasskey.failed).waitFor();
    const id = (await app.citizen(who.login))?.account.id ?? '';
    expect(await app.app.id?.credentials.passkeysOf(id)).toEqual([]);
    // The form is there for another try.
    await citizen.presses(meansTexts.de.addPasskey.button);
    await citizen.page.getByText(meansTexts.de.addPasskey.failed).waitFor();
  });

  test('LA-20: a login without verification is refused by the browser, and the password still works', async () => {
    const citizen = await someone();
    const { devtools, authenticatorId } = await plugIn(citizen);
    await makesPasskey(citizen);
    await citizen.reads(meansTexts.de.title);
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await forgets(citizen);
    await citizen.visits(`${app.issuer}/konto`);
    await citizen.reads(citizen.words.flow.login.title);
    await citizen.presses(citizen.words.flow.login.passkey.button);
    await citizen.page.getByText(citizen.words.flow.passkey.failed).waitFor();
    await citizen.givesPassword(who.login, who.password);
    await citizen.page.waitForURL(`${app.issuer}/konto`);
  });

  test('a device that has one already says so', async () => {
    const citizen = await someone();
    await plugIn(citizen);
    await makesPasskey(citizen);
    await citizen.reads(meansTexts.de.title);
    await citizen.follows(meansTexts.de.passkey.add);
    await citizen.reads(meansTexts.de.addPasskey.title);
    await citizen.presses(meansTexts.de.addPasskey.button);
    await citizen.page.getByText(meansTexts.de.addPasskey.error.taken).waitFor();
  });

  test('without scripts the page is as it was, and says where a passkey would need them', async () => {
    const citizen = await someone({ ...defaultSeat, script: false });
    await citizen.visits(`${app.issuer}/konto/zugaenge/passkey`);
    await citizen.reads(citizen.words.flow.login.title);
    expect(await citizen.page.getByRole('button', { name: citizen.words.flow.login.passkey.button }).count()).toBe(0);
    await citizen.givesPassword(who.login, who.password);
    await citizen.reads(meansTexts.de.addPasskey.title);
    expect(await citizen.text()).toContain(meansTexts.de.addPasskey.missing);
    expect(await citizen.page.getByRole('button', { name: meansTexts.de.addPasskey.button }).count()).toBe(0);
  });

  test('recovery codes can be copied and printed', async () => {
    const citizen = await someone();
    const words = meansTexts.de;
    const { page, context } = citizen.window;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.addInitScript(() => {
      globalThis.print = () => document.body.setAttribute('data-printed', '');
    });
    await citizen.visits(`${app.issuer}/konto/zugaenge/app`);
    await citizen.givesPassword(who.login, who.password);
    await citizen.reads(words.setUpApp.title);
    const key = (await page.locator('.bid-key').innerText()).replaceAll(/\s/g, '');
    const { timeStep, totpCode } = await import('../../src/id/authentication/totp/codes.ts');
    await citizen.types(words.setUpApp.code, totpCode(key, timeStep(Date.now())));
    await citizen.presses(words.setUpApp.button);
    await citizen.reads(words.codes.heading);
    await citizen.presses(words.codes.button);
    await page.getByText(words.codes.fresh.title).waitFor();
    await citizen.presses(words.codes.fresh.print);
    expect(await page.locator('body[data-printed]').count()).toBe(1);
    await citizen.presses(words.codes.fresh.copy);
    await page.getByText(words.codes.fresh.copied).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.match(/[0-9A-Z]{5}(-[0-9A-Z]{5}){3}/g)).toHaveLength(10);
    expect(citizen.window.complaints).toEqual([]);
  });
});
