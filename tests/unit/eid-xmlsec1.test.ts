import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { namespaces } from '../../src/id/authentication/eid/tr03130/names.ts';
import { writeUseId } from '../../src/id/authentication/eid/tr03130/requests.ts';
import {
  createPins,
  createSigner,
  signatureAlgorithms,
  type SignatureAlgorithm,
} from '../../src/id/authentication/eid/tr03130/signer-keys.ts';
import { envelopeOf, signMessage, verifyMessage } from '../../src/id/authentication/eid/tr03130/ws-security.ts';
import { issueCertificate, makeRsaKey, type KeyAndCertificate } from '../../src/simulators/certificates.ts';
import { describeIf, need } from '../support/lack.ts';

const xmlsec1 = need('xmlsec1');
const run = promisify(execFile);

// Our signer must not be judged by our verifier alone, nor the other way round.
describeIf(xmlsec1, 'xmlsec1 as the other side', () => {
  let dir: string;
  let own: KeyAndCertificate;
  const ids = ['--id-attr:Id', `${namespaces.soap}:Body`, '--id-attr:Id', `${namespaces.wsu}:Timestamp`];
  const file = (name: string): string => join(dir, name);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'xmlsec-'));
    const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
    own = issueCertificate({ commonName: 'signer', purpose: 'signer', ...dates }, await makeRsaKey());
    const publicKey = new X509Certificate(own.certificate).publicKey.export({ type: 'spki', format: 'pem' });
    await Promise.all([writeFile(file('public.pem'), publicKey), writeFile(file('key.pem'), own.key)]);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const accepts = async (message: string): Promise<boolean> => {
    await writeFile(file('message.xml'), message);
    return run(xmlsec1 ?? '', ['--verify', ...ids, '--pubkey-pem', file('public.pem'), file('message.xml')]).then(
      ({ stderr, stdout }) => /^OK$/m.test(stderr + stdout),
      () => false,
    );
  };
  const psk = { id: 'i'.repeat(32), key: 'ab'.repeat(32) };
  const content = writeUseId(
    { operations: { GivenNames: 'required' }, transactionInfo: 'Anmeldung „Köln“ & <mehr>' },
    psk,
    { schema: '2.4', minimum_level: 'substantial', eid_types: { HWKeyStore: 'denied' } },
  );

  // xmlsec1 1.2.37 knows no RSA-PSS.
  test.each<SignatureAlgorithm>(['rsa-sha256', 'rsa-sha512'])('accepts what we sign with %s', async (algorithm) => {
    const message = signMessage(content, createSigner(own.certificate, own.key, algorithm), Date.now());
    expect(await accepts(message)).toBe(true);
    expect(await accepts(message.replace('REQUIRED', 'ALLOWED'))).toBe(false);
  });

  const template = (algorithm: SignatureAlgorithm, prefixes: string): string => {
    const envelope = envelopeOf(content, Date.now());
    const c14n = (name: string): string =>
      prefixes === ''
        ? `<ds:${name} Algorithm="${namespaces.exclusiveC14n}"/>`
        : `<ds:${name} Algorithm="${namespaces.exclusiveC14n}"><ec:InclusiveNamespaces xmlns:ec="${namespaces.exclusiveC14n}" PrefixList="${prefixes}"/></ds:${name}>`;
    const references = [...envelope.matchAll(/wsu:Id="([^"]*)"/g)].map(
      ([, id]) =>
        `<ds:Reference URI="#${id}"><ds:Transforms>${c14n('Transform')}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>`,
    );
    const signature =
      `<ds:Signature xmlns:ds="${namespaces.ds}"><ds:SignedInfo>${c14n('CanonicalizationMethod')}` +
      `<ds:SignatureMethod Algorithm="${signatureAlgorithms[algorithm]}"/>${references.join('')}</ds:SignedInfo>` +
      `<ds:SignatureValue/><ds:KeyInfo><ds:KeyName>ignored</ds:KeyName></ds:KeyInfo></ds:Signature>`;
    return envelope.replace('</wsse:Security>', `${signature}</wsse:Security>`);
  };

  test.each<[SignatureAlgorithm, string]>([
    ['rsa-sha256', ''],
    ['rsa-sha512', ''],
    // The form that WSS4J writes unless it is told otherwise.
    ['rsa-sha256', 'soapenv eid wsse wsu'],
  ])('we accept what it signs with %s and the prefixes "%s"', async (algorithm, prefixes) => {
    await writeFile(file('template.xml'), template(algorithm, prefixes));
    const options = ['--sign', ...ids, '--privkey-pem', file('key.pem'), '--output', file('signed.xml')];
    await run(xmlsec1 ?? '', [...options, file('template.xml')]);
    const verified = verifyMessage(await readFile(file('signed.xml')), createPins([own.certificate]), Date.now());
    expect(verified.content.localName).toBe('useIDRequest');
    expect(verified.content.textContent).toContain('Anmeldung „Köln“ & <mehr>');
  });
});
