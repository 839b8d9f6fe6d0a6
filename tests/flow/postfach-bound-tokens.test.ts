import { createHash, generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Service } from '../attack/service.ts';
import { certificates } from '../support/app.ts';
import { freePort } from '../support/free-port.ts';
import { erika } from '../support/journey.ts';
import { makeOwnCertificate } from '../support/own-certificate.ts';
import { letterTo, newId, startPostfach, type PostfachWorld } from '../support/postfach.ts';

interface Identity {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

let world: PostfachWorld;
let handle: string;
let origin: string;
let own: Identity;
const certificate = (name: string): Identity => ({
  cert: readFileSync(join(certificates, `${name}.pem`)),
  key: readFileSync(join(certificates, `${name}.key`)),
});

/** As RFC 4514 writes it. */
const subjectOf = ({ cert }: Identity): string => new X509Certificate(cert).subject.split('\n').toReversed().join(',');

const scopes = { grant_type: 'client_credentials', scope: 'postfach:deliver' };

beforeAll(async () => {
  const port = await freePort();
  origin = `https://localhost:${port}`;
  world = await startPostfach({
    set: {
      MEIN_POSTFACH__MUTUAL_TLS__ORIGIN: origin,
      MEIN_POSTFACH__MUTUAL_TLS__PORT: String(port),
      MEIN_POSTFACH__MUTUAL_TLS__CERTIFICATE_FILE: join(certificates, 'localhost.pem'),
      MEIN_POSTFACH__MUTUAL_TLS__KEY_FILE: join(certificates, 'localhost.key'),
    },
  });
  handle = await (await world.sender('amt')).handleOf(erika);
  const made = await makeOwnCertificate(['amt.example']);
  own = { cert: made.certificate, key: made.key };
});
afterAll(() => world.stop());

/** A request on a connection of its own, opened with this certificate or with none. */
const overTls = (
  url: string,
  method: string,
  identity: Identity | undefined,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const ca = readFileSync(join(certificates, 'ca.pem'));
    const sent = request(url, { method, agent: false, ca, ...identity, headers }, (answer) => {
      text(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, body: read === '' ? {} : JSON.parse(read) }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

const letterForm = async (): Promise<{ readonly type: string; readonly body: Buffer }> => {
  const form = new FormData();
  form.append('letter', new Blob([JSON.stringify(letterTo(handle))], { type: 'application/json' }));
  const packed = new Response(form);
  return { type: packed.headers.get('content-type') ?? '', body: Buffer.from(await packed.arrayBuffer()) };
};

const deliver = async (token: string, identity: Identity | undefined, id = newId()) => {
  const { type, body } = await letterForm();
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  return overTls(`${origin}/api/letters/${id}`, 'PUT', identity, headers, body);
};

describe('a token that is bound to a certificate', () => {
  /** From the token endpoint, by the certificate alone. */
  const bound = async (clientId: string): Promise<string> => {
    const { body } = await overTls(
      `${world.app.settings.id.mutual_tls?.origin}/token`,
      'POST',
      certificate('rp-client'),
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ ...scopes, client_id: clientId }).toString(),
    );
    return String(body['access_token']);
  };
  let token: string;
  beforeAll(async () => {
    await world.sender('amt-mtls', {
      client: {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: subjectOf(certificate('rp-client')),
        tls_client_certificate_bound_access_tokens: true,
        jwks: null,
      },
    });
    token = await bound('amt-mtls');
  });

  test('delivers with its certificate, and nothing else does with it', async () => {
    const id = newId();
    expect(await deliver(token, certificate('rp-client'), id)).toMatchObject({ status: 201, body: { message_id: id } });
    for (const other of [undefined, certificate('eid-client'), own]) {
      const refused = await deliver(token, other, id);
      expect([refused.status, refused.body['code']]).toEqual([401, 'unauthorized']);
    }
  });

  test('is refused where no certificate can come, whatever a header says', async () => {
    const { type, body } = await letterForm();
    const pem = encodeURIComponent(String(certificate('rp-client').cert));
    const response = await fetch(`${world.app.postfach}/api/letters/${newId()}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': type,
        'x-forwarded-client-cert': pem,
        'ssl-client-cert': pem,
        'x-ssl-client-cert': pem,
      },
      body: new Uint8Array(body),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('invalid_token');
  });

  test('there is the API alone, and it names the address', async () => {
    for (const path of ['/postfach', '/login', '/health/live', '/'])
      expect((await overTls(`${origin}${path}`, 'GET', own, {})).status).toBe(404);
    const { body } = await overTls(`${origin}/api/openapi.json`, 'GET', undefined, {});
    expect(body['servers']).toMatchObject([{ url: world.app.postfach }, { url: origin }]);
  });
});

test('a token that is not bound is good with any certificate', async () => {
  const token = await (await world.sender('amt-frei')).token();
  expect((await deliver(token, own)).status).toBe(201);
  expect((await deliver(token, undefined)).status).toBe(201);
});

describe('a token that is bound to a key', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const proof = (method: string, url: string, token?: string, { privateKey, publicKey } = pair): Promise<string> => {
    const jwk = publicKey.export({ format: 'jwk' });
    return new SignJWT({
      htm: method,
      htu: url,
      jti: randomUUID(),
      ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .setIssuedAt()
      .sign(privateKey);
  };

  test('delivers with its proof, and with no other and not without one', async () => {
    const sender = await world.sender('amt-dpop', { client: { dpop_bound_access_tokens: true } });
    const service: Service = sender.service;
    const authentication = await service.authentication();
    const { access_token: token } = await service.tokens(scopes, {
      ...authentication,
      headers: { ...authentication.headers, dpop: await proof('POST', `${world.app.issuer}/token`) },
    });
    const put = async (scheme: string, dpop?: (url: string) => Promise<string>): Promise<number> => {
      const { type, body } = await letterForm();
      const url = `${world.app.postfach}/api/letters/${newId()}`;
      const response = await fetch(url, {
        method: 'PUT',
        headers: {
          authorization: `${scheme} ${token}`,
          'content-type': type,
          ...(dpop === undefined ? {} : { dpop: await dpop(url) }),
        },
        body: new Uint8Array(body),
      });
      return response.status;
    };
    expect(await put('DPoP', (url) => proof('PUT', url, token))).toBe(201);
    expect(await put('Bearer')).toBe(401);
    expect(await put('DPoP')).toBe(401);
    expect(await put('DPoP', (url) => proof('PUT', url, token, stranger))).toBe(401);
    expect(await put('DPoP', (url) => proof('GET', url, token))).toBe(401);
    expect(await put('DPoP', (url) => proof('PUT', `${url}x`, token))).toBe(401);
  });
});
