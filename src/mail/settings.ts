import { z } from 'zod';
import { mailAddress } from './address.ts';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Where a part's mail settings stand. */
export interface MailSection {
  /** In the configuration, such as `id.mail`. */
  readonly section: string;
  /** What mail programs show as sender unless the operator names another. */
  readonly senderName: string;
}

const passwordVariable = (section: string): string =>
  `BAYERN_ID__${section.toUpperCase().replaceAll('.', '__')}__SMTP__PASSWORD__FILE`;

const smtpOf = ({ section, senderName }: MailSection) =>
  z
    .strictObject({
      host: z
        .string()
        .regex(/^[\w.:-]+$/, 'a host name or IP address')
        .describe('Our own mail server, which relays to the world.'),
      port: z.int().min(1).max(65535).default(587),
      tls: z
        .enum(['starttls', 'implicit', 'none'])
        .default('starttls')
        .describe(
          'starttls: no mail leaves before TLS (port 587); implicit: TLS from the first byte (port 465); none: only to this very machine, and never in production. The certificate is always checked.',
        ),
      ca_file: z
        .string()
        .optional()
        .describe('Authority of the mail server’s certificate, in place of the public ones.'),
      username: z.string().min(1).optional(),
      password: z
        .string()
        .min(1)
        .optional()
        .describe(`Better given as a secret file: ${passwordVariable(section)}.`),
      from: z
        .strictObject({
          address: z.string().refine((text) => mailAddress(text) === text, 'must be a plain e-mail address'),
          name: z
            .string()
            .min(1)
            .max(60)
            .regex(/^[^\p{Cc}]+$/u, 'must be one line')
            .default(senderName),
        })
        .describe('Sender of every mail; returned mails come back to it. Its domain needs SPF, DKIM and DMARC.'),
      connection_timeout: z.int().min(1).max(60).default(10).describe('Seconds to connect, and again to be greeted.'),
      timeout: z.int().min(1).max(600).default(60).describe('Seconds for one try to send a mail, all in all.'),
    })
    .check(({ value, issues }) => {
      const refuse = (key: string, message: string): void => {
        issues.push({ code: 'custom', input: value, path: [key], message });
      };
      if (value.tls === 'none' && !isLoopback(value.host))
        refuse('tls', 'without TLS only a mail server on this machine (localhost) can be used');
      if ((value.username === undefined) !== (value.password === undefined))
        refuse(value.username === undefined ? 'username' : 'password', 'user name and password belong together');
    });

/** How a part sends its mails. Without `smtp` they are kept and shown, on developers' machines alone. */
export const mailSettingsOf = (section: MailSection) =>
  z.strictObject({
    smtp: smtpOf(section).optional().describe('How mails are sent. Required in production.'),
  });

export type MailSettings = z.output<ReturnType<typeof mailSettingsOf>>;
export type SmtpSettings = NonNullable<MailSettings['smtp']>;

/**
 * What a production configuration may not say about mail, in words for the operator.
 *
 * @param section where these settings stand, such as `id.mail`.
 */
export const mailUnfitForProduction = (section: string, { smtp: server }: MailSettings): string[] => {
  if (server === undefined) return [`${section}.smtp: no mail server is named, so no code and no notice would arrive`];
  return server.tls === 'none' ? [`${section}.smtp.tls: mails with codes would leave unencrypted`] : [];
};
