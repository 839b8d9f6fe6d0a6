import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from '@koa/router';
import type Koa from 'koa';
import { mailKind } from '../mail/outbox.ts';
import { createWebApp } from '../web/app.ts';
import { addressKey, createCallerOf } from '../web/client-address.ts';
import { createCsrf } from '../web/csrf.ts';
import { createHealth } from '../web/health.ts';
import { hostsOfOrigin } from '../web/host.ts';
import { errorFields } from '../web/log.ts';
import { allowFormAction } from '../web/security.ts';
import { deriveKey } from '../storage/sealing.ts';
import type { Evidence } from '../assurance/evidence.ts';
import { aboutFile } from '../config/checked.ts';
import { ConfigError } from '../config/report.ts';
import { createDeliveries } from '../storage/deliveries.ts';
import { admittedId } from './admission.ts';
import { createAccountEntry } from './account/entry.ts';
import { createAccountJobs } from './account/jobs.ts';
import type { IdApp, IdDeps } from './contract.ts';
import { createNoteLogin } from './account/note-login.ts';
import { createNotMeLinks } from './account/not-me.ts';
import { createOwnerMail } from './account/owner-mail.ts';
import { addAccountRoutes } from './account/routes.ts';
import { knownServiceName } from './account/service-names.ts';
import { createJournal } from './audit/journal.ts';
import { createLoginMetrics } from './audit/login-metrics.ts';
import { createActivityView } from './audit/view.ts';
import { createWentBack } from './audit/went-back.ts';
import { createDevices } from './authentication/device.ts';
import { createEidMethod } from './authentication/eid/eid.ts';
import { createCircuit } from './authentication/eid/circuit.ts';
import { createEidTransactions } from './authentication/eid/transactions.ts';
import { createGuard, createStartLimit } from './authentication/guard.ts';
import type { MethodName } from './authentication/method.ts';
import { createGuessing } from './authentication/password/guessing.ts';
import { createPasswordHashing } from './authentication/password/hashing.ts';
import { createPasswordMethod } from './authentication/password/password.ts';
import { createChallenges } from './authentication/passkey/challenges.ts';
import { createPasskeyEnrolment } from './authentication/passkey/enrolment.ts';
import { createPasskeyMethod } from './authentication/passkey/passkey.ts';
import { passkeyParty } from './authentication/passkey/relying-party.ts';
import { createRecoveryCodeMethod } from './authentication/recovery-codes/recovery-codes.ts';
import { createTotpSetups } from './authentication/totp/setups.ts';
import { createTotpMethod } from './authentication/totp/totp.ts';
import { createEidWatch, describeMissing } from './eid-watch.ts';
import { createEntry } from './interaction/context.ts';
import { tellGoneFlows } from './interaction/gone-flows.ts';
import { createJoinTickets } from './interaction/join-tickets.ts';
import { createJoining } from './interaction/joining.ts';
import { createFlowStore } from './interaction/store.ts';
import { createSteps } from './interaction/steps.ts';
import { withGuests } from './guests.ts';
import { addLogins } from './logins.ts';
import { createMailing } from './mail/mailing.ts';
import { createClientThrottle } from './oidc/client-throttle.ts';
import { purgeKeys } from './oidc/key-rotation.ts';
import { noticeKind } from './oidc/logout.ts';
import { mutualTlsPath } from './oidc/mtls.ts';
import { createOidc, type Oidc } from './oidc/oidc.ts';
import { securityEventKind } from './oidc/security-events.ts';
import { createOutbound } from '../web/outbound.ts';
import { createNotices, noticeDelivery } from './notices.ts';
import { startPurging } from './purging.ts';
import { addIdMetrics } from './metrics.ts';
import { addOpenPages } from './open-pages.ts';
import { createProviderPages } from './pages.ts';
import { createPersistence } from './persistence.ts';
import { createGuesses } from './postfach/guesses.ts';
import { addResolveRoutes } from './postfach/resolve-routes.ts';
import { purgeReceivers, securityEventDelivery } from './security-events.ts';
import { startPolling } from '../web/polling.ts';
import { addSelfService } from './self-service.ts';
import { createSwitches, readSwitches } from './switches.ts';

/** How often it is looked whether the eID-Server is to be asked again, in ms; it is asked less often. */
const eidInterval = 5000;

/** Within this time a node notices what another node or the command line has changed, in ms. */
const pollInterval = 10_000;

/** How often accounts are looked for whose time is over, in ms. */
const accountJobInterval = 3600_000;

export const createId = async (deps: IdDeps): Promise<IdApp> => {
  const { settings, stores, keys, environment, log } = deps;
  const { installation } = keys;
  const { issuer } = settings;
  const secureCookies = issuer.startsWith('https:');
  let files = deps.clients;
  const persistence = createPersistence(
    stores.records,
    keys,
    (...mail) => ownerMail(...mail),
    () => deliveries.wake(),
    () => purgeReceivers(files),
  );
  const { sealerFor, credentials, accounts, sessions, browsers, services, lifecycle, cardHistory } = persistence;
  const deliveries = createDeliveries(stores.records, { sealer: sealerFor('outbox'), log });
  await persistence.keys.complete();
  const switches = createSwitches(await readSwitches(stores.records));
  const journalFailures = deps.metrics.counter('journal_failures_total', 'Times that events could not be written.');
  const journal = createJournal(
    stores.records,
    (error) => {
      journalFailures.add();
      log.error('journal_failed', { error: error instanceof Error ? error.name : 'unknown' });
    },
    persistence.writer,
    createLoginMetrics(deps.metrics),
  );
  const { citizens, guests } = withGuests(persistence.citizens, stores.artifacts, (event) => journal.record(event));
  const notices = createNotices(stores.records, persistence.enqueueNotice, () => deliveries.wake());
  const mailing = createMailing({
    settings: settings.mail,
    issuer,
    environment,
    stores,
    sealer: sealerFor('outbox'),
    log,
    metrics: deps.metrics,
    wake: () => deliveries.wake(),
  });
  const notMe = createNotMeLinks(sealerFor('not me'), stores.artifacts, issuer);
  const ownerMail = createOwnerMail({
    mail: mailing.outbox,
    notMe,
    issuer,
    serviceName: (clientId, locale) => knownServiceName(provider.clients(), clientId, locale),
  });

  const callerOf = createCallerOf(deps.trustedProxies);
  const addressOf = (ctx: Koa.Context): string => addressKey(callerOf(ctx.req));
  const rules = {
    table: settings.levels.means,
    ageing: settings.levels.ageing,
    counts: (evidence: Evidence) => switches.counts(evidence),
  };
  const outbound = createOutbound(deps.outbound);
  const throttle = createClientThrottle(
    stores.counters,
    deriveKey(installation, 'client throttle'),
    settings.guard.client,
  );
  let oidc: Oidc | undefined;
  const provider = await createOidc(
    {
      issuer,
      secureCookies,
      lifetimes: settings.lifetimes,
      rules,
      keys: await persistence.keys.load(),
      off: switches.offClients,
      artifacts: stores.artifacts,
      citizens,
      handles: persistence.postfachHandles,
      sessions,
      browsers,
      services,
      noteLogin: createNoteLogin(browsers, lifecycle),
      outbound,
      enqueue: (notice, key) => notices.enqueue(notice, key),
      delivered: (wanted) => notices.delivered(wanted),
      pages: createProviderPages(() => oidc?.clients().clients ?? deps.clients.clients),
      record: (event) => journal.record(event),
      log,
      allowFormAction,
      throttle,
      addressOf,
      ...(settings.mutual_tls === undefined ? {} : { mutualTls: settings.mutual_tls.origin }),
    },
    deps.clients,
  );
  oidc = provider;
  deliveries.start({
    [noticeKind]: noticeDelivery((notice) => provider.deliver(notice), { log, journal }),
    [securityEventKind]: securityEventDelivery((event, id) => provider.tellPurged(event, id), { log, journal }),
    [mailKind]: mailing.delivery,
  });
  /** A key that cannot be used must not keep a switch from working. @returns when keys change next. */
  const follow = async (): Promise<number> => {
    switches.update(await readSwitches(stores.records));
    const keys = await persistence.keys.load().catch((error: unknown) => {
      log.error('keys_unusable', errorFields(error));
      return undefined;
    });
    await provider.apply({ off: switches.offClients, ...(keys ? { keys } : {}) });
    return keys?.changesAt ?? Infinity;
  };
  const wentBack = createWentBack(persistence.auditChain, stores.artifacts, { metrics: deps.metrics, log });
  const polling = startPolling(
    [follow, () => provider.sweep(), () => persistence.auditChain.link().then(() => wentBack.look())],
    pollInterval,
    log,
  );

  const hashing = await createPasswordHashing(settings.password_hash, {
    ...settings.password_hash,
    processes: deps.processes,
  });
  addIdMetrics({ metrics: deps.metrics, records: stores.records, journal, hashing });
  const guardWaits = deps.metrics.counters('guard_waits_total', 'Times that guessing began to have to wait.', {
    kind: ['address', 'network', 'everywhere'],
  });
  const guard = createGuard(stores.counters, deriveKey(installation, 'guard'), settings.guard, {
    everywhere: settings.guard.everywhere,
    tell(kind) {
      guardWaits.add({ kind });
      log[kind === 'everywhere' ? 'error' : 'warn']('guard.waits', { part: 'id', kind });
    },
  });
  const guessing = createGuessing();
  const password = createPasswordMethod(citizens, guard, hashing, guessing, log);
  const party = passkeyParty(issuer);
  const challenges = createChallenges(stores.artifacts, deriveKey(installation, 'passkey challenges'));
  const passkey = createPasskeyMethod(party, challenges, citizens, credentials);
  const transactions = createEidTransactions(stores.records, sealerFor('eid'));
  const runAccountJobs = createAccountJobs({ lifecycle, browsers, services, wake: () => deliveries.wake() });
  const accountJobs = startPolling([runAccountJobs], accountJobInterval, log);
  const failures = { eid_purge_failed: () => transactions.purge(), key_purge_failed: () => purgeKeys(stores.records) };
  const purging = startPurging(failures, log);
  const circuit = createCircuit(deps.eid);
  const watch = createEidWatch({
    circuit,
    certificates: deps.eidCertificates,
    clients: () => provider.clients(),
    metrics: deps.metrics,
    log,
  });
  const missing = await watch.begin();
  if (missing.length > 0)
    throw new ConfigError(
      missing.map((one) =>
        aboutFile((one.clientId && deps.clientFile(one.clientId)) ?? 'id.eid.server', describeMissing(one)),
      ),
    );
  const watching = startPolling([() => watch.look()], eidInterval, log);
  const eid = createEidMethod(circuit, transactions, issuer, log);
  const devices = createDevices(sealerFor('cookies'), deriveKey(installation, 'devices'), secureCookies);
  const admission = deps.overload.admission(admittedId({ issuer, devices, oidc: provider, throttle }));
  const { door } = provider;
  const flows = createFlowStore(door, stores.artifacts, rules.ageing);
  const joinTickets = createJoinTickets(stores.artifacts);
  const joining = createJoining(joinTickets, door, journal);
  const steps = createSteps({ door, flows, citizens, credentials, guests, journal, devices, joining, rules });
  const csrf = createCsrf(deriveKey(installation, 'csrf'));
  const entry = createEntry(steps, csrf, addressOf);

  const app = createWebApp({ part: 'id', origin: issuer, secureCookies, environment, log });
  const router = new Router();
  const ready = async (): Promise<void> => {
    await stores.artifacts.find('Session', 'none');
    await stores.records.query.selectFrom('keys').select('kid').limit(1).execute();
    await stores.records.writable();
  };
  const health = createHealth({ stores: ready }, log);
  router.get('/health/live', (ctx) => health.live(ctx)).get('/health/ready', (ctx) => health.ready(ctx));
  addOpenPages(router, {
    issuer,
    environment,
    means: settings.levels.means,
    provider,
    mailing,
    ...(deps.testPersons ? { people: { accounts: deps.testPersons, cards: deps.testCards ?? [] } } : {}),
  });
  const accountEntry = createAccountEntry({ visitors: provider.visitors, csrf, rules, issuer });
  const selfService = addSelfService(router, {
    settings,
    stores,
    installation,
    cookieSealer: sealerFor('cookies'),
    log,
    journal,
    citizens,
    credentials,
    accounts,
    mails: mailing.outbox,
    guard,
    hashing,
    password,
    devices,
    provider,
    rules,
    csrf,
    entry,
    steps,
    accountEntry,
    addressOf,
    isOff: (method) => switches.isOff(method) || (method === 'eid' && watch.isDown()),
  });
  addResolveRoutes(router, {
    readToken: provider.readApiToken,
    clients: () => provider.clients(),
    handles: persistence.postfachHandles,
    citizens,
    guesses: createGuesses(stores.counters, deriveKey(installation, 'guard'), settings.guard.postfach),
    journal,
  });
  const isOff = (method: MethodName): boolean => switches.isOff(method);
  addLogins(router, {
    entry,
    steps,
    door,
    flows,
    citizens,
    credentials,
    lifecycle,
    journal,
    rules,
    isOff,
    admitsHasty: (ctx) => !guessing.isOn() || devices.read(ctx).isKnown || admission.admitsAs('hasty'),
    sendAway: (ctx) => admission.sendAway(ctx),
    eidDown: () => watch.isDown(),
    password,
    passkey,
    totp: createTotpMethod(citizens, credentials, guard),
    recoveryCodes: createRecoveryCodeMethod(citizens, credentials, guard),
    eid,
    starts: (what) => createStartLimit(stores.counters, deriveKey(installation, 'guard'), what, settings.guard.eid),
    client: settings.eid.client,
    clients: () => provider.clients(),
    testPersons: deps.testPersons,
    registrationPages: selfService.registrationPages,
  });
  addAccountRoutes(router, {
    entry: accountEntry,
    dangerous: selfService.loginData.dangerous,
    csrf,
    accounts,
    citizens,
    credentials,
    services,
    lifecycle,
    postfachHandles: persistence.postfachHandles,
    joins: persistence.joins,
    joinTickets,
    cardHistory,
    activities: createActivityView(stores.records),
    journal,
    sessions: provider.accountSessions,
    visitors: provider.visitors,
    notMe,
    rules,
    clients: () => provider.clients(),
    wake: () => deliveries.wake(),
    enrolment: createPasskeyEnrolment(party, challenges, credentials),
    setups: createTotpSetups(stores.artifacts),
    isOff,
    loginData: selfService.loginData,
  });
  app.use(tellGoneFlows).use(provider.middleware).use(router.routes()).use(router.allowedMethods());
  const handle = app.callback();
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    if (provider.answerDocument(request, response)) return;
    if (admission.admits(request, response)) void handle(request, response);
  };

  return {
    handler,
    mutualTlsHandler: (request, response) => {
      const [path = ''] = (request.url ?? '').split('?');
      if (mutualTlsPath.test(path)) handler(request, response);
      else response.writeHead(404, { 'content-length': '0', 'cache-control': 'no-store' }).end();
    },
    knownHosts: hostsOfOrigin(issuer),
    oidc: provider,
    citizens,
    credentials,
    accounts,
    lifecycle,
    cardHistory,
    sessions,
    hashing,
    journal,
    notMe,
    mail: mailing.outbox,
    stores,
    ready,
    health: () => health.details(),
    eidHealth: () => watch.health(),
    async swap(set) {
      await watch.check(set);
      await provider.swap(set);
      files = set;
    },
    async poll() {
      await polling.now();
      await watching.now();
      deliveries.wake();
    },
    async settled() {
      await selfService.settled();
      await password.settled();
    },
    runAccountJobs: () => accountJobs.now(),
    drain: () => health.drain(),
    async close() {
      purging.stop();
      await polling.stop();
      await selfService.close();
      await accountJobs.stop();
      await watching.stop();
      await deliveries.stop();
      await password.settled();
      await journal.settled();
      circuit.close();
    },
  };
};
