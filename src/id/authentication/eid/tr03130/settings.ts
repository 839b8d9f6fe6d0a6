import { z } from 'zod';
import { levels } from '../../../../assurance/levels.ts';
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

const selection = z.enum(['allowed', 'denied']).optional();

const httpsAddress = z.url({ protocol: /^https$/ });

/** The eID-Server's contract, as configuration: keys of the section `eid.server`. */
export const eidServerSettings = z
  .strictObject({
    address: httpsAddress.describe("The eID-Server's SOAP endpoint (TR-03130 eID-Interface), https"),
    schema: z
      .enum(schemas)
      .default('2.4')
      .describe('Schema generation of the eID-Server: 2.0 for 2.0.x, 2.4 for 2.1 to 2.4'),
    minimum_level: z
      .enum(['low', 'substantial', 'high'])
      .optional()
      .describe(
        'The least that the eID-Server may let through (LevelOfAssuranceRequest, TR-03130 from 2.3.0). Its answer then has to name the level, and the login counts for no more. Without it nothing is asked and assured_without_loa counts',
      ),
    eid_types: z
      .strictObject({ CardCertified: selection, SECertified: selection, SEEndorsed: selection, HWKeyStore: selection })
      .refine((types) => Object.keys(types).length > 0, 'name at least one type, or leave the key out')
      .optional()
      .describe(
        'Types of eID that are allowed or denied whatever their level (EIDTypeRequest, TR-03130 from 2.4.0). The answer then has to name the type; only CardCertified can count as high',
      ),
    assured_without_loa: z
      .enum(levels)
      .optional()
      .describe(
        'What an eID counts for, at most, when no level is asked for (schema 2.0, or no minimum_level). Then it must be given: nothing in the answer says it',
      ),
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
  })
  .check(({ value, issues }) => {
    const refuse = (key: string, message: string): void => {
      issues.push({ code: 'custom', input: value, path: [key], message });
    };
    for (const key of ['minimum_level', 'eid_types'] as const)
      if (value.schema === '2.0' && value[key] !== undefined) refuse(key, 'schema 2.0 cannot ask for it: leave it out');
    if (value.minimum_level === undefined && value.assured_without_loa === undefined)
      refuse('assured_without_loa', 'must be given without minimum_level: no answer says what an eID counts for');
  });

export type EidServerSettings = z.infer<typeof eidServerSettings>;
