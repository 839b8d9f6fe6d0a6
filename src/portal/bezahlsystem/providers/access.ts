import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Outbound } from '../../../web/outbound.ts';
import { askProvider, understood } from './answers.ts';
import { PaymentProviderUnavailable } from './provider.ts';

export interface AccessOptions {
  readonly tokenEndpoint: string;
  /** Issuer of the authorization server: the audience of the assertion (FAPI 2.0 Security Profile, 5.3.3). */
  readonly issuer: string;
  readonly clientId: string;
  /** Private ES256 JWK with its kid, for private_key_jwt (RFC 7523). */
  readonly clientKey: JsonWebKey & { readonly kid?: string };
  readonly scope: string;
  /** The API that the token is for (RFC 8707). */
  readonly resource?: string;
  readonly outbound: Outbound;
}

/** Access to somebody else's API. */
export interface Access {
  /** Headers for one request. @throws PaymentProviderUnavailable while no token can be had. */
  headersFor(method: string, url: string): Promise<Record<string, string>>;
  /** The API did not take the token: the next request gets a new one. */
  forget(): void;
}

/** Seconds before its end that a token is no longer used. */
const margin = 30;
const assertionLife = 60;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string(),
  expires_in: z.number().positive().default(60),
});

const bare = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};

/** A token by client credentials, kept while it is good, bound to a key of this process (DPoP, RFC 9449) where the server does that. */
export const createAccess = (options: AccessOptions): Access => {
  const { tokenEndpoint, issuer, clientId, outbound } = options;
  const clientKey = createPrivateKey({ key: options.clientKey as never, format: 'jwk' });
  const proofKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let token: { readonly value: string; readonly bound: boolean; readonly until: number } | undefined;
  let asking: Promise<NonNullable<typeof token>> | undefined;

  const sign = (claims: object, header: object, key: KeyObject): Promise<string> =>
    new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', ...header })
      .setIssuedAt()
      .sign(key);

  const proof = (method: string, url: string, value?: string): Promise<string> =>
    sign(
      {
        htm: method,
        htu: bare(url),
        ...(value === undefined ? {} : { ath: createHash('sha256').update(value).digest('base64url') }),
      },
      { typ: 'dpop+jwt', jwk: proofKey.publicKey.export({ format: 'jwk' }) },
      proofKey.privateKey,
    );

  const fetchToken = async (): Promise<NonNullable<typeof token>> => {
    const now = Math.floor(Date.now() / 1000);
    const { kid } = options.clientKey;
    const assertion = await sign(
      { iss: clientId, sub: clientId, aud: issuer, exp: now + assertionLife, nbf: now },
      kid === undefined ? {} : { kid },
      clientKey,
    );
    const { status, body } = await askProvider(outbound, tokenEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        dpop: await proof('POST', tokenEndpoint),
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: options.scope,
        ...(options.resource === undefined ? {} : { resource: options.resource }),
        client_id: clientId,
        client_assertion_type: assertionType,
        client_assertion: assertion,
      }).toString(),
    });
    if (status !== 200) throw new PaymentProviderUnavailable(`token_${status}`);
    const answer = understood(tokenAnswer, body);
    return {
      value: answer.access_token,
      bound: answer.token_type.toLowerCase() === 'dpop',
      until: Date.now() + (answer.expires_in - margin) * 1000,
    };
  };

  return {
    async headersFor(method, url) {
      if (token === undefined || token.until <= Date.now()) {
        asking ??= fetchToken().finally(() => {
          asking = undefined;
        });
        token = await asking;
      }
      const { value, bound } = token;
      return bound
        ? { authorization: `DPoP ${value}`, dpop: await proof(method, url, value) }
        : { authorization: `Bearer ${value}` };
    },
    forget() {
      token = undefined;
    },
  };
};
