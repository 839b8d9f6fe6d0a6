import type { Database } from '../../storage/database.ts';
import { keyIdOf, rewrapDataKey, type Sealer } from '../../storage/sealing.ts';
import { keyContext, type KeyTables } from '../oidc/keys.ts';
import { installationKeyContext, type InstallationKeyTables } from './installation-key.ts';
import type { CitizenTables } from './tables.ts';

type Tables = CitizenTables & KeyTables & InstallationKeyTables;

export interface RewrapParts {
  /** Seals under the wanted master key, and opens the one before: a sealer for each purpose. */
  readonly sealerFor: (purpose: 'accounts' | 'keys' | 'installation') => Sealer;
  /** The wanted master key, as boxes name it. */
  readonly keyId: string;
  /** Told after each slice how many accounts were looked at, of how many. */
  readonly progress: (done: number, of: number) => void;
}

/** Accounts in one go. */
const slice = 500;

/**
 * Wraps every key again that is not wrapped by the wanted master key yet. Can be ended at any point and begun again:
 * every row is one conditional change, and what was done is passed over.
 *
 * @returns how many keys were wrapped again.
 */
export const rewrapKeys = async <All extends Tables>(
  all: Database<All>,
  { sealerFor, keyId, progress }: RewrapParts,
): Promise<number> => {
  const { query } = all as unknown as Database<Tables>;
  const isOld = (box: Uint8Array): boolean => keyIdOf(box) !== keyId;
  let wrapped = 0;

  const installation = sealerFor('installation');
  for (const { name, sealed } of await query.selectFrom('installation_key').selectAll().execute()) {
    if (!isOld(sealed)) continue;
    const renewed = installation.seal(installation.open(sealed, installationKeyContext), installationKeyContext);
    await query
      .updateTable('installation_key')
      .set({ sealed: renewed })
      .where('name', '=', name)
      .where('sealed', '=', sealed)
      .execute();
    wrapped++;
  }

  const signing = sealerFor('keys');
  for (const { kid, sealed } of await query.selectFrom('keys').select(['kid', 'sealed']).execute()) {
    if (!isOld(sealed)) continue;
    const renewed = signing.seal(signing.open(sealed, keyContext(kid)), keyContext(kid));
    await query
      .updateTable('keys')
      .set({ sealed: renewed })
      .where('kid', '=', kid)
      .where('sealed', '=', sealed)
      .execute();
    wrapped++;
  }

  const accounts = sealerFor('accounts');
  const { of } = await query
    .selectFrom('accounts')
    .select(({ fn }) => fn.countAll<number>().as('of'))
    .executeTakeFirstOrThrow();
  let last = '';
  for (let done = 0; ;) {
    const rows = await query
      .selectFrom('accounts')
      .select(['id', 'data_key'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(slice)
      .execute();
    for (const { id, data_key: box } of rows) {
      last = id;
      if (!isOld(box)) continue;
      await query
        .updateTable('accounts')
        .set({ data_key: rewrapDataKey(accounts, box, id) })
        .where('id', '=', id)
        .where('data_key', '=', box)
        .execute();
      wrapped++;
    }
    done += rows.length;
    progress(done, of);
    if (rows.length < slice) return wrapped;
  }
};
