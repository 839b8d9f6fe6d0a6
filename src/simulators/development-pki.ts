import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdsDevelopmentSecrets, markDevelopment } from '../storage/secrets.ts';
import { issueCertificate, makeRsaKey, type CertificateWish, type KeyAndCertificate } from './certificates.ts';

const day = 24 * 60 * 60 * 1000;
/** Browsers refuse TLS certificates that live longer than 398 days. */
const lifetime = 397 * day;
const renewBefore = 14 * day;
const staleLock = 60_000;

const localNames = ['localhost', '127.0.0.1', '::1'];
/** For browser tests on hosts of different sites; `.test` never resolves outside (RFC 6761). */
const testDomains = ['bayern-id.test', 'dienste.test'];

type Leaf = Pick<CertificateWish, 'purpose' | 'commonName' | 'names'>;

const leaves = {
  localhost: {
    purpose: 'tls-server',
    commonName: 'localhost',
    names: [...localNames, ...testDomains.flatMap((domain) => [domain, `*.${domain}`])],
  },
  'eid-client': { purpose: 'tls-client', commonName: 'Bayern-ID as eService, TLS' },
  'eid-server': { purpose: 'tls-server', commonName: 'eID-Server simulator, TLS', names: localNames },
  'eid-client-signer': { purpose: 'signer', commonName: 'Bayern-ID as eService, message signer' },
  'eid-server-signer': { purpose: 'signer', commonName: 'eID-Server simulator, message signer' },
  'rp-client': { purpose: 'tls-client', commonName: 'Relying party, TLS' },
} as const satisfies Record<string, Leaf>;

export type DevelopmentCertificate = keyof typeof leaves;
const leafNames = Object.keys(leaves) as DevelopmentCertificate[];

export interface StoredCertificate extends KeyAndCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** All certificates of a development machine. The authority's private key is never written: nobody can issue more. */
export interface DevelopmentPki {
  readonly ca: { readonly certificate: string; readonly certificateFile: string };
  readonly of: Readonly<Record<DevelopmentCertificate, StoredCertificate>>;
}

const certificateFile = (dir: string, name: string): string => join(dir, `${name}.pem`);
const keyFile = (dir: string, name: string): string => join(dir, `${name}.key`);

const inForce = (certificate: X509Certificate, now: number): boolean =>
  certificate.validFromDate.getTime() <= now && certificate.validToDate.getTime() - renewBefore > now;

const speaksFor = (certificate: X509Certificate, names: readonly string[]): boolean => {
  const written = certificate.subjectAltName ?? '';
  return names.every((name) => (name.includes(':') ? written.includes('0:0:0:0:0:0:0:1') : written.includes(name)));
};

/** Undefined when a file is missing, does not fit the others, or is not in force for 14 more days. */
const load = async (dir: string, now: number): Promise<DevelopmentPki | undefined> => {
  try {
    const ca = { certificateFile: certificateFile(dir, 'ca'), certificate: '' };
    ca.certificate = await readFile(ca.certificateFile, 'utf8');
    const authority = new X509Certificate(ca.certificate);
    const of: Partial<Record<DevelopmentCertificate, StoredCertificate>> = {};
    for (const name of leafNames) {
      const [certificate, key] = await Promise.all([
        readFile(certificateFile(dir, name), 'utf8'),
        readFile(keyFile(dir, name), 'utf8'),
      ]);
      const parsed = new X509Certificate(certificate);
      const { names = [] }: Leaf = leaves[name];
      const usable =
        inForce(parsed, now) &&
        parsed.verify(authority.publicKey) &&
        parsed.checkPrivateKey(createPrivateKey(key)) &&
        speaksFor(parsed, names);
      if (!usable) return undefined;
      of[name] = {
        certificate,
        key,
        certificateFile: certificateFile(dir, name),
        keyFile: keyFile(dir, name),
      };
    }
    return inForce(authority, now) ? { ca, of: of as Record<DevelopmentCertificate, StoredCertificate> } : undefined;
  } catch {
    return undefined;
  }
};

const make = async (now: number): Promise<Map<string, string>> => {
  const [caKey, ...keys] = await Promise.all([makeRsaKey(), ...leafNames.map(() => makeRsaKey())]);
  // An hour back: clocks of virtual machines and their hosts differ.
  const dates = { notBefore: new Date(now - 60 * 60 * 1000), notAfter: new Date(now + lifetime) };
  const ca = issueCertificate(
    {
      ...dates,
      purpose: 'authority',
      commonName: 'Bayern-ID development authority',
      permittedNames: ['localhost', ...testDomains],
    },
    caKey,
  );
  const files = new Map([['ca.pem', ca.certificate]]);
  for (const [index, name] of leafNames.entries()) {
    const key = keys[index];
    if (key === undefined) throw new Error('fewer keys than certificates');
    const leaf = issueCertificate({ ...dates, ...leaves[name] }, key, ca);
    files.set(`${name}.pem`, leaf.certificate).set(`${name}.key`, leaf.key);
  }
  return files;
};

const writeAtomically = async (path: string, content: string): Promise<void> => {
  const draft = `${path}.${process.pid}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
};

/** True when this process holds the lock; a lock that a crashed process left is taken away after a minute. */
const lock = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > staleLock) await rm(path, { force: true });
    return false;
  }
};

/**
 * The development certificates in `dir`: made when they are missing, do not fit each other, or end within 14 days.
 * Several processes may call it at once; one makes them and the others wait. The folder is marked as DEVELOPMENT.
 * @throws in production, and when `dir` cannot be written
 */
export const ensureDevelopmentPki = async (dir: string): Promise<DevelopmentPki> => {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('The development PKI is refused with NODE_ENV=production: give real certificates');
  }
  await mkdir(dir, { recursive: true });
  // Before there is a key, and also where an older version made the keys.
  if (!holdsDevelopmentSecrets(dir)) markDevelopment(dir);
  const lockFile = join(dir, '.lock');
  for (;;) {
    const present = await load(dir, Date.now());
    if (present) return present;
    if (!(await lock(lockFile))) {
      await pause(50);
      continue;
    }
    try {
      // Another process may have made them between the look and the lock.
      if (await load(dir, Date.now())) continue;
      for (const [name, content] of await make(Date.now())) await writeAtomically(join(dir, name), content);
    } finally {
      await rm(lockFile, { force: true });
    }
    const made = await load(dir, Date.now());
    if (!made) throw new Error(`The development certificates just written to ${dir} cannot be used`);
    return made;
  }
};
