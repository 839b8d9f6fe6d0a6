import { z } from 'zod';
import { originSetting, relyingPartySettings } from '../relying-party/settings.ts';
import { paymentMethods } from './orders/order.ts';

const seconds = (value: number, what: string) => z.int().min(1).max(31_536_000).default(value).describe(what);
const days = (value: number, what: string) => z.int().min(1).max(36_500).default(value).describe(what);

const sandbox = z.strictObject({
  kind: z.literal('sandbox').describe('The payment simulator. Refused in production.'),
  origin: originSetting.describe('Origin of its API and its pages.'),
});

const forwarding = z
  .strictObject({
    kind: z.literal('forwarding').describe('Another service with the API XBezahldienste 1.0.0.'),
    api: z.url({ protocol: /^https?$/ }).describe('Address of its API, up to /paymenttransaction.'),
    originator_id: z.string().regex(/^[\w-]{1,36}$/),
    end_point_id: z.string().regex(/^[\w-]{1,36}$/),
    page_origins: z.array(originSetting).min(1).describe('Origins of its pages, to which citizens are led.'),
    methods: z.array(z.enum(paymentMethods)).min(1).default(['OTHER']).describe('What citizens can choose.'),
    oauth: z
      .strictObject({
        token_endpoint: z.url({ protocol: /^https?$/ }),
        issuer: z.url({ protocol: /^https?$/ }).describe('Audience of our assertion.'),
        client_id: z.string().min(1),
        client_key_file: z.string().min(1).describe('Private ES256 JWK, for private_key_jwt.'),
        scope: z.string().min(1),
        resource: z.string().optional(),
      })
      .optional()
      .describe('Tokens by client credentials.'),
    certificate: z
      .strictObject({ certificate_file: z.string().min(1), key_file: z.string().min(1) })
      .optional()
      .describe('Our certificate, where it wants mutual TLS.'),
  })
  .refine(({ oauth, certificate }) => oauth !== undefined || certificate !== undefined, {
    message: 'needs oauth or certificate: nobody takes payments from strangers',
  });

export const providerSettings = z.discriminatedUnion('kind', [sandbox, forwarding]);
export type ProviderSettings = z.output<typeof providerSettings>;

/** Bezahlsystem: fees of authorities, paid once. */
export const bezahlsystemSettings = z.strictObject({
  ...relyingPartySettings({ port: 3003 }),
  portal_origin: originSetting
    .default('http://localhost:3001')
    .describe('Origin of Bayern-Portal, for the way back to all services.'),
  mein_postfach_origin: originSetting
    .optional()
    .describe('Origin of Mein Postfach, which gets receipts as letters. Without it there are none.'),
  originators: z
    .string()
    .min(1)
    .default('bezahlsystem/originators')
    .describe('Folder with one file per online service, relative to the configuration.'),
  providers: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use small letters, digits and hyphens'), providerSettings)
    .default({})
    .describe('Who takes the money, by the names that end points of originators use.'),
  mutual_tls: z
    .strictObject({
      origin: originSetting,
      port: z.int().min(0).max(65535),
      certificate_file: z.string(),
      key_file: z.string(),
      ca_file: z.string(),
    })
    .optional()
    .describe(
      'The API once more, for services whose tokens are bound to a certificate (RFC 8705). TLS has to end here.',
    ),
  lifetimes: z
    .strictObject({
      payable: seconds(86_400, 'How long a fee can be paid.'),
      result: seconds(604_800, 'How long the page of an ended payment can be opened.'),
    })
    .prefault({})
    .describe('Lifetimes of payment pages, in seconds.'),
  retention: z
    .strictObject({
      content: days(1095, 'Days that purpose, items and payer of an ended payment can be read. The books stay.'),
      callbacks: days(90, 'Days that call-backs are remembered, so that none counts twice.'),
    })
    .prefault({})
    .describe('How long things are kept.'),
});

export type BezahlsystemSettings = z.output<typeof bezahlsystemSettings>;
