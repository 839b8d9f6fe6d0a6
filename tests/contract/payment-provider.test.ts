import { exportJWK, generateKeyPair } from 'jose';
import { createAccess } from '../../src/portal/bezahlsystem/providers/access.ts';
import { createForwarding } from '../../src/portal/bezahlsystem/providers/forwarding.ts';
import { createSandbox } from '../../src/portal/bezahlsystem/providers/sandbox.ts';
import { createPaymentSimulator } from '../../src/simulators/payment-provider/simulator.ts';
import { createOutbound } from '../../src/web/outbound.ts';
import { catchCallbacks } from '../support/callback-catcher.ts';
import { atProvider } from '../support/payer.ts';
import { startForeignService } from '../support/xbezahldienste.ts';
import { paymentProviderSuite, type ProviderWorld } from './payment-provider.suite.ts';

const outbound = createOutbound({ allowSpecialUse: true });

const startSandbox = async (): Promise<ProviderWorld> => {
  const shop = await catchCallbacks();
  const callbackSecret = Buffer.alloc(32, 5);
  const simulator = createPaymentSimulator({
    port: 0,
    apiKey: 'key of the shop',
    callbackSecret,
    shopOrigins: [shop.origin],
  });
  const { origin } = await simulator.start();
  let running = true;
  const goesDown = async (): Promise<void> => {
    if (running) await simulator.close();
    running = false;
  };
  return {
    provider: createSandbox({
      name: 'sandbox',
      origin,
      apiKey: 'key of the shop',
      callbackSecrets: [callbackSecret],
      outbound,
    }),
    returnUrl: `${shop.origin}/ergebnis`,
    callbackUrl: `${shop.origin}/api/callbacks/sandbox`,
    pays: async (page) => void (await atProvider.pays(page, 'success')),
    cancels: async (page) => void (await atProvider.cancels(page)),
    goesDown,
    async stop() {
      await goesDown();
      await shop.stop();
    },
  };
};

const startForwarding = async (): Promise<ProviderWorld> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const service = await startForeignService({ id: 'wir', key: await exportJWK(publicKey) });
  const access = createAccess({
    tokenEndpoint: `${service.origin}/token`,
    issuer: service.origin,
    clientId: 'wir',
    clientKey: await exportJWK(privateKey),
    scope: 'payments',
    outbound,
  });
  return {
    provider: createForwarding({
      name: 'weiterleitung',
      api: service.api,
      originatorId: 'dienst',
      endPointId: 'amt',
      pageOrigins: [service.origin],
      methods: ['OTHER'],
      outbound,
      access,
    }),
    returnUrl: 'https://bezahlen.example/bezahlen/x/ergebnis',
    callbackUrl: 'https://bezahlen.example/api/callbacks/weiterleitung',
    pays: async (page) => service.end(page, 'PAYED'),
    cancels: async (page) => service.end(page, 'CANCELED'),
    goesDown: () => service.stop(),
    stop: () => service.stop(),
  };
};

paymentProviderSuite('the sandbox', startSandbox, { cancel: true, refunds: true });
paymentProviderSuite('forwarding to another XBezahldienste service', startForwarding, {
  cancel: false,
  refunds: false,
});
