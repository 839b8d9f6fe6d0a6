import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eidOperations, EidUnavailable, type EidPort } from '../../src/id/authentication/eid/port.ts';
import { startServices } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, loginAtPortal, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { freePort } from '../support/free-port.ts';

const isOffered = (page: Page): boolean => formsOf(page).some(({ action }) => action.endsWith('/eid'));
const outOfOrder = 'Der Online-Ausweis ist zurzeit gestört';

describe('RL-11: the eID-Server is gone', () => {
  let app: TestApp;
  let monitoring: number;
  beforeAll(async () => {
    monitoring = await freePort();
    app = await startTestApp({ set: { WEB__MONITORING_PORT: String(monitoring) } });
  });
  afterAll(() => app.stop());
  afterEach(() => resetClock());

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${monitoring}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length),
    );
  };
  const health = async (): Promise<Record<string, Record<string, unknown>>> =>
    (await fetch(`http://127.0.0.1:${monitoring}/health`)).json() as Promise<Record<string, Record<string, unknown>>>;

  test('while all is well, health and metrics say so, with the certificates', async () => {
    const { eid } = await health();
    expect(eid).toMatchObject({ state: 'available', server: 'Simulator 2.4', missing: [] });
    expect(eid?.['certificates']).toEqual(
      ['tls_client', 'tls_authority', 'message_signer', 'server_signer'].map((use) =>
        expect.objectContaining({ use, state: 'valid', expires: expect.stringMatching(/^\d{4}-.*Z$/) }),
      ),
    );
    expect(await metric('eid_server_available')).toBe(1);
    expect(await metric('certificate_expiry_timestamp_seconds{for="eid_message_signer"}')).toBeGreaterThan(
      Date.now() / 1000,
    );
  });

  test('the help address called many times at once: one failure, one event, one reference', async () => {
    const person = createPerson();
    const eid = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
    const help = eid.url.href.replace(/\/eid$/, '/eid/hilfe');
    await app.events();
    const pages = await Promise.all(Array.from({ length: 8 }, () => person.visit(help)));
    pages.push(await person.visit(help));
    for (const page of pages) expect(textOf(page)).toContain('ist abgebrochen');
    const events = (await app.events()).filter(({ type }) => type === 'eid.failed');
    expect(events).toHaveLength(1);
    const told = (events[0]?.referenceId ?? 'nothing').replace(/^.{5}/, '$& ');
    for (const page of pages) expect(textOf(page)).toContain(told);
  });

  test('after three logins in vain the page says it at once, passwords go on, and it comes back by itself', async () => {
    // One citizen is at the card when it happens.
    const waiting = createPerson();
    const link = await waiting.submit(await waiting.visit(`${app.portal}/login`), '/eid');
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(link), card: 'max' });
    await app.app.simulator?.close();

    for (let i = 0; i < 3; i++) {
      const person = createPerson();
      const page = await person.visit(`${app.portal}/login`);
      expect(isOffered(page)).toBe(true);
      const eid = await person.submit(page, '/eid');
      const token = await (await fetch(tcTokenUrlOf(eid))).text();
      const help = /<CommunicationErrorAddress>([^<]*)</.exec(token)?.[1] ?? '';
      expect([help, token]).toEqual([
        expect.stringMatching(/\/eid\/hilfe$/),
        expect.stringContaining(`<RefreshAddress>${help}<`),
      ]);
      expect(textOf(await person.visit(help))).toContain('hat nicht richtig geantwortet');
    }

    const person = createPerson();
    const page = await person.visit(`${app.portal}/login`);
    expect([page.status, isOffered(page), textOf(page).includes(outOfOrder)]).toEqual([200, false, true]);
    // A form from before does not begin anything either.
    expect((await app.events()).filter(({ type }) => type === 'eid.started')).toHaveLength(4);
    const form = formsOf(page).find(({ action }) => action.endsWith('/passwort'));
    const again = await person.visit((form?.action ?? '').replace('/passwort', '/eid'), { form: form?.fields ?? {} });
    expect(textOf(again)).toContain(outOfOrder);
    expect((await app.events()).filter(({ type }) => type === 'eid.started')).toHaveLength(0);

    const loggedIn = await loginAtPortal(app, createPerson(), erika);
    expect([loggedIn.url.origin, textOf(loggedIn).includes('Erika')]).toEqual([app.portal, true]);
    const stepUp = createPerson();
    await loginAtPortal(app, stepUp, erika);
    const asked = await stepUp.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect([isOffered(asked), textOf(asked).includes(outOfOrder)]).toEqual([false, true]);

    expect(await health()).toMatchObject({ id: { ready: true }, eid: { state: 'not answering' } });
    expect(await metric('eid_server_available')).toBe(0);
    expect(await metric('eid_server_unanswered_total')).toBeGreaterThanOrEqual(3);

    // Who was at the card learns that the result could not be fetched, and nothing else.
    const late = await waiting.visit(end?.location ?? '');
    expect(late.url.pathname).toMatch(/\/eid\/fehler$/);

    await app.app.simulator?.start();
    expect(isOffered(await createPerson().visit(`${app.portal}/login`))).toBe(false);
    shiftClock(70_000);
    await app.app.id?.poll();
    const back = createPerson();
    const open = await back.visit(`${app.portal}/login`);
    expect([isOffered(open), textOf(open).includes(outOfOrder)]).toEqual([true, false]);
    expect(textOf(await useCard(app, back, open, 'zeichen'))).toContain('ZOË');
  });

  test('who waits too long on the page with the link is told so, without a script', async () => {
    const person = createPerson();
    const eid = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
    const wait = Number(eid.headers.get('refresh'));
    expect(wait).toBeGreaterThan(9 * 60);
    expect(wait).toBeLessThanOrEqual(10 * 60 + 1);
    await app.events();
    shiftClock(wait * 1000);
    const late = await person.visit(eid.url.href);
    expect([late.url.pathname.endsWith('/eid/fehler'), late.headers.get('refresh')]).toEqual([true, null]);
    expect(textOf(late)).toContain('Die Zeit für diesen Vorgang ist abgelaufen');
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.failed']);
    expect((await fetch(tcTokenUrlOf(eid))).status).toBe(404);
  });
});

/** An eID-Server with a certificate that does not allow everything, or that is not there. */
const stub = (info: EidPort['info']): EidPort => ({
  start: () => Promise.reject(new EidUnavailable('unreachable', 'nobody is there')),
  fetchResult: () => Promise.resolve({ kind: 'failed', reason: 'unreachable' }),
  info,
  close() {},
});
const without = (...operations: string[]): EidPort =>
  stub(() =>
    Promise.resolve({ version: '2.4', allowed: new Set(eidOperations.filter((one) => !operations.includes(one))) }),
  );

describe('what the certificate allows, and what clients ask for', () => {
  test('the start fails and names attribute, client and file', async () => {
    const failing = startTestApp({ eid: without('PlaceOfResidence') });
    await expect(failing).rejects.toThrow(/clients\/fuehrungszeugnis\.yaml.*fuehrungszeugnis may ask for address/);
    await expect(startTestApp({ eid: without('RestrictedID') })).rejects.toThrow(/id\.eid\.server.*RestrictedID/);
  });

  test('without an answer it starts, says that the Online-Ausweis is out of order, and passwords work', async () => {
    const silent = stub(() => Promise.reject(new EidUnavailable('unreachable', 'nobody is there')));
    const app = await startTestApp({ eid: silent });
    try {
      const page = await createPerson().visit(`${app.portal}/login`);
      expect([isOffered(page), textOf(page).includes(outOfOrder)]).toEqual([false, true]);
      expect((await loginAtPortal(app, createPerson(), erika)).url.origin).toBe(app.portal);
    } finally {
      await app.stop();
    }
  });

  test('a change of client files that asks for more is refused as a whole', async () => {
    const app = await startTestApp({ eid: without('CommunityID') });
    const services = await startServices(app);
    try {
      await expect(services.add({ clientId: 'gemeinde', file: { scope: 'openid identity' } })).rejects.toThrow(
        /gemeinde may ask for community_id/,
      );
      const { findings } = await app.app.reloadClients();
      expect(findings.map(({ file }) => file)).toContain(join(app.config, 'clients', 'gemeinde.yaml'));
      const before = createPerson();
      expect((await before.visit(`${app.issuer}/auth?client_id=gemeinde`)).status).toBe(400);
      expect(isOffered(await createPerson().visit(`${app.portal}/login`))).toBe(true);
      writeFileSync(join(app.config, 'clients', 'gemeinde.yaml'), '');
    } finally {
      await services.close();
      await app.stop();
    }
  });
});
