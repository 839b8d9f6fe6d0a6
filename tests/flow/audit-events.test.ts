import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/id/audit/events.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
  await app.events();
});
afterEach(() => app.stop());

const idOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';
const stepUp = async (person: Person, who: typeof erika): Promise<Page> => {
  await loginAtPortal(app, person, who);
  const page = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
  await app.events();
  return page;
};
const withoutReference = (events: readonly AuditEvent[]): object[] =>
  events.map((event) => Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'referenceId')));

describe('one event per action, and who it was about', () => {
  test('a card that says something else than last time', async () => {
    await erikaAtFuehrungszeugnis(app);
    await app.events();
    const card = app.app.persons?.cards.find(({ id }) => id === 'erika');
    if (typeof card?.place_of_residence !== 'object') throw new Error('Erika has moved out');
    Object.assign(card.place_of_residence, { street: 'NEUE STRASSE 1' });
    const daten = `${app.fz}/fuehrungszeugnis/daten`;
    const person = createPerson();
    await useCard(app, person, await person.visit(daten), 'erika');
    const [, updated, ...rest] = await app.events();
    expect(updated).toEqual({
      type: 'card.updated',
      clientId: 'fuehrungszeugnis',
      accountId: await idOf('erika'),
      attributes: ['address'],
    });
    expect(rest.map(({ type }) => type)).toEqual(['login.succeeded', 'data.released']);
    // What it says now, it says the next time, too.
    const again = createPerson();
    await useCard(app, again, await again.visit(daten), 'erika');
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.started', 'login.succeeded', 'data.released']);
  });

  test('whoever does not want the card added goes back to the service as they came', async () => {
    const person = createPerson();
    const link = await useCard(app, person, await stepUp(person, max), 'max');
    expect(formsOf(link).some(({ action }) => action.endsWith('/ausweis-hinzufuegen'))).toBe(true);
    const back = await person.submit(link, '/abbrechen');
    expect(back.url.origin).toBe(app.fz);
    expect(await app.events()).toEqual([
      { type: 'eid.started', clientId: 'fuehrungszeugnis' },
      { type: 'link.declined', clientId: 'fuehrungszeugnis', accountId: await idOf('max') },
    ]);
    expect((await app.citizen('max'))?.card).toBeUndefined();
    const portal = await person.visit(app.portal);
    expect(textOf(portal)).toContain('Max Beispiel');
    expect(textOf(portal)).toContain('Basisregistrierung');
    // The next step-up asks again.
    const asked = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    expect(formsOf(asked).some(({ action }) => action.endsWith('/ausweis-hinzufuegen'))).toBe(true);
  });

  test.each([
    ['by the button for it', '/freigabe', { decision: 'refuse' }],
    ['by ending the login', '/abbrechen', {}],
  ])('data that are not released, %s', async (_, ending, fields) => {
    const person = createPerson();
    const link = await useCard(app, person, await stepUp(person, max), 'max');
    const consent = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    await app.events();
    const form = formsOf(consent).find(({ fields: sent }) => 'csrf' in sent);
    const back = await person.visit(new URL(consent.url.href.replace(/\/$/, '') + ending).href, {
      form: { csrf: form?.fields['csrf'] ?? '', ...fields },
    });
    expect(back.url.origin).toBe(app.fz);
    expect(await app.events()).toEqual([
      { type: 'consent.refused', clientId: 'fuehrungszeugnis', accountId: await idOf('max') },
    ]);
  });
});

describe('a card that is refused, with the reason', () => {
  test('another card than the one that is linked', async () => {
    await erikaAtFuehrungszeugnis(app);
    const person = createPerson();
    const refused = await useCard(app, person, await stepUp(person, erika), 'titel');
    expect(refused.status).toBe(403);
    expect(withoutReference(await app.events())).toEqual([
      { type: 'eid.started', clientId: 'fuehrungszeugnis' },
      {
        type: 'card.refused',
        reason: 'other_card_linked',
        clientId: 'fuehrungszeugnis',
        accountId: await idOf('erika'),
      },
    ]);
  });

  test('one that another account has got between the question and the answer', async () => {
    const person = createPerson();
    const link = await useCard(app, person, await stepUp(person, max), 'max');
    await app.events();
    const citizens = app.app.id?.citizens;
    const other = await app.citizen('erika');
    if (!citizens || !other) throw new Error('Bayern-ID does not run');
    const linkCard = citizens.linkCard.bind(citizens);
    citizens.linkCard = async (account, card, ...rest) => {
      await linkCard(other.account, card, { ceiling: 'high', confirm: [] }, []);
      return linkCard(account, card, ...rest);
    };
    const refused = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(refused.status).toBe(403);
    expect(textOf(refused)).not.toMatch(/Erika/i);
    expect(withoutReference(await app.events())).toEqual([
      { type: 'card.refused', reason: 'taken', clientId: 'fuehrungszeugnis', accountId: await idOf('max') },
      { type: 'card.shown_elsewhere', accountId: await idOf('erika') },
    ]);
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });
});
