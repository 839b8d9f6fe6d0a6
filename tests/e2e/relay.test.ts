import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

/** Of a TC Token, what an attacker who fetches it himself is after: the way back with its second secret. */
const refreshOf = (tcToken: string): string => {
  const address = /<RefreshAddress>([^<]+)<\/RefreshAddress>/.exec(tcToken)?.[1];
  if (address === undefined) throw new Error(`no RefreshAddress in ${tcToken}`);
  return address.replaceAll('&amp;', '&');
};

/** An attacker begins a login, somebody else is to use the card for it (eid.md, section 7). */
describeIf(chromium, 'the relay attack, in two browsers', () => {
  let browser: Browser;
  let app: TestApp;
  let attacker: Citizen;
  let victim: Citizen;

  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => browser.close());
  beforeEach(async () => {
    app = await startTestApp();
    await app.events();
    attacker = await newCitizen(browser, app, defaultSeat, 'angriff');
    victim = await newCitizen(browser, app, { locale: 'de', width: 390 }, 'opfer');
  });
  afterEach(async () => {
    await Promise.all([attacker, victim].map(({ window }) => window.context.close()));
    await app.stop();
  });

  /** The attacker begins at the portal and stops at the link to the eID client, which is his to send around. */
  const bait = async (): Promise<string> => {
    const { flow } = attacker.words;
    await attacker.opensPortal();
    await attacker.presses(flow.login.eid.button);
    await attacker.reads(flow.eid.title);
    const link = attacker.page.getByRole('link', { name: flow.eid.simulated.button });
    return (await link.getAttribute('href')) ?? '';
  };

  const usesCardFor = async (link: string): Promise<void> => {
    await victim.visits(link);
    await victim.reads(victim.words.simulator.request.title);
    await victim.usesCard('erika');
  };

  /** Whatever he opens, nobody is logged in there. */
  const attackerHasNothing = async (): Promise<void> => {
    const { portal, flow } = attacker.words;
    await attacker.visits(app.portal);
    await attacker.reads(portal.heading);
    expect(await attacker.text()).toContain(portal.signIn.how);
    await attacker.visits(`${app.portal}/login`);
    await attacker.reads(flow.login.title);
    expect(await attacker.page.content()).not.toMatch(/ERIKA|MUSTERMANN/);
  };

  const kinds = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);

  test('the victim opens the link and uses the card: a warning there, nothing for the attacker, one event', async () => {
    const eidPage = attacker.page;
    const link = await bait();
    const begun = eidPage.url();
    await usesCardFor(link);
    const { relay_warning: warning } = victim.words.flow.error.code;
    await victim.reads(warning.title, 'warnung');
    expect(await victim.text()).toContain(warning.what);
    const back = victim.page.url();

    await eidPage.reload();
    await attacker.visits(begun.replace(/\/eid$/, ''));
    await attacker.reads(attacker.words.flow.login.title);
    await attacker.visits(back);
    expect(await attacker.page.content()).not.toMatch(/ERIKA|MUSTERMANN/);
    await attackerHasNothing();

    await victim.page.reload();
    await victim.reads(warning.title);
    const events = await app.events();
    expect(events.filter(({ type }) => type === 'eid.burned')).toHaveLength(1);
    expect(events.filter(({ type }) => /login|card|account/.test(type))).toEqual([]);
    expect(await app.citizen('erika')).not.toHaveProperty('card');
  });

  test('a victim who is in the middle of a login of her own is warned as well, and her own login goes on', async () => {
    await victim.logsInAtPortal('erika');
    await victim.goesToFuehrungszeugnis();
    await victim.reads(victim.words.flow.stepUp.title);
    const own = victim.page.url();
    await app.events();
    await usesCardFor(await bait());
    await victim.reads(victim.words.flow.error.code.relay_warning.title);
    await attackerHasNothing();
    expect((await kinds()).filter((type) => type !== 'eid.started')).toEqual(['eid.burned']);

    await victim.visits(own);
    await victim.provesAndLinks('erika');
  });

  test('the attacker fetches the token himself: the victim’s client gets none, the second secret alone opens nothing', async () => {
    const link = await bait();
    const tcToken = await fetch(new URL(link).searchParams.get('tcTokenURL') ?? '');
    const refresh = refreshOf(await tcToken.text());
    await victim.visits(link);
    await victim.reads(victim.words.simulator.noToken.title, 'kein-token');

    await attacker.visits(`${refresh}?ResultMajor=ok`);
    await attacker.reads(attacker.words.flow.eidFailure.title, 'kein-ergebnis');
    await attackerHasNothing();
    const seen = await kinds();
    expect(seen.filter((type) => type === 'eid.failed')).toHaveLength(1);
    expect(seen.filter((type) => /login|card|account/.test(type))).toEqual([]);
  });

  test('the cookie without the second secret opens nothing either, and harms nobody', async () => {
    const link = await bait();
    const uid = new URL(attacker.page.url()).pathname.split('/')[2] ?? '';
    await victim.visits(link);
    await victim.reads(victim.words.simulator.request.title);
    await attacker.visits(`${app.issuer}/anmelden/${uid}/eid/zurueck/${'A'.repeat(43)}?ResultMajor=ok`);
    await attacker.reads(attacker.words.flow.error.code.flow_finished.title, 'falscher-schluessel');
    await attackerHasNothing();
    expect(await kinds()).toEqual(['eid.started']);
    await victim.usesCard('erika');
    await victim.reads(victim.words.flow.error.code.relay_warning.title);
    expect(await kinds()).toEqual(['eid.burned']);
  });
});
