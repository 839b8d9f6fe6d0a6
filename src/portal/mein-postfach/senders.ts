import { basename } from 'node:path';
import { z } from 'zod';
import { aboutFile, checkYaml, locate } from '../../config/checked.ts';
import { createFiles, walk, type Reading } from '../../config/files.ts';
import type { Finding, Issue } from '../../config/report.ts';
import { deemedDeliveryRules, type LetterSender } from './letters/letter.ts';

const identifier = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'use small letters, digits and hyphens, at most 64');

const name = z
  .union([
    z.string().trim().min(1).max(255),
    z.strictObject({ de: z.string().trim().min(1).max(255), en: z.string().trim().min(1).max(255) }),
  ])
  .transform((given) => (typeof given === 'string' ? { de: given, en: given } : given));

const webAddress = z.url({ protocol: /^https?$/ });

/** Days that the law names: § 9(1) OZG the fourth after provision, Art. 24 BayDiG the third after the notice. */
const lawfulDays = { none: 0, ozg_9: 4, baydig_24: 3 } as const;

/** Who may send letters: one file per sending service, in the folder `mein_postfach.senders`. */
export const senderFile = z.strictObject({
  sender: identifier.describe('Name of the sender; the file is named after it.'),
  authority: identifier.describe(
    'The authority in whose name it sends: the one that its clients belong to at Bayern-ID.',
  ),
  name: name.describe('What citizens read as the sender, one text or { de, en }.'),
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

export interface LoadedSenders {
  /** Absent when any file is wrong: all or nothing. */
  readonly senders?: Senders;
  readonly findings: readonly Finding[];
  readonly fileOf: (sender: string) => string | undefined;
  readonly changed: boolean;
  readonly directories: ReadonlyMap<string, string>;
}

export interface SenderLoader {
  /** Reads what has changed. Never rejects. */
  load(): Promise<LoadedSenders>;
}

const yamlFile = /\.ya?ml$/;
const largestFile = 64 * 1024;

/** @param variables what `${NAME}` stands for in the files. */
export const createSenderLoader = (options: {
  /** All their files count as one set. */
  readonly directories: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly production: boolean;
}): SenderLoader => {
  const { variables, production } = options;
  const files = createFiles(largestFile);
  let before: ReadonlyMap<string, Reading> = new Map();

  const unsound = (path: string, sender: Sender): Issue[] => [
    ...(basename(path).replace(yamlFile, '') === sender.sender
      ? []
      : [{ path: ['sender'], message: `the file must be named ${sender.sender}.yaml` }]),
    ...(production && sender.webhook_uri?.startsWith('http:') === true
      ? [{ path: ['webhook_uri'], message: 'must be https' }]
      : []),
  ];

  return {
    async load() {
      const now = new Map<string, Reading>();
      const directories = new Map<string, string>();
      for (const directory of options.directories) {
        let tree;
        try {
          tree = await walk(directory, yamlFile);
        } catch (error) {
          const fault = (error as NodeJS.ErrnoException).code ?? 'error';
          return {
            findings: [aboutFile(directory, `cannot be read (${fault})`)],
            changed: true,
            directories: new Map(),
            fileOf: () => undefined,
          };
        }
        for (const path of tree.files) now.set(path, await files.read(path));
        for (const [path, real] of tree.directories) directories.set(path, real);
      }
      files.forgetUnread();
      const changed = now.size !== before.size || [...now].some(([path, reading]) => before.get(path) !== reading);
      before = now;

      const findings: Finding[] = [];
      const all = new Map<string, Sender>();
      const paths = new Map<string, string>();
      const clients = new Map<string, Sender>();
      for (const [path, reading] of now) {
        const { value, findings: wrong } = checkYaml(path, reading, senderFile, variables);
        findings.push(...wrong);
        if (!value) continue;
        const issues = unsound(path, value);
        value.client_ids.forEach((client, i) => {
          const other = clients.get(client);
          if (other) issues.push({ path: ['client_ids', i], message: `${client} sends for ${other.sender} already` });
          clients.set(client, value);
        });
        findings.push(...locate(path, reading, issues));
        if (all.has(value.sender)) findings.push(aboutFile(path, `${value.sender} has a file already`));
        all.set(value.sender, value);
        paths.set(value.sender, path);
      }
      const broken = findings.some(({ severity }) => severity === 'error');
      return {
        ...(broken ? {} : { senders: { all, ofClient: (clientId: string) => clients.get(clientId) } }),
        findings,
        fileOf: (sender) => paths.get(sender),
        changed,
        directories,
      };
    },
  };
};

/**
 * Senders whose clients Bayern-ID does not know, or that belong to another authority: their handles would resolve to nobody.
 * For whoever has the files of both at hand; Mein Postfach alone does not.
 */
export const unknownClients = (
  { senders, fileOf }: LoadedSenders,
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
