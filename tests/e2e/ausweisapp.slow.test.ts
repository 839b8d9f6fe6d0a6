import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import type { AuditEvent } from '../../src/id/audit/events.ts';
import type { TestApp } from '../support/app.ts';
import { openAusweisApp, type AusweisApp, type CardUse, type UseOutcome } from '../support/ausweisapp.ts';
import { useRealCard } from '../support/ausweisapp-login.ts';
import {
  cardOf,
  describeWithAusweisApp,
  startWithAusweisApp,
  trustDevelopmentPki,
  type AusweisAppWorld,
} from '../support/ausweisapp-world.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { loginAtPortal, max } from '../support/journey.ts';
import { freePort } from '../support/free-port.ts';

const { cause } = flowTexts.de.eidFailure;

describeWithAusweisApp('whole logins with the real AusweisApp', (usable) => {
  let world: AusweisAppWorld;
  let app: TestApp;
  let client: AusweisApp;

  trustDevelopmentPki();
  beforeEach(async () => {
    world = await startWithAusweisApp(usable);
    ({ app, client } = world);
    await app.events();
  });
  afterEach(() => world.stop());

  const events = (): Promise<AuditEvent[]> => app.events();
  const types = async (): Promise<string[]> => (await events()).map(({ type }) => type);
  const use = (
    person: Person,
    offer: Page,
    how: CardUse = {},
    by = client,
  ): Promise<{ page: Page; told: UseOutcome }> =>
    // What was written down of a race does not count.
    useRealCard(by, person, offer, how, async () => void (await events()), client.address);

  /** Logs in at a service with a card that no account has yet, as somebody new: Führungszeugnis reads the whole card. */
  const registers = async (start: string, how: CardUse = {}): Promise<{ page: Page; told: UseOutcome }> => {
    const person = createPerson();
    const { page: assign, told } = await use(person, await person.visit(start), how);
    const page = await person.submit(assign, '/zuordnen', { answer: 'new' });
    const asked = page.body.includes('/freigabe');
    return { page: asked ? await person.submit(page, '/freigabe', { decision: 'release' }) : page, told };
  };
  const atPortal = (): string => `${app.portal}/login`;
  const atFz = (): string => `${app.fz}/fuehrungszeugnis/daten`;

  /** The account that was created last, and what its card said. */
  const newcomer = async () => {
    const created = (await events()).find(({ type }) => type === 'account.created');
    return app.app.id?.citizens.find(created?.accountId ?? '');
  };

  test('the card alone opens an account at high with what the chip says, and the same one again', async () => {
    const { page, told } = await registers(atFz());
    expect(told).toMatchObject({ major: 'ok', minor: undefined });
    expect(page.url.href).toBe(atFz());
    for (const read of ['ERIKA', 'MUSTERMANN', 'GABLER', 'HEIDESTRAẞE 17']) expect(textOf(page)).toContain(read);
    const citizen = await newcomer();
    expect(citizen?.card?.attributes).toMatchObject({
      given_name: { value: 'ERIKA', source: 'card', level: 'high' },
      family_name: { value: 'MUSTERMANN', source: 'card', level: 'high' },
      birth_family_name: { value: 'GABLER' },
      birthdate: { value: '1964-08-12' },
      place_of_birth: { value: { formatted: 'BERLIN' } },
      nationalities: { value: ['DE'] },
      document_type: { value: 'ID' },
      address: {
        value: { street_address: 'HEIDESTRAẞE 17', locality: 'KÖLN', postal_code: '51147', country: 'DE' },
      },
    });

    // The pseudonym is the same the second time: nobody is asked whose card it is.
    const person = createPerson();
    const again = await use(person, await person.visit(`${app.portal}/login`));
    expect(again.page.url.origin).toBe(app.portal);
    expect(textOf(again.page)).toContain('ERIKA MUSTERMANN');
    expect(textOf(again.page)).toContain('hoch');
    const last = await events();
    expect(last.map(({ type }) => type)).toEqual(['eid.started', 'login.succeeded', 'data.released']);
    expect(last.at(1)?.accountId).toBe(citizen?.account.id);
  });

  test('the citizen is shown whose request it is, that nothing is authentic, and what it is for', async () => {
    const person = createPerson();
    const { told } = await use(person, await person.visit(`${app.portal}/login`), { cancelAt: 'rights' });
    const said = (name: string) => told.messages.find(({ msg }) => msg === name);
    expect(said('ACCESS_RIGHTS')).toMatchObject({
      transactionInfo: 'Anmeldung bei Bayern-Portal',
      chat: {
        required: ['DateOfBirth', 'FamilyName', 'ValidUntil', 'DocumentType', 'Pseudonym'],
        optional: ['BirthName', 'PlaceOfBirth', 'GivenNames'],
      },
    });
    expect(said('CERTIFICATE')?.description).toMatchObject({
      subjectName: 'Bayern-ID (Test-PKI, keine Echtheit)',
      issuerName: 'Test-PKI, no authenticity',
      subjectUrl: app.issuer,
    });
  });

  test.each(['rights', 'pin'] as const)(
    'a citizen who cancels (%s) is back, and no data were read',
    async (cancelAt) => {
      const person = createPerson();
      const { page, told } = await use(person, await person.visit(`${app.portal}/login`), { cancelAt });
      expect(told).toMatchObject({ major: 'error', minor: 'sal#cancellationByUser' });
      expect(textOf(page)).toContain(cause.ended.lead);
      expect(await events()).toMatchObject([{ type: 'eid.started' }, { type: 'eid.failed', cause: 'ended' }]);
    },
  );

  test('a step-up with the card of another account is refused, and nothing changes', async () => {
    const erika = createPerson();
    await loginAtPortal(app, erika);
    const link = await use(erika, await erika.visit(`${app.fz}/fuehrungszeugnis/daten`));
    const consent = await erika.submit(link.page, '/ausweis-hinzufuegen', { answer: 'add' });
    const done = await erika.submit(consent, '/freigabe', { decision: 'release' });
    expect(done.url.href).toBe(`${app.fz}/fuehrungszeugnis/daten`);
    expect(textOf(done)).toContain('HEIDESTRAẞE 17');

    const other = createPerson();
    await loginAtPortal(app, other, max);
    const stepUp = await other.visit(`${app.fz}/fuehrungszeugnis/daten`);
    await events();
    const { page, told } = await use(other, stepUp);
    expect(told.major).toBe('ok');
    expect(page.status).toBe(403);
    expect(textOf(page)).not.toMatch(/Erika/i);
    expect(await types()).toEqual(['eid.started', 'card.refused', 'card.shown_elsewhere']);
    expect((await app.citizen('max'))?.card).toBeUndefined();
    const portal = await other.visit(app.portal);
    expect(textOf(portal)).toContain('Max Beispiel');
    expect(textOf(portal)).toContain('Basisregistrierung');
  });

  test('a step-up with a new card of somebody born on another day is refused', async () => {
    const erika = createPerson();
    await loginAtPortal(app, erika);
    const stepUp = await erika.visit(`${app.fz}/fuehrungszeugnis/daten`);
    await events();
    const { page, told } = await use(erika, stepUp, { card: cardOf('max') });
    expect(told.major).toBe('ok');
    expect(page.status).toBe(403);
    expect(await types()).toEqual(['eid.started', 'card.refused']);
    expect((await app.citizen('erika'))?.card).toBeUndefined();
  });

  test('a card that has expired is refused by the chip itself', async () => {
    const person = createPerson();
    const offer = await person.visit(`${app.portal}/login`);
    const { page, told } = await use(person, offer, { card: cardOf('abgelaufen') });
    expect(told.major).toBe('error');
    expect(textOf(page)).toContain(cause.invalidDocument.lead);
    expect(await events()).toMatchObject([{ type: 'eid.started' }, { type: 'eid.failed', cause: 'invalidDocument' }]);
  });

  test('a card of somebody under 16 logs in: the product asks for no age, services decide by the birth date', async () => {
    await registers(atPortal(), { card: cardOf('minderjaehrig', { date_of_birth: '20120504' }) });
    expect((await newcomer())?.card?.attributes).toMatchObject({ birthdate: { value: '2012-05-04', level: 'high' } });
  });

  test('what is not on the chip is absent', async () => {
    const { told } = await registers(atFz(), { card: cardOf('unionsbuerger') });
    expect(told.messages.find(({ msg }) => msg === 'ACCESS_RIGHTS')?.chat?.optional).toContain('Address');
    const attributes = (await newcomer())?.card?.attributes;
    expect(attributes).toMatchObject({ document_type: { value: 'UB' }, nationalities: { value: ['FRA'] } });
    expect(Object.keys(attributes ?? {}).sort()).toEqual([
      'birthdate',
      'document_type',
      'family_name',
      'given_name',
      'nationalities',
      'place_of_birth',
    ]);
  });

  test('what the citizen deselects stays on the card', async () => {
    const { told } = await registers(atFz(), { optional: ['GivenNames'] });
    expect(told.major).toBe('ok');
    expect(Object.keys((await newcomer())?.card?.attributes ?? {}).sort()).toEqual([
      'birthdate',
      'document_type',
      'family_name',
      'given_name',
      // Assumed of a German identity card.
      'nationalities',
    ]);
  });

  test('special letters and an incomplete birth date arrive as they are on the chip', async () => {
    const card = cardOf('zeichen', { date_of_birth: '1960    ' });
    await registers(atFz(), { card });
    expect((await newcomer())?.card?.attributes).toMatchObject({
      given_name: { value: 'ZOË ŻANETA' },
      family_name: { value: 'LÍN-ÇELİK O’ĐỨC' },
      birthdate: { value: '1960    ' },
      address: { value: { street_address: 'STRAẞE „AM MÜHLBACH“ 5 & 7' } },
    });
  });

  test('where the eID-Server has no session for it, the client leads to the page that says so', async () => {
    app.app.simulator?.planFault({ name: 'tooManyOpenSessions' });
    const person = createPerson();
    const { page, told } = await use(person, await person.visit(atPortal()));
    expect(told).toMatchObject({ major: 'error', minor: 'dp#trustedChannelEstablishmentFailed' });
    expect(textOf(page)).toContain(cause.busy.lead);
    expect(await types()).toEqual(['eid.started', 'eid.failed']);
  });

  test('a client that does not trust the test PKI stops before the PIN', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ausweisapp-alone-'));
    const stranger = await openAusweisApp(usable, directory, await freePort());
    try {
      const person = createPerson();
      const { page, told } = await use(person, await person.visit(`${app.portal}/login`), {}, stranger);
      expect(told).toMatchObject({ major: 'error', minor: 'il/signature#invalidCertificatePath' });
      expect(told.messages.map(({ msg }) => msg)).not.toContain('ENTER_PIN');
      expect(page.url.origin).toBe(app.issuer);
      expect(await types()).toEqual(['eid.started', 'eid.failed']);
      expect(textOf(page)).toContain(flowTexts.de.eidFailure.title);
    } finally {
      await stranger.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
