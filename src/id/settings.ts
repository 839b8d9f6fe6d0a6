import { z } from 'zod';
import { levels } from '../assurance/levels.ts';
import { eidServerSettings } from './authentication/eid/tr03130/settings.ts';
import { mailSettings } from './mail/settings.ts';
import { lifetimeSettings } from './oidc/configuration.ts';
import { documentLife } from './oidc/public-documents.ts';

const level = z.enum(levels);

const age = z.strictObject({
  longest: z.int().positive().describe('Seconds since the login.'),
  idle: z.int().positive().describe("Seconds since the browser's last request at Bayern-ID."),
});

const issuer = z
  .url({ protocol: /^https?$/ })
  .refine(
    (value) => !value.endsWith('/') && new URL(value).pathname === '/',
    'must be an origin such as https://id.example.de, without a path and without a slash at the end',
  );

/** Failures that cost nothing, and how long each further one makes the next attempt wait. */
const waitingBucket = (
  standard: { failures: number; window: number; first_wait: number; longest_wait: number },
  most = 1_000_000,
) =>
  z
    .strictObject({
      failures: z.int().min(1).max(most).default(standard.failures).describe('Failures in a window without a wait.'),
      window: z
        .int()
        .min(60)
        .default(standard.window)
        .describe('Seconds from a first failure until all of them are forgotten.'),
      first_wait: z
        .int()
        .min(1)
        .max(86_400)
        .default(standard.first_wait)
        .describe('Seconds to wait after the last of those failures; each further one doubles it.'),
      longest_wait: z.int().min(1).max(86_400).default(standard.longest_wait).describe('Seconds to wait at most.'),
    })
    .prefault({});

/** Section `id`: the OpenID provider itself. */
export const idSettings = z.strictObject({
  issuer: issuer.describe(
    'The one address of Bayern-ID. Every absolute address is built from it; changing it ends every relation to services.',
  ),
  port: z.int().min(0).max(65535).default(3000).describe('Port to listen on.'),
  mutual_tls: z
    .strictObject({
      origin: issuer.describe('Where clients come with a certificate; announced as mtls_endpoint_aliases.'),
      port: z.int().min(0).max(65535).default(3443).describe('Port to listen on, always with TLS of our own.'),
      certificate_file: z.string(),
      key_file: z.string(),
      ca_file: z.string().describe('Authorities whose certificates are accepted for tls_client_auth.'),
    })
    .optional()
    .describe('Client certificates (RFC 8705). Without it clients authenticate by keys and secrets alone.'),
  lifetimes: lifetimeSettings.prefault({}).describe('How long codes and tokens live.'),
  keys: z
    .strictObject({
      publication: z
        .int()
        .min(2 * documentLife)
        .default(3600)
        .describe(
          'Seconds that a new signing key is published before it signs: longer than any service keeps the key set.',
        ),
    })
    .prefault({})
    .describe('Signing keys. They are made and changed by the program: bayern-id keys list|rotate.'),
  levels: z
    .strictObject({
      means: z
        .strictObject({
          password: level.describe('User name and password.'),
          password_totp: level.describe('Password and a code from an authenticator app.'),
          passkey_synced: level.describe('Passkey with user verification that a provider copies between devices.'),
          passkey_bound: level.describe('Passkey with user verification that never leaves its device.'),
          eid: level.describe('Online-Ausweis.'),
        })
        .describe(
          'How strong each means of logging in is. There is no default: whoever runs Bayern-ID decides, row by row (§ 3(4) OZG).',
        ),
      ageing: z
        .strictObject({ basic: age, low: age, substantial: age, high: age })
        .describe('How long each level lasts (BSI TR-03160-1).'),
    })
    .describe('Levels of assurance.'),
  password_hash: z
    .strictObject({
      memory: z.int().min(19_456).default(19_456).describe('KiB.'),
      iterations: z.int().min(2).default(2),
      parallelism: z.int().min(1).max(4).default(1),
      queue: z
        .int()
        .min(1)
        .max(1000)
        .default(64)
        .describe('Logins that may wait for a place; more get 503 with Retry-After.'),
      places: z
        .int()
        .min(1)
        .max(64)
        .optional()
        .describe('Hashes at once. Default: one for each core; fewer where processes share a machine.'),
      patience: z
        .int()
        .min(1)
        .max(60)
        .default(8)
        .describe('Seconds that a login waits for a place; then it gets 503, too.'),
    })
    .prefault({})
    .describe('Argon2id. Raised values renew a hash at its next login.'),
  guard: z
    .strictObject({
      name: waitingBucket({ failures: 5, window: 86_400, first_wait: 1, longest_wait: 900 }, 100).describe(
        'Failures of one name by one means (password, code of an app, recovery code) from one known device, or from all unknown devices together.',
      ),
      address: waitingBucket({ failures: 100, window: 3600, first_wait: 1, longest_wait: 300 }).describe(
        'Failures from one network address (IPv6: /64), to whatever name. Devices that an account was logged in on before are not counted here for it.',
      ),
      network: waitingBucket({ failures: 1000, window: 3600, first_wait: 1, longest_wait: 60 }).describe(
        'The same from one network (IPv4: /24, IPv6: /48).',
      ),
      consecutive: z
        .strictObject({
          failures: z.int().min(1).max(90).default(90),
          window: z
            .int()
            .min(86_400)
            .default(30 * 86_400),
        })
        .prefault({})
        .describe(
          'Failures of one name in a row (NIST SP 800-63B-4: at most 100, those under way included), from one known device or all unknown ones together. After it a known device and the Online-Ausweis still get in.',
        ),
      everywhere: z
        .strictObject({
          failures: z.int().min(1).default(2000),
          window: z.int().min(60).default(3600),
        })
        .prefault({})
        .describe(
          'So many failures of all names from all addresses are an attack that no other bucket sees: written to the log as an error, once in a window. Nobody waits because of it.',
        ),
      client: z
        .strictObject({ failures: z.int().min(1).default(100), window: z.int().min(60).default(600) })
        .prefault({})
        .describe(
          'Failed authentications of services (wrong secrets) from one network address in a window of seconds.',
        ),
      mail: z
        .strictObject({
          pause: z.int().min(1).default(60).describe('Seconds between two mails to one address.'),
          hour: z.int().min(1).default(3).describe('Mails to one address in an hour.'),
          day: z.int().min(1).default(10).describe('Mails to one address in a day.'),
          address: z
            .strictObject({ mails: z.int().min(1).default(30), window: z.int().min(60).default(3600) })
            .prefault({})
            .describe('Mails that one network address (IPv6: /64) may ask for in a window of seconds, to whomever.'),
        })
        .prefault({})
        .describe('Codes and links that somebody asks for who need not be the one that gets the mail.'),
      postfach: z
        .strictObject({ misses: z.int().min(1).default(100), window: z.int().min(60).default(600) })
        .prefault({})
        .describe(
          'Handles of mailboxes that lead nowhere and that Mein Postfach may ask for on behalf of one authority in a window of seconds.',
        ),
      eid: z
        .strictObject({ starts: z.int().min(1).default(30), window: z.int().min(60).default(600) })
        .prefault({})
        .describe(
          'Uses of the Online-Ausweis that one network address (IPv6: /64) may begin in a window of seconds, successful or not: each may hold a session at the eID-Server.',
        ),
    })
    .prefault({})
    .describe('How much is borne before a login is refused for a while.'),
  eid: z
    .strictObject({
      server: eidServerSettings.describe('The eID-Server (TR-03130).'),
      client: z
        .strictObject({
          desktop: z
            .string()
            .default('http://127.0.0.1:24727/eID-Client')
            .describe('Where the AusweisApp listens on a computer.'),
          mobile: z.string().default('eid://127.0.0.1:24727/eID-Client').describe('The same on a phone.'),
          simulated: z
            .boolean()
            .default(false)
            .describe('Whether the links lead to the simulator; refused in production.'),
          test_pki: z
            .boolean()
            .default(false)
            .describe(
              'Whether cards of a test PKI are read, which prove nobody: the page says so; refused in production.',
            ),
        })
        .prefault({}),
    })
    .describe('Online-Ausweis.'),
  mail: mailSettings.prefault({}).describe('Mails to citizens.'),
});

export type IdSettings = z.output<typeof idSettings>;
