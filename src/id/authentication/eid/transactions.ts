import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../../../storage/database.ts';
import type { Sealer } from '../../../storage/sealing.ts';
import type { EidRequest, EidSession } from './port.ts';

/**
 * `created → token_issued → bound → consumed`; before `consumed` also `→ failed → told`, `→ burned`, and `→ superseded`
 * when the same interaction begins another one. `result_ok` was written by versions that took two steps to `consumed`.
 */
export type EidState =
  'created' | 'token_issued' | 'bound' | 'result_ok' | 'failed' | 'told' | 'consumed' | 'burned' | 'superseded';

/** States from which a result can still come; an interaction has one transaction in one of them at most. */
const openStates = ['created', 'token_issued', 'bound', 'result_ok'] as const satisfies readonly EidState[];

/** Written out, not bound: a partial index serves only a condition that is seen to be its own. */
const isOpen: RawBuilder<boolean> = sql`state in (${sql.join(openStates.map((state) => sql.lit(state)))})`;

export interface EidTables {
  eid_transactions: {
    id: string;
    /** SHA-256 of the interaction's id. */
    interaction: string;
    /** SHA-256 of T: who reads the store cannot fetch the token. */
    token_hash: string;
    /** SHA-256 of R, known once the token was issued. */
    refresh_hash: string | null;
    state: EidState;
    cause: string | null;
    counter: number;
    sealed: Uint8Array;
    expires_at: number;
  };
}

export const eidMigrations: Record<string, Migration> = {
  '0003-eid-transactions': {
    async up(db) {
      await db.schema
        .createTable('eid_transactions')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('interaction', 'text', (c) => c.notNull())
        .addColumn('token_hash', 'text', (c) => c.notNull().unique())
        .addColumn('refresh_hash', 'text', (c) => c.unique())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('cause', 'text')
        .addColumn('counter', 'integer', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('eid_transactions_expiry').on('eid_transactions').column('expires_at').execute();
    },
  },
  '0006-eid-one-open': {
    async up(db) {
      // Transactions live for ten minutes: whoever is at the card during the update begins anew.
      await sql`update eid_transactions set state = 'superseded' where ${isOpen}`.execute(db);
      await sql`create unique index eid_transactions_open on eid_transactions (interaction) where ${isOpen}`.execute(
        db,
      );
    },
  },
};

export interface EidTransaction {
  readonly id: string;
  readonly interaction: string;
  readonly state: EidState;
  readonly cause?: string;
  readonly counter: number;
  readonly request: EidRequest;
  /** The eID-Server's session; its PSK is not kept. */
  readonly sessionId?: string;
}

interface Sealed {
  readonly interaction: string;
  readonly request: EidRequest;
  readonly sessionId?: string;
  /** Under which the citizen was told that it failed. */
  readonly referenceId?: string;
}

/** Ten minutes for finding the card, the PIN and one's glasses; in ms. */
export const transactionLife = 10 * 60 * 1000;

const hash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
const secret = (): string => randomBytes(32).toString('base64url');

/** One use of the card. Every arrow of the state machine is one conditional update, so that it holds on every node. */
export interface EidTransactions {
  /** Ends what this interaction has begun before. @returns T, the secret in the tcTokenURL. */
  create(interaction: string, request: EidRequest): Promise<{ id: string; token: string }>;
  /** Takes T for the first and only time. */
  takeToken(token: string): Promise<EidTransaction | undefined>;
  /** Writes the eID-Server's session down. @returns R, the secret in the RefreshAddress; undefined when it was ended meanwhile. */
  issue(transaction: EidTransaction, session: EidSession): Promise<string | undefined>;
  /** Binds R to the browser that holds the interaction's cookie. Its counter is the first RequestCounter, written down already. */
  bind(refresh: string, interaction: string): Promise<EidTransaction | undefined>;
  /**
   * Ends it because R turned up in another browser than that of `holder`'s interaction. @returns whether this ended it or
   * it had been ended so before; undefined when there was nothing to end.
   */
  burn(refresh: string, holder?: string): Promise<'now' | 'before' | undefined>;
  /** The next RequestCounter, written down before it is used; undefined once the transaction is no longer bound. */
  nextCounter(id: string): Promise<number | undefined>;
  fail(id: string, cause: string): Promise<boolean>;
  /** The result is there, and may be used once. */
  consume(id: string): Promise<boolean>;
  /**
   * The citizen is told that it failed, on one page or several at once. @returns under which reference, and whether this
   * call was the first; undefined when it has not failed.
   */
  tell(id: string, referenceId: string): Promise<{ readonly referenceId: string; readonly first: boolean } | undefined>;
  find(id: string): Promise<EidTransaction | undefined>;
  /** Removes what expired an hour ago. */
  purge(): Promise<void>;
}

export const createEidTransactions = <Tables extends EidTables>(
  database: Database<Tables>,
  sealer: Sealer,
): EidTransactions => {
  const { query } = database as unknown as Database<EidTables>;
  const columns = ['id', 'state', 'cause', 'counter', 'sealed'] as const;
  const context = (id: string): string => `eid_transactions/${id}`;
  type Row = Pick<EidTables['eid_transactions'], (typeof columns)[number]>;
  const seal = (id: string, content: Sealed): Uint8Array => sealer.seal(JSON.stringify(content), context(id));
  const open = (row: Row): Sealed => JSON.parse(sealer.open(row.sealed, context(row.id)).toString('utf8')) as Sealed;
  const rowOf = (id: string): Promise<Row | undefined> =>
    query.selectFrom('eid_transactions').select(columns).where('id', '=', id).executeTakeFirst();
  const read = (row: Row): EidTransaction => {
    const sealed = open(row);
    return {
      id: row.id,
      interaction: sealed.interaction,
      state: row.state,
      counter: row.counter,
      request: sealed.request,
      ...(row.cause === null ? {} : { cause: row.cause }),
      ...(sealed.sessionId === undefined ? {} : { sessionId: sealed.sessionId }),
    };
  };

  return {
    async create(interaction, request) {
      const id = randomUUID();
      const token = secret();
      const sealed = seal(id, { interaction, request });
      for (;;) {
        const made = await query
          .insertInto('eid_transactions')
          .values({
            id,
            interaction: hash(interaction),
            token_hash: hash(token),
            refresh_hash: null,
            state: 'created',
            cause: null,
            counter: 0,
            sealed,
            expires_at: Date.now() + transactionLife,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst();
        if (made) return { id, token };
        // There is an open one, begun before or meanwhile: it is ended. One statement each, since no transaction is fleeting.
        await query
          .updateTable('eid_transactions')
          .set({ state: 'superseded' })
          .where('interaction', '=', hash(interaction))
          .where(isOpen)
          .execute();
      }
    },

    async takeToken(token) {
      const row = await query
        .updateTable('eid_transactions')
        .set({ state: 'token_issued' })
        .where('token_hash', '=', hash(token))
        .where('state', '=', 'created')
        .where('expires_at', '>', Date.now())
        .returning(columns)
        .executeTakeFirst();
      return row && read(row);
    },

    async issue(transaction, session) {
      const refresh = secret();
      const { interaction, request } = transaction;
      const sealed = seal(transaction.id, { interaction, request, sessionId: session.sessionId });
      const row = await query
        .updateTable('eid_transactions')
        .set({ sealed, refresh_hash: hash(refresh) })
        .where('id', '=', transaction.id)
        .where('state', '=', 'token_issued')
        .where('refresh_hash', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return row && refresh;
    },

    async bind(refresh, interaction) {
      const row = await query
        .updateTable('eid_transactions')
        .set((set) => ({ state: 'bound', counter: set('counter', '+', 1) }))
        .where('refresh_hash', '=', hash(refresh))
        .where('interaction', '=', hash(interaction))
        .where('state', '=', 'token_issued')
        .where('expires_at', '>', Date.now())
        .returning(columns)
        .executeTakeFirst();
      return row && read(row);
    },

    async burn(refresh, holder) {
      const row = await query
        .updateTable('eid_transactions')
        .set({ state: 'burned' })
        .where('refresh_hash', '=', hash(refresh))
        // Also of a superseded one: beginning anew must not spare the one who relays it the warning.
        .where('state', 'in', [...openStates, 'superseded'])
        .$if(holder !== undefined, (update) => update.where('interaction', '!=', hash(holder ?? '')))
        .returning('id')
        .executeTakeFirst();
      if (row !== undefined) return 'now';
      const before = await query
        .selectFrom('eid_transactions')
        .select('id')
        .where('refresh_hash', '=', hash(refresh))
        .where('state', '=', 'burned')
        .$if(holder !== undefined, (select) => select.where('interaction', '!=', hash(holder ?? '')))
        .executeTakeFirst();
      return before && 'before';
    },

    async nextCounter(id) {
      const row = await query
        .updateTable('eid_transactions')
        .set((set) => ({ counter: set('counter', '+', 1) }))
        .where('id', '=', id)
        .where('state', '=', 'bound')
        .returning('counter')
        .executeTakeFirst();
      return row?.counter;
    },

    async fail(id, cause) {
      const row = await query
        .updateTable('eid_transactions')
        .set({ state: 'failed', cause })
        .where('id', '=', id)
        .where('state', 'in', ['created', 'token_issued', 'bound'])
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async consume(id) {
      const row = await query
        .updateTable('eid_transactions')
        .set({ state: 'consumed' })
        .where('id', '=', id)
        .where('state', '=', 'bound')
        .where('expires_at', '>', Date.now())
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async tell(id, referenceId) {
      const row = await rowOf(id);
      if (row?.state === 'failed') {
        const told = await query
          .updateTable('eid_transactions')
          .set({ state: 'told', sealed: seal(id, { ...open(row), referenceId }) })
          .where('id', '=', id)
          .where('state', '=', 'failed')
          .returning('id')
          .executeTakeFirst();
        if (told) return { referenceId, first: true };
      }
      const before = await rowOf(id);
      return before?.state === 'told'
        ? { referenceId: open(before).referenceId ?? referenceId, first: false }
        : undefined;
    },

    async find(id) {
      const row = await rowOf(id);
      return row && read(row);
    },

    async purge() {
      await query
        .deleteFrom('eid_transactions')
        .where('expires_at', '<', Date.now() - 3600_000)
        .execute();
    },
  };
};
