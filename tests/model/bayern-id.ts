import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { createAccountEntry } from '../../src/id/account/entry.ts';
import { createAccountJobs } from '../../src/id/account/jobs.ts';
import { createNotMeLinks } from '../../src/id/account/not-me.ts';
import { addAccountRoutes } from '../../src/id/account/routes.ts';
import type { Journal } from '../../src/id/audit/journal.ts';
import { createActivityView } from '../../src/id/audit/view.ts';
import { createDevices } from '../../src/id/authentication/device.ts';
import type { EidMethod } from '../../src/id/authentication/eid/eid.ts';
import { createGuard } from '../../src/id/authentication/guard.ts';
import { createChallenges } from '../../src/id/authentication/passkey/challenges.ts';
import { createPasskeyEnrolment } from '../../src/id/authentication/passkey/enrolment.ts';
import { createPasskeyMethod } from '../../src/id/authentication/passkey/passkey.ts';
import { passkeyParty } from '../../src/id/authentication/passkey/relying-party.ts';
import type { PasswordHashing } from '../../src/id/authentication/password/hashing.ts';
import { createPasswordMethod } from '../../src/id/authentication/password/password.ts';
import { createRecoveryCodeMethod } from '../../src/id/authentication/recovery-codes/recovery-codes.ts';
import { createTotpSetups } from '../../src/id/authentication/totp/setups.ts';
import { createTotpMethod } from '../../src/id/authentication/totp/totp.ts';
import { clientFile } from '../../src/id/clients/schema.ts';
import type { ClientSet } from '../../src/id/clients/load.ts';
import { withGuests } from '../../src/id/guests.ts';
import type { CitizenRepository, ReadCard } from '../../src/id/identity/repository.ts';
import type { CredentialRepository } from '../../src/id/identity/credentials.ts';
import { createEntry } from '../../src/id/interaction/context.ts';
import { createJoinTickets } from '../../src/id/interaction/join-tickets.ts';
import { createJoining } from '../../src/id/interaction/joining.ts';
import { createFlowStore } from '../../src/id/interaction/store.ts';
import { createSteps } from '../../src/id/interaction/steps.ts';
import { addLogins } from '../../src/id/logins.ts';
import type { Mail } from '../../src/id/mail/mail.ts';
import type { MailOutbox } from '../../src/id/mail/outbox.ts';
import { createFindAccount } from '../../src/id/oidc/account.ts';
import { createAccountSessions } from '../../src/id/oidc/account-sessions.ts';
import { sessionLife } from '../../src/id/oidc/configuration.ts';
import { createDoor } from '../../src/id/oidc/door.ts';
import { createEvidenceStore } from '../../src/id/oidc/evidence-store.ts';
import { ownClient, ownClientId } from '../../src/id/oidc/own-client.ts';
import { createOwnFlows } from '../../src/id/oidc/own-flows.ts';
import { createPolicy, type LevelRules } from '../../src/id/oidc/policy.ts';
import { createNoteService } from '../../src/id/oidc/sessions.ts';
import { createVisitors } from '../../src/id/oidc/visitor.ts';
import type { MasterKeys } from '../../src/id/master-keys.ts';
import { createPersistence, idMigrations, type IdTables } from '../../src/id/persistence.ts';
import { addSelfService } from '../../src/id/self-service.ts';
import type { IdSettings } from '../../src/id/settings.ts';
import { interactionPolicy } from 'oidc-provider';
import type { Database } from '../../src/storage/database.ts';
import { createWebApp } from '../../src/web/app.ts';
import { createCsrf, type Csrf } from '../../src/web/csrf.ts';
import { silentLog } from '../../src/web/log.ts';
import { createLibrary, type Answer } from './library.ts';
import type { Outside } from './stores.ts';
import type { Turns } from './turns.ts';

export const issuer = 'https://id.test';
export const service = { id: 'dienst', callback: 'https://dienst.test/zurueck' } as const;

/** As config/bayern-id.yaml has it. */
export const means = {
  password: 'low',
  password_totp: 'substantial',
  passkey_synced: 'substantial',
  passkey_bound: 'substantial',
  eid: 'high',
} as const;

/** Bayern-ID without its edges: the library is a small one, hashes are the passwords themselves, cards are read at once. */
export interface BayernId {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly csrf: Csrf;
  /** Past all turns, for whoever looks on. */
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  /** By the operator's command line. */
  readonly operate: CitizenRepository['act'];
  /** Whether a code or token of this principal is good for anything. */
  readonly accepts: (principal: string) => Promise<boolean>;
  readonly runJobs: () => Promise<void>;
  settled(): Promise<void>;
}

export interface BayernIdParts {
  readonly database: Database<IdTables>;
  readonly outside: Outside;
  readonly turns: Turns;
  readonly card: (name: string) => ReadCard;
  readonly mailed: (mail: Mail) => void;
  readonly answered: (ctx: Context, answer: Answer) => void;
}

const key = (byte: number): Buffer => Buffer.alloc(32, byte);

/** Hashes have tests of their own, and cost what a password has to cost. */
const plain: PasswordHashing = {
  hash: (password) => Promise.resolve(`plain:${password}`),
  verify: (stored, password) => Promise.resolve(stored === `plain:${password}`),
  verifyNothing: () => Promise.resolve(false),
  outdated: () => false,
  load: () => ({
    running: 0,
    waiting: { known: 0, typed: 0, hasty: 0 },
    places: 1,
    refused: { known: 0, typed: 0, hasty: 0 },
  }),
};

const journal: Journal = {
  record() {},
  recordNow: () => Promise.resolve(),
  countOnly() {},
  waiting: () => 0,
  settled: () => Promise.resolve(),
  after: () => Promise.resolve([]),
};

/** Every call of a repository is a moment at which another browser may come in, or the process die. */
const inTurns = <Repository extends object>(repository: Repository, turns: Turns): Repository =>
  new Proxy(repository, {
    get(target, name, receiver) {
      const found: unknown = Reflect.get(target, name, receiver);
      // The one that answers at once.
      if (typeof found !== 'function' || name === 'userHandle') return found;
      return async (...given: unknown[]): Promise<unknown> => {
        await turns.pass();
        return (found as (...given: unknown[]) => unknown).apply(target, given);
      };
    },
  });

const manyFailures = { failures: 1_000_000, window: 900, first_wait: 1, longest_wait: 1 };

export const migrations = idMigrations;

export const createBayernId = (parts: BayernIdParts): BayernId => {
  const { outside, turns } = parts;
  const { artifacts, counters } = outside;
  const master: MasterKeys = { current: key(1) };
  const installation = key(2);
  const persistence = createPersistence(parts.database, { master, installation }, () => Promise.resolve());
  const { sealerFor } = persistence;
  const credentials = inTurns(persistence.credentials, turns);
  const accounts = inTurns(persistence.accounts, turns);
  const lifecycle = inTurns(persistence.lifecycle, turns);
  const register = inTurns(persistence.sessions, turns);
  const browsers = inTurns(persistence.browsers, turns);
  const services = inTurns(persistence.services, turns);
  const { citizens, guests } = withGuests(inTurns(persistence.citizens, turns), artifacts, () => {});
  const mails: MailOutbox = {
    enqueue: async (_trx, mail) => parts.mailed(mail),
    send: async (mail) => parts.mailed(mail),
    wake() {},
  };

  const party = {
    file: clientFile.parse({
      client_id: service.id,
      client_name: 'Dienst',
      redirect_uris: [service.callback],
      token_endpoint_auth_method: 'none',
      scope: 'openid',
      consent: 'none',
      legal_basis: 'Art. 4 BayDSG',
    }),
    authority: 'bayern',
    sector: 'bayern/dienst',
  };
  const set: ClientSet = {
    clients: new Map([
      [service.id, party],
      [ownClientId, ownClient(issuer)],
    ]),
    authorities: new Map(),
  };
  const rules: LevelRules = { table: means, ageing: standardAgeing, counts: () => true };
  const evidence = createEvidenceStore(artifacts);
  const ownFlows = createOwnFlows(3600);
  const findAccount = createFindAccount(citizens, persistence.postfachHandles, set);
  const never = new interactionPolicy.Check('never', 'never asks', () => false);
  const policy = createPolicy({
    rules,
    set,
    store: evidence,
    subjectOf: (accountId, clientId) => Promise.resolve(`${accountId} ${clientId}`),
    release: never,
    cardData: never,
    noteLogin: async ({ sessionUid, citizen, evidence: { means: by, at } }) =>
      browsers.note({ sessionUid, accountId: citizen.account.id, kind: {}, means: by, at }),
  });
  const life = sessionLife(rules);
  const note = createNoteService({ artifacts, register, services, citizens, ageing: rules.ageing, grantLife: 86_400 });
  const library = createLibrary({
    artifacts,
    set,
    policy,
    findAccount,
    sessionLife: life,
    note,
    ownFlows,
    answered: parts.answered,
  });
  const provider = (): typeof library.provider => library.provider;
  const door = createDoor({ provider, set: () => set, artifacts, evidence, register, ownFlows, switched() {} });
  const visitors = createVisitors({
    provider,
    citizens,
    evidence,
    rules,
    sessionLife: life,
    secureCookies: true,
  });
  const devices = createDevices(sealerFor('cookies'), key(3), false);
  const flows = createFlowStore(door, artifacts, rules.ageing);
  const joinTickets = createJoinTickets(artifacts);
  const joining = createJoining(joinTickets, door, journal);
  const steps = createSteps({ door, flows, citizens, credentials, guests, journal, devices, joining, rules });
  const csrf = createCsrf(key(4));
  const addressOf = (): string => '192.0.2.1';
  const entry = createEntry(steps, csrf, addressOf);
  const accountEntry = createAccountEntry({ visitors, csrf, rules, issuer });
  const guard = createGuard(counters, key(5), {
    name: manyFailures,
    address: manyFailures,
    network: manyFailures,
    consecutive: manyFailures,
  });
  const password = createPasswordMethod(citizens, guard, plain, { note() {} }, silentLog);
  const relyingParty = passkeyParty(issuer);
  const challenges = createChallenges(artifacts, key(6));
  const passkey = createPasskeyMethod(relyingParty, challenges, citizens, credentials);
  const enrolment = createPasskeyEnrolment(relyingParty, challenges, credentials);
  const setups = createTotpSetups(artifacts);
  /** What the eID-Server says has tests of its own: here the card is read once the browser comes back. */
  const eid: EidMethod = {
    name: 'eid',
    means: ['eid'],
    begin: () =>
      Promise.resolve({
        kind: 'link',
        transactionId: 'x',
        tcTokenUrl: `${issuer}/eid/tctoken/x`,
        expiresAt: Date.now() + 300_000,
      }),
    token: () => Promise.resolve(undefined),
    complete: (_context, { refresh }) => Promise.resolve({ kind: 'card', card: parts.card(refresh), at: Date.now() }),
    burn: () => Promise.resolve(undefined),
    standing: () => Promise.resolve('begun'),
    broken: () => Promise.resolve(undefined),
    tell: () => Promise.resolve(undefined),
  };

  const app = createWebApp({
    part: 'id',
    origin: issuer,
    secureCookies: true,
    environment: 'development',
    log: silentLog,
  });
  const router = new Router();
  const settings = {
    issuer,
    guard: { mail: { pause: 1, hour: 1e6, day: 1e6, address: { mails: 1e6, window: 60 } } },
  } as unknown as IdSettings;
  const isOff = (): boolean => false;
  const selfService = addSelfService(router, {
    settings,
    stores: { records: parts.database, artifacts, counters } as never,
    installation,
    cookieSealer: sealerFor('cookies'),
    log: silentLog,
    journal,
    citizens,
    credentials,
    accounts,
    mails,
    guard,
    hashing: plain,
    password,
    devices,
    provider: { door, visitors },
    rules,
    csrf,
    entry,
    steps,
    accountEntry,
    addressOf,
    isOff,
  });
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
    admitsHasty: () => true,
    sendAway() {},
    isOff,
    eidDown: isOff,
    password,
    passkey,
    totp: createTotpMethod(citizens, credentials, guard),
    recoveryCodes: createRecoveryCodeMethod(citizens, credentials, guard),
    eid,
    starts: () => ({ count: () => Promise.resolve(undefined) }),
    client: { desktop: issuer, mobile: issuer, simulated: true, test_pki: false },
    clients: () => set,
    testPersons: undefined,
    registrationPages: selfService.registrationPages,
  });
  addAccountRoutes(router, {
    entry: accountEntry,
    dangerous: selfService.loginData.dangerous,
    csrf,
    accounts,
    citizens,
    credentials,
    postfachHandles: persistence.postfachHandles,
    services,
    lifecycle,
    cardHistory: persistence.cardHistory,
    activities: createActivityView(parts.database),
    journal,
    sessions: createAccountSessions({ register, browsers, services, evidence, artifacts, rules }),
    visitors,
    notMe: createNotMeLinks(sealerFor('not me'), artifacts, issuer),
    rules,
    clients: () => set,
    wake() {},
    enrolment,
    setups,
    isOff,
    loginData: selfService.loginData,
    joins: persistence.joins,
    joinTickets,
  });
  router.get('/auth', (ctx) => library.authorize(ctx));
  router.get('/auth/:uid', (ctx) => library.resume(ctx));
  router.get('/session/end', async (ctx) => {
    await library.logOut(ctx);
    // As the listener of the library's event does it.
    await register.forget(String(ctx.body));
    await evidence.remove(String(ctx.body));
  });
  addWindows(router, { entry, visitors, passkey, enrolment, setups, csrf });
  app.use(router.routes());
  return {
    handle: app.callback(),
    csrf,
    citizens: persistence.citizens,
    credentials: persistence.credentials,
    operate: (...given) => citizens.act(...given),
    accepts: async (principal) => (await findAccount({ oidc: {} } as never, principal, undefined)) !== undefined,
    runJobs: createAccountJobs({ lifecycle, browsers, services, wake() {} }),
    settled: () => selfService.settled(),
  };
};

/** What somebody sees of a flow: which page comes next. */
export interface Seen {
  readonly page?: string;
  readonly accountId?: string;
  readonly recentlyProved: boolean;
  /** The request to the browser's API for passkeys, for whoever looks for it. */
  readonly passkey?: unknown;
}

/** Who is logged in where, and what for. */
export interface SeenVisitor {
  readonly accountId: string;
  readonly sessionUid: string;
  readonly level: string;
  /** For the forms of Mein Konto. */
  readonly csrf: string;
}

/** What pages say, in a form that a program reads and that costs no rendering. */
const addWindows = (
  router: Router,
  {
    entry,
    visitors,
    passkey,
    enrolment,
    setups,
    csrf,
  }: {
    entry: ReturnType<typeof createEntry>;
    visitors: ReturnType<typeof createVisitors>;
    passkey: ReturnType<typeof createPasskeyMethod>;
    enrolment: ReturnType<typeof createPasskeyEnrolment>;
    setups: ReturnType<typeof createTotpSetups>;
    csrf: Csrf;
  },
): void => {
  router.get('/anmelden/:uid/modell', async (ctx) => {
    const position = await entry.open(ctx);
    const accountId = position.citizen?.account.id;
    const seen: Seen = {
      ...('page' in position.step ? { page: position.step.page } : {}),
      ...(accountId === undefined ? {} : { accountId }),
      recentlyProved: position.recentlyProved,
      ...(ctx.query['passkey'] === undefined
        ? {}
        : {
            passkey: await passkey.begin(entry.attempt(ctx, position), {
              interaction: position.pending.uid,
              ...(accountId === undefined ? {} : { accountId }),
            }),
          }),
    };
    ctx.body = seen;
  });
  router.get('/konto/modell', async (ctx) => {
    const visitor = await visitors.find(ctx);
    const seen: SeenVisitor | undefined = visitor && {
      accountId: visitor.citizen.account.id,
      sessionUid: visitor.sessionUid,
      level: visitor.reached.level,
      csrf: csrf.token(`konto ${visitor.sessionUid} ${visitor.citizen.account.id}`),
    };
    ctx.body = seen ?? {};
  });
  router.get('/konto/modell/passkey', async (ctx) => {
    const visitor = await visitors.find(ctx);
    ctx.body = visitor
      ? await enrolment.order(visitor.citizen.account.id, { name: 'x', displayName: 'x' }, visitor.sessionUid)
      : {};
  });
  router.get('/konto/modell/app', async (ctx) => {
    const visitor = await visitors.find(ctx);
    ctx.body = visitor ? { secret: await setups.open(visitor.sessionUid, visitor.citizen.account.id) } : {};
  });
};
