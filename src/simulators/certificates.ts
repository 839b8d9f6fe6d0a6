import { createSign, generateKeyPair, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { developmentOrganization } from './development-organization.ts';

/** What a certificate is for; it decides key usage and extended key usage. */
export type CertificatePurpose = 'authority' | 'tls-server' | 'tls-client' | 'signer';

export interface CertificateWish {
  readonly commonName: string;
  readonly purpose: CertificatePurpose;
  /** DNS names and IP addresses for subjectAltName. */
  readonly names?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** For an authority: DNS names (with everything below them) that its certificates may speak for, beside loopback addresses. */
  readonly permittedNames?: readonly string[];
}

/** A certificate with its private key, both PEM (PKCS #8). */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

const generate = promisify(generateKeyPair);

/** An RSA key pair, PEM. Made by OpenSSL in libuv's threads: node-forge would take seconds of the main thread per key. */
export const makeRsaKey = async (bits = 3072): Promise<{ publicKey: string; privateKey: string }> =>
  generate('rsa', {
    modulusLength: bits,
    publicExponent: 0x10001,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

/** RFC 5280, 4.2.1.10: what a development authority may never speak for is everything outside this machine. */
const nameConstraints = (permittedNames: readonly string[]): string => {
  const { asn1 } = forge;
  // 127.0.0.0/8 and ::1/128, as address and mask.
  const loopback = ['7f000000ff000000', `${'00'.repeat(15)}01${'ff'.repeat(16)}`];
  const generalName = (tag: number, bytes: string) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, false, bytes);
  const bases = [
    ...permittedNames.map((name) => generalName(2, name)),
    ...loopback.map((range) => generalName(7, forge.util.hexToBytes(range))),
  ];
  const permitted = bases.map((base) => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [base]));
  return asn1
    .toDer(
      asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [
        asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, permitted),
      ]),
    )
    .getBytes();
};

const extensionsOf = (wish: CertificateWish): object[] => {
  const altNames = (wish.names ?? []).map((name) =>
    isIP(name) > 0 ? { type: 7, ip: name } : { type: 2, value: name },
  );
  const byPurpose: Record<CertificatePurpose, object[]> = {
    authority: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
    'tls-server': [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
    ],
    'tls-client': [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
    signer: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    ],
  };
  return [
    ...byPurpose[wish.purpose],
    { name: 'subjectKeyIdentifier' },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
    ...(wish.permittedNames ? [{ id: '2.5.29.30', critical: true, value: nameConstraints(wish.permittedNames) }] : []),
  ];
};

/** A certificate for the given key, signed (RSA with SHA-256) by `issuer`, or by itself. */
export const issueCertificate = (
  wish: CertificateWish,
  key: { publicKey: string; privateKey: string },
  issuer?: KeyAndCertificate,
): KeyAndCertificate => {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey);
  // RFC 5280, 4.1.2.2: positive, at most 20 octets.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`;
  certificate.validity.notBefore = wish.notBefore;
  certificate.validity.notAfter = wish.notAfter;
  const subject = [
    { name: 'organizationName', value: developmentOrganization },
    { name: 'commonName', value: wish.commonName },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.certificate).subject.attributes : subject);
  certificate.setExtensions(extensionsOf(wish));
  // node-forge's own RSA takes 100 ms per signature, and seconds inside a test runner; OpenSSL takes one.
  const signingKey = issuer?.key ?? key.privateKey;
  const sign = (): string =>
    createSign('RSA-SHA256')
      .update(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'latin1')
      .sign(signingKey)
      .toString('latin1');
  certificate.sign({ sign } as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key: key.privateKey };
};
