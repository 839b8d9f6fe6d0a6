import { readFileSync } from 'node:fs';
import { readSecretText } from '../../../storage/secrets.ts';
import { createOutbound, type OutboundOptions } from '../../../web/outbound.ts';
import type { ProviderSettings } from '../settings.ts';
import { createAccess } from './access.ts';
import { createForwarding } from './forwarding.ts';
import type { PaymentProvider } from './provider.ts';
import { createSandbox } from './sandbox.ts';

/** What the payment simulator and its shop share. */
export interface SandboxSecrets {
  readonly apiKey: string;
  readonly callbackSecret: Buffer;
}

/**
 * The providers of the settings, by their names.
 *
 * @param options.sandbox for the simulator; throws in production.
 * @throws with the name of a key file that is missing or unfit.
 */
export const configuredProviders = (
  settings: Readonly<Record<string, ProviderSettings>>,
  options: { readonly outbound: OutboundOptions; readonly sandbox: () => SandboxSecrets },
): ReadonlyMap<string, PaymentProvider> => {
  const build = (name: string, own: ProviderSettings): PaymentProvider => {
    if (own.kind === 'sandbox') {
      const { apiKey, callbackSecret } = options.sandbox();
      const outbound = createOutbound(options.outbound);
      return createSandbox({ name, origin: own.origin, apiKey, callbackSecrets: [callbackSecret], outbound });
    }
    const { oauth, certificate } = own;
    const outbound = createOutbound({
      ...options.outbound,
      ...(certificate === undefined
        ? {}
        : {
            clientCertificate: {
              cert: readFileSync(certificate.certificate_file, 'utf8'),
              key: readSecretText(certificate.key_file),
            },
          }),
    });
    return createForwarding({
      name,
      api: own.api,
      originatorId: own.originator_id,
      endPointId: own.end_point_id,
      pageOrigins: own.page_origins,
      methods: own.methods,
      outbound,
      ...(oauth === undefined
        ? {}
        : {
            access: createAccess({
              tokenEndpoint: oauth.token_endpoint,
              issuer: oauth.issuer,
              clientId: oauth.client_id,
              clientKey: JSON.parse(readSecretText(oauth.client_key_file)) as JsonWebKey & { readonly kid?: string },
              scope: oauth.scope,
              ...(oauth.resource === undefined ? {} : { resource: oauth.resource }),
              outbound,
            }),
          }),
    });
  };
  return new Map(Object.entries(settings).map(([name, own]) => [name, build(name, own)]));
};
