import { createDataKey, createSealer, openDataKey, type Sealer } from '../../storage/sealing.ts';

/** What belongs to one account is sealed under a key of its own: deleting the key deletes the data, also in backups. */
export interface AccountSealer {
  seal(column: string, value: unknown): Uint8Array;
  /**
   * The value is frozen, since whoever opens the same box a moment later gets the same one.
   *
   * @throws when the box was changed or belongs to another account or column.
   */
  open<Value>(column: string, box: Uint8Array): Value;
}

/** The keys of accounts. */
export interface AccountSealers {
  /** Makes the key of a new account. `dataKey` is the key wrapped by the installation's. */
  make(accountId: string): { readonly sealer: AccountSealer; readonly dataKey: Uint8Array };
  /** @throws when the wrapped key was changed or is another account's. */
  open(accountId: string, dataKey: Uint8Array): AccountSealer;
}

/** A login reads one account at each of its steps. What it has opened is kept for so long, in ms, and never written. */
const keptFor = 10_000;

/** Accounts whose keys are kept; the ones opened first go. */
const most = 1000;

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
};

const withKey = (accountId: string, key: Buffer): AccountSealer => {
  const sealer = createSealer([{ id: '1', key }]);
  const context = (column: string): string => `${accountId}/${column}`;
  /** By column: the box that was opened last, and what is in it. A box that differs in one bit is opened anew. */
  const opened = new Map<string, { readonly box: Uint8Array; readonly value: unknown }>();
  return {
    seal: (column, value) => sealer.seal(JSON.stringify(value), context(column)),
    open<Value>(column: string, box: Uint8Array) {
      const last = opened.get(column);
      if (last && same(last.box, box)) return last.value as Value;
      const value = frozen(JSON.parse(sealer.open(box, context(column)).toString('utf8')) as Value);
      opened.set(column, { box, value });
      return value;
    },
  };
};

export const createAccountSealers = (wrapping: Sealer): AccountSealers => {
  const kept = new Map<
    string,
    { readonly dataKey: Uint8Array; readonly sealer: AccountSealer; readonly until: number }
  >();
  return {
    make(accountId) {
      const { key, wrapped } = createDataKey(wrapping, accountId);
      return { sealer: withKey(accountId, key), dataKey: wrapped };
    },
    open(accountId, dataKey) {
      const now = Date.now();
      const known = kept.get(accountId);
      if (known && now < known.until && same(known.dataKey, dataKey)) return known.sealer;
      const sealer = withKey(accountId, openDataKey(wrapping, dataKey, accountId));
      kept.delete(accountId);
      kept.set(accountId, { dataKey, sealer, until: now + keptFor });
      for (const [id, { until }] of kept) {
        if (now < until && kept.size <= most) break;
        kept.delete(id);
      }
      return sealer;
    },
  };
};
