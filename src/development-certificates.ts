import { X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { developmentOrganization } from './simulators/development-organization.ts';
import { holdsDevelopmentSecrets } from './storage/secrets.ts';

/** A file as the settings name it: the dotted key, and the path that stands there. */
export interface NamedFile {
  readonly setting: string;
  readonly file: string;
}

/** One file may hold a chain, or several authorities; Node's own parser stops after the first. */
const certificatesOf = (pem: string): string[] =>
  pem.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g) ?? [];

/** Node escapes the comma as RFC 4514 does, and writes one part of the name per line. */
const developmentLine = `O=${developmentOrganization.replaceAll(',', '\\,')}`;

const isOfDevelopment = ({ subject, issuer }: X509Certificate): boolean =>
  [subject, issuer].some((name) => name.split('\n').includes(developmentLine));

const faultOf = (file: string): string | undefined => {
  try {
    const found = certificatesOf(readFileSync(file, 'utf8')).map((pem) => new X509Certificate(pem));
    if (found.some(isOfDevelopment)) return 'holds a certificate of the development PKI';
    if (holdsDevelopmentSecrets(dirname(realpathSync(file))))
      return 'lies in a folder of the development PKI (it has a file DEVELOPMENT)';
    return undefined;
  } catch (error) {
    // A file that is missing is named by whoever needs it: a service has no business with the keys of the eID.
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : `cannot be checked (${code ?? 'no certificate'})`;
  }
};

/**
 * What stems from the development PKI among these files of certificates and keys, one line each for the operator. The
 * private keys lie on every developer's machine: whoever has them could play the eID-Server, and so make anybody `high`.
 */
export const developmentCertificates = (files: readonly NamedFile[]): string[] =>
  files.flatMap(({ setting, file }) => {
    const fault = faultOf(file);
    return fault === undefined ? [] : [`${setting}: ${file} ${fault}`];
  });
