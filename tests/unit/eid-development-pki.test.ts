import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resetClock, shiftClock } from '../support/clock.ts';
import { ensureDevelopmentPki, type DevelopmentPki } from '../../src/simulators/development-pki.ts';

const day = 86_400_000;
let dir: string;
let pki: DevelopmentPki;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pki-'));
  const both = await Promise.all([ensureDevelopmentPki(dir), ensureDevelopmentPki(dir)]);
  expect(both[0]).toEqual(both[1]);
  pki = both[0];
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('two that start at once get the same certificates, and nothing else is left', async () => {
  const all = await readdir(dir);
  const files = all.filter((file) => file !== 'DEVELOPMENT');
  expect(all).toHaveLength(files.length + 1);
  expect(files.filter((file) => file.endsWith('.pem'))).toHaveLength(7);
  expect(files.filter((file) => file.endsWith('.key'))).toHaveLength(6);
  expect(files).toHaveLength(13);
  for (const file of files) expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
});

test('every leaf is by the authority, RSA 3072, and lives at most 398 days', () => {
  const authority = new X509Certificate(pki.ca.certificate);
  for (const { certificate } of Object.values(pki.of)) {
    const leaf = new X509Certificate(certificate);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 65537n });
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBeLessThanOrEqual(398 * day);
  }
});

test.each(['localhost', 'www.bayern-id.test', 'bayern-id.test', 'portal.dienste.test'])(
  'the TLS certificate speaks for %s',
  (name) => {
    expect(new X509Certificate(pki.of.localhost.certificate).checkHost(name)).toBeDefined();
  },
);

test.each(['127.0.0.1', '::1'])('the TLS certificate speaks for %s', (address) => {
  expect(new X509Certificate(pki.of.localhost.certificate).checkIP(address)).toBeDefined();
});

test('a folder of an older version is marked as well, and its certificates stay', async () => {
  await rm(join(dir, 'DEVELOPMENT'));
  expect(await ensureDevelopmentPki(dir)).toEqual(pki);
  expect(await readdir(dir)).toContain('DEVELOPMENT');
});

test('a second start changes nothing; a missing file makes all anew', async () => {
  expect(await ensureDevelopmentPki(dir)).toEqual(pki);
  await rm(pki.of['rp-client'].keyFile);
  const renewed = await ensureDevelopmentPki(dir);
  expect(renewed.ca.certificate).not.toBe(pki.ca.certificate);
  pki = renewed;
});

test('a file that does not fit the others makes all anew', async () => {
  await writeFile(pki.of.localhost.certificateFile, pki.of['eid-server'].certificate);
  const renewed = await ensureDevelopmentPki(dir);
  expect(renewed.ca.certificate).not.toBe(pki.ca.certificate);
  pki = renewed;
});

test('less than 14 days before the end all are made anew', async () => {
  shiftClock(384 * day);
  try {
    const renewed = await ensureDevelopmentPki(dir);
    expect(renewed.ca.certificate).not.toBe(pki.ca.certificate);
  } finally {
    resetClock();
  }
});
