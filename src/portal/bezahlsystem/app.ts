import type { Stores } from '../../storage/open.ts';
import { createDeliveries } from '../../storage/deliveries.ts';
import { deriveKey } from '../../storage/sealing.ts';
import { createCsrf } from '../../web/csrf.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { Outbound } from '../../web/outbound.ts';
import { startPolling } from '../../web/polling.ts';
import { createFilesReload, type FilesReload } from '../module-api/files-reload.ts';
import { addSecurityEvents } from '../module-api/security-events.ts';
import { createServiceToken } from '../module-api/service-token.ts';
import { createSigning } from '../module-api/signing.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { createProvider } from '../relying-party/provider.ts';
import { addApiRoutes, endApiRoutes } from './api/routes.ts';
import { createPageIds } from './citizen/page-ids.ts';
import { receiptPdf } from './citizen/receipt-pdf.ts';
import { addCitizenRoutes } from './citizen/routes.ts';
import { bezahlsystemStories } from './citizen/pages/stories.ts';
import { letterKind, noticeKind, outboxSealer, tellByOutbox } from './notices/outbox.ts';
import { noticeDelivery } from './notices/payment-notice.ts';
import { letterDelivery } from './notices/receipt-letter.ts';
import type { OriginatorLoader, Originators } from './originators.ts';
import { createAsking } from './paying/asking.ts';
import { createPayments } from './paying/create-payments.ts';
import { createInbox } from './paying/inbox.ts';
import { paymentJobs } from './paying/jobs.ts';
import { createAlarm, type PayingParts } from './paying/parts.ts';
import { orderView } from './paying/views.ts';
import type { Payments } from './payments.ts';
import type { PaymentProvider } from './providers/provider.ts';
import { bezahlMigrations } from './records/migrations.ts';
import { createRecords, type BezahlRecords } from './records/records.ts';
import type { BezahlTables } from './records/tables.ts';
import type { BezahlsystemSettings } from './settings.ts';

const clientId = 'bezahlsystem';

export interface BezahlsystemDeps extends Omit<ModuleDeps<BezahlsystemSettings>, 'stores' | 'keys'> {
  readonly stores: Stores<BezahlTables>;
  readonly keys: ModuleDeps<BezahlsystemSettings>['keys'] & {
    /** 32 bytes of this part alone: everything it keeps is sealed under keys derived from it. */
    readonly part: Buffer;
  };
  /** The part's own: names are unique within one. */
  readonly metrics: Metrics;
  /** Requests to addresses that originators' files name. */
  readonly outbound: Outbound;
  readonly originators: OriginatorLoader;
  /** By the names of the settings. */
  readonly providers: ReadonlyMap<string, PaymentProvider>;
  /** ms between two looks at what is left to do. */
  readonly jobInterval?: number;
}

export interface Bezahlsystem extends Module {
  readonly records: BezahlRecords;
  readonly payments: Payments;
  readonly originators: FilesReload<Originators>;
  /** With reasons, for the loopback port only. */
  health(): Promise<object>;
  /** Does now what is done again and again. */
  runJobs(): Promise<void>;
  /** Ends when call-backs that were answered are applied. */
  settled(): Promise<void>;
  /** Looks now for what waits to be sent. */
  wake(): void;
}

/** Citizens wait for what this finds out. */
const usualInterval = 10_000;

/**
 * Bezahlsystem: fees that services ask for and citizens pay, once.
 *
 * @throws ConfigError for originators' files that are not understood.
 */
export const createBezahlsystem = async (deps: BezahlsystemDeps): Promise<Bezahlsystem> => {
  const { stores, keys, settings, issuer, environment, metrics, log, outbound, providers } = deps;
  const { origin, mein_postfach_origin: meinPostfachOrigin } = settings;
  await stores.records.migrate(bezahlMigrations);
  const originators = await createFilesReload(deps.originators, { what: 'originators', log, metrics });
  const sealer = outboxSealer(keys.part);
  const records = createRecords(
    stores.records,
    keys.part,
    tellByOutbox(sealer, () => originators.current(), meinPostfachOrigin !== undefined),
  );
  const deliveries = createDeliveries(stores.records, { sealer, log });
  const wake = (): void => deliveries.wake();
  const signing = createSigning(records.signingKeys);
  const parts: PayingParts = {
    settings,
    records,
    providers,
    originators: () => originators.current(),
    alarm: createAlarm(log, metrics),
    wake,
  };
  const asking = createAsking(parts);
  const inbox = createInbox(parts, asking);
  const payments = createPayments(parts, asking);
  const provider = createProvider({
    issuer,
    clientId,
    clientKey: keys.client,
    allowHttp: environment !== 'production',
    fetch: deps.fetch,
  });
  const notices = noticeDelivery({
    origin,
    originators: () => originators.current(),
    signing,
    outbound,
    metrics,
    log,
  });
  deliveries.start({
    [noticeKind]: notices,
    ...(meinPostfachOrigin === undefined
      ? {}
      : {
          [letterKind]: letterDelivery({
            meinPostfachOrigin,
            token: createServiceToken({ provider, scope: 'postfach:deliver', resource: `${meinPostfachOrigin}/api` }),
            fetch: deps.fetch ?? ((url, init) => fetch(url, init)),
            records,
            async viewOf(orderId) {
              const order = await records.orders.byId(orderId);
              return order && orderView(parts, order, undefined, await records.refunds.ofOrder(orderId));
            },
            receiptPdf,
            metrics,
            log,
          }),
        }),
  });
  const jobs = startPolling(paymentJobs(parts, asking, inbox, metrics), deps.jobInterval ?? usualInterval, log);
  const hurry = (): void => void jobs.now().catch(() => {});

  const pageIds = createPageIds(deriveKey(keys.csrf, 'page marks'), settings.lifetimes.payable);
  const own = {
    scope: 'openid profile postfach',
    level: 'basic',
    stories: bezahlsystemStories,
    records: stores.records,
    problem: { title: 'UNSPECIFIED', code: 'UNSPECIFIED' },
    holderAt: (url: string) => pageIds.holderAt(url),
  } as const;
  const module = createModule(clientId, deps, own, (router, relyingParty) => {
    addApiRoutes(
      router,
      { ...parts, payments, relyingParty, counters: stores.counters, signing, inbox, hurry, pageIds },
      issuer,
    );
    addSecurityEvents(router, {
      issuer,
      clientId,
      provider,
      accountPurged: (subject) => records.orders.forgetPayer(subject),
      log,
    });
    endApiRoutes(router);
    addCitizenRoutes(router, relyingParty, {
      payments,
      csrf: createCsrf(keys.csrf),
      portalOrigin: settings.portal_origin,
    });
  });
  return {
    ...module,
    records,
    payments,
    originators,
    async health() {
      const passes = async (check: () => Promise<unknown>): Promise<'ok' | 'failed'> =>
        check().then(
          () => 'ok',
          () => 'failed',
        );
      return {
        store: await passes(() => module.ready()),
        records: await passes(() => records.attempts.inDoubt()),
        provider: await passes(() => provider.connect()),
        payment_providers: Object.fromEntries(
          await Promise.all(
            [...providers].map(async ([name, one]) => [name, await passes(() => one.check())] as const),
          ),
        ),
        originators: originators.state(),
      };
    },
    runJobs: () => jobs.now(),
    settled: () => inbox.settled(),
    wake,
    async close() {
      await jobs.stop();
      await inbox.settled();
      await originators.close();
      await deliveries.stop();
      await module.close();
    },
  };
};
