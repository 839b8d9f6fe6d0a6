import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health } from '../web/health.ts';
import type { Log } from '../web/log.ts';
import type { Metrics } from '../web/metrics.ts';
import type { Overload } from '../web/overload/overload.ts';
import type { Environment } from '../web/parts.ts';
import type { Stores } from '../storage/open.ts';
import type { NotMeLinks } from './account/not-me.ts';
import type { Journal } from './audit/journal.ts';
import type { EidPort } from './authentication/eid/port.ts';
import type { DatedCertificate } from './authentication/eid/tr03130/certificates.ts';
import type { PasswordHashing } from './authentication/password/hashing.ts';
import type { ClientSet } from './clients/load.ts';
import type { EidHealth } from './eid-watch.ts';
import type { TestPeople } from './developers/pages/DevelopersPage.tsx';
import type { LoginView } from './interaction/views.ts';
import type { AccountRepository } from './identity/accounts.ts';
import type { CardHistory } from './identity/card-history.ts';
import type { CredentialRepository } from './identity/credentials.ts';
import type { LifecycleRepository } from './identity/lifecycle.ts';
import type { CitizenRepository } from './identity/repository.ts';
import type { MailOutbox } from './mail/outbox.ts';
import type { Oidc } from './oidc/oidc.ts';
import type { MasterKeys } from './master-keys.ts';
import type { SessionRegister } from './oidc/session-register.ts';
import type { IdTables } from './persistence.ts';
import type { IdSettings } from './settings.ts';

/** What Bayern-ID is made of that differs from installation to installation. */
export interface IdDeps {
  readonly settings: IdSettings;
  readonly stores: Stores<IdTables>;
  readonly keys: { readonly master: MasterKeys; readonly installation: Buffer };
  readonly eid: EidPort;
  /** Those that `eid` depends on; their end is told weeks ahead. */
  readonly eidCertificates: readonly DatedCertificate[];
  readonly clients: ClientSet;
  /** In which file a client stands, for what is wrong with it. */
  readonly clientFile: (clientId: string) => string | undefined;
  readonly environment: Environment;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly outbound: { readonly allowSpecialUse: boolean; readonly ca?: string };
  readonly trustedProxies: readonly string[];
  readonly overload: Overload;
  /** Processes of this part that share the machine's cores. */
  readonly processes: number;
  /** Shown on the login page of a test installation. */
  readonly testPersons?: LoginView['testPersons'];
  /** Cards of the simulator, for the developers of a test installation. */
  readonly testCards?: TestPeople['cards'];
}

/** Bayern-ID, ready to listen. */
export interface IdApp {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** For the listener that asks for client certificates: the few endpoints that need one. */
  readonly mutualTlsHandler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly knownHosts: readonly string[];
  readonly oidc: Oidc;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly accounts: AccountRepository;
  readonly lifecycle: LifecycleRepository;
  readonly cardHistory: CardHistory;
  readonly sessions: SessionRegister;
  readonly hashing: PasswordHashing;
  readonly journal: Journal;
  /** For mails: links that end all sessions of an account. */
  readonly notMe: NotMeLinks;
  readonly mail: MailOutbox;
  readonly stores: Stores<IdTables>;
  ready(): Promise<void>;
  /** With reasons, for the loopback port only. */
  health(): ReturnType<Health['details']>;
  /** What stands in the way of the Online-Ausweis, for the loopback port only. */
  eidHealth(): EidHealth;
  /** Puts another set of clients into force. @throws ClientRefused, and then nothing has changed */
  swap(set: ClientSet): Promise<void>;
  /** Looks now for what is looked for every few seconds: keys, switches, sessions whose time is over, waiting notices, the eID-Server. */
  poll(): Promise<void>;
  /** What goes on behind answers has ended: mails that were asked for are in the outbox. */
  settled(): Promise<void>;
  /** Does now what is done every hour: accounts whose time is over, notices to those that nobody uses. */
  runAccountJobs(): Promise<void>;
  /** From now on not ready, so that a load balancer sends nobody any more. */
  drain(): void;
  /** Writes down what is still waiting; stores and listeners belong to the composition root. */
  close(): Promise<void>;
}
