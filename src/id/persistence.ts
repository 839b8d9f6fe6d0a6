import type { Database } from '../storage/database.ts';
import { outboxMigration, type OutboxTables } from '../storage/outbox.ts';
import { createSealer, deriveKey, type Sealer } from '../storage/sealing.ts';
import { auditMigrations, type AuditTables } from './audit/journal.ts';
import { eidMigrations, type EidTables } from './authentication/eid/transactions.ts';
import type { AccountRepository } from './identity/accounts.ts';
import type { CredentialRepository } from './identity/credentials.ts';
import type { CitizenRepository } from './identity/repository.ts';
import { createKeyStore, keyMigrations, type KeyStore, type KeyTables } from './oidc/keys.ts';
import { noticeOutbox } from './oidc/logout.ts';
import {
  createSessionRegister,
  sessionMigrations,
  type EnqueueNotice,
  type SessionRegister,
  type SessionTables,
} from './oidc/session-register.ts';
import { createAccountRecords } from './records/accounts.ts';
import { createCredentialRecords } from './records/credentials.ts';
import type { EndSessions } from './records/epoch.ts';
import { operatorActMigrations, type OperatorActTables } from './records/operator-acts.ts';
import { createCitizenRepository } from './records/repository.ts';
import { citizenMigrations, type CitizenTables } from './records/tables.ts';
import { switchMigrations, type SwitchTables } from './switches.ts';

export type IdTables = CitizenTables &
  AuditTables &
  EidTables &
  KeyTables &
  OutboxTables &
  SessionTables &
  SwitchTables &
  OperatorActTables;

export const idMigrations = {
  ...citizenMigrations,
  ...auditMigrations,
  ...eidMigrations,
  ...keyMigrations,
  '0005-outbox': outboxMigration,
  ...sessionMigrations,
  ...switchMigrations,
  ...operatorActMigrations,
};

/** What reads and writes Bayern-ID's records: the same for a server and for the operator's command line. */
export interface Persistence {
  /** A sealer of its own for each purpose. */
  readonly sealerFor: (purpose: string) => Sealer;
  readonly keys: KeyStore;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly accounts: AccountRepository;
  readonly sessions: SessionRegister;
  readonly enqueueNotice: EnqueueNotice;
}

/**
 * @param enqueued called when notices were put into the outbox by the end of sessions.
 */
export const createPersistence = (
  records: Database<IdTables>,
  masterKey: Buffer,
  enqueued: () => void = () => {},
): Persistence => {
  const sealerFor = (purpose: string): Sealer => createSealer([{ id: '1', key: deriveKey(masterKey, purpose) }]);
  const enqueueNotice = noticeOutbox(sealerFor('outbox'));
  const sessions = createSessionRegister(records, enqueueNotice, enqueued);
  const recordKeys = { wrapping: sealerFor('accounts'), index: deriveKey(masterKey, 'index') };
  const endSessions: EndSessions = (trx, accountId) => sessions.endAccount(trx, accountId, 'epoch');
  return {
    sealerFor,
    keys: createKeyStore(records, sealerFor('keys')),
    citizens: createCitizenRepository(records, recordKeys, endSessions),
    credentials: createCredentialRecords(records, recordKeys, endSessions),
    accounts: createAccountRecords(records, recordKeys, endSessions),
    sessions,
    enqueueNotice,
  };
};
