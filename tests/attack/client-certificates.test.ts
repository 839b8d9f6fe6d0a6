import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueCertificate, makeRsaKey, type KeyAndCertificate } from '../../src/simulators/certificates.ts';
import { certificates, startTestApp, type TestApp } from '../support/app.ts';
import { startServices, type Services } from './service.ts';

const read = (name: string): string => readFileSync(join(certificates, name), 'utf8');
const day = 86_400_000;
const wanted = 'dienst.stadt.example';

let app: TestApp;
let services: Services;
let key: Awaited<ReturnType<typeof makeRsaKey>>;
let accepted: KeyAndCertificate;
let foreign: KeyAndCertificate;
const folder = mkdtempSync(join(tmpdir(), 'bayern-id-authority-'));
beforeAll(async () => {
  const authority = { commonName: 'Authority for services', purpose: 'authority', ...valid() } as const;
  accepted = issueCertificate(authority, await makeRsaKey(2048));
  writeFileSync(join(folder, 'services.pem'), accepted.certificate);
  app = await startTestApp({ set: { ID__MUTUAL_TLS__CA_FILE: join(folder, 'services.pem') } });
  services = await startServices(app);
  key = await makeRsaKey(2048);
  foreign = issueCertificate(authority, await makeRsaKey(2048));
  await services.add({
    clientId: 'by-certificate',
    by: 'none',
    file: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: wanted },
  });
});
afterAll(async () => {
  await services.close();
  await app.stop();
  rmSync(folder, { recursive: true });
});

const valid = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - day),
  notAfter: new Date(Date.now() + day),
});

/** What the token endpoint says to a client with that certificate: invalid_grant comes from behind its authentication. */
const errorFor = (names: readonly string[], times = valid(), issuer = accepted): Promise<unknown> => {
  const own = issueCertificate({ commonName: wanted, purpose: 'tls-client', names, ...times }, key, issuer);
  const { port } = new URL(String(app.settings.id.mutual_tls?.origin));
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      {
        host: 'localhost',
        port,
        path: '/token',
        method: 'POST',
        agent: false,
        ca: read('ca.pem'),
        cert: own.certificate,
        key: own.key,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve((JSON.parse(Buffer.concat(chunks).toString()) as { error: string }).error));
      },
    );
    sent.on('error', reject);
    sent.end(
      new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'by-certificate',
        code: 'none',
        redirect_uri: 'https://dienst.example/callback',
        code_verifier: 'v'.repeat(43),
      }).toString(),
    );
  });
};

test('the name in its certificate makes the client', async () => {
  expect(await errorFor([wanted])).toBe('invalid_grant');
  expect(await errorFor(['other.stadt.example', wanted])).toBe('invalid_grant');
});

test.each([
  ['another name', ['other.stadt.example']],
  ['a name below it', [`a.${wanted}`]],
  ['a name above it', ['stadt.example']],
  ['no name but the common one', []],
  ['a name that would be two if it were split', [`a, DNS:${wanted}, DNS:b`]],
  ['a name with a quotation mark before what would be another', [`a", DNS:${wanted}, DNS:b`]],
])('%s is refused', async (_, names) => expect(await errorFor(names)).toBe('invalid_client'));

test('a certificate that has expired or is not valid yet is refused', async () => {
  const [past, future] = [new Date(Date.now() - 1000), new Date(Date.now() + day / 2)];
  expect(await errorFor([wanted], { ...valid(), notAfter: past })).toBe('invalid_client');
  expect(await errorFor([wanted], { ...valid(), notBefore: future })).toBe('invalid_client');
});

test('a certificate by an authority that is not accepted is refused', async () =>
  expect(await errorFor([wanted], valid(), foreign)).toBe('invalid_client'));
