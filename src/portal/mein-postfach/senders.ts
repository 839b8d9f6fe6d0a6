import { z } from 'zod';
import { inBothLanguages } from '../../config/citizen-text.ts';
import { aboutFile } from '../../config/checked.ts';
import type { Finding, Issue } from '../../config/report.ts';
import { createYamlFilesLoader, fileName } from '../module-api/files-loader.ts';
import type { FilesLoader, LoadedFiles } from '../module-api/files-reload.ts';
import { deemedDeliveryRules, type LetterSender } from './letters/letter.ts';

const identifier = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'use small letters, digits and hyphens, at most 64');

const webAddress = z.url({ protocol: /^https?$/ });

/** Days that the law names: § 9(1) OZG the fourth after provision, Art. 24 BayDiG the third after the notice. */
const lawfulDays = { none: 0, ozg_9: 4, baydig_24: 3 } as const;

/** Who may send letters: one file per sending service, in the folder `mein_postfach.senders`. */
export const senderFile = z.strictObject({
  sender: identifier.describe('Name of the sender; the file is named after it.'),
  authority: identifier.describe(
    'The authority in whose name it sends: the one that its clients belong to at Bayern-ID.',
  ),
  name: inBothLanguages.describe('What citizens read as the sender, one text or { de, en }.'),
  client_ids: z.array(identifier).min(1).describe('Clients of Bayern-ID that send in its name.'),
  services: z
    .array(z.string().min(1).max(255))
    .min(1)
    .optional()
    .describe('Services whose letters it sends. Default: any.'),
  webhook_uri: webAddress
    .optional()
    .describe('Told, by a signed JWT, when letters are opened or answered and when a mailbox is deleted.'),
  deemed_delivery: z
    .strictObject({
      rule: z.enum(deemedDeliveryRules),
      days: z.int().min(0).max(60).optional().describe('Default: what the law says, 4 for ozg_9 and 3 for baydig_24.'),
    })
    .default({ rule: 'none' })
    .transform(({ rule, days }) => ({ rule, days: days ?? lawfulDays[rule] }))
    .describe(
      'When its letters count as delivered: never, by § 9 OZG, or by Art. 24 BayDiG (needs the citizen’s consent).',
    ),
  letters_per_minute: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(600)
    .describe('Letters and statuses that are taken from it.'),
});

export type Sender = z.output<typeof senderFile>;

/** As letters keep it. */
export const letterSender = ({ sender: id, authority, name: inBoth }: Sender): LetterSender => ({
  id,
  authority,
  name: inBoth,
});

export interface Senders {
  /** Every sender by its id. */
  readonly all: ReadonlyMap<string, Sender>;
  ofClient(clientId: string): Sender | undefined;
}

export type LoadedSenders = LoadedFiles<Senders>;
export type SenderLoader = FilesLoader<Senders>;

/** @param variables what `${NAME}` stands for in the files. */
export const createSenderLoader = (options: {
  /** All their files count as one set. */
  readonly directories: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly production: boolean;
}): SenderLoader =>
  createYamlFilesLoader({
    ...options,
    schema: senderFile,
    idOf: ({ sender }) => sender,
    begin() {
      const clients = new Map<string, Sender>();
      return {
        check(path, sender) {
          const issues: Issue[] = [
            ...(fileName(path) === sender.sender
              ? []
              : [{ path: ['sender'], message: `the file must be named ${sender.sender}.yaml` }]),
            ...(options.production && sender.webhook_uri?.startsWith('http:') === true
              ? [{ path: ['webhook_uri'], message: 'must be https' }]
              : []),
          ];
          sender.client_ids.forEach((client, i) => {
            const other = clients.get(client);
            if (other) issues.push({ path: ['client_ids', i], message: `${client} sends for ${other.sender} already` });
            clients.set(client, sender);
          });
          return issues;
        },
        set: (all) => ({ all, ofClient: (clientId) => clients.get(clientId) }),
      };
    },
  });

/**
 * Senders whose clients Bayern-ID does not know, or that belong to another authority: their handles would resolve to nobody.
 * For whoever has the files of both at hand; Mein Postfach alone does not.
 */
export const unknownClients = (
  { set: senders, fileOf }: LoadedSenders,
  authorityOf: (clientId: string) => string | undefined,
): Finding[] =>
  [...(senders?.all.values() ?? [])].flatMap((sender) =>
    sender.client_ids.flatMap((client) => {
      const authority = authorityOf(client);
      if (authority === sender.authority) return [];
      const message =
        authority === undefined
          ? `${client} is no client of Bayern-ID`
          : `${client} belongs to the authority ${authority}, not to ${sender.authority}`;
      return [{ ...aboutFile(fileOf(sender.sender) ?? sender.sender, message), key: 'client_ids' }];
    }),
  );
