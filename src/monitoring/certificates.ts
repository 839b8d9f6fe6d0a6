import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Metrics } from '../web/metrics.ts';

/** What depends on a certificate. */
export const certificateFor = [
  'web',
  'id_mutual_tls',
  'mein_postfach_mutual_tls',
  'bezahlsystem_mutual_tls',
  'eid_tls_client',
  'eid_tls_authority',
  'eid_message_signer',
  'eid_server_signer',
] as const;
export type CertificateFor = (typeof certificateFor)[number];

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/;

/** When the first certificate of a file ends, in ms since the epoch. @throws when there is none */
const endOf = (file: string): number => {
  const [pem = ''] = pemCertificate.exec(readFileSync(file, 'utf8')) ?? [];
  return new X509Certificate(pem).validToDate.getTime();
};

/**
 * When the certificates end that this process uses. Of several for one purpose the last one counts: the others are there for the
 * change.
 */
export const addCertificateMetrics = (
  metrics: Metrics,
  files: readonly { readonly for: CertificateFor; readonly file: string }[],
  dated: readonly { readonly for: CertificateFor; readonly validTo: number }[],
): void => {
  const ends = metrics.gauges('certificate_expiry_timestamp_seconds', 'When a certificate ends, as a Unix time.', {
    for: certificateFor,
  });
  const last = new Map<CertificateFor, number>();
  for (const { for: use, validTo } of [...dated, ...files.map((one) => ({ for: one.for, validTo: endOf(one.file) }))])
    last.set(use, Math.max(validTo, last.get(use) ?? 0));
  for (const [use, validTo] of last) ends.set({ for: use }, Math.floor(validTo / 1000));
};
