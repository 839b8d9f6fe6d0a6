import { createSign, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { makeRsaKey } from '../../src/simulators/certificates.ts';

/** A certificate that signs itself for these hosts, made by nobody whom production refuses. */
export const makeOwnCertificate = async (
  hosts: readonly string[],
): Promise<{ readonly certificate: string; readonly key: string }> => {
  const { publicKey, privateKey } = await makeRsaKey();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(Date.now() - 60_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [
    { name: 'organizationName', value: 'Musterfirma' },
    { name: 'commonName', value: 'Musterfirma' },
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
  ]);
  // node-forge's own RSA takes seconds inside a test runner.
  const sign = (): string =>
    createSign('RSA-SHA256')
      .update(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'latin1')
      .sign(privateKey)
      .toString('latin1');
  certificate.sign({ sign } as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key: privateKey };
};
