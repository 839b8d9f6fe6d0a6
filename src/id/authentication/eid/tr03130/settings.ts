import { z } from 'zod';
import { schemas } from './names.ts';
import { signatureAlgorithms, type SignatureAlgorithm } from './signer-keys.ts';

const file = z.string().min(1);
const isLoopback = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/**
 * Whether a client may be sent to this address: https, or http on this machine outside production, without user name,
 * password or fragment.
 */
export const isUsableAddress = (address: string, production: boolean): boolean => {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && !production && isLoopback(url.hostname));
};

const httpsAddress = z.url({ protocol: /^https$/ });

/** The eID-Server's contract, as configuration: keys of the section `eid.server`. */
export const eidServerSettings = z.strictObject({
  address: httpsAddress.describe("The eID-Server's SOAP endpoint (TR-03130 eID-Interface), https"),
  schema: z
    .enum(schemas)
    .default('2.4')
    .describe('Schema generation of the eID-Server: 2.0 for 2.0.x, 2.4 for 2.1 to 2.4'),
  client_certificate_file: file.describe(
    'PEM file: our TLS client certificate for mutual authentication, with its chain',
  ),
  client_key_file: file.describe("PEM file: the TLS client certificate's private key"),
  ca_file: file.describe(
    "PEM file: the authorities that may have issued the eID-Server's TLS certificate; no others count",
  ),
  signing_certificate_file: file.describe(
    'PEM file: the certificate that our messages are signed with (RSA, at least 3000 bits)',
  ),
  signing_key_file: file.describe("PEM file: the signing certificate's private key"),
  server_signer_certificate_files: z
    .array(file)
    .min(1)
    .describe(
      "PEM files: the pinned certificates that may sign the eID-Server's answers; name old and new during a change",
    ),
  signature_algorithm: z
    .enum(Object.keys(signatureAlgorithms) as [SignatureAlgorithm, ...SignatureAlgorithm[]])
    .default('rsa-sha256')
    .describe('How our messages are signed; answers are accepted with any of these, never with SHA-1'),
  timeout_seconds: z
    .number()
    .min(1)
    .max(60)
    .default(10)
    .describe('How long one question to the eID-Server may take, connecting included'),
  paos_addresses: z
    .array(z.string().refine((address) => isUsableAddress(address, false), 'must be https, or http on this machine'))
    .min(1)
    .describe(
      'Addresses that the eID-Server may send the eID client to (eCardServerAddress); scheme, host, port and path must be equal. The first is used when it names none',
    ),
});

export type EidServerSettings = z.infer<typeof eidServerSettings>;
