import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Level } from '../../src/assurance/levels.ts';
import { createMeinPostfach, type MeinPostfach } from '../../src/portal/mein-postfach/app.ts';
import { createFolderStore } from '../../src/portal/mein-postfach/attachments/folder.ts';
import { newFileKey, sealStream } from '../../src/portal/mein-postfach/attachments/sealed-stream.ts';
import type { LetterSender } from '../../src/portal/mein-postfach/letters/letter.ts';
import { newLetterId, type Delivery } from '../../src/portal/mein-postfach/records/deliveries.ts';
import type { Mailbox } from '../../src/portal/mein-postfach/records/mailboxes.ts';
import { meinPostfachSettings } from '../../src/portal/mein-postfach/settings.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { createOutbound } from '../../src/web/outbound.ts';
import { createCookieBrowser, type CookieBrowser, type Page } from './cookie-browser.ts';
import { startScene, type Scene } from './relying-parties.ts';

export interface TestFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface TestLetter extends Partial<
  Pick<
    Delivery,
    | 'level'
    | 'subject'
    | 'service'
    | 'content'
    | 'reference'
    | 'applicationId'
    | 'reply'
    | 'deemedDelivery'
    | 'providedAt'
  >
> {
  readonly sender?: LetterSender;
  readonly files?: readonly TestFile[];
}

/** A browser with somebody in front of it. */
export interface Visitor extends CookieBrowser {
  /** Opens a page of the mailbox. */
  opens(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /** Sends a form of the page at `from`, with its token. */
  sends(
    from: string,
    path: string,
    fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
  ): Promise<Page>;
}

export interface CitizenScene {
  readonly scene: Scene;
  readonly origin: string;
  readonly postfach: MeinPostfach;
  /** Folder of the sealed files. */
  readonly attachments: string;
  /** The level of the logins that come. */
  level(level: Level): void;
  /** Somebody with a browser of her own; who it is says the next login. */
  visitor(account: string): Visitor;
  mailbox(account: string): Promise<Mailbox>;
  /** Puts a letter into somebody's mailbox as the API does once it has checked it. @returns its id */
  provide(account: string, letter?: TestLetter): Promise<string>;
  close(): Promise<void>;
}

export const town: LetterSender = {
  id: 'musterstadt',
  authority: 'musterstadt',
  name: { de: 'Stadt Musterstadt', en: 'City of Musterstadt' },
};

const acr = (level: Level): string =>
  level === 'basic' ? 'urn:bayern-id:acr:basic' : `http://eidas.europa.eu/LoA/${level}`;

const tokenIn = (page: Page): string => / name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';

/** What a person reads: without markup, blanks as one. */
export const words = (page: Page): string =>
  page.body
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\s+/gu, ' ');

/** Mein Postfach with a provider that asks nobody: for what citizens see of their letters. */
export const startCitizenScene = async (): Promise<CitizenScene> => {
  const folder = mkdtempSync(join(tmpdir(), 'citizen-mailbox-'));
  const attachments = join(folder, 'files');
  let made: MeinPostfach | undefined;
  const scene = await startScene({
    'mein-postfach': async (deps) => {
      const { origin, port } = deps.settings;
      made = await createMeinPostfach({
        ...deps,
        stores: deps.stores,
        settings: meinPostfachSettings.parse({ origin, port }),
        keys: { ...deps.keys, part: randomBytes(32) },
        metrics: createMetrics(),
        outbound: createOutbound({ allowSpecialUse: true }),
        senders: {
          load: async () => ({
            set: { all: new Map(), ofClient: () => undefined },
            findings: [],
            changed: false,
            directories: new Map(),
            fileOf: () => undefined,
          }),
        },
        attachmentsDirectory: attachments,
      });
      return made;
    },
  });
  const postfach = made;
  if (postfach === undefined) throw new Error('Mein Postfach was not made');
  const { origin } = scene.party('mein-postfach');
  const store = createFolderStore(attachments);

  const mailbox = async (account: string): Promise<Mailbox> => {
    const found = await postfach.records.mailboxes.of(account);
    if (found === undefined) throw new Error(`${account} has no mailbox any more`);
    return found;
  };

  return {
    scene,
    origin,
    postfach,
    attachments,
    level(level) {
      scene.provider.next.acr = acr(level);
    },
    visitor(account) {
      const browser = createCookieBrowser();
      const visit: CookieBrowser['visit'] = (address, options) => {
        scene.provider.next.accountId = account;
        return browser.visit(address, options);
      };
      const opens: Visitor['opens'] = (path, headers) =>
        visit(`${origin}${path}`, headers === undefined ? {} : { headers });
      return {
        ...browser,
        visit,
        opens,
        async sends(from, path, fields) {
          const csrf = tokenIn(await opens(from));
          const pairs = Array.isArray(fields) ? (fields as [string, string][]) : Object.entries(fields);
          return visit(`${origin}${path}`, { form: [['csrf', csrf], ...pairs] });
        },
      };
    },
    mailbox,
    async provide(account, { sender = town, files = [], ...letter } = {}) {
      const providedAt = letter.providedAt ?? Date.now();
      const letterId = newLetterId(providedAt);
      const stored = await Promise.all(
        files.map(async ({ name, type, content }) => {
          const id = randomUUID();
          const key = newFileKey();
          const source = async function* (): AsyncGenerator<Buffer> {
            yield content;
          };
          await store.write(id, sealStream(key, id, source()));
          const sha512 = createHash('sha512').update(content).digest('hex');
          return { id, key, name, type, length: content.length, sha512 };
        }),
      );
      const outcome = await postfach.records.deliveries.provide(await mailbox(account), {
        level: 'basic',
        service: 'Wohngeld',
        subject: 'Ihr Antrag auf Wohngeld',
        content: { type: 'text', body: 'Sehr geehrte Frau Mustermann,\n\nes fehlt die Mietbescheinigung.' },
        reply: { allowed: false },
        deemedDelivery: { rule: 'none', days: 0 },
        ...letter,
        letterId,
        sender,
        messageId: randomUUID(),
        attachments: stored,
        providedAt,
        sha512: letterId,
        receipt: { content: {}, jws: '' },
      });
      if (outcome !== 'provided') throw new Error(outcome);
      return letterId;
    },
    async close() {
      await postfach.close();
      await scene.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
