import { constants, createPrivateKey, createSign, createVerify, X509Certificate, type KeyObject } from 'node:crypto';

/** Setting names of the signature algorithms, and their XML Signature URIs. SHA-1 has none: it is never accepted. */
export const signatureAlgorithms = {
  'rsa-sha256': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'rsa-sha512': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'rsa-pss-sha256': 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
} as const;

export type SignatureAlgorithm = keyof typeof signatureAlgorithms;

const digestOf: Readonly<Record<SignatureAlgorithm, string>> = {
  'rsa-sha256': 'RSA-SHA256',
  'rsa-sha512': 'RSA-SHA512',
  'rsa-pss-sha256': 'RSA-SHA256',
};

const paddingOf = (algorithm: SignatureAlgorithm) =>
  algorithm === 'rsa-pss-sha256'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };

/** The side that signs: key, certificate's issuer (RFC 4514) and serial number (decimal), which is how TR-03130 names it. */
export interface Signer {
  readonly key: KeyObject;
  readonly algorithm: SignatureAlgorithm;
  readonly issuerName: string;
  readonly serialNumber: string;
}

/** A pinned certificate of the other side. */
export interface Pin {
  readonly key: KeyObject;
  /** ms since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** TR-03116-4 asks for 3000 bits; an exponent below 65537 invites forgeries. */
const assertStrong = (key: KeyObject): void => {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < 3000 || publicExponent < 65537n) {
    throw new Error('A message signer needs an RSA key of at least 3000 bits with a public exponent of at least 65537');
  }
};

/** @throws when key and certificate do not belong together, or the key is weak */
export const createSigner = (
  certificatePem: string,
  keyPem: string,
  algorithm: SignatureAlgorithm = 'rsa-sha256',
): Signer => {
  const certificate = new X509Certificate(certificatePem);
  const key = createPrivateKey(keyPem);
  if (!certificate.checkPrivateKey(key)) throw new Error('The signing certificate does not belong to the signing key');
  assertStrong(certificate.publicKey);
  return {
    key,
    algorithm,
    // Node writes the distinguished name from the root on, one part per line; RFC 4514 starts at the leaf.
    issuerName: certificate.issuer.split('\n').toReversed().join(','),
    serialNumber: BigInt(`0x${certificate.serialNumber}`).toString(),
  };
};

/** @throws on an unreadable certificate, a weak key, or an empty list: without a trust anchor nothing starts */
export const createPins = (certificates: readonly string[]): readonly Pin[] => {
  if (certificates.length === 0)
    throw new Error('No pinned certificate of the eID-Server: nothing it says can be checked');
  return certificates.map((pem) => {
    const certificate = new X509Certificate(pem);
    assertStrong(certificate.publicKey);
    return {
      key: certificate.publicKey,
      validFrom: certificate.validFromDate.getTime(),
      validTo: certificate.validToDate.getTime(),
    };
  });
};

/** A signature over the text, base64. */
export const signText = (signer: Signer, text: string): string =>
  createSign(digestOf[signer.algorithm])
    .update(text)
    .sign({ key: signer.key, ...paddingOf(signer.algorithm) }, 'base64');

/** Whether one of the pinned certificates that are in force at `now` (ms) made this signature. */
export const isSignedByPin = (
  pins: readonly Pin[],
  now: number,
  algorithm: SignatureAlgorithm,
  text: string,
  signature: string,
): boolean =>
  pins
    .filter((pin) => pin.validFrom <= now && now <= pin.validTo)
    .some((pin) =>
      createVerify(digestOf[algorithm])
        .update(text)
        .verify({ key: pin.key, ...paddingOf(algorithm) }, signature, 'base64'),
    );
