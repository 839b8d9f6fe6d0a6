import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccess } from '../../src/portal/bezahlsystem/providers/access.ts';
import { createForwarding } from '../../src/portal/bezahlsystem/providers/forwarding.ts';
import type {
  PaymentOrder,
  PaymentProvider,
  ProviderPayment,
} from '../../src/portal/bezahlsystem/providers/provider.ts';
import { createOutbound, type Outbound } from '../../src/web/outbound.ts';
import { orderAt } from '../contract/payment-provider.suite.ts';
import type { TestApp } from './app.ts';

/** The Führungszeugnis as a client of the Bezahlsystem's API: another service of the kind may forward to it just so. */
export const clientOfBezahlsystem = (
  app: TestApp,
  outbound: Outbound = createOutbound({ allowSpecialUse: true }),
): PaymentProvider => {
  const api = `${app.bezahlsystem}/api`;
  const file = join(app.data, 'data', 'secrets', 'fuehrungszeugnis.private.json');
  return createForwarding({
    name: 'bezahlsystem',
    api,
    originatorId: 'fuehrungszeugnis',
    endPointId: 'bfj',
    pageOrigins: [app.bezahlsystem],
    methods: ['OTHER'],
    outbound,
    access: createAccess({
      tokenEndpoint: `${app.issuer}/token`,
      issuer: app.issuer,
      clientId: 'fuehrungszeugnis',
      clientKey: JSON.parse(readFileSync(file, 'utf8')) as JsonWebKey & { readonly kid?: string },
      scope: 'payments:create payments:read',
      resource: api,
      outbound,
    }),
  });
};

/** A fee that a service has asked for. */
export interface Fee {
  /** Where it is paid. */
  readonly page: string;
  /** How it stands, as the service reads it. */
  state(): Promise<ProviderPayment['state']>;
}

/** Asks for 13 euros in the name of the Führungszeugnis. */
export const askForFee = async (app: TestApp, own: Partial<PaymentOrder> = {}): Promise<Fee> => {
  const client = clientOfBezahlsystem(app);
  const order = orderAt({ returnUrl: `${app.fz}/fuehrungszeugnis`, callbackUrl: '' }, own);
  const { redirectUrl: page, providerReference } = await client.begin(order);
  return { page, state: async () => (await client.ask({ ...order, providerReference })).state };
};
