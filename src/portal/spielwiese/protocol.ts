import { randomUUID } from 'node:crypto';
import { decodeJwt, importJWK, SignJWT, type JWK } from 'jose';
import type { Fetch } from '../relying-party/provider.ts';

/** The ends of the conversation. */
export interface Wire {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientKey: JsonWebKey & { readonly kid?: string };
  readonly fetch: Fetch;
}

export interface Exchange {
  /** Both as text for people to read. */
  readonly request: string;
  readonly answer: string;
  readonly status: number;
  /** Empty when the answer was no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

const timeout = 5000;

/** One parameter a line: long values stay readable. */
export const linesOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');

const bodyOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const exchange = async (wire: Wire, url: string, init: RequestInit, shown: string): Promise<Exchange> => {
  const response = await wire.fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
  const text = await response.text();
  const body = bodyOf(text);
  const pretty = Object.keys(body).length === 0 ? text : JSON.stringify(body, null, 2);
  return { request: shown, answer: `${response.status}\n\n${pretty}`, status: response.status, body };
};

const clientAssertion = async ({ issuer, clientId, clientKey }: Wire, audience: string): Promise<string> =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', ...(clientKey.kid === undefined ? {} : { kid: clientKey.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience === '' ? issuer : audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(await importJWK(clientKey as JWK, 'ES256'));

/**
 * Posts to an endpoint that asks for the client's authentication. The assertion is shown by its content: whoever has it
 * whole could use it.
 *
 * @param audience who the assertion is made out to; empty for the issuer, as it should be.
 */
export const postAsClient = async (
  wire: Wire,
  url: string,
  fields: Readonly<Record<string, string>>,
  audience: string = '',
): Promise<Exchange> => {
  const assertion = await clientAssertion(wire, audience);
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const body = new URLSearchParams({ ...fields, client_assertion_type: type, client_assertion: assertion });
  const content = JSON.stringify(decodeJwt(assertion), null, 2);
  const shown = `POST ${url}\n\n${linesOf({ ...fields, client_assertion_type: type })}\nclient_assertion = ES256 ${content}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return exchange(wire, url, { method: 'POST', headers, body: body.toString() }, shown);
};

export const getUserinfo = (wire: Wire, url: string, accessToken: string): Promise<Exchange> =>
  exchange(
    wire,
    url,
    { headers: { authorization: `Bearer ${accessToken}` } },
    `GET ${url}\n\nAuthorization: Bearer ${accessToken}`,
  );
