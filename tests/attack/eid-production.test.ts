import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config/load.ts';
import { settings as schema, unfitForProduction } from '../../src/settings.ts';
import { issueCertificate, makeRsaKey } from '../../src/simulators/certificates.ts';
import { ensureDevelopmentPki, type DevelopmentPki } from '../../src/simulators/development-pki.ts';

let folder: string;
let pki: DevelopmentPki;
/** Certificates of somebody else: made by the same code, and the organisation's name replaced by one as long. */
let foreign: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'eid-production-'));
  pki = await ensureDevelopmentPki(join(folder, 'certs'));
  const elsewhere = join(folder, 'secrets');
  mkdirSync(elsewhere);
  const dates = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 100_000) };
  const key = await makeRsaKey();
  const made = issueCertificate({ commonName: 'An eID-Server', purpose: 'signer', ...dates }, key);
  const bytes = Buffer.from(made.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('latin1');
  const other = bytes.replaceAll('Bayern-ID development', 'Musterfirma fuer eIDs');
  const text = Buffer.from(other, 'latin1').toString('base64');
  foreign = `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  for (const name of ['own.pem', 'own.key'])
    writeFileSync(join(elsewhere, name), name === 'own.pem' ? foreign : key.privateKey);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = (name: string): string => join(folder, 'secrets', name);
const server = 'ID__EID__SERVER__';

/** Production's settings with certificates of its own; the given ones replace some of them. */
const unfit = (set: Readonly<Record<string, string>> = {}): string[] => {
  const files = {
    [`${server}CLIENT_CERTIFICATE_FILE`]: own('own.pem'),
    [`${server}CLIENT_KEY_FILE`]: own('own.key'),
    [`${server}CA_FILE`]: own('own.pem'),
    [`${server}SIGNING_CERTIFICATE_FILE`]: own('own.pem'),
    [`${server}SIGNING_KEY_FILE`]: own('own.key'),
    [`${server}SERVER_SIGNER_CERTIFICATE_FILES`]: `[${own('own.pem')}]`,
    WEB__TRUSTED_PROXIES: '[10.0.0.0/8]',
    ID__MAIL__SMTP__HOST: 'localhost',
    ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
    ...set,
  };
  const env = Object.fromEntries(Object.entries(files).map(([key, value]) => [`BAYERN_ID__${key}`, value]));
  return unfitForProduction(loadSettings('config', schema, { NODE_ENV: 'production', ...env }));
};

/** A copy outside the marked folder. */
const copy = (file: string, name: string): string => {
  cpSync(file, own(name));
  return own(name);
};

describe('EI-13, EI-25, SC-02: nothing of the development PKI in production', () => {
  test('certificates of one’s own are fit', () => expect(unfit()).toEqual([]));

  test.each<[string, string, () => string]>([
    ['id.eid.server.ca_file', `${server}CA_FILE`, () => pki.ca.certificateFile],
    [
      'id.eid.server.client_certificate_file',
      `${server}CLIENT_CERTIFICATE_FILE`,
      () => pki.of['eid-client'].certificateFile,
    ],
    [
      'id.eid.server.signing_certificate_file',
      `${server}SIGNING_CERTIFICATE_FILE`,
      () => pki.of['eid-client-signer'].certificateFile,
    ],
    ['outbound.ca_file', 'OUTBOUND__CA_FILE', () => pki.ca.certificateFile],
  ])('%s, as it lies there and as a copy', (setting, variable, file) => {
    for (const path of [file(), copy(file(), 'renamed.pem')])
      expect(unfit({ [variable]: path })).toEqual([`${setting}: ${path} holds a certificate of the development PKI`]);
  });

  test('the certificate of web.tls, with its key', () => {
    const { certificateFile, keyFile } = pki.of.localhost;
    const found = unfit({ WEB__TLS__CERTIFICATE_FILE: copy(certificateFile, 'tls.pem'), WEB__TLS__KEY_FILE: keyFile });
    expect(found).toEqual([
      `web.tls.certificate_file: ${own('tls.pem')} holds a certificate of the development PKI`,
      `web.tls.key_file: ${keyFile} lies in a folder of the development PKI (it has a file DEVELOPMENT)`,
    ]);
  });

  test('the certificates of mutual TLS: the key of rp-client would be any client', () => {
    const mutual = 'ID__MUTUAL_TLS__';
    const found = unfit({
      [`${mutual}ORIGIN`]: 'https://mtls.example.de',
      [`${mutual}CERTIFICATE_FILE`]: copy(pki.of.localhost.certificateFile, 'mtls.pem'),
      [`${mutual}KEY_FILE`]: own('own.key'),
      [`${mutual}CA_FILE`]: copy(pki.ca.certificateFile, 'mtls-ca.pem'),
    });
    expect(found).toEqual([
      `id.mutual_tls.certificate_file: ${own('mtls.pem')} holds a certificate of the development PKI`,
      `id.mutual_tls.ca_file: ${own('mtls-ca.pem')} holds a certificate of the development PKI`,
    ]);
  });

  test('one pinned signer among several, named by its place', () => {
    const pin = copy(pki.of['eid-server-signer'].certificateFile, 'pin.pem');
    expect(unfit({ [`${server}SERVER_SIGNER_CERTIFICATE_FILES`]: `[${own('own.pem')}, ${pin}]` })).toEqual([
      `id.eid.server.server_signer_certificate_files.1: ${pin} holds a certificate of the development PKI`,
    ]);
  });

  test.each([
    ['after another in one file', () => `${foreign}${pki.ca.certificate}`],
    ['before another', () => `${pki.ca.certificate}${foreign}`],
    ['under another label', () => pki.ca.certificate.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE')],
    ['with Windows line ends', () => pki.ca.certificate.replaceAll('\n', '\r\n')],
    ['issued by it, under a name of its own', () => pki.of['eid-server'].certificate],
  ])('an authority %s', (_title, text) => {
    writeFileSync(own('bundle.pem'), text());
    expect(unfit({ [`${server}CA_FILE`]: own('bundle.pem') })).toHaveLength(1);
  });

  test('a foreign certificate in the marked folder, also through a symbolic link', () => {
    const file = join(folder, 'certs', 'foreign.pem');
    writeFileSync(file, readFileSync(own('own.pem')));
    symlinkSync(file, own('link.pem'));
    for (const path of [file, own('link.pem')])
      expect(unfit({ [`${server}CA_FILE`]: path })).toEqual([
        `id.eid.server.ca_file: ${path} lies in a folder of the development PKI (it has a file DEVELOPMENT)`,
      ]);
  });

  test('what cannot be read as a certificate is not waved through', () => {
    writeFileSync(own('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(unfit({ [`${server}CA_FILE`]: own('broken.pem') })[0]).toContain('id.eid.server.ca_file');
    expect(unfit({ [`${server}CA_FILE`]: folder })[0]).toContain('EISDIR');
  });
});
