import { z } from 'zod';
import { developmentCertificates, type NamedFile } from './development-certificates.ts';
import { idSettings } from './id/settings.ts';
import { bayernPortalSettings } from './portal/bayern-portal/settings.ts';
import { bezahlsystemSettings } from './portal/bezahlsystem/settings.ts';
import { registerbehoerdeSettings } from './portal/fuehrungszeugnis/office/settings.ts';
import { fuehrungszeugnisSettings } from './portal/fuehrungszeugnis/settings.ts';
import { meinPostfachSettings } from './portal/mein-postfach/settings.ts';
import { playgroundSettings } from './portal/spielwiese/settings.ts';
import { mailUnfitForProduction, type MailSettings } from './mail/settings.ts';
import { storageSettings } from './storage/settings.ts';
import { tracingSettings } from './tracing/settings.ts';
import { overloadSettings } from './web/overload/settings.ts';

/** The whole of config/bayern-id.yaml. Each part brings its own section. */
export const settings = z.strictObject({
  id: idSettings.describe('Bayern-ID, the OpenID provider.'),
  bayern_portal: bayernPortalSettings.describe('Bayern-Portal.'),
  mein_postfach: meinPostfachSettings.describe('Mein Postfach.'),
  bezahlsystem: bezahlsystemSettings.prefault({}).describe('Bezahlsystem.'),
  fuehrungszeugnis: fuehrungszeugnisSettings.describe('Führungszeugnis.'),
  registerbehoerde: registerbehoerdeSettings
    .prefault({})
    .describe('Registerbehörde: caseworkers answer applications for a Führungszeugnis.'),
  spielwiese: playgroundSettings
    .optional()
    .describe('The playground for developers of services. Refused in production.'),
  storage: storageSettings.prefault({}),
  web: z
    .strictObject({
      listen: z.array(z.string()).default(['127.0.0.1', '::1']).describe('Addresses to listen on.'),
      trusted_proxies: z
        .array(z.string())
        .default([])
        .describe('Networks (CIDR) of proxies whose X-Forwarded-For counts. Default none.'),
      monitoring_port: z
        .int()
        .min(0)
        .max(65535)
        .default(9464)
        .describe(
          'Metrics and health in detail, on loopback only. Parts on one machine each need one of their own; 0: none.',
        ),
      drain_seconds: z
        .number()
        .min(0)
        .max(300)
        .default(5)
        .describe(
          'How long a process that was asked to end says that it is not ready and serves on: longer than a proxy takes to notice.',
        ),
      tracing: tracingSettings.optional(),
      overload: overloadSettings
        .prefault({})
        .describe('Who is sent away while there is more to do than a process can.'),
      tls: z
        .strictObject({ certificate_file: z.string(), key_file: z.string() })
        .optional()
        .describe('Serve https ourselves instead of behind a proxy.'),
    })
    .prefault({})
    .describe('What all parts share in serving pages.'),
  outbound: z
    .strictObject({
      allow_private: z
        .boolean()
        .default(false)
        .describe('Whether addresses in client files may be of private networks. Refused in production.'),
      ca_file: z.string().optional().describe('Authority trusted besides the public ones.'),
    })
    .prefault({})
    .describe('Requests to addresses that client files name.'),
  simulators: z
    .strictObject({
      eid: z.strictObject({
        page_port: z.int().default(3010),
        soap_port: z.int().default(3011),
        page_origin: z.string().default('http://localhost:3010'),
        ausweisapp: z
          .strictObject({
            paos_port: z.int().min(1).max(65535).default(3012).describe('Where the client talks to the eID-Server.'),
            directory: z.string().describe("Folder of the test PKI, and of the client's copy that trusts it."),
          })
          .optional()
          .describe('The real AusweisApp with its simulated card, beside the pages that play both.'),
      }),
      payment: z
        .strictObject({
          port: z.int().min(0).max(65535).default(3013),
          origin: z
            .string()
            .default('http://localhost:3013')
            .describe('Under which browsers and the Bezahlsystem reach it.'),
          delay_seconds: z.number().min(0).default(20).describe('What a slow bank and a late call-back take.'),
        })
        .prefault({})
        .describe('The payment provider with test cards.'),
      certificates: z.string().default('certs').describe('Folder of the development PKI.'),
      test_persons: z.string().default('config/test-persons.yaml'),
    })
    .optional()
    .describe('The outside world for development and tests. Refused in production.'),
});

export type Settings = z.output<typeof settings>;

/** How Mein Postfach mails: by its own server, else by Bayern-ID's, under its own name. */
export const postfachMail = ({ id, mein_postfach: { mail } }: Settings): MailSettings => {
  const { smtp } = id.mail;
  if (mail.smtp !== undefined || smtp === undefined) return mail;
  return { smtp: { ...smtp, from: { ...smtp.from, name: 'Mein Postfach' } } };
};

/** Every certificate and key that proves who we are, or who somebody else is. */
const trustedFiles = (s: Settings): NamedFile[] => {
  const { server_signer_certificate_files: pins, ...server } = s.id.eid.server;
  const single = [
    'client_certificate_file',
    'client_key_file',
    'ca_file',
    'signing_certificate_file',
    'signing_key_file',
  ] as const;
  const { tls } = s.web;
  const authority = s.outbound.ca_file;
  const { attachments } = s.mein_postfach;
  return [
    ...single.map((key) => ({ setting: `id.eid.server.${key}`, file: server[key] })),
    ...pins.map((file, i) => ({ setting: `id.eid.server.server_signer_certificate_files.${i}`, file })),
    ...(tls
      ? [
          { setting: 'web.tls.certificate_file', file: tls.certificate_file },
          { setting: 'web.tls.key_file', file: tls.key_file },
        ]
      : []),
    ...(authority === undefined ? [] : [{ setting: 'outbound.ca_file', file: authority }]),
    ...(s.id.mail.smtp?.ca_file === undefined
      ? []
      : [{ setting: 'id.mail.smtp.ca_file', file: s.id.mail.smtp.ca_file }]),
    ...(s.bezahlsystem.mutual_tls
      ? (['certificate_file', 'key_file', 'ca_file'] as const).map((key) => ({
          setting: `bezahlsystem.mutual_tls.${key}`,
          file: s.bezahlsystem.mutual_tls?.[key] ?? '',
        }))
      : []),
    ...(attachments && 's3' in attachments && attachments.s3.ca_file !== undefined
      ? [{ setting: 'mein_postfach.attachments.s3.ca_file', file: attachments.s3.ca_file }]
      : []),
    ...(s.mein_postfach.mutual_tls
      ? (['certificate_file', 'key_file'] as const).map((key) => ({
          setting: `mein_postfach.mutual_tls.${key}`,
          file: s.mein_postfach.mutual_tls?.[key] ?? '',
        }))
      : []),
    ...(s.id.mutual_tls
      ? (['certificate_file', 'key_file', 'ca_file'] as const).map((key) => ({
          setting: `id.mutual_tls.${key}`,
          file: s.id.mutual_tls?.[key] ?? '',
        }))
      : []),
  ];
};

/**
 * What may not be in a production configuration, in words for the operator. Reads the certificates that it names; one
 * that is not there is left to the part that needs it.
 */
export const unfitForProduction = (s: Settings): string[] => [
  ...(s.simulators
    ? ['simulators: the eID simulator, the payment simulator and the test persons never run in production']
    : []),
  ...(s.spielwiese ? ['spielwiese: the playground shows tokens and never runs in production'] : []),
  ...(s.id.eid.client.simulated ? ['id.eid.client.simulated: citizens would be sent to the simulator'] : []),
  ...(s.id.eid.client.test_pki ? ['id.eid.client.test_pki: cards of a test PKI prove nobody'] : []),
  ...(s.outbound.allow_private ? ['outbound.allow_private: client files could reach internal addresses'] : []),
  ...(s.web.tls === undefined && s.web.trusted_proxies.length === 0
    ? ['web: needs tls, or trusted_proxies: behind a proxy that is not named all citizens would share one address']
    : []),
  ...mailUnfitForProduction('id.mail', s.id.mail),
  ...(s.mein_postfach.mail.smtp ? mailUnfitForProduction('mein_postfach.mail', s.mein_postfach.mail) : []),
  ...(s.id.issuer.startsWith('http://') ? ['id.issuer: must be https'] : []),
  ...[s.bayern_portal, s.mein_postfach, s.bezahlsystem, s.fuehrungszeugnis].flatMap(({ origin }) =>
    origin.startsWith('http://') ? [`origin ${origin}: must be https`] : [],
  ),
  ...Object.entries(s.bezahlsystem.providers).flatMap(([name, provider]) => {
    const key = `bezahlsystem.providers.${name}`;
    if (provider.kind === 'sandbox') return [`${key}: the payment simulator takes no money`];
    const addresses = [
      provider.api,
      ...provider.page_origins,
      ...(provider.oauth ? [provider.oauth.token_endpoint] : []),
    ];
    return addresses.some((address) => address.startsWith('http:')) ? [`${key}: its addresses must be https`] : [];
  }),
  ...(s.mein_postfach.mutual_tls?.origin.startsWith('http://') === true
    ? ['mein_postfach.mutual_tls.origin: must be https']
    : []),
  ...(s.storage.allow_unencrypted ? ['storage.allow_unencrypted: connections to the stores must be encrypted'] : []),
  ...developmentCertificates(trustedFiles(s)),
];
