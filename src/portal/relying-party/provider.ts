import { createRemoteJWKSet, customFetch as joseFetch, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';

/** Bayern-ID cannot be reached or does not describe itself as the configured issuer: a 503, never "logged out". */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

export interface ProviderOptions {
  /** Compared with the metadata character by character: `https://id.example/` is another issuer than `https://id.example`. */
  readonly issuer: string;
  readonly clientId: string;
  /** A private ES256 JWK with a kid: the client authenticates by private_key_jwt (RFC 7523). */
  readonly clientKey: JsonWebKey & { readonly kid?: string };
  /** Plain http is for development on one machine; anywhere else such an issuer is refused at once. */
  readonly allowHttp: boolean;
  readonly fetch?: Fetch | undefined;
}

export interface ProviderConnection {
  readonly configuration: oidc.Configuration;
  /** The provider's published signing keys, fetched when needed and again when an unknown kid turns up. */
  readonly keys: JWTVerifyGetKey;
}

/** Discovery that may fail now and succeed later: a relying party may start before its provider. */
export interface Provider {
  readonly issuer: string;
  /** @throws ProviderUnavailable */
  connect(): Promise<ProviderConnection>;
}

/** Metadata are read again after this time (ms); what is known stays in use while that fails. */
const metadataLife = 10 * 60_000;
/** After a failure nobody asks again for this time (ms), so that a crowd of visitors is no flood for a starting provider. */
const pause = 500;
const requestTimeout = 5;

export const createProvider = (options: ProviderOptions): Provider => {
  const { issuer, clientId } = options;
  if (new URL(issuer).protocol !== 'https:' && !options.allowHttp)
    throw new Error(`The issuer ${issuer} must be https.`);

  let known: { connection: ProviderConnection; at: number } | undefined;
  let failure: { error: ProviderUnavailable; at: number } | undefined;
  let running: Promise<ProviderConnection> | undefined;

  const discover = async (): Promise<ProviderConnection> => {
    const key = await crypto.subtle.importKey('jwk', options.clientKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
    ]);
    const configuration = await oidc.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: 'ES256', require_auth_time: true },
      oidc.PrivateKeyJwt(options.clientKey.kid === undefined ? key : { key, kid: options.clientKey.kid }),
      {
        timeout: requestTimeout,
        execute: [oidc.enableNonRepudiationChecks, ...(options.allowHttp ? [oidc.allowInsecureRequests] : [])],
        ...(options.fetch === undefined ? {} : { [oidc.customFetch]: options.fetch as oidc.CustomFetch }),
      },
    );
    const { issuer: named, jwks_uri: jwksUri } = configuration.serverMetadata();
    if (named !== issuer) throw new Error(`the metadata name the issuer ${named}`);
    if (jwksUri === undefined) throw new Error('the metadata name no jwks_uri');
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      timeoutDuration: requestTimeout * 1000,
      ...(options.fetch === undefined ? {} : { [joseFetch]: options.fetch }),
    });
    return { configuration, keys };
  };

  const attempt = (): Promise<ProviderConnection> => {
    running ??= discover()
      .then((connection) => {
        known = { connection, at: Date.now() };
        failure = undefined;
        return connection;
      })
      .catch((cause: unknown) => {
        const error = new ProviderUnavailable(`Discovery at ${issuer} failed.`, { cause });
        failure = { error, at: Date.now() };
        throw error;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    issuer,
    async connect() {
      const now = Date.now();
      const waiting = failure !== undefined && Math.abs(now - failure.at) < pause;
      if (known === undefined) {
        if (waiting && running === undefined) throw failure?.error ?? new ProviderUnavailable();
        return await attempt();
      }
      if (now - known.at >= metadataLife && !waiting) attempt().catch(() => undefined);
      return known.connection;
    },
  };
};
