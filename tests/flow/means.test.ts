import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { addPasskey, addTotp, makeCodes, openAccount, proceed, wrongCode } from '../support/means.ts';
import { erika, max } from '../support/journey.ts';

/** Ways into an account: added, used, renamed and taken away, as a citizen does it. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
afterEach(() => resetClock());

test('a passkey logs in by itself, without a user name', async () => {
  const passkey = await addPasskey(app, erika);
  const person = createPerson();
  const page = await openAccount(app, person, '/konto/zugaenge', { passkey });
  expect(textOf(page)).toContain('Mein Telefon');
  expect(textOf(page)).toContain('Zuletzt benutzt');
  const { credentials } = app.app.id ?? {};
  const id = (await app.citizen('erika'))?.account.id ?? '';
  expect((await credentials?.credentialsOf(id))?.map(({ kind }) => kind)).toEqual(['password', 'passkey']);
});
void [max, shiftClock, addTotp, makeCodes, proceed, wrongCode, createAuthenticator];
