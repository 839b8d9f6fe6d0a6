import { satisfies } from '../../assurance/levels.ts';
import { createDeliveries } from '../../storage/deliveries.ts';
import type { Stores } from '../../storage/open.ts';
import { createSealer, deriveKey } from '../../storage/sealing.ts';
import type { Metrics } from '../../web/metrics.ts';
import { startPolling } from '../../web/polling.ts';
import { createBoundAccess } from '../module-api/bound-token.ts';
import { addSecurityEvents } from '../module-api/security-events.ts';
import { createServiceToken } from '../module-api/service-token.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { createProvider } from '../relying-party/provider.ts';
import type { Session } from '../relying-party/session.ts';
import { addCitizenRoutes } from './citizen/routes.ts';
import { paths } from './citizen/paths.ts';
import { applicationJobs } from './jobs.ts';
import { mailboxDeliveries } from './letters/delivery.ts';
import { tellByOutbox } from './letters/outbox.ts';
import { fuehrungszeugnisStories } from './pages/stories.ts';
import { createBezahlsystem } from './payment/bezahlsystem.ts';
import { createSettling } from './payment/settling.ts';
import { fuehrungszeugnisMigrations } from './records/migrations.ts';
import { createRecords, type FuehrungszeugnisRecords } from './records/records.ts';
import type { FuehrungszeugnisTables } from './records/tables.ts';
import type { FuehrungszeugnisSettings } from './settings.ts';
import { verifiedClaimsRequest, verifiedPerson } from './verified-person.ts';

const clientId = 'fuehrungszeugnis';

export interface FuehrungszeugnisDeps extends Omit<ModuleDeps<FuehrungszeugnisSettings>, 'stores' | 'keys'> {
  readonly stores: Stores<FuehrungszeugnisTables>;
  readonly keys: ModuleDeps<FuehrungszeugnisSettings>['keys'] & {
    /** 32 bytes of this part alone: everything it keeps is sealed under keys derived from it. */
    readonly part: Buffer;
  };
  /** The part's own: names are unique within one. */
  readonly metrics: Metrics;
  /** ms between two looks at what is left to do. */
  readonly jobInterval?: number;
}

export interface Fuehrungszeugnis extends Module {
  readonly records: FuehrungszeugnisRecords;
  /** Does now what is done again and again. */
  runJobs(): Promise<void>;
  /** With reasons, for the loopback port only. */
  health(): Promise<object>;
  /** Looks now for what waits to be sent. */
  wake(): void;
}

const usualInterval = 30_000;

/** The card's name, and only while the level lasts at which it was shown: a tab left open must not tell who sat there. */
const nameOf = (session: Session): string => {
  if (!satisfies(session.level, 'high')) return '';
  const { given_name: given, family_name: family } = verifiedPerson(session.claims);
  return [given?.value, family?.value].filter((part) => typeof part === 'string').join(' ');
};

/** The records of applications, for every part that works on them. */
export const openRecords = async (
  { records }: Pick<Stores<FuehrungszeugnisTables>, 'records'>,
  key: Buffer,
  { mein_postfach_origin: meinPostfach }: Pick<FuehrungszeugnisSettings, 'mein_postfach_origin'>,
): Promise<FuehrungszeugnisRecords> => {
  await records.migrate(fuehrungszeugnisMigrations);
  return createRecords(records, key, tellByOutbox(outboxSealer(key), meinPostfach !== undefined));
};

const outboxSealer = (key: Buffer) => createSealer([{ id: '1', key: deriveKey(key, 'outbox') }]);

/** Führungszeugnis: § 30c BZRG demands the Online-Ausweis, so every login here is at high. */
export const createFuehrungszeugnis = async (deps: FuehrungszeugnisDeps): Promise<Fuehrungszeugnis> => {
  const { stores, keys, settings, issuer, environment, metrics, log } = deps;
  const { mein_postfach_origin: meinPostfachOrigin, bezahlsystem: place } = settings;
  const records = await openRecords(stores, keys.part, settings);
  const deliveries = createDeliveries(stores.records, { sealer: outboxSealer(keys.part), log });
  const wake = (): void => deliveries.wake();
  const provider = createProvider({
    issuer,
    clientId,
    clientKey: keys.client,
    allowHttp: environment !== 'production',
    fetch: deps.fetch,
  });
  const bezahlsystem = createBezahlsystem({
    origin: place.origin,
    originatorId: place.originator_id,
    endPointId: place.end_point_id,
    returnUrl: `${settings.origin}${paths.payment}`,
    access: createBoundAccess({
      provider,
      scope: 'payments:create payments:read',
      resource: `${place.origin}/api`,
    }),
  });
  const settling = createSettling(records, bezahlsystem, wake);
  if (meinPostfachOrigin !== undefined)
    deliveries.start(
      mailboxDeliveries({
        meinPostfachOrigin,
        token: createServiceToken({ provider, scope: 'postfach:deliver', resource: `${meinPostfachOrigin}/api` }),
        fetch: deps.fetch ?? ((url, init) => fetch(url, init)),
        records,
        metrics,
        log,
      }),
    );
  const jobs = startPolling(
    applicationJobs(records, settling, settings.retention),
    deps.jobInterval ?? usualInterval,
    log,
  );

  const own = {
    // The handle of the mailbox is for confirmation and answer.
    scope: 'openid postfach',
    level: 'high',
    claims: verifiedClaimsRequest,
    nameOf,
    stories: fuehrungszeugnisStories,
    records: stores.records,
  } as const;
  const module = createModule(clientId, deps, own, (router, relyingParty) => {
    addSecurityEvents(router, {
      issuer,
      clientId,
      provider,
      accountPurged: (subject) => records.applications.forget(subject),
      log,
    });
    addCitizenRoutes(router, relyingParty, { records, settling, settings, wake });
  });
  return {
    ...module,
    records,
    wake,
    runJobs: () => jobs.now(),
    async health() {
      const passes = (check: () => Promise<unknown>): Promise<'ok' | 'failed'> =>
        check().then(
          () => 'ok',
          () => 'failed',
        );
      return {
        store: await passes(() => module.ready()),
        records: await passes(() => records.applications.byId('')),
        unsent: await records.unsent().catch(() => 'unknown'),
        provider: await passes(() => provider.connect()),
      };
    },
    async close() {
      await jobs.stop();
      await deliveries.stop();
      await module.close();
    },
  };
};
