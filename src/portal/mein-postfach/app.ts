import { Readable } from 'node:stream';
import type { Stores } from '../../storage/open.ts';
import { createSealer, deriveKey, type Sealer } from '../../storage/sealing.ts';
import { createDeliveries } from '../../storage/deliveries.ts';
import { mailKind } from '../../mail/outbox.ts';
import { createMailing } from '../../mail/mailing.ts';
import { addPostRoutes } from '../../mail/post/routes.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { Outbound } from '../../web/outbound.ts';
import type { Handler } from '../../web/server.ts';
import { startPolling } from '../../web/polling.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { createProvider } from '../relying-party/provider.ts';
import { createFilesReload, type FilesReload } from '../module-api/files-reload.ts';
import { addApiRoutes, endApiRoutes } from './api/routes.ts';
import { addSecurityEvents } from '../module-api/security-events.ts';
import { createSigning } from '../module-api/signing.ts';
import { addCitizenRoutes } from './citizen/routes.ts';
import { createMailboxSearch } from './citizen/search.ts';
import { postfachStories } from './citizen/pages/stories.ts';
import { openFileStore } from './attachments/open.ts';
import { openFile } from './attachments/sealed-stream.ts';
import { provideExamples } from './example-letters.ts';
import { moveJoined, postfachJobs } from './jobs.ts';
import { createNotify, notedDelivery, noticeWriting } from './notices/mail.ts';
import { webhookDelivery, webhookKind, webhookOutbox } from './notices/webhooks.ts';
import type { AttachmentFile } from './records/attachments.ts';
import { postfachMigrations } from './records/migrations.ts';
import { createRecords, type PostfachRecords } from './records/records.ts';
import type { PostfachTables } from './records/tables.ts';
import { createResolve } from './resolve.ts';
import type { SenderLoader, Senders } from './senders.ts';
import type { MeinPostfachSettings } from './settings.ts';

const clientId = 'mein-postfach';

export interface MeinPostfachDeps extends Omit<ModuleDeps<MeinPostfachSettings>, 'stores' | 'keys'> {
  readonly stores: Stores<PostfachTables>;
  readonly keys: ModuleDeps<MeinPostfachSettings>['keys'] & {
    /** 32 bytes of this part alone: everything it keeps is sealed under keys derived from it. */
    readonly part: Buffer;
  };
  /** The part's own: names are unique within one. */
  readonly metrics: Metrics;
  /** Requests to addresses that senders' files name. */
  readonly outbound: Outbound;
  readonly senders: SenderLoader;
  /** Where sealed attachments are kept, unless the settings name another place. */
  readonly attachmentsDirectory: string;
}

export interface MeinPostfach extends Module {
  /** The API alone, for the listener that asks for client certificates. */
  readonly apiHandler: Handler;
  readonly records: PostfachRecords;
  readonly senders: FilesReload<Senders>;
  /** The content of an attachment, opened piece by piece. Fails with DamagedFile or FileMissing, also in the middle. */
  readAttachment(file: AttachmentFile): Readable;
  /** With reasons, for the loopback port only. */
  health(): Promise<object>;
  /** Puts example letters into a mailbox, once; development only. */
  provideExamples(subject: string): Promise<void>;
  /** Does now what is done every hour: what is over goes. */
  runJobs(): Promise<void>;
  /** Looks now for what waits to be sent. */
  wake(): void;
}

const outboxSealer = (key: Buffer): Sealer => createSealer([{ id: '1', key: deriveKey(key, 'outbox') }]);

const jobInterval = 3600_000;

/**
 * Mein Postfach: letters between authority and citizen, sealed by mailbox.
 *
 * @throws ConfigError for senders' files that are not understood.
 */
export const createMeinPostfach = async (deps: MeinPostfachDeps): Promise<MeinPostfach> => {
  const { stores, keys, settings, issuer, environment, metrics, log, outbound } = deps;
  const { origin, limits } = settings;
  await stores.records.migrate(postfachMigrations);
  const senders = await createFilesReload(deps.senders, { what: 'senders', log, metrics });
  const sealer = outboxSealer(keys.part);
  const records: PostfachRecords = createRecords(
    stores.records,
    keys.part,
    webhookOutbox(sealer, () => senders.current()),
  );
  const deliveries = createDeliveries(stores.records, { sealer, log });
  const wake = (): void => deliveries.wake();
  const writing = noticeWriting(origin, environment !== 'production');
  const mailing = createMailing({
    settings: settings.mail,
    section: 'mein_postfach.mail',
    origin,
    writing,
    environment,
    stores,
    sealer,
    log,
    metrics,
    wake,
  });
  const store = openFileStore(settings.attachments ?? { folder: deps.attachmentsDirectory });
  const signing = createSigning(records.signingKeys);
  const fetching = deps.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const provider = createProvider({
    issuer,
    clientId,
    clientKey: keys.client,
    allowHttp: environment !== 'production',
    fetch: deps.fetch,
  });
  const resolve = createResolve({ issuer, provider, fetch: fetching });
  deliveries.start({
    [mailKind]: notedDelivery(mailing.delivery, records.deliveries),
    [webhookKind]: webhookDelivery({ origin, senders: () => senders.current(), signing, outbound, metrics, log }),
  });
  const moving = startPolling([() => moveJoined(records)], jobInterval, log);
  const jobs = startPolling(postfachJobs(records, store, settings.retention), jobInterval, log);

  const readAttachment: MeinPostfach['readAttachment'] = ({ attachment: { id, length }, key }) =>
    Readable.from(openFile(store, { id, key, length }).content(), { objectMode: false });
  const search = createMailboxSearch(records.search);
  const purged = metrics.counter('mailboxes_purged_total', 'Mailboxes whose key was destroyed.');
  const closed = async (subject: string): Promise<void> => {
    if (!(await records.mailboxes.purge(subject, [...senders.current().all.keys()]))) return;
    purged.add();
    wake();
  };
  const own = {
    scope: 'openid profile',
    level: 'basic',
    stories: postfachStories,
    records: stores.records,
    problem: { title: 'unavailable', code: 'unavailable' },
    onSessionEnd: (subject: string) => search.forget(subject),
  } as const;

  const module = createModule(clientId, deps, own, (router, relyingParty) => {
    addApiRoutes(
      router,
      {
        settings,
        relyingParty,
        records,
        store,
        counters: stores.counters,
        metrics,
        signing,
        resolve,
        notify: createNotify(mailing.outbox),
        senders: () => senders.current(),
        wake,
      },
      issuer,
    );
    addSecurityEvents(router, {
      issuer,
      clientId,
      provider,
      // The mailbox's key is destroyed.
      accountPurged: closed,
      async accountJoined(subject, into) {
        await records.mailboxes.of(into);
        const outcome = await records.joined.join(subject, into);
        if (outcome === 'joined') void moving.now();
        // Where the account that stayed has ended by now, too, there is nobody whose the letters could be.
        if (outcome === 'gone') await closed(subject);
      },
      log,
    });
    endApiRoutes(router);
    const { postBox } = mailing;
    if (postBox) addPostRoutes(router, { postBox, contentOf: (mail) => writing.contentOf(mail) });
    addCitizenRoutes(router, relyingParty, {
      records,
      artifacts: stores.artifacts,
      search,
      readAttachment,
      portalOrigin: settings.portal_origin,
      trashDays: settings.retention.trash,
      wake,
    });
  });
  return {
    ...module,
    apiHandler: (request, response) => {
      if (request.url?.startsWith('/api/') === true) return module.handler(request, response);
      response.writeHead(404, { 'content-length': '0', 'cache-control': 'no-store' }).end();
    },
    listener: { ...module.listener, methods: ['PUT', 'DELETE'], requestTimeout: limits.upload_seconds * 1000 },
    records,
    senders,
    readAttachment,
    provideExamples: (subject) => provideExamples({ records, store }, subject),
    async health() {
      const passes = async (check: () => Promise<unknown>): Promise<'ok' | 'failed'> =>
        check().then(
          () => 'ok',
          () => 'failed',
        );
      return {
        store: await passes(() => module.ready()),
        records: await passes(() => records.attachments.removals(1)),
        attachments: await passes(() => store.check()),
        provider: await passes(() => provider.connect()),
        senders: senders.state(),
      };
    },
    async runJobs() {
      await moving.now();
      await jobs.now();
    },
    wake,
    async close() {
      await moving.stop();
      await jobs.stop();
      await senders.close();
      await deliveries.stop();
      await module.close();
    },
  };
};
