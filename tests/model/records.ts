import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** What stands in the records, read from outside by nobody's code but this. */
export interface Records {
  readonly accounts: readonly { readonly id: string; readonly epoch: number; readonly state: string }[];
  readonly credentials: readonly {
    readonly id: string;
    readonly account: string;
    readonly kind: string;
    /** Changes whenever it is sealed anew, as with another ceiling. */
    readonly seal: string;
  }[];
  readonly names: readonly { readonly account: string }[];
  /** Active ones. */
  readonly links: readonly {
    readonly id: string;
    readonly account: string;
    readonly pseudonym: string | null;
    readonly next: string | null;
  }[];
}

export interface RecordReader {
  read(): Records;
  clear(): void;
  close(): void;
}

export const createRecordReader = (file: string): RecordReader => {
  const database = new DatabaseSync(file, { timeout: 5000 });
  database.exec('pragma synchronous = off');
  const all = (sql: string): StatementSync => database.prepare(sql);
  const accounts = all('select id, epoch, state from accounts order by id');
  const credentials = all(
    'select id, account_id as account, kind, hex(substr(sealed, -16)) as seal from credentials order by id',
  );
  const names = all('select account_id as account from login_names');
  const links = all(`select id, account_id as account, pseudonym, next_pseudonym as next from card_links
    where active_account is not null order by id`);
  return {
    read: () => ({
      accounts: accounts.all() as unknown as Records['accounts'],
      credentials: credentials.all() as unknown as Records['credentials'],
      names: names.all() as unknown as Records['names'],
      links: links.all() as unknown as Records['links'],
    }),
    clear() {
      database.exec('pragma foreign_keys = on');
      for (const table of ['accounts', 'session_services', 'outbox', 'audit_events'])
        database.exec(`delete from ${table}`);
    },
    close: () => database.close(),
  };
};

/** Whether the two say the same of this. */
export const same = (what: keyof Records, a: Records, b: Records): boolean =>
  a === b || JSON.stringify(a[what]) === JSON.stringify(b[what]);

/** Faults that the records show by themselves. */
export const faultsIn = ({ accounts, credentials, names, links }: Records): readonly string[] => {
  const faults: string[] = [];
  const owners = new Map<string, Set<string>>();
  for (const { account, pseudonym, next } of links)
    for (const hash of [pseudonym, next])
      if (hash !== null) owners.set(hash, (owners.get(hash) ?? new Set()).add(account));
  for (const of of owners.values()) if (of.size > 1) faults.push(`one card in ${of.size} accounts`);
  for (const { id } of accounts) {
    const own = links.filter(({ account }) => account === id).length;
    if (own > 1) faults.push(`${own} cards in one account`);
    const named = names.some(({ account }) => account === id);
    const ways = credentials.filter(
      ({ account, kind }) => account === id && (kind === 'passkey' || (kind === 'password' && named)),
    ).length;
    if (own + ways === 0) faults.push('an account without a way in');
    for (const kind of ['password', 'totp', 'recovery_codes'])
      if (credentials.filter((one) => one.account === id && one.kind === kind).length > 1)
        faults.push(`two means ${kind} in one account`);
  }
  return faults;
};
