import { join } from 'node:path';
import type { EidPort } from '../src/id/authentication/eid/port.ts';
import type { EidServerSettings } from '../src/id/authentication/eid/tr03130/settings.ts';
import type { DevelopmentPki } from '../src/simulators/development-pki.ts';
import { product } from './world.ts';

/** The eID-Interface's part of a login, with keys and certificates of the measurement's own PKI. */

const eid = 'id/authentication/eid';
const { createTr03130 } = await product<typeof import('../src/id/authentication/eid/tr03130/adapter.ts')>(
  `${eid}/tr03130/adapter.js`,
);
const { eidServerSettings } = await product<typeof import('../src/id/authentication/eid/tr03130/settings.ts')>(
  `${eid}/tr03130/settings.js`,
);

export const paosAddress = 'https://localhost:3012/paos';

/** Made in development alone, so not by the process that is measured. */
export const makePki = async (folder: string): Promise<DevelopmentPki> => {
  const { ensureDevelopmentPki } = await product<typeof import('../src/simulators/development-pki.ts')>(
    'simulators/development-pki.js',
  );
  return ensureDevelopmentPki(join(folder, 'certs'));
};

const settingsFor = (folder: string, soapPort: number): EidServerSettings => {
  const file = (name: string): string => join(folder, 'certs', name);
  return eidServerSettings.parse({
    address: `https://localhost:${soapPort}/eid`,
    client_certificate_file: file('eid-client.pem'),
    client_key_file: file('eid-client.key'),
    ca_file: file('ca.pem'),
    signing_certificate_file: file('eid-client-signer.pem'),
    signing_key_file: file('eid-client-signer.key'),
    server_signer_certificate_files: [file('eid-server-signer.pem')],
    paos_addresses: [paosAddress],
    minimum_level: 'substantial',
    timeout_seconds: 30,
  });
};

/** The real adapter, to an eID-Server in a process of its own. */
export const createAdapter = async (folder: string, soapPort: number): Promise<EidPort> => {
  const seen = new Set<string>();
  return createTr03130({
    settings: settingsFor(folder, soapPort),
    // In the product one row of the store; here its memory, so that the store of the artifacts is not measured twice.
    isNew: async (fingerprint) => !seen.has(fingerprint) && seen.add(fingerprint) !== undefined,
    log: { warn() {}, error() {} },
  });
};

/** What one getResult costs beside the network: the question is signed, the answer checked, parsed and judged. */
export const createEidMessages = async (folder: string): Promise<() => void> => {
  const load = <Module>(path: string): Promise<Module> => product<Module>(path);
  const { readFileSync } = await import('node:fs');
  const ws = await load<typeof import('../src/id/authentication/eid/tr03130/ws-security.ts')>(
    `${eid}/tr03130/ws-security.js`,
  );
  const keys = await load<typeof import('../src/id/authentication/eid/tr03130/signer-keys.ts')>(
    `${eid}/tr03130/signer-keys.js`,
  );
  const requests = await load<typeof import('../src/id/authentication/eid/tr03130/requests.ts')>(
    `${eid}/tr03130/requests.js`,
  );
  const { judge } = await load<typeof import('../src/id/authentication/eid/tr03130/judgement.ts')>(
    `${eid}/tr03130/judgement.js`,
  );
  const { requestFor } = await load<typeof import('../src/id/authentication/eid/attributes.ts')>(
    `${eid}/attributes.js`,
  );
  const read = (name: string): string => readFileSync(join(folder, 'certs', name), 'utf8');
  const settings = settingsFor(folder, 443);
  const own = keys.createSigner(read('eid-client-signer.pem'), read('eid-client-signer.key'));
  const server = keys.createSigner(read('eid-server-signer.pem'), read('eid-server-signer.key'));
  const pins = keys.createPins([read('eid-server-signer.pem')]);
  const request = requestFor({ announcement: 'Messung', attributes: ['address', 'nationalities'], level: 'high' });
  const data: Readonly<Record<string, string>> = {
    DocumentType: 'ID',
    DateOfExpiry: '2039-12-31',
    GivenNames: 'ERIKA',
    FamilyNames: 'MUSTERMANN',
    DateOfBirth: '<eid:DateString>19640812</eid:DateString><eid:DateValue>1964-08-12</eid:DateValue>',
    PlaceOfBirth: '<eid:FreetextPlace>BERLIN</eid:FreetextPlace>',
    Nationality: 'D',
    BirthName: 'GABLER',
    PlaceOfResidence:
      '<eid:StructuredPlace><eid:Street>HEIDESTRASSE 17</eid:Street><eid:City>KÖLN</eid:City><eid:Country>D</eid:Country><eid:ZipCode>51147</eid:ZipCode></eid:StructuredPlace>',
    RestrictedID: `<eid:ID>${'AB'.repeat(32)}</eid:ID>`,
  };
  const element = (name: string, content: string): string => `<eid:${name}>${content}</eid:${name}>`;
  const each = (of: (name: string) => string): string =>
    Object.keys(data)
      .map((name) => element(name, of(name)))
      .join('');
  const answer = element(
    'getResultResponse',
    element(
      'PersonalData',
      each((name) => data[name] ?? ''),
    ) +
      element(
        'OperationsAllowedByUser',
        each(() => 'ALLOWED'),
      ) +
      element('LevelOfAssuranceResult', 'http://bsi.bund.de/eID/LoA/hoch') +
      '<dss:Result xmlns:dss="urn:oasis:names:tc:dss:1.0:core:schema"><dss:ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok</dss:ResultMajor></dss:Result>',
  );
  // Asked at the time at which it was answered: the rows before this one take longer than an answer stays fresh.
  const now = Date.now();
  const message = Buffer.from(ws.signMessage(answer, server, now));
  return () => {
    ws.signMessage(requests.writeGetResult('ab'.repeat(32), 1), own, now);
    const result = judge(ws.verifyMessage(message, pins, now).content, request, settings, now);
    if (result.kind !== 'ok') throw new Error('the answer was not accepted');
  };
};
