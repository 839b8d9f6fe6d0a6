import './realm.ts';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadSettings } from '../../src/config/load.ts';
import { settings as settingsSchema, type Settings } from '../../src/settings.ts';
import { partNames, startApp, type App, type PartName } from '../../src/app.ts';
import { clientVariables } from '../../src/client-variables.ts';
import type { EidPort } from '../../src/id/authentication/eid/port.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import { scopeNames } from '../../src/id/clients/schema.ts';
import type { AuditEvent } from '../../src/id/audit/events.ts';
import { createLog } from '../../src/web/log.ts';
import { PortTaken } from '../../src/web/server.ts';
import { freePort } from './free-port.ts';
import { runFolder } from './run-folder.js';

export interface TestApp {
  readonly app: App;
  readonly settings: Settings;
  readonly issuer: string;
  readonly portal: string;
  readonly fz: string;
  readonly registerbehoerde: string;
  readonly postfach: string;
  readonly bezahlsystem: string;
  /** The same API for connections with a client certificate. */
  readonly bezahlsystemMutualTls: string;
  readonly simulator: string;
  readonly paymentSimulator: string;
  readonly playground: string;
  /** A copy of config/ that the test may change. */
  readonly config: string;
  readonly data: string;
  /** What `${NAME}` stands for in client files. */
  readonly variables: Readonly<Record<string, string>>;
  /** The settings that are its own, for another process of the same installation: its working directory is `data`. */
  readonly env: Readonly<Record<string, string>>;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** Audit events since the last call, oldest first. */
  events(): Promise<AuditEvent[]>;
  citizen(login: string): Promise<Citizen | undefined>;
  /** Pairwise subjects of an account by sector. */
  subjects(login: string): Promise<Readonly<Record<string, string>>>;
  /** Waits until every notice in the outbox, or every one of a kind, is delivered or has failed. */
  outboxEmpty(kind?: string): Promise<void>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** Parts that are not started here. */
  readonly without?: readonly PartName[];
  /** Keep the data of an earlier app, for a second start. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Overrides, as environment variables without the prefix: `ID__GUARD__NAME__FAILURES`. */
  readonly set?: Readonly<Record<string, string>>;
  /** The shipped file of the authority `bayern` in place of one that grants everything. */
  readonly authority?: 'shipped';
  /** Letters for the test persons in Mein Postfach, as after `npm start`. */
  readonly exampleLetters?: boolean;
  /** In place of the adapter that speaks to the simulator. */
  readonly eid?: EidPort;
  /** How busy the process seems; `WEB__OVERLOAD__SHED` has to be on. */
  readonly load?: () => number;
  /** Hosts for https, each of a site of its own; certificates of the development PKI cover them. */
  readonly https?: boolean;
  /** Everything on https://localhost, for the real client that listens at `client`. */
  readonly ausweisapp?: { readonly client: string; readonly directory: string; readonly paosPort: number };
}

/** Makes all certificates once per run: RSA keys take seconds. */
export const certificates = join(runFolder(), 'certificates');

/** Grants everything: tests write clients of every kind. What the shipped file grants is for tests/unit/authorities. */
const permissive = {
  name: 'Bayern',
  client_id_prefix: '',
  client_names: 'any',
  hosts: 'any',
  scopes: [...scopeNames],
  verified_claims: 'any',
  lowest_verified_claims_minimum: 'basic',
  consent: 'none',
  pkce: 'optional',
  subject_types: ['pairwise', 'public'],
  resources: 'any',
  api: 'any',
  files: 'any',
  environment: 'any',
};

/** The whole of Bayern-ID, as `npm start` puts it together, on free ports, in a folder of its own. */
export const startTestApp = async (options: TestAppOptions = {}): Promise<TestApp> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnFreePorts(options);
    } catch (error) {
      // Another run of the tests on this machine may have been quicker.
      if (!(error instanceof PortTaken) || attempt === 3) throw error;
    }
  }
};

const startOnFreePorts = async (options: TestAppOptions): Promise<TestApp> => {
  const [id, portal, fz, pages, soap, mtls, postfach] = (await Promise.all(Array.from({ length: 7 }, freePort))) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const home = options.data ?? mkdtempSync(join(tmpdir(), 'bayern-id-test-'));
  const config = join(home, 'config');
  cpSync('config', config, { recursive: true });
  if (options.authority !== 'shipped') writeFileSync(join(config, 'authorities', 'bayern.yaml'), stringify(permissive));
  const { ausweisapp } = options;
  const overTls = options.https === true || ausweisapp !== undefined;
  const scheme = overTls ? 'https' : 'http';
  const host = (name: string): string => (options.https === true ? name : 'localhost');
  const issuer = `${scheme}://${host('login.bayern-id.test')}:${id}`;
  const portalOrigin = `${scheme}://${host('portal.dienste.test')}:${portal}`;
  const playgroundPort = await freePort();
  const [bezahlPort, bezahlTlsPort] = [await freePort(), await freePort()];
  const bezahlOrigin = `${scheme}://${host('bezahlen.dienste.test')}:${bezahlPort}`;
  const bezahlsystemMutualTls = `https://localhost:${bezahlTlsPort}`;
  const paymentPort = await freePort();
  const paymentSimulator = `${scheme}://localhost:${paymentPort}`;
  const playground = `${scheme}://${host('spielwiese.dienste.test')}:${playgroundPort}`;
  const fzOrigin = `${scheme}://${host('fz.dienste.test')}:${fz}`;
  const registerPort = await freePort();
  const registerOrigin = `${scheme}://${host('registerbehoerde.dienste.test')}:${registerPort}`;
  const postfachOrigin = `${scheme}://${host('postfach.dienste.test')}:${postfach}`;
  const simulator = `${scheme}://${host('localhost')}:${pages}`;
  const certs = (name: string): string => join(certificates, name);
  const set: Record<string, string> = {
    ID__ISSUER: issuer,
    ID__PORT: String(id),
    ID__MUTUAL_TLS__ORIGIN: `https://localhost:${mtls}`,
    ID__MUTUAL_TLS__PORT: String(mtls),
    ID__MUTUAL_TLS__CERTIFICATE_FILE: certs('localhost.pem'),
    ID__MUTUAL_TLS__KEY_FILE: certs('localhost.key'),
    ID__MUTUAL_TLS__CA_FILE: certs('ca.pem'),
    ID__EID__SERVER__ADDRESS: `https://localhost:${soap}/eid`,
    ID__EID__SERVER__CLIENT_CERTIFICATE_FILE: certs('eid-client.pem'),
    ID__EID__SERVER__CLIENT_KEY_FILE: certs('eid-client.key'),
    ID__EID__SERVER__CA_FILE: certs('ca.pem'),
    ID__EID__SERVER__SIGNING_CERTIFICATE_FILE: certs('eid-client-signer.pem'),
    ID__EID__SERVER__SIGNING_KEY_FILE: certs('eid-client-signer.key'),
    ID__EID__SERVER__SERVER_SIGNER_CERTIFICATE_FILES: `[${certs('eid-server-signer.pem')}]`,
    ID__EID__SERVER__TIMEOUT_SECONDS: '4',
    // All people of a test share one address.
    ID__GUARD__EID__STARTS: '100000',
    ID__GUARD__MAIL__ADDRESS__MAILS: '100000',
    ID__EID__CLIENT__DESKTOP: `${simulator}/eID-Client`,
    ID__EID__CLIENT__MOBILE: `${simulator}/eID-Client`,
    BAYERN_PORTAL__ORIGIN: portalOrigin,
    BAYERN_PORTAL__PORT: String(portal),
    BAYERN_PORTAL__FUEHRUNGSZEUGNIS_ORIGIN: fzOrigin,
    BAYERN_PORTAL__MEIN_POSTFACH_ORIGIN: postfachOrigin,
    BAYERN_PORTAL__BEZAHLSYSTEM_ORIGIN: bezahlOrigin,
    MEIN_POSTFACH__ORIGIN: postfachOrigin,
    MEIN_POSTFACH__PORT: String(postfach),
    MEIN_POSTFACH__PORTAL_ORIGIN: portalOrigin,
    BEZAHLSYSTEM__ORIGIN: bezahlOrigin,
    BEZAHLSYSTEM__PORT: String(bezahlPort),
    BEZAHLSYSTEM__PORTAL_ORIGIN: portalOrigin,
    BEZAHLSYSTEM__MEIN_POSTFACH_ORIGIN: postfachOrigin,
    BEZAHLSYSTEM__PROVIDERS__SANDBOX__ORIGIN: paymentSimulator,
    BEZAHLSYSTEM__MUTUAL_TLS__ORIGIN: bezahlsystemMutualTls,
    BEZAHLSYSTEM__MUTUAL_TLS__PORT: String(bezahlTlsPort),
    BEZAHLSYSTEM__MUTUAL_TLS__CERTIFICATE_FILE: certs('localhost.pem'),
    BEZAHLSYSTEM__MUTUAL_TLS__KEY_FILE: certs('localhost.key'),
    BEZAHLSYSTEM__MUTUAL_TLS__CA_FILE: certs('ca.pem'),
    FUEHRUNGSZEUGNIS__ORIGIN: fzOrigin,
    FUEHRUNGSZEUGNIS__PORT: String(fz),
    FUEHRUNGSZEUGNIS__PORTAL_ORIGIN: portalOrigin,
    FUEHRUNGSZEUGNIS__MEIN_POSTFACH_ORIGIN: postfachOrigin,
    FUEHRUNGSZEUGNIS__BEZAHLSYSTEM__ORIGIN: bezahlOrigin,
    REGISTERBEHOERDE__ORIGIN: registerOrigin,
    REGISTERBEHOERDE__PORT: String(registerPort),
    SPIELWIESE__ORIGIN: playground,
    SPIELWIESE__PORT: String(playgroundPort),
    STORAGE__DIRECTORY: join(home, 'data'),
    SIMULATORS__CERTIFICATES: certificates,
    SIMULATORS__TEST_PERSONS: join(config, 'test-persons.yaml'),
    SIMULATORS__EID__PAGE_PORT: String(pages),
    SIMULATORS__EID__SOAP_PORT: String(soap),
    SIMULATORS__EID__PAGE_ORIGIN: simulator,
    SIMULATORS__PAYMENT__PORT: String(paymentPort),
    SIMULATORS__PAYMENT__ORIGIN: paymentSimulator,
    WEB__MONITORING_PORT: '0',
    ...(ausweisapp
      ? {
          ID__EID__CLIENT__DESKTOP: ausweisapp.client,
          ID__EID__CLIENT__SIMULATED: 'false',
          ID__EID__CLIENT__TEST_PKI: 'true',
          ID__EID__SERVER__PAOS_ADDRESSES: `[https://localhost:${ausweisapp.paosPort}/paos]`,
          SIMULATORS__EID__AUSWEISAPP__PAOS_PORT: String(ausweisapp.paosPort),
          SIMULATORS__EID__AUSWEISAPP__DIRECTORY: ausweisapp.directory,
        }
      : {}),
    ...(overTls
      ? {
          WEB__TLS__CERTIFICATE_FILE: certs('localhost.pem'),
          WEB__TLS__KEY_FILE: certs('localhost.key'),
          OUTBOUND__CA_FILE: certs('ca.pem'),
        }
      : {}),
    ...options.set,
  };
  const env = {
    ...Object.fromEntries(Object.entries(set).map(([key, value]) => [`BAYERN_ID__${key}`, value])),
    ...options.env,
  };
  const settings = loadSettings(config, settingsSchema, env);
  const log: string[] = [];
  const app = await startApp({
    settings,
    configDirectory: config,
    production: false,
    parts: partNames.filter((name) => options.without?.includes(name) !== true),
    env: { ...process.env, ...env },
    log: createLog({ least: 'debug', write: (line) => log.push(line) }),
    reloadInterval: 100,
    ...(options.eid ? { eid: options.eid } : {}),
    ...(options.load ? { load: options.load } : {}),
    ...(options.exampleLetters === true ? { exampleLetters: true } : {}),
  });
  let seen = '';
  const citizenOf = async (login: string): Promise<Citizen | undefined> =>
    (await app.id?.citizens.findByLoginName(login))?.citizen;
  return {
    app,
    settings,
    issuer: settings.id.issuer,
    portal: portalOrigin,
    fz: fzOrigin,
    registerbehoerde: registerOrigin,
    postfach: postfachOrigin,
    bezahlsystem: bezahlOrigin,
    bezahlsystemMutualTls,
    simulator,
    paymentSimulator,
    playground,
    config,
    data: home,
    variables: clientVariables(settings),
    env,
    log,
    async events() {
      await app.id?.journal.settled();
      const rows = (await app.id?.journal.after(seen)) ?? [];
      seen = rows.at(-1)?.id ?? seen;
      return rows.map(({ type, account_id, client_id, reference_id, detail }) => ({
        type,
        ...(account_id === null ? {} : { accountId: account_id }),
        ...(client_id === null ? {} : { clientId: client_id }),
        ...(reference_id === null ? {} : { referenceId: reference_id }),
        ...(JSON.parse(detail) as object),
      })) as AuditEvent[];
    },
    citizen: citizenOf,
    async subjects(login) {
      const citizen = await citizenOf(login);
      const rows =
        (await app.id?.stores.records.query
          .selectFrom('subjects')
          .selectAll()
          .where('account_id', '=', citizen?.account.id ?? '')
          .execute()) ?? [];
      return Object.fromEntries(rows.map(({ sector, subject }) => [sector, subject]));
    },
    async outboxEmpty(kind) {
      for (;;) {
        const all = app.id?.stores.records.query.selectFrom('outbox').select('id').where('state', '=', 'waiting');
        const waiting = await (kind === undefined ? all : all?.where('kind', '=', kind))?.execute();
        if (!waiting || waiting.length === 0) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async stop() {
      await app.close(1000);
      if (options.data === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
};
