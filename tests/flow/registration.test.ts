import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { mailTo, post } from '../support/post.ts';
import { asksForCode, confirmsAddress, goodPassword, registers } from '../support/registration.ts';

/** A new account, over HTTP. */
let app: TestApp;
let person: Person;
let count = 0;
/** Nobody's address yet. */
const newAddress = (): string => `neu-${++count}@post.test`;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  person = createPerson();
  await app.events();
});
afterEach(() => resetClock());

const login = (who: Person = person): Promise<Page> => who.visit(`${app.portal}/login`);

describe('by e-mail', () => {
  test('from the login page to the service that asked, in four steps', async () => {
    const email = newAddress();
    const start = await person.follow(await login(), '/registrieren');
    expect(textOf(start)).toContain('Konto anlegen');
    const address = await person.submit(start, '/registrieren');
    expect(textOf(address)).toContain('Schritt 1 von 4');
    const code = await person.submit(address, '/registrieren/e-mail', { email });
    expect(textOf(code)).toContain('Schritt 2 von 4');
    expect(textOf(code)).toContain(email);
    const mail = await mailTo(app, email);
    expect([mail.type, mail.service, mail.locale]).toEqual(['registration_code', 'Bayern-Portal', 'de']);
    const about = await person.submit(code, '/registrieren/code', { code: mail.code ?? '' });
    expect(textOf(about)).toContain('Schritt 3 von 4');
    const choose = await person.submit(about, '/registrieren/angaben', {
      given_name: 'Nora',
      family_name: 'Neu',
      'birthdate-year': '1990',
      locality: 'Hof',
    });
    expect(textOf(choose)).toContain('Schritt 4 von 4');
    const done = await person.submit(choose, '/registrieren/passwort', { password: goodPassword });
    expect(textOf(done)).toContain('Ihr Konto ist angelegt');
    const portal = await person.submit(done, '/registrieren/weiter');
    expect(portal.url.origin).toBe(app.portal);
    expect(textOf(portal)).toContain('Nora Neu');
    expect(textOf(portal)).toContain('Basisregistrierung');
    const citizen = await app.citizen(email);
    expect(citizen?.email).toBe(email);
    expect(citizen?.self).toMatchObject({
      given_name: { value: 'Nora', source: 'self', level: 'basic' },
      birthdate: { value: '1990    ' },
      address: { value: { locality: 'Hof' } },
      email: { value: email },
    });
    expect(citizen?.preferences).toEqual({ locale: 'de' });
    const events = (await app.events()).map(({ type }) => type);
    expect(events).toEqual(['account.created', 'login.succeeded', 'data.released']);
  });
});
