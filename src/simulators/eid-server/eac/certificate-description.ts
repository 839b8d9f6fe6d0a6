import { tlv } from './ber-tlv.ts';
import { sha256 } from './cv-certificate.ts';
import { oid, oids } from './object-identifiers.ts';

/** What the client shows of the service before the citizen types the PIN, and what it holds the connection against. */
export interface CertificateDescription {
  readonly issuer: string;
  readonly subject: string;
  /** Origin of the tcTokenURL. */
  readonly subjectUrl: string;
  readonly termsOfUsage: string;
  /** DER of every TLS certificate that the client meets between TC Token and RefreshAddress. */
  readonly tlsCertificates: readonly Buffer[];
}

const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
const printable = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'latin1'));

/** CertificateDescription in plain format (TR-03110-3, C.3.1; the tags are explicit). */
export const certificateDescription = (description: CertificateDescription): Buffer => {
  // DER: the members of a SET are sorted.
  const hashes = description.tlsCertificates
    .map((certificate) => tlv(0x04, sha256(certificate)))
    .toSorted((one, other) => one.compare(other));
  return tlv(
    0x30,
    oid(oids.plainDescription),
    tlv(0xa1, utf8(description.issuer)),
    tlv(0xa3, utf8(description.subject)),
    tlv(0xa4, printable(description.subjectUrl)),
    tlv(0xa5, utf8(description.termsOfUsage)),
    tlv(0xa7, tlv(0x31, ...hashes)),
  );
};
