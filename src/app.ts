import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config/report.ts';
import { createFilesLoader } from './client-files.ts';
import { clientVariables, senderDirectories } from './client-variables.ts';
import { fetchOver } from './fetch-over.ts';
import type { Database } from './storage/database.ts';
import type { ClientLoader, ClientSet, LoadedClients } from './id/clients/load.ts';
import { createClientReload, type ClientReload, type Reloaded } from './id/clients/reload.ts';
import { createTr03130, type IsNew } from './id/authentication/eid/tr03130/adapter.ts';
import type { EidPort } from './id/authentication/eid/port.ts';
import { certificatesOf } from './id/authentication/eid/tr03130/certificates.ts';
import { createId } from './id/app.ts';
import type { IdApp } from './id/contract.ts';
import { fleetingTables, openInstallation, type IdTables } from './id/persistence.ts';
import { seedTestPersons } from './id/seed.ts';
import { createBayernPortal, type BayernPortal } from './portal/bayern-portal/app.ts';
import { createBezahlsystem, type Bezahlsystem } from './portal/bezahlsystem/app.ts';
import { createOriginatorLoader } from './portal/bezahlsystem/originators.ts';
import { listenWithCertificates } from './certificate-listener.ts';
import { configuredProviders } from './portal/bezahlsystem/providers/configured.ts';
import type { BezahlTables } from './portal/bezahlsystem/records/tables.ts';
import { createFuehrungszeugnis, openRecords, type Fuehrungszeugnis } from './portal/fuehrungszeugnis/app.ts';
import { createRegisterbehoerde } from './portal/fuehrungszeugnis/office/app.ts';
import type { FuehrungszeugnisTables } from './portal/fuehrungszeugnis/records/tables.ts';
import { createMeinPostfach, type MeinPostfach } from './portal/mein-postfach/app.ts';
import type { PostfachTables } from './portal/mein-postfach/records/tables.ts';
import { createSenderLoader } from './portal/mein-postfach/senders.ts';
import { createPlayground } from './portal/spielwiese/app.ts';
import type { Module, ModuleDeps } from './portal/relying-party/module.ts';
import { provideExampleLetters } from './example-mailboxes.ts';
import { outboundOptions } from './outbound-options.ts';
import { openSecrets, type ClientPart, type Secrets } from './secrets.ts';
import { postfachMail, type Settings } from './settings.ts';
import { ensureDevelopmentPki, type DevelopmentPki } from './simulators/development-pki.ts';
import type { EidSimulator } from './simulators/eid-server/simulator.ts';
import type { PaymentSimulator } from './simulators/payment-provider/simulator.ts';
import { loadTestPersons, type TestPersons } from './simulators/test-persons.ts';
import { eidSimulatorOf, paymentSimulatorOf } from './start-simulators.ts';
import { openStores, type Stores } from './storage/open.ts';
import { storesLocation } from './storage/settings.ts';
import { deriveKey } from './storage/sealing.ts';
import type { Log } from './web/log.ts';
import { monitoredOf } from './monitoring/monitored.ts';
import { createWatching } from './monitoring/watching.ts';
import { prefixed } from './web/metrics.ts';
import { listenForOperators, type Monitored } from './web/monitoring.ts';
import { createOutbound } from './web/outbound.ts';
import { createOverload } from './web/overload/overload.ts';
import { listen, type Listening } from './web/server.ts';

/** The parts that can be served, each alone or together. The name is also the client id, the cookie's and the file's. */
export const partNames = [
  'id',
  'bayern-portal',
  'mein-postfach',
  'bezahlsystem',
  'fuehrungszeugnis',
  'registerbehoerde',
  'spielwiese',
  'eid-simulator',
  'payment-simulator',
] as const;
export type PartName = (typeof partNames)[number];

export interface AppOptions {
  readonly settings: Settings;
  /** Folder of clients and authorities. */
  readonly configDirectory: string;
  readonly production: boolean;
  readonly parts: readonly PartName[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Stands behind the port in place of an eID-Server: the bench measures without the simulator's share. */
  readonly eid?: EidPort;
  /** Letters for the test persons in Mein Postfach, so that there is something to see at the first login. */
  readonly exampleLetters?: boolean;
  /** Processes of these parts that share this machine's cores; default 1. */
  readonly processes?: number;
  /** How busy this process is, 0 to 1, in place of a look at it: tests decide when there is too much to do. */
  readonly load?: () => number;
  /** ms between two sets of clients under a stream of changes. */
  readonly reloadInterval?: number;
}

export interface App {
  readonly addresses: Readonly<Partial<Record<PartName, string>>>;
  readonly id?: IdApp;
  readonly portal?: BayernPortal;
  readonly postfach?: MeinPostfach;
  readonly bezahlsystem?: Bezahlsystem;
  readonly fuehrungszeugnis?: Fuehrungszeugnis;
  readonly simulator?: EidSimulator;
  readonly paymentSimulator?: PaymentSimulator;
  readonly persons?: TestPersons;
  /** What stands on the monitoring port. */
  readonly monitored: Monitored;
  /** Reads the client files again, at once; all or nothing. */
  reloadClients(): Promise<Reloaded>;
  /** From now on not ready, so that a load balancer sends nobody any more; everything is served on. */
  drain(): void;
  /** Takes no more requests, lets running ones end, closes stores. */
  close(graceMs?: number): Promise<void>;
}

/** A start has no earlier set to stay with: it fails on the first file that is not understood. */
const loadFirst = async (loader: ClientLoader): Promise<LoadedClients & { readonly set: ClientSet }> => {
  const { set, ...loaded } = await loader.load();
  if (!set) throw new ConfigError(loaded.findings);
  return { ...loaded, set };
};

/** The first set comes soon after a change, further ones at this distance: building one costs every client its cached state. */
const reloadInterval = 10_000;

/** Where the system notices no change of a file, looking does; a client that was taken away must be gone within a minute. */
const reloadPoll = 30_000;

/**
 * Puts the parts together and starts them: the one place that knows them all. Tests build the whole here too.
 *
 * @throws an error that names the port, folder, file or setting that stands in the way; what was started is stopped again.
 */
export const startApp = async (options: AppOptions): Promise<App> => {
  const { settings, production, log } = options;
  const wants = (part: PartName): boolean => options.parts.includes(part);
  const closing: (() => Promise<void>)[] = [];
  const listeners: Listening[] = [];
  const addresses: Partial<Record<PartName, string>> = {};

  const draining: (() => void)[] = [];
  const drain = (): void => {
    for (const listener of listeners) listener.drain();
    for (const one of draining) one();
  };
  const close = async (graceMs = 10_000): Promise<void> => {
    drain();
    await Promise.all(listeners.map((listener) => listener.close(graceMs)));
    for (const end of closing.toReversed()) await end();
  };

  const start = async (): Promise<Omit<App, 'close' | 'drain' | 'addresses'>> => {
    const secrets: Secrets = openSecrets(settings.storage.directory, production);
    const { tls: tlsFiles } = settings.web;
    const { simulators } = settings;
    const pki: DevelopmentPki | undefined = simulators && (await ensureDevelopmentPki(simulators.certificates));
    const persons = simulators && loadTestPersons(simulators.test_persons);
    const tls = tlsFiles && {
      key: readFileSync(tlsFiles.key_file),
      cert: readFileSync(tlsFiles.certificate_file),
      minVersion: 'TLSv1.2' as const,
    };

    // An operator makes secrets first, so their lack is told first.
    if (wants('id')) secrets.masterKeys();
    const watching = createWatching(settings, { parts: options.parts, withEid: wants('id') && !options.eid, log });
    const { metrics } = watching;
    closing.push(() => watching.stop());
    const environment = production ? 'production' : 'development';
    const overload = createOverload({
      settings: settings.web.overload,
      trustedProxies: settings.web.trusted_proxies,
      environment,
      metrics,
      log,
      load: options.load,
    });
    closing.push(async () => overload.stop());

    const open = async <Tables>(
      part: PartName,
      key: Buffer | ((records: Database<Tables>) => Promise<Buffer>),
      own: { readonly fleetingTables?: readonly string[] } = {},
    ): Promise<Stores<Tables>> => {
      const stores = await openStores<Tables>({
        ...storesLocation(settings.storage),
        ...own,
        part,
        observe: watching.observe(part),
        notice: ({ kind, ...fields }) => log.warn(`store_${kind}`, { part, ...fields }),
        masterKey: async (records) => deriveKey(typeof key === 'function' ? await key(records) : key, part),
      });
      closing.push(() => stores.close());
      watching.opened(part, stores.records);
      return stores;
    };

    const serve = async (
      name: PartName,
      { port, origin, knownHosts, ...own }: Module['listener'],
      handler: Module['handler'],
    ): Promise<void> => {
      listeners.push(
        await listen({
          name,
          port,
          hosts: settings.web.listen,
          knownHosts,
          handler: watching.handler(name, handler),
          log,
          ...own,
          ...(tls ? { tls } : {}),
        }),
      );
      addresses[name] = origin;
    };

    const serveWithCertificates = async (
      name: PartName,
      handler: Module['handler'],
      at: Parameters<typeof listenWithCertificates>[2] | undefined,
      { methods = [], requestTimeout }: Pick<Module['listener'], 'methods' | 'requestTimeout'> = {},
    ): Promise<void> => {
      const own = { methods, ...(requestTimeout === undefined ? {} : { requestTimeout }) };
      const watched = { ...own, name, handler: watching.handler(name, handler), log };
      if (at) listeners.push(await listenWithCertificates(settings, watched, at));
    };

    const reaching = outboundOptions(settings);

    let simulator: EidSimulator | undefined;
    if (wants('eid-simulator') && simulators && pki && persons) {
      simulator = eidSimulatorOf(simulators, persons, { settings, pki, log });
      const running = simulator;
      closing.push(() => running.close());
      addresses['eid-simulator'] = (await running.start()).pageOrigin;
    }

    let paymentSimulator: PaymentSimulator | undefined;
    if (wants('payment-simulator') && simulators && pki) {
      paymentSimulator = paymentSimulatorOf(simulators, secrets.paymentSandbox(), { settings, pki, log });
      const running = paymentSimulator;
      closing.push(() => running.close());
      addresses['payment-simulator'] = (await running.start()).origin;
    }

    let id: IdApp | undefined;
    let reload: ClientReload | undefined;
    let postfachSector: string | undefined;
    if (wants('id')) {
      const master = secrets.masterKeys();
      let installation: Buffer | undefined;
      const stores = await open<IdTables>(
        'id',
        async (records) => {
          installation = await openInstallation(records, master);
          return installation;
        },
        { fleetingTables },
      );
      if (!installation) throw new Error('the installation has no key');
      const isNew: IsNew = (fingerprint, ttl) => stores.artifacts.saveNew('EidAnswer', fingerprint, {}, { ttl });
      const eid = watching.eid(options.eid ?? createTr03130({ settings: settings.id.eid.server, isNew, log }));
      const loader = createFilesLoader(settings, {
        directory: options.configDirectory,
        variables: clientVariables(settings),
        env: options.env,
        production,
      });
      const first = await loadFirst(loader);
      postfachSector = first.set.clients.get('mein-postfach')?.sector;
      const made = await createId({
        settings: settings.id,
        stores,
        keys: { master, installation },
        eid,
        eidCertificates: options.eid ? [] : certificatesOf(settings.id.eid.server),
        clients: first.set,
        clientFile: (clientId) => first.fileOf(clientId),
        metrics,
        environment,
        log,
        outbound: reaching,
        trustedProxies: settings.web.trusted_proxies,
        overload,
        processes: options.processes ?? 1,
        ...(persons
          ? {
              testPersons: persons.accounts.map(({ login, password, given_name: given, family_name: family }) => ({
                login,
                password,
                about: `${given} ${family}`,
              })),
              testCards: persons.cards,
            }
          : {}),
      });
      id = made;
      closing.push(() => made.close());
      draining.push(() => made.drain());
      if (persons) await seedTestPersons(persons.accounts, made.citizens, made.hashing);
      reload = createClientReload({
        loader,
        first,
        swap: (set) => made.swap(set),
        record: (event) => made.journal.record(event),
        log,
        metrics,
        interval: options.reloadInterval ?? reloadInterval,
        poll: reloadPoll,
      });
      const running = reload;
      closing.push(() => running.close());
      const { port, issuer: origin } = settings.id;
      await serve('id', { port, origin, knownHosts: made.knownHosts }, made.handler);
      await serveWithCertificates('id', made.mutualTlsHandler, settings.id.mutual_tls);
    }

    // Discovery and tokens come over an authority that only our settings know, such as the development PKI's.
    const ownFetch =
      reaching.ca === undefined ? undefined : fetchOver(createOutbound({ ...reaching, allowSpecialUse: true }));
    const common = { issuer: settings.id.issuer, log, environment, overload } as const;
    const modules: Module[] = [];
    const relyingParty = async <Tables, Made extends Module>(
      name: ClientPart,
      create: (
        parts: Pick<ModuleDeps<unknown>, 'keys' | 'fetch'> & { readonly stores: Stores<Tables> },
        key: Buffer,
      ) => Made | Promise<Made>,
    ): Promise<Made | undefined> => {
      if (!wants(name)) return undefined;
      const { key, clientKey } = secrets.clientPart(name);
      const stores = await open<Tables>(name, key);
      const keys = { client: clientKey, csrf: deriveKey(key, 'csrf') };
      const module = await create({ stores, keys, ...watching.fetching(name, ownFetch) }, key);
      closing.push(() => module.close());
      draining.push(() => module.drain());
      modules.push(module);
      await serve(name, module.listener, module.handler);
      return module;
    };
    const portal = await relyingParty<unknown, BayernPortal>('bayern-portal', (own) =>
      createBayernPortal({
        ...common,
        settings: settings.bayern_portal,
        ...own,
        metrics: prefixed(metrics, 'portal_'),
        services: { directory: options.configDirectory, variables: clientVariables(settings), production },
      }),
    );
    const postfach = await relyingParty<PostfachTables, MeinPostfach>('mein-postfach', (own, key) =>
      createMeinPostfach({
        ...common,
        settings: { ...settings.mein_postfach, mail: postfachMail(settings) },
        ...own,
        keys: { ...own.keys, part: key },
        metrics: prefixed(metrics, 'postfach_'),
        outbound: createOutbound(reaching),
        senders: createSenderLoader({
          directories: senderDirectories(options.configDirectory, settings),
          variables: clientVariables(settings),
          production,
        }),
        attachmentsDirectory: join(settings.storage.directory, 'mein-postfach-attachments'),
      }),
    );
    if (postfach)
      await serveWithCertificates(
        'mein-postfach',
        postfach.apiHandler,
        settings.mein_postfach.mutual_tls,
        postfach.listener,
      );
    if (options.exampleLetters === true && postfach && id && persons && postfachSector !== undefined)
      await provideExampleLetters(postfach, id, persons, postfachSector);
    const bezahlsystem = await relyingParty<BezahlTables, Bezahlsystem>('bezahlsystem', (own, key) =>
      createBezahlsystem({
        ...common,
        settings: settings.bezahlsystem,
        ...own,
        keys: { ...own.keys, part: key },
        metrics: prefixed(metrics, 'bezahlsystem_'),
        outbound: createOutbound(reaching),
        originators: createOriginatorLoader({
          directory: join(options.configDirectory, settings.bezahlsystem.originators),
          variables: clientVariables(settings),
          providers: Object.keys(settings.bezahlsystem.providers),
          production,
        }),
        providers: configuredProviders(settings.bezahlsystem.providers, {
          outbound: reaching,
          sandbox: () => secrets.paymentSandbox(),
        }),
      }),
    );
    if (bezahlsystem)
      await serveWithCertificates('bezahlsystem', bezahlsystem.handler, settings.bezahlsystem.mutual_tls);
    const fuehrungszeugnis = await relyingParty<FuehrungszeugnisTables, Fuehrungszeugnis>(
      'fuehrungszeugnis',
      (own, key) =>
        createFuehrungszeugnis({
          ...common,
          settings: settings.fuehrungszeugnis,
          ...own,
          keys: { ...own.keys, part: key },
          metrics: prefixed(metrics, 'fuehrungszeugnis_'),
        }),
    );
    await relyingParty('registerbehoerde', async (own) => {
      // Alone it opens the applications itself: of them there is one database, of sessions each part has its own.
      const openApplications = async () => {
        const { key } = secrets.clientPart('fuehrungszeugnis');
        const opened = await open<FuehrungszeugnisTables>('fuehrungszeugnis', key);
        return openRecords(opened, key, settings.fuehrungszeugnis);
      };
      return createRegisterbehoerde({
        ...common,
        settings: settings.registerbehoerde,
        ...own,
        records: fuehrungszeugnis?.records ?? (await openApplications()),
        wake: () => fuehrungszeugnis?.wake(),
      });
    });
    const { spielwiese } = settings;
    if (spielwiese)
      await relyingParty('spielwiese', (own) => createPlayground({ ...common, settings: spielwiese, ...own }));
    else if (wants('spielwiese'))
      throw new Error('spielwiese: the settings have no such section, which is for development');

    const monitored = monitoredOf(metrics, modules, { ...(id ? { id } : {}), ...(reload ? { reload } : {}) });
    const monitoring = await listenForOperators(settings.web.monitoring_port, monitored, { production, log });
    if (monitoring) listeners.push(monitoring);

    return {
      monitored,
      reloadClients: async () => (await reload?.now()) ?? { findings: [] },
      ...(id ? { id } : {}),
      ...(portal ? { portal } : {}),
      ...(postfach ? { postfach } : {}),
      ...(bezahlsystem ? { bezahlsystem } : {}),
      ...(fuehrungszeugnis ? { fuehrungszeugnis } : {}),
      ...(simulator ? { simulator } : {}),
      ...(paymentSimulator ? { paymentSimulator } : {}),
      ...(persons ? { persons } : {}),
    };
  };

  try {
    return { ...(await start()), addresses, drain, close };
  } catch (error) {
    await close(0);
    throw error;
  }
};
