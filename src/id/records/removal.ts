import type { Transaction } from 'kysely';
import type { Level } from '../../assurance/levels.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { CredentialKind, Dropped } from '../identity/credentials.ts';
import { unproved } from '../identity/unproved.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { CitizenTables } from './tables.ts';

/** What goes with a means, since it only stands beside it: codes for the app, app and codes for the password. */
const companionsOf: Readonly<Record<CredentialKind, readonly CredentialKind[]>> = {
  password: ['totp', 'recovery_codes'],
  totp: ['recovery_codes'],
  recovery_codes: [],
  passkey: [],
};

export const removeKinds = async (
  trx: Transaction<CitizenTables>,
  accountId: string,
  kinds: readonly CredentialKind[],
): Promise<void> => {
  await trx.deleteFrom('credentials').where('account_id', '=', accountId).where('kind', 'in', kinds).execute();
  if (kinds.includes('recovery_codes'))
    await trx.deleteFrom('recovery_codes').where('account_id', '=', accountId).execute();
};

/** Takes one means away, with what stands beside it. */
export const removeMeans = async (
  trx: Transaction<CitizenTables>,
  accountId: string,
  { id, kind }: { readonly id: string; readonly kind: CredentialKind },
): Promise<void> => {
  if (kind === 'passkey') await trx.deleteFrom('credentials').where('id', '=', id).execute();
  else await removeKinds(trx, accountId, [kind, ...companionsOf[kind]]);
};

interface Sealed {
  readonly ceiling: Level;
  readonly name?: string;
}

export const removedEvents = (dropped: readonly Dropped[]): readonly AuditEvent[] =>
  dropped.map(({ kind }) => ({ type: 'credential.removed', method: kind }));

/**
 * Takes away every means that is unproved, within the transaction of the proof: also one that came when the owner had
 * looked at the list already.
 */
export const dropUnproved = async (
  trx: Transaction<CitizenTables>,
  accountId: string,
  sealer: AccountSealer,
  shown: readonly string[],
  among?: ReadonlySet<CredentialKind>,
): Promise<readonly Dropped[]> => {
  const rows = await trx
    .selectFrom('credentials')
    .select(['id', 'kind', 'sealed'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const all = rows.map(({ id, kind, sealed }) => {
    const { ceiling, name } = sealer.open<Sealed>(columns.credential(id), sealed);
    return { id, kind, ceiling, ...(name === undefined ? {} : { name }) };
  });
  const going = unproved(all, shown).filter(({ kind }) => among?.has(kind) ?? true);
  for (const one of going) await removeMeans(trx, accountId, one);
  const beside = all.filter(
    (one) => !going.includes(one) && going.some(({ kind }) => companionsOf[kind].includes(one.kind)),
  );
  return [...going, ...beside].map(({ kind, name }) => ({ kind, ...(name === undefined ? {} : { name }) }));
};
