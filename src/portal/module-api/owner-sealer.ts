import { createDataKey, createSealer, openDataKey, type Sealer } from '../../storage/sealing.ts';

/** Seals and opens what belongs to one owner (a mailbox, an order), under a key of its own; each value is bound to its table, column and row. */
export interface OwnerSealer {
  seal(table: string, column: string, row: string, value: unknown): Uint8Array;
  /** @throws when the box was changed, or belongs to another owner, column or row. */
  open<Value>(table: string, column: string, row: string, box: Uint8Array): Value;
  /** The same for bytes: keys of files, snapshots. */
  sealBytes(table: string, column: string, row: string, value: Uint8Array): Uint8Array;
  openBytes(table: string, column: string, row: string, box: Uint8Array): Buffer;
}

const withKey = (owner: string, key: Buffer): OwnerSealer => {
  const sealer = createSealer([{ id: '1', key }]);
  const context = (table: string, column: string, row: string): string => `${owner}/${table}/${column}/${row}`;
  return {
    seal: (table, column, row, value) => sealer.seal(JSON.stringify(value), context(table, column, row)),
    open: <Value>(table: string, column: string, row: string, box: Uint8Array) =>
      JSON.parse(sealer.open(box, context(table, column, row)).toString('utf8')) as Value,
    sealBytes: (table, column, row, value) => sealer.seal(value, context(table, column, row)),
    openBytes: (table, column, row, box) => sealer.open(box, context(table, column, row)),
  };
};

export const newOwnerSealer = (
  owner: string,
  wrapping: Sealer,
): { readonly sealer: OwnerSealer; readonly dataKey: Uint8Array } => {
  const { key, wrapped } = createDataKey(wrapping, owner);
  return { sealer: withKey(owner, key), dataKey: wrapped };
};

export const openOwnerSealer = (owner: string, dataKey: Uint8Array, wrapping: Sealer): OwnerSealer =>
  withKey(owner, openDataKey(wrapping, dataKey, owner));
