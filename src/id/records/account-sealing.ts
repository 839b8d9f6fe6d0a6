import { createDataKey, createSealer, openDataKey, type Sealer } from '../../storage/sealing.ts';

/** What belongs to one account is sealed under a key of its own: deleting the key deletes the data, also in backups. */
export interface AccountSealer {
  seal(column: string, value: unknown): Uint8Array;
  /** @throws when the box was changed or belongs to another account or column. */
  open<Value>(column: string, box: Uint8Array): Value;
}

const withKey = (accountId: string, key: Buffer): AccountSealer => {
  const sealer = createSealer([{ id: '1', key }]);
  const context = (column: string): string => `${accountId}/${column}`;
  return {
    seal: (column, value) => sealer.seal(JSON.stringify(value), context(column)),
    open: <Value>(column: string, box: Uint8Array) =>
      JSON.parse(sealer.open(box, context(column)).toString('utf8')) as Value,
  };
};

/** Makes the key of a new account. `dataKey` is the key wrapped by the installation's. */
export const newAccountSealer = (
  accountId: string,
  wrapping: Sealer,
): { sealer: AccountSealer; dataKey: Uint8Array } => {
  const { key, wrapped } = createDataKey(wrapping, accountId);
  return { sealer: withKey(accountId, key), dataKey: wrapped };
};

export const openAccountSealer = (accountId: string, dataKey: Uint8Array, wrapping: Sealer): AccountSealer =>
  withKey(accountId, openDataKey(wrapping, dataKey, accountId));
