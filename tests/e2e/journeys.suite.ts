import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, describe } from '@jest/globals';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import type { Browser } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const minute = 60_000;

/** What a page says of a level. */
const level = {
  de: { basic: 'Basisregistrierung', substantial: 'substantiell', high: 'hoch' },
  en: { basic: 'basic registration', substantial: 'substantial', high: 'high' },
} as const;

/** Where the parts are, and in front of which browsers people sit. */
export interface Variant {
  readonly name: string;
  readonly start: () => Promise<TestApp>;
  /** Requests of a service's own, outside any browser; the global fetch unless told otherwise. */
  readonly fetch?: (address: string, init: RequestInit) => Promise<Response>;
  /** Hashes of public keys that the browser accepts; asked for once an app has started. */
  readonly trust?: () => readonly string[];
  /** The main way is gone in each of them. */
  readonly seats: readonly (readonly [string, Seat])[];
  /** What follows it. */
  readonly furtherSeats: readonly (readonly [string, Seat])[];
}

/** Journeys 1 to 9 in a browser, for parts wherever they are. */
export const describeJourneys = ({ name, start, fetch: ownFetch, trust, seats, furtherSeats }: Variant): void =>
  describeIf(chromium, `the journeys in a browser, ${name}`, () => {
    let browser: Browser;
    let app: TestApp;
    let people: Citizen[];

    beforeAll(async () => {
      browser = await openBrowser(chromium ?? '', trust?.());
    });
    afterAll(async () => browser.close());
    beforeEach(async () => {
      people = [];
      app = await start();
      await app.events();
    });
    afterEach(async () => {
      await Promise.all(people.map(({ window }) => window.context.close()));
      resetClock();
      await app.stop();
    });

    const someone = async (seat: Seat, journey?: string): Promise<Citizen> => {
      const citizen = await newCitizen(browser, app, seat, journey);
      people.push(citizen);
      return citizen;
    };
    const complaints = (): readonly string[] => people.flatMap(({ window }) => window.complaints);
    const types = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);

    describe.each(seats)('%s', (_, seat) => {
      const names = level[seat.locale];

      test('1: password at Bayern-Portal shows name and level', async () => {
        const erika = await someone(seat, '1');
        await erika.logsInAtPortal('erika');
        expect(await erika.text()).toContain('Erika Mustermann');
        expect(await erika.text()).toMatch(new RegExp(names.basic, 'i'));
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual(['login.succeeded', 'data.released']);
      });

      test('2 and 3: step-up and linking at Führungszeugnis; then the card alone opens the same account', async () => {
        const erika = await someone(seat, '2');
        await erika.logsInAtPortal('erika');
        await erika.goesToFuehrungszeugnis();
        await erika.reads(erika.words.flow.stepUp.title);
        const asked = await erika.text();
        for (const part of [names.basic, names.high, 'Führungszeugnis', 'Erika Mustermann'])
          expect(asked).toContain(part);
        await erika.provesAndLinks('erika');
        const data = await erika.text();
        for (const read of ['ERIKA', 'MUSTERMANN', 'GABLER', 'HEIDESTRASSE 17']) expect(data).toContain(read);
        // What the card says is in no field: only what it lacks can be typed.
        const fields = erika.page.locator('main :is(input, select, textarea)');
        const typed = await fields.evaluateAll((all) => all.map((field) => field.getAttribute('name')));
        expect(typed).toEqual(['csrf', 'mother_birth_name']);
        expect(erika.page.url()).toBe(`${app.fz}/fuehrungszeugnis/daten`);
        const subjects = await app.subjects('erika');
        expect(await types()).toEqual([
          'login.succeeded',
          'data.released',
          'eid.started',
          'card.linked',
          'login.succeeded',
          'consent.given',
          'data.released',
        ]);

        const again = await someone(seat, '3');
        await again.opensPortal();
        await again.opensClient(again.words.flow.login.eid.button);
        await again.usesCard('erika');
        await again.reads(again.words.portal.heading, 'mit-ausweis-angemeldet');
        expect(await again.text()).toContain('ERIKA MUSTERMANN');
        expect(await again.text()).toContain(names.high);
        await again.goesToFuehrungszeugnis();
        await again.reads(again.words.fz.data.title, 'daten');
        expect(await app.subjects('erika')).toEqual(subjects);
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual(['eid.started', 'login.succeeded', 'data.released', 'data.released']);
      });

      test('4: an unknown card asks whether there is an account; a new one is at high', async () => {
        const zoe = await someone(seat, '4');
        const { words } = zoe;
        await zoe.opensPortal();
        await zoe.opensClient(words.flow.login.eid.button);
        await zoe.usesCard('zeichen');
        await zoe.reads(words.flow.assign.title, 'zuordnen');
        await zoe.presses(words.flow.assign.button);
        await zoe.page.getByRole('alert').waitFor();
        await zoe.reads(words.flow.assign.title, 'zuordnen-ohne-antwort');
        await zoe.page.getByLabel(words.flow.assign.new, { exact: true }).click();
        await zoe.presses(words.flow.assign.button);
        await zoe.reads(words.portal.heading, 'neues-konto');
        expect(await zoe.text()).toContain('ZOË ŻANETA LÍN-ÇELİK O’ĐỨC');
        expect(await zoe.text()).toContain(names.high);
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual([
          'eid.started',
          'account.created',
          'card.linked',
          'login.succeeded',
          'data.released',
        ]);
      });
    });

    describe.each(furtherSeats)('%s', (_, seat) => {
      test('4: an unknown card of somebody with an account is added after the password', async () => {
        const max = await someone(seat, '4b');
        const { flow, portal } = max.words;
        await max.opensPortal();
        await max.opensClient(flow.login.eid.button);
        await max.usesCard('max');
        await max.reads(flow.assign.title);
        await max.page.getByLabel(flow.assign.existing, { exact: true }).click();
        await max.presses(flow.assign.button);
        await max.reads(flow.login.title, 'anmelden-zum-verbinden');
        await max.givesPassword('max');
        await max.reads(flow.link.title, 'ausweis-hinzufuegen');
        await max.presses(flow.link.button);
        await max.reads(portal.heading, 'verbunden');
        expect(await max.text()).toContain('hoch');
        expect((await app.citizen('max'))?.card).toBeDefined();
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual(['eid.started', 'card.linked', 'login.succeeded', 'data.released']);
      });

      test("5: another person's card ends in an error; nothing is linked, session and service stay", async () => {
        await (await someone(seat)).erikaAtFuehrungszeugnis();
        const max = await someone(seat, '5');
        const { flow, service, portal } = max.words;
        await max.logsInAtPortal('max');
        await max.goesToFuehrungszeugnis();
        await app.events();
        await max.reads(flow.stepUp.title);
        await max.opensClient(flow.stepUp.button);
        await max.usesCard('erika');
        await max.reads(flow.refused.cause.foreignCard.title, 'fremder-ausweis');
        expect(await max.text()).not.toMatch(/Erika/i);
        expect(await types()).toEqual(['eid.started', 'card.refused', 'card.shown_elsewhere']);
        await max.presses(flow.backTo({ service: 'Führungszeugnis' }));
        await max.reads(service.failures.level.title, 'zurueck-beim-dienst');
        await max.visits(app.portal);
        await max.reads(portal.heading);
        expect(await max.text()).toContain('Max Beispiel');
        expect(await max.text()).toContain('Basisregistrierung');
        expect((await app.citizen('max'))?.card).toBeUndefined();
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual([]);
      });

      test('6: what goes wrong with the card is told with a reference; the password still works', async () => {
        const erika = await someone(seat, '6');
        const { flow, simulator, portal } = erika.words;
        const { cause } = flow.eidFailure;
        const failed = async (lead: string, picture: string): Promise<void> => {
          await erika.reads(flow.eidFailure.title, picture);
          const text = await erika.text();
          expect(text).toContain(lead);
          const events = await app.events();
          expect(events.map(({ type }) => type)).toEqual(['eid.started', 'eid.failed']);
          if (lead === cause.ended.lead) return;
          const { referenceId } = events[1] ?? {};
          expect(referenceId).toBeDefined();
          expect(text.replaceAll(' ', '')).toContain(referenceId);
        };
        await erika.opensPortal();
        await erika.opensClient(flow.login.eid.button);
        await erika.presses(simulator.request.cancel);
        await failed(cause.ended.lead, 'beendet');

        app.app.simulator?.planFault({ name: 'communicationError' });
        await erika.opensClient(flow.tryAgain);
        await erika.usesCard('erika');
        await failed(cause.connection.lead, 'verbindung');

        for (const card of ['gesperrt', 'abgelaufen']) {
          await erika.opensClient(flow.tryAgain);
          await erika.usesCard(card);
          await failed(cause.invalidDocument.lead, card);
        }

        app.app.simulator?.planFault({ name: 'silence' });
        await erika.opensClient(flow.tryAgain);
        await erika.usesCard('erika');
        await failed(cause.server.lead, 'keine-antwort');

        await erika.follows(flow.otherWay);
        await erika.reads(flow.login.title, 'anderer-weg');
        await erika.givesPassword('erika');
        await erika.reads(portal.heading);
        expect(await erika.text()).toContain('Erika Mustermann');
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual(['login.succeeded', 'data.released']);
      });

      test('7: the high level is gone after 5 idle minutes; the login at what is left stays', async () => {
        const erika = await someone(seat, '7');
        const { flow, fz, portal } = erika.words;
        await erika.erikaAtFuehrungszeugnis();
        await app.events();
        shiftClock(4 * minute);
        await erika.page.reload();
        await erika.reads(fz.data.title);
        shiftClock(5 * minute + 1000);
        await erika.page.reload();
        await erika.reads(flow.stepUp.title, 'niveau-abgelaufen');
        expect(await erika.text()).toContain('substantiell');
        expect(await erika.text()).toContain('Ihr Nachweis ist abgelaufen');
        await erika.visits(app.portal);
        await erika.reads(portal.heading, 'noch-angemeldet');
        expect(await erika.text()).toContain('Erika Mustermann');
        await erika.goesToFuehrungszeugnis();
        await erika.reads(flow.stepUp.title);
        await erika.opensClient(flow.stepUp.button);
        await erika.usesCard('erika');
        await erika.reads(fz.data.title, 'wieder-hoch');
        expect(complaints()).toEqual([]);
        expect(await types()).toEqual(['eid.started', 'login.succeeded', 'data.released']);
      });

      test('7: the high level is gone after 30 minutes in all, however busy', async () => {
        const erika = await someone(seat, '7b');
        const { flow, fz, portal } = erika.words;
        await erika.erikaAtFuehrungszeugnis();
        await app.events();
        for (let passed = 4; passed < 30; passed += 4) {
          shiftClock(4 * minute);
          await erika.visits(`${app.portal}/login`);
          await erika.reads(portal.heading);
          await erika.visits(`${app.fz}/fuehrungszeugnis/antrag`);
          await erika.reads(fz.tasks.title);
        }
        shiftClock(3 * minute);
        await erika.page.reload();
        await erika.reads(flow.stepUp.title, 'niveau-abgelaufen');
        await erika.visits(app.portal);
        await erika.reads(portal.heading);
        expect(await erika.text()).toMatch(/Erika Mustermann/i);
        expect(complaints()).toEqual([]);
      });

      test('8: logging out at one service ends the session here and at the other, and says who was told', async () => {
        const erika = await someone(seat, '8');
        const { flow, common, portal } = erika.words;
        await erika.erikaAtFuehrungszeugnis();
        await app.events();
        await erika.visits(app.portal);
        await erika.reads(portal.heading);
        await erika.presses(common.account.logout);
        await erika.reads(flow.logout.title, 'abmelden');
        await erika.presses(flow.logout.button);
        await erika.reads(flow.loggedOut.title, 'abgemeldet');
        for (const service of ['Bayern-Portal', 'Führungszeugnis']) expect(await erika.text()).toContain(service);
        await app.outboxEmpty();
        await erika.visits(`${app.fz}/fuehrungszeugnis/daten`);
        await erika.reads(flow.login.title, 'danach-beim-anderen-dienst');
        await erika.visits(app.portal);
        await erika.reads(portal.heading);
        expect(await erika.text()).not.toContain('Erika');
        expect(await types()).toEqual(['session.ended', 'logout.told', 'logout.told']);
        expect(complaints()).toEqual([]);
      });
    });

    const redirectServer = async (): Promise<{ readonly callback: string; close(): void }> => {
      const server = createServer((_request, response) => {
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><title>Hunde</title><h1>Hunde</h1>');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        callback: `http://localhost:${(server.address() as AddressInfo).port}/callback`,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      };
    };

    test('9: a service is a file, put there while the server runs; its login works by discovery alone', async () => {
      const service = await redirectServer();
      try {
        const [, seat] = seats[0] ?? [];
        if (seat === undefined) throw new Error('nobody sits there');
        const erika = await someone(seat, '9');
        const { flow } = erika.words;
        const secret = 'hunde-secret-hunde-secret-hunde-s';
        writeFileSync(join(app.data, 'hunde-secret'), secret);
        const file = {
          client_id: 'hundesteuer',
          client_name: { de: 'Hundesteuer anmelden', en: 'Register a dog' },
          redirect_uris: [service.callback],
          client_secret_file: join(app.data, 'hunde-secret'),
          scope: 'openid profile',
          purpose: { de: 'Anmeldung Ihres Hundes', en: 'To register your dog' },
        };
        // YAML contains JSON.
        const shipped = (await app.app.reloadClients()).set?.clients.size ?? 0;
        writeFileSync(join(app.config, 'clients', 'hundesteuer.yaml'), JSON.stringify(file));

        const fetchers = ownFetch === undefined ? {} : { [oidc.customFetch]: ownFetch as oidc.CustomFetch };
        const client = await oidc.discovery(
          new URL(app.issuer),
          'hundesteuer',
          undefined,
          oidc.ClientSecretBasic(secret),
          { ...fetchers, execute: app.issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [] },
        );
        const verifier = oidc.randomPKCECodeVerifier();
        const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
        const { href } = oidc.buildAuthorizationUrl(client, {
          redirect_uri: service.callback,
          scope: 'openid profile',
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        // The watcher waits until the folder has been quiet for a moment.
        const given = Date.now() + 20_000;
        do await erika.visits(href);
        while (!new URL(erika.page.url()).pathname.startsWith('/anmelden/') && Date.now() < given);
        await erika.reads(flow.login.title, 'anmelden');
        expect(await erika.text()).toContain('Hundesteuer anmelden');
        await erika.givesPassword('erika');
        await erika.reads(flow.consent.title, 'freigabe');
        expect(await erika.text()).toContain('Anmeldung Ihres Hundes');
        await erika.presses(flow.consent.release);
        await erika.reads('Hunde');
        const tokens = await oidc.authorizationCodeGrant(client, new URL(erika.page.url()), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
        });
        const { jwks_uri: keys = '' } = client.serverMetadata();
        const { payload } = await jwtVerify(
          tokens.id_token ?? '',
          createRemoteJWKSet(new URL(keys), ownFetch === undefined ? {} : { [joseFetch]: ownFetch }),
          { issuer: app.issuer, audience: 'hundesteuer' },
        );
        expect(payload).toMatchObject({ acr: 'urn:bayern-id:acr:basic', amr: ['pwd'], nonce });
        expect(payload.sub).toBe((await app.subjects('erika'))['bayern/hundesteuer']);
        expect(complaints()).toEqual([]);
        const events = await app.events();
        const changed = { type: 'configuration.changed', clients: shipped + 1 };
        expect(events).toContainEqual(expect.objectContaining(changed));
        // How often the watcher looks while a file is written is the file system's affair.
        expect(events.map(({ type }) => type).filter((type) => type !== 'configuration.changed')).toEqual([
          'login.succeeded',
          'consent.given',
          'data.released',
        ]);
      } finally {
        service.close();
      }
    });
  });
