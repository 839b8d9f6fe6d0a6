import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EidServerSettings } from './settings.ts';

/** What each of the certificates is for that logins with the Online-Ausweis depend on. */
export const certificateUses = ['tls_client', 'tls_authority', 'message_signer', 'server_signer'] as const;
export type CertificateUse = (typeof certificateUses)[number];

export interface DatedCertificate {
  readonly use: CertificateUse;
  readonly file: string;
  /** ms since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a file; of a chain only the first, which is one's own. */
const read = (use: CertificateUse, file: string, which: 'first' | 'all'): DatedCertificate[] => {
  const all = readFileSync(file, 'utf8').match(pemCertificate) ?? [];
  return (which === 'first' ? all.slice(0, 1) : all).map((pem) => {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return { use, file, validFrom: validFromDate.getTime(), validTo: validToDate.getTime() };
  });
};

/** Every certificate that the settings name, with its dates. @throws when a file cannot be read */
export const certificatesOf = (settings: EidServerSettings): readonly DatedCertificate[] => [
  ...read('tls_client', settings.client_certificate_file, 'first'),
  ...read('tls_authority', settings.ca_file, 'all'),
  ...read('message_signer', settings.signing_certificate_file, 'first'),
  ...settings.server_signer_certificate_files.flatMap((file) => read('server_signer', file, 'first')),
];
