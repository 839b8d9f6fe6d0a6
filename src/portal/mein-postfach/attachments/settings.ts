import { z } from 'zod';

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => URL.parse(text)?.origin === text, 'must be an origin: https://host, without path')
  .refine(
    (text) => !text.startsWith('http:') || isThisMachine(URL.parse(text)?.hostname ?? ''),
    'must be https, unless it is on this machine',
  );

const s3 = z.strictObject({
  endpoint: origin.describe('Origin of the S3-compatible store, such as https://s3.example.de.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('us-east-1')
    .describe('As the store calls it; many that are not Amazon’s take any.'),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .describe('There already, private; not made by us.'),
  prefix: z
    .string()
    .regex(/^(?:[\w.-]+\/)*$/, 'must end with a slash')
    .default('')
    .describe('Before the name of each object, such as postfach/.'),
  path_style: z
    .boolean()
    .default(true)
    .describe('Whether the bucket is named in the path; false: before the host name, as Amazon asks for.'),
  ca_file: z.string().optional().describe('Authority of the store’s certificate, in place of the public ones.'),
  access_key_id: z.string().min(1).max(128),
  secret_access_key: z
    .string()
    .min(1)
    .describe('Better given as a secret file: BAYERN_ID__MEIN_POSTFACH__ATTACHMENTS__S3__SECRET_ACCESS_KEY__FILE.'),
});

/** Where sealed attachments are kept. */
export const attachmentSettings = z.union([
  z.strictObject({
    folder: z
      .string()
      .min(1)
      .describe('A folder of this machine, or of a network file system that keeps fsync’s promise.'),
  }),
  z.strictObject({ s3: s3.describe('A bucket of an S3-compatible store, shared by all nodes.') }),
]);

export type AttachmentSettings = z.output<typeof attachmentSettings>;
