import { z } from 'zod';
import { mailSettingsOf } from '../../mail/settings.ts';
import { originSetting, relyingPartySettings } from '../relying-party/settings.ts';
import { attachmentSettings } from './attachments/settings.ts';
import { attachmentTypeNames, type AttachmentType } from './attachments/content-type.ts';

const days = (value: number, what: string) => z.int().min(1).max(36_500).default(value).describe(what);

/** Mein Postfach: letters between authority and citizen. */
export const meinPostfachSettings = z.strictObject({
  ...relyingPartySettings({ port: 3002 }),
  portal_origin: originSetting
    .default('http://localhost:3001')
    .describe('Origin of Bayern-Portal, for the way back to all services.'),
  mutual_tls: z
    .strictObject({
      origin: originSetting.describe('Where senders come with a certificate; only the API is served there.'),
      port: z.int().min(0).max(65535).default(3444).describe('Port to listen on, always with TLS of our own.'),
      certificate_file: z.string(),
      key_file: z.string(),
    })
    .optional()
    .describe('Takes access tokens that are bound to a client certificate (RFC 8705). Without it they are refused.'),
  senders: z
    .string()
    .min(1)
    .default('postfach/senders')
    .describe('Folder with one file per sending service, relative to the configuration.'),
  mail: mailSettingsOf({ section: 'mein_postfach.mail', senderName: 'Mein Postfach' })
    .prefault({})
    .describe('How notices of new letters are mailed; without smtp, by the server of id.mail.'),
  attachments: attachmentSettings
    .optional()
    .describe('Where sealed attachments are kept. Default: mein-postfach-attachments in storage.directory.'),
  limits: z
    .strictObject({
      attachments: z.int().min(0).max(100).default(20).describe('Attachments of one letter.'),
      attachment_bytes: z
        .int()
        .min(0)
        .max(2 ** 31)
        .default(50 * 1024 * 1024)
        .describe('All attachments of one letter together, in bytes.'),
      letter_bytes: z
        .int()
        .min(1024)
        .max(4 * 1024 * 1024)
        .default(256 * 1024)
        .describe('The letter without its attachments, as JSON, in bytes.'),
      attachment_types: z
        .array(z.enum(attachmentTypeNames as readonly [AttachmentType, ...AttachmentType[]]))
        .default([...attachmentTypeNames])
        .describe('Media types that are taken.'),
      deliveries_at_once: z
        .int()
        .min(1)
        .max(1000)
        .default(16)
        .describe('Deliveries of one sender that are read at the same time on one node; further ones wait unread.'),
      upload_seconds: z.int().min(5).max(3600).default(300).describe('How long one delivery may take to come in.'),
    })
    .prefault({})
    .describe('What one letter may carry.'),
  retention: z
    .strictObject({
      trash: days(30, 'Days in which a letter can be brought back from the trash.'),
      replies: days(90, 'Days that a reply waits for its authority.'),
      journal: days(1095, 'Days that the journal of letters is kept (Art. 24(3) BayDiG).'),
    })
    .prefault({})
    .describe('How long things are kept.'),
});

export type MeinPostfachSettings = z.output<typeof meinPostfachSettings>;
