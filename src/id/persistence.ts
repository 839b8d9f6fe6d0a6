import type { Database } from '../storage/database.ts';
import { outboxMigration, type OutboxTables } from '../storage/outbox.ts';
import { createSealer, deriveKey, type Sealer } from '../storage/sealing.ts';
import { auditChainMigrations, createAuditChain, type AuditChain, type AuditChainTables } from './audit/chain.ts';
import { auditMigrations, type AuditTables } from './audit/journal.ts';
import { eidMigrations, type EidTables } from './authentication/eid/transactions.ts';
import type { AccountRepository } from './identity/accounts.ts';
import type { BrowserSessionRepository } from './identity/browser-sessions.ts';
import type { CardHistory } from './identity/card-history.ts';
import type { CredentialRepository } from './identity/credentials.ts';
import type { JoinRepository } from './identity/joining.ts';
import type { LifecycleRepository } from './identity/lifecycle.ts';
import type { PostfachHandles } from './identity/postfach.ts';
import type { CitizenRepository } from './identity/repository.ts';
import type { ServiceRepository } from './identity/service-records.ts';
import { masterSealer, type MasterKeys } from './master-keys.ts';
import { createKeyStore, keyMigrations, type KeyStore, type KeyTables } from './oidc/keys.ts';
import { noticeOutbox } from './oidc/logout.ts';
import { securityEventOutbox } from './oidc/security-events.ts';
import {
  createSessionRegister,
  sessionMigrations,
  type EnqueueNotice,
  type SessionRegister,
  type SessionTables,
} from './oidc/session-register.ts';
import { createAccountSealers } from './records/account-sealing.ts';
import { createAccountRecords } from './records/accounts.ts';
import { createBrowserSessions } from './records/browser-sessions.ts';
import { createCardHistory } from './records/card-history.ts';
import { createCredentialRecords } from './records/credentials.ts';
import type { EndSessions } from './records/epoch.ts';
import {
  installationKeyMigrations,
  loadInstallationKey,
  type InstallationKeyTables,
} from './records/installation-key.ts';
import { createJoinRecords } from './records/joining.ts';
import { createLifecycleRecords } from './records/lifecycle.ts';
import { operatorActMigrations, type OperatorActTables } from './records/operator-acts.ts';
import { createPostfachHandles } from './records/postfach-handles.ts';
import { createPurgeAnnouncement, type PurgeReceiver } from './records/purge-announcement.ts';
import { createCitizenRepository } from './records/repository.ts';
import { createServiceRecords } from './records/service-records.ts';
import { citizenMigrations, type CitizenTables } from './records/tables.ts';
import { createTellOwner, type PutMail } from './records/tell-owner.ts';
import { createEventWriter, type EventWriter } from './records/write-events.ts';
import { switchMigrations, type SwitchTables } from './switches.ts';

export type IdTables = CitizenTables &
  AuditTables &
  AuditChainTables &
  EidTables &
  KeyTables &
  OutboxTables &
  SessionTables &
  SwitchTables &
  InstallationKeyTables &
  OperatorActTables;

/**
 * Rows about what is under way, none of which is worth anything after its session or its ten minutes: they survive a crash of
 * the process, and nobody waits until the disk has them.
 */
export const fleetingTables: readonly (keyof IdTables)[] = [
  'eid_transactions',
  'browser_sessions',
  'session_services',
  'service_grants',
];

export const idMigrations = {
  ...citizenMigrations,
  ...auditMigrations,
  ...eidMigrations,
  ...keyMigrations,
  '0005-outbox': outboxMigration,
  ...sessionMigrations,
  ...switchMigrations,
  ...operatorActMigrations,
  ...installationKeyMigrations,
  ...auditChainMigrations,
};

/** Keys that are wrapped by the master key itself; everything else is sealed under keys derived from the installation's. */
const wrappedByMaster: ReadonlySet<string> = new Set(['accounts', 'keys']);

/** Brings the records up to date and opens the installation's key, before anything else of them can be read. */
export const openInstallation = async (records: Database<IdTables>, master: MasterKeys): Promise<Buffer> => {
  await records.migrate(idMigrations);
  return loadInstallationKey(records, masterSealer(master, 'installation'), master.current);
};

export interface InstallationKeys {
  readonly master: MasterKeys;
  readonly installation: Buffer;
}

/** A sealer of its own for each purpose. */
export const sealerOf = ({ master, installation }: InstallationKeys, purpose: string): Sealer =>
  wrappedByMaster.has(purpose)
    ? masterSealer(master, purpose)
    : createSealer([{ id: '1', key: deriveKey(installation, purpose) }]);

/** What reads and writes Bayern-ID's records: the same for a server and for the operator's command line. */
export interface Persistence {
  /** A sealer of its own for each purpose. */
  readonly sealerFor: (purpose: string) => Sealer;
  readonly keys: KeyStore;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly accounts: AccountRepository;
  readonly lifecycle: LifecycleRepository;
  readonly joins: JoinRepository;
  readonly browsers: BrowserSessionRepository;
  readonly services: ServiceRepository;
  readonly postfachHandles: PostfachHandles;
  readonly cardHistory: CardHistory;
  readonly sessions: SessionRegister;
  readonly enqueueNotice: EnqueueNotice;
  readonly writer: EventWriter;
  readonly auditChain: AuditChain;
}

/**
 * @param putMail how mails to the owners of accounts get into the outbox.
 * @param enqueued called when notices were put into the outbox by the end of sessions.
 * @param receivers who wants to know when an account ends for good.
 */
export const createPersistence = (
  records: Database<IdTables>,
  keys: InstallationKeys,
  putMail: PutMail,
  enqueued: () => void = () => {},
  receivers: () => readonly PurgeReceiver[] = () => [],
): Persistence => {
  const { installation } = keys;
  const sealerFor = (purpose: string): Sealer => sealerOf(keys, purpose);
  const enqueueNotice = noticeOutbox(sealerFor('outbox'));
  const sessions = createSessionRegister(records, enqueueNotice, enqueued);
  const recordKeys = { accounts: createAccountSealers(sealerFor('accounts')), index: deriveKey(installation, 'index') };
  const tell = createTellOwner(recordKeys, putMail);
  const writer = createEventWriter(tell);
  const endSessions: EndSessions = (trx, accountId) => sessions.endAccount(trx, accountId, 'epoch');
  const announcePurge = createPurgeAnnouncement(receivers, securityEventOutbox(sealerFor('outbox')));
  return {
    sealerFor,
    keys: createKeyStore(records, sealerFor('keys')),
    citizens: createCitizenRepository(records, recordKeys, endSessions, writer),
    credentials: createCredentialRecords(records, recordKeys, endSessions, writer),
    accounts: createAccountRecords(records, recordKeys, endSessions, writer),
    lifecycle: createLifecycleRecords(records, endSessions, writer, tell, announcePurge),
    joins: createJoinRecords(records, recordKeys, endSessions, writer, tell, announcePurge),
    browsers: createBrowserSessions(records, recordKeys),
    services: createServiceRecords(records, recordKeys, writer),
    postfachHandles: createPostfachHandles(records, recordKeys),
    cardHistory: createCardHistory(records, recordKeys),
    sessions,
    enqueueNotice,
    writer,
    auditChain: createAuditChain(records, deriveKey(installation, 'audit chain')),
  };
};
