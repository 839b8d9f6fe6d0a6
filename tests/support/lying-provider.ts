import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';

/** What the next login gets wrong; nothing by default. */
export interface Lies {
  /** Laid over the claims of the ID token; undefined takes one out. */
  claims?: Readonly<Record<string, unknown>>;
  /** `foreign`: signed by a key that is not published; `none`: not signed at all. */
  signature?: 'foreign' | 'none';
  /** Laid over the parameters of the answer. */
  answer?: Readonly<Record<string, string>>;
  /** The subject of userinfo. */
  userinfoSub?: string;
}

export interface LyingProvider {
  readonly issuer: string;
  /** Set before a login. */
  lies: Lies;
  close(): Promise<void>;
}

/**
 * A provider that logs everybody in at once and lies on demand: what a relying party must refuse can be said by no real
 * one. It knows one client, `mein-dienst`, and does not look at its secret.
 */
export const startLyingProvider = async (): Promise<LyingProvider> => {
  const published = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(published.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
  const nonces = new Map<string, string>();
  const state = { lies: {} as Lies };

  const idToken = async (issuer: string, nonce: string, accessToken: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const half = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
    const all: Record<string, unknown> = {
      iss: issuer,
      sub: 'subject',
      aud: 'mein-dienst',
      iat: now,
      exp: now + 60,
      auth_time: now,
      acr: 'urn:bayern-id:acr:basic',
      at_hash: half,
      nonce,
      ...state.lies.claims,
    };
    const claims: JWTPayload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    if (state.lies.signature === 'none') return new UnsecuredJWT(claims).encode();
    const key = state.lies.signature === 'foreign' ? foreign.privateKey : published.privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(key);
  };

  const server = createServer((request, response) => {
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    const url = new URL(request.url ?? '/', issuer);
    const json = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const authorize = (): void => {
      const code = randomBytes(16).toString('hex');
      nonces.set(code, url.searchParams.get('nonce') ?? '');
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      const answer = { code, state: url.searchParams.get('state') ?? '', iss: issuer, ...state.lies.answer };
      back.search = new URLSearchParams(answer).toString();
      response.writeHead(303, { location: back.href }).end();
    };
    const token = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const code = new URLSearchParams(Buffer.concat(chunks).toString()).get('code') ?? '';
      const accessToken = randomBytes(16).toString('hex');
      json({
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: 60,
        id_token: await idToken(issuer, nonces.get(code) ?? '', accessToken),
      });
    };
    const paths: Readonly<Record<string, () => void>> = {
      '/.well-known/openid-configuration': () =>
        json({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/me`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['pairwise'],
          id_token_signing_alg_values_supported: ['ES256'],
          authorization_response_iss_parameter_supported: true,
        }),
      '/jwks': () => json({ keys: [jwk] }),
      '/auth': authorize,
      '/token': () => void token(),
      '/me': () => json({ sub: state.lies.userinfoSub ?? 'subject', name: 'Erika Mustermann' }),
    };
    (paths[url.pathname] ?? (() => response.writeHead(404).end()))();
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    issuer: `http://localhost:${(server.address() as AddressInfo).port}`,
    get lies() {
      return state.lies;
    },
    set lies(lies) {
      state.lies = lies;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
