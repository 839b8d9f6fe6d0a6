import { z } from 'zod';

const isOrigin = (value: string): boolean => {
  const url = URL.parse(value);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value;
};

/** Scheme, host and port only, as browsers write an origin: every address of the part is built from it. */
export const originSetting = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://portal.example, without a path or a slash at its end');

/**
 * The settings that every relying party has. `defaults` are those of development; production sets the origin itself.
 */
export const relyingPartySettings = (defaults: { readonly port: number }) => ({
  origin: originSetting
    .default(`http://localhost:${defaults.port}`)
    .describe('Origin under which citizens reach this part. Its addresses in config/clients are built from it.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(defaults.port)
    .describe('Port on which this part listens; 0 takes a free one.'),
});
