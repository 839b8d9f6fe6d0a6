import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createNotMeLinks } from '../id/account/not-me.ts';
import { createOwnerMail } from '../id/account/owner-mail.ts';
import { createMailOutbox } from '../id/mail/outbox.ts';
import { createPersistence, sealerOf, type IdTables, type Persistence } from '../id/persistence.ts';
import { masterSealer } from '../id/master-keys.ts';
import { loadInstallationKey } from '../id/records/installation-key.ts';
import type { PutMail } from '../id/records/tell-owner.ts';
import { openSecrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import type { Database } from '../storage/database.ts';
import { openStores, type Stores } from '../storage/open.ts';
import { deriveKey } from '../storage/sealing.ts';
import { storesLocation } from '../storage/settings.ts';

/** What an operator's command is given to work with. */
export interface CommandContext {
  readonly settings: Settings;
  readonly production: boolean;
  /** Folder of the files that settings name relatively. */
  readonly configDirectory: string;
  /** The client ids of config/clients, read when asked for. */
  readonly clientIds: () => Promise<readonly string[]>;
  readonly print: (line: string) => void;
}

/** A command that was not understood: its usage is shown. */
export class Misunderstood extends Error {
  override readonly name = 'Misunderstood';
}

/** Who sits at the command line, for the journal: the account of the operating system. */
export const operatorName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
};

const isThere = async (records: Database<IdTables>): Promise<boolean> => {
  try {
    const found = await records.query.selectFrom('installation_key').select('name').limit(1).execute();
    return found.length > 0;
  } catch {
    return false;
  }
};

/** Owners are told of what the operator does: the mail waits in the outbox, and a server sends it within seconds. */
const mailFromTheCommandLine = (
  { id: { issuer } }: Settings,
  production: boolean,
  { records, artifacts }: Stores<IdTables>,
  keys: Parameters<typeof sealerOf>[0],
): PutMail => {
  const sender = { issuer, testing: !production };
  const mail = createMailOutbox(records, { sealer: sealerOf(keys, 'outbox'), sender, wake: () => {} });
  const notMe = createNotMeLinks(sealerOf(keys, 'not me'), artifacts, issuer);
  // No act of the operator belongs to a service.
  return createOwnerMail({ mail, notMe, issuer, serviceName: () => undefined });
};

/**
 * Works on Bayern-ID's records beside the servers that run on them. Never changes the tables themselves: that is the
 * servers' business, when they start.
 *
 * @throws when there are no records, or those of another version.
 */
export const withRecords = async (
  { settings, production }: CommandContext,
  work: (persistence: Persistence, stores: Stores<IdTables>) => Promise<number>,
): Promise<number> => {
  const location = storesLocation(settings.storage);
  const absent = `there are no records of this version in ${location.databaseUrl === undefined ? location.directory : 'the database'}: start Bayern-ID first`;
  if (location.databaseUrl === undefined && !existsSync(join(location.directory, 'id.sqlite'))) throw new Error(absent);
  const master = openSecrets(location.directory, production).masterKeys();
  let installation: Buffer | undefined;
  const stores = await openStores<IdTables>({
    ...location,
    part: 'id',
    async masterKey(records) {
      if (!(await isThere(records))) throw new Error(absent);
      installation = await loadInstallationKey(records, masterSealer(master, 'installation'), master.current);
      return deriveKey(installation, 'id');
    },
  });
  try {
    if (!installation) throw new Error(absent);
    const keys = { master, installation };
    const putMail = mailFromTheCommandLine(settings, production, stores, keys);
    return await work(createPersistence(stores.records, keys, putMail), stores);
  } finally {
    await stores.close();
  }
};

/** Rows under their headings, in columns as wide as they need to be. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  return [headings, ...rows].map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

export const moment = (at: number | undefined): string => (at === undefined ? '–' : new Date(at).toISOString());
