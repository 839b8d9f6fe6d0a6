import { afterAll, beforeAll } from '@jest/globals';
import { createOutbound } from '../../src/web/outbound.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { clientOfBezahlsystem } from '../support/fees.ts';
import { atProvider } from '../support/payer.ts';
import { paymentProviderSuite, type ProviderWorld } from './payment-provider.suite.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Somebody at a page of our own Bezahlsystem, which sends her on to the sandbox. */
const throughPage = async (page: string, act: (provider: string) => Promise<string>): Promise<void> => {
  const person = createPerson();
  const bill = await person.visit(page);
  const leaving = await person.submit(bill, new URL(page).pathname);
  const [, provider = ''] = /url=(.*)$/.exec(leaving.headers.get('refresh') ?? '') ?? [];
  await person.visit(await act(provider));
};

const startOwn = async (): Promise<ProviderWorld> => {
  const outbound = createOutbound({ allowSpecialUse: true });
  let down = false;
  return {
    provider: clientOfBezahlsystem(app, (address, request) =>
      down ? Promise.reject(new Error('nobody there')) : outbound(address, request),
    ),
    returnUrl: `${app.fz}/fuehrungszeugnis`,
    callbackUrl: `${app.fz}/unused`,
    pays: (page) => throughPage(page, (provider) => atProvider.pays(provider, 'success')),
    async cancels(page) {
      const person = createPerson();
      const question = await person.visit(`${page}/abbrechen`);
      await person.submit(question, '/abbrechen');
    },
    async goesDown() {
      down = true;
    },
    async stop() {},
  };
};

paymentProviderSuite('forwarding to this very Bezahlsystem', startOwn, { cancel: false, refunds: false });
