import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { certificates } from '../support/app.ts';
import { withoutRace } from '../support/ausweisapp-login.ts';
import {
  describeWithAusweisApp,
  startWithAusweisApp,
  trustDevelopmentPki,
  type AusweisAppWorld,
} from '../support/ausweisapp-world.ts';
import { defaultSeat, openBrowser } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

/** The public key of the development certificate, as Chromium names it. */
const trusted = (): string => {
  const { publicKey } = new X509Certificate(readFileSync(join(certificates, 'localhost.pem')));
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
};

describeIf(chromium, 'Chromium beside the AusweisApp', () => {
  describeWithAusweisApp('the link, the client and the way back', (usable) => {
    let world: AusweisAppWorld;
    let browser: Browser;

    trustDevelopmentPki();
    beforeEach(async () => {
      world = await startWithAusweisApp(usable);
      browser = await openBrowser(chromium ?? '', [trusted()]);
    });
    afterEach(async () => {
      await browser.close();
      await world.stop();
    });

    /** Presses what starts the Online-Ausweis, opens the client by its link, and waits until it has sent the browser back. */
    const opensClient = async (citizen: Citizen, button: string): Promise<void> => {
      const { eid } = citizen.words.flow;
      await citizen.presses(button);
      await citizen.reads(eid.title);
      expect(await citizen.text()).toContain(eid.testPki.title);
      // From …/eid to the client, which leads to …/eid/zurueck/R, and from there to what comes next.
      const back = citizen.page.waitForURL(({ pathname }) => /^\/anmelden\/[^/]+(?:\/eid\/fehler)?$/.test(pathname), {
        timeout: 60_000,
      });
      await citizen.follows(eid.openDesktop);
      await back;
    };

    test('a card and a new account in one window, with nothing to complain about', async () => {
      const { app, client } = world;
      const citizen = await newCitizen(browser, app, defaultSeat);
      const { flow, portal } = citizen.words;
      await citizen.opensPortal();
      let button = flow.login.eid.button;
      const { told } = await withoutRace(client, {}, async () => {
        await opensClient(citizen, button);
        button = flow.tryAgain;
      });
      expect(told).toMatchObject({ major: 'ok' });
      await citizen.reads(flow.assign.title);
      await citizen.page.getByLabel(flow.assign.new, { exact: true }).click();
      await citizen.presses(flow.assign.button);
      await citizen.reads(portal.heading);
      expect(await citizen.text()).toContain('ERIKA MUSTERMANN');
      expect(await citizen.text()).toContain('hoch');
      expect(citizen.window.complaints).toEqual([]);
    });
  });
});
