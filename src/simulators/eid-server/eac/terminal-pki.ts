import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eidOperations } from '../../../id/authentication/eid/port.ts';
import { holdsDevelopmentSecrets, markDevelopment } from '../../../storage/secrets.ts';
import { generateKey, pointFromSecret, pointOf, publicKeyObject } from './brainpool.ts';
import { certificateDescription } from './certificate-description.ts';
import { expiryOf, isSignedBy, issueCvCertificate, sha256, type CertificateBody } from './cv-certificate.ts';
import { oids } from './object-identifiers.ts';
import { terminalRights } from './terminal-rights.ts';

/** What the eID-Server needs to be trusted by client and card: everything that a Berechtigungszertifikat comes with. */
export interface TerminalPki {
  readonly terminal: Buffer;
  readonly documentVerifier: Buffer;
  readonly key: KeyObject;
  readonly description: Buffer;
  readonly sectorPoint: Buffer;
}

export interface TerminalPkiWish {
  /** Where the files lie, beside the client that is to trust the authority. */
  readonly directory: string;
  /** Origin of Bayern-ID: the certificate speaks for this one alone. */
  readonly origin: string;
  /** PEM. */
  readonly tlsCertificates: readonly string[];
  readonly sectorSecret: string;
}

/** The authority that the card of AusweisApp 1.26 names as its own. */
const authorityName = 'DETESTeID00005';
const documentVerifierName = 'DEBIDTESTDV00001';
const terminalName = 'DEBIDTESTAT00001';

/**
 * The client trusts authorities in files of this ending in its own folder. Despite the name the content is DER, and it is
 * read as text: every 0x0d is lost.
 */
export const authorityFile = 'bayern-id-test.cvcert.hex';
const lost = 0x0d;

const files = { documentVerifier: 'dv.cvcert', terminal: 'at.cvcert', key: 'at.key' } as const;

const day = 24 * 60 * 60 * 1000;
const lifetime = 397 * day;
const renewBefore = 14 * day;

const dateAt = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Whoever reads this in the client is not to mistake it for a real certificate. */
const descriptionFor = ({ origin, tlsCertificates }: TerminalPkiWish): Buffer =>
  certificateDescription({
    issuer: 'Test-PKI, no authenticity',
    subject: 'Bayern-ID (Test-PKI, keine Echtheit)',
    subjectUrl: origin,
    termsOfUsage:
      'Name, Anschrift und E-Mail-Adresse des Diensteanbieters:\nBayern-ID, Entwicklung auf diesem Rechner\n\nTest-PKI, keine Echtheit / Test-PKI, no authenticity',
    tlsCertificates: tlsCertificates.map((pem) => new X509Certificate(pem).raw),
  });

const sectorHash = (sectorPoint: Buffer): Buffer =>
  sha256(publicKeyObject(oids.restrictedIdentification, sectorPoint, true));

const load = async (wish: TerminalPkiWish, now: number): Promise<TerminalPki | undefined> => {
  const read = (name: string): Promise<Buffer> => readFile(join(wish.directory, name));
  try {
    const [authority, documentVerifier, terminal, key] = await Promise.all([
      read(authorityFile),
      read(files.documentVerifier),
      read(files.terminal),
      read(files.key).then(createPrivateKey),
    ]);
    const description = descriptionFor(wish);
    const sectorPoint = pointFromSecret(wish.sectorSecret);
    const fits =
      [sha256(description), sectorHash(sectorPoint), pointOf(key)].every((part) => terminal.includes(part)) &&
      isSignedBy(terminal, documentVerifier) &&
      isSignedBy(documentVerifier, authority) &&
      [authority, documentVerifier, terminal].every((one) => Date.parse(expiryOf(one)) - renewBefore > now);
    return fits ? { terminal, documentVerifier, key, description, sectorPoint } : undefined;
  } catch {
    return undefined;
  }
};

const make = async (wish: TerminalPkiWish, now: number): Promise<TerminalPki> => {
  const description = descriptionFor(wish);
  const sectorPoint = pointFromSecret(wish.sectorSecret);
  // A day back: the client counts in local days.
  const dates = { effective: dateAt(now - day), expires: dateAt(now + lifetime) };
  const body = (holder: string, authority: string, key: KeyObject): Omit<CertificateBody, 'rights'> => ({
    ...dates,
    holder,
    authority,
    publicKey: publicKeyObject(oids.terminalAuthentication, pointOf(key), holder === authority),
  });
  const makeAuthority = (): { key: KeyObject; certificate: Buffer } => {
    const key = generateKey();
    const rights = terminalRights(eidOperations, 'cvca');
    return { key, certificate: issueCvCertificate({ ...body(authorityName, authorityName, key), rights }, key) };
  };
  let authority = makeAuthority();
  while (authority.certificate.includes(lost)) authority = makeAuthority();
  const verifierKey = generateKey();
  const key = generateKey();
  const documentVerifier = issueCvCertificate(
    { ...body(documentVerifierName, authorityName, verifierKey), rights: terminalRights(eidOperations, 'domestic') },
    authority.key,
  );
  const terminal = issueCvCertificate(
    {
      ...body(terminalName, documentVerifierName, key),
      rights: terminalRights(eidOperations),
      extensions: [
        { kind: oids.description, hash: sha256(description) },
        { kind: oids.sector, hash: sectorHash(sectorPoint) },
      ],
    },
    verifierKey,
  );
  const write = (name: string, content: Buffer | string): Promise<void> =>
    writeFile(join(wish.directory, name), content, { mode: 0o600 });
  await write(files.documentVerifier, documentVerifier);
  await write(files.terminal, terminal);
  await write(files.key, key.export({ type: 'pkcs8', format: 'pem' }));
  await write(authorityFile, authority.certificate);
  return { terminal, documentVerifier, key, description, sectorPoint };
};

/**
 * Certificates for the real client in a folder: made anew when they are missing, end within 14 days, or belong to another
 * origin, TLS certificate or sector. Only the terminal's private key is kept; nobody can issue more. The client reads its
 * authorities when it starts.
 * @throws in production, and when the folder cannot be written
 */
export const ensureTerminalPki = async (wish: TerminalPkiWish): Promise<TerminalPki> => {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The test PKI for the AusweisApp is refused with NODE_ENV=production');
  await mkdir(wish.directory, { recursive: true });
  if (!holdsDevelopmentSecrets(wish.directory)) markDevelopment(wish.directory);
  return (await load(wish, Date.now())) ?? (await make(wish, Date.now()));
};
