import { randomBytes } from 'node:crypto';
import type { Migration } from 'kysely/migration';
import { bytesType } from '../../storage/column-types.ts';
import type { Database } from '../../storage/database.ts';
import type { Sealer } from '../../storage/sealing.ts';
import type { CitizenTables } from './tables.ts';

/**
 * One key for what is found by keyed hashes and for what lives short: login names, card pseudonyms, sessions, mails. It
 * stays when the master key changes, since a hash cannot be made again without what was hashed.
 */
export interface InstallationKeyTables {
  installation_key: { name: string; sealed: Uint8Array };
}

export const installationKeyMigrations: Record<string, Migration> = {
  '0015-installation-key': {
    async up(db) {
      await db.schema
        .createTable('installation_key')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('sealed', bytesType(db), (c) => c.notNull())
        .execute();
    },
  },
};

type Tables = InstallationKeyTables & CitizenTables;

const name = 'installation';
export const installationKeyContext = `installation_key/${name}`;

const read = async (database: Database<Tables>, wrapping: Sealer): Promise<Buffer | undefined> => {
  const row = await database.query
    .selectFrom('installation_key')
    .select('sealed')
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) return undefined;
  try {
    return wrapping.open(row.sealed, installationKeyContext);
  } catch (cause) {
    throw new Error('the installation’s key cannot be opened: the master key is not the one of these records', {
      cause,
    });
  }
};

/**
 * The key of these records; made at the first start, once for all nodes.
 *
 * @param first the master key: records from before there was an installation key are hashed and sealed by what was derived
 * from it, so there it becomes that key.
 * @throws when it is of another master key.
 */
export const loadInstallationKey = async <All extends Tables>(
  all: Database<All>,
  wrapping: Sealer,
  first: Buffer,
): Promise<Buffer> => {
  const database = all as unknown as Database<Tables>;
  const known = await read(database, wrapping);
  if (known) return known;
  const used = await database.query.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
  const sealed = wrapping.seal(used ? first : randomBytes(32), installationKeyContext);
  await database.query
    .insertInto('installation_key')
    .values({ name, sealed })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const made = await read(database, wrapping);
  if (!made) throw new Error('the installation’s key is gone');
  return made;
};
