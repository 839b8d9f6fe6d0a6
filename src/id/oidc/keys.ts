import {
  createHmac,
  createSecretKey,
  generateKeyPair,
  randomBytes,
  randomUUID,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWK } from 'jose';
import type { Migration } from 'kysely/migration';
import type { Database } from '../../storage/database.ts';
import type { Sealer } from '../../storage/sealing.ts';

/** Keys live in SQL, sealed, so that all nodes agree; their times are ms since the epoch. */
export interface KeyTables {
  keys: {
    kid: string;
    purpose: 'sign' | 'cookie';
    alg: string;
    sealed: Uint8Array;
    /** In the key set from here on … */
    publish_at: number;
    /** … used for signing from here … */
    sign_from: number;
    /** … and gone after this. Null while nobody has set an end. */
    retire_at: number | null;
  };
}

export const keyMigrations: Record<string, Migration> = {
  '0004-keys': {
    async up(db) {
      await db.schema
        .createTable('keys')
        .addColumn('kid', 'text', (c) => c.primaryKey())
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('alg', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('publish_at', 'bigint', (c) => c.notNull())
        .addColumn('sign_from', 'bigint', (c) => c.notNull())
        .addColumn('retire_at', 'bigint')
        .execute();
    },
  },
};

export interface KeySet {
  /** Private keys for the provider: for each algorithm the one that signs now comes first. */
  readonly signing: readonly JWK[];
  /** Newest first. */
  readonly cookie: readonly Buffer[];
}

const generate = promisify(generateKeyPair);

/** ES256 first; RSA of 3072 bits for clients that ask for RS256 (TR-02102-1 asks for 3000). */
const makers: Readonly<Record<'ES256' | 'RS256', () => Promise<{ privateKey: KeyObject }>>> = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: () => generate('rsa', { modulusLength: 3072 }),
};

const context = (kid: string): string => `keys/${kid}`;

/** Makes what is missing, once for all nodes, and reads the keys that are in use now. */
export const loadKeys = async <Tables extends KeyTables>(
  database: Database<Tables>,
  sealer: Sealer,
): Promise<KeySet> => {
  const db = database as unknown as Database<KeyTables>;
  const rows = (): Promise<KeyTables['keys'][]> =>
    db.query.selectFrom('keys').selectAll().orderBy('sign_from', 'desc').execute();
  const lacks = (have: readonly KeyTables['keys'][], purpose: 'sign' | 'cookie', alg: string): boolean =>
    !have.some((row) => row.purpose === purpose && row.alg === alg && (row.retire_at ?? Infinity) > Date.now());

  const present = await rows();
  const made: { purpose: 'sign' | 'cookie'; alg: string; plain: string | Buffer }[] = [];
  await Promise.all(
    Object.entries(makers).map(async ([alg, make]) => {
      if (!lacks(present, 'sign', alg)) return;
      const { privateKey } = await make();
      made.push({ purpose: 'sign', alg, plain: JSON.stringify(await exportJWK(privateKey)) });
    }),
  );
  if (lacks(present, 'cookie', 'HS256')) made.push({ purpose: 'cookie', alg: 'HS256', plain: randomBytes(32) });
  if (made.length > 0) {
    await db.transaction(async (trx) => {
      // Another node may have been faster: its keys count, ours are forgotten.
      const now = Date.now();
      const have = await trx.selectFrom('keys').selectAll().execute();
      for (const { purpose, alg, plain } of made) {
        if (!lacks(have, purpose, alg)) continue;
        const kid = randomUUID();
        await trx
          .insertInto('keys')
          .values({
            kid,
            purpose,
            alg,
            sealed: sealer.seal(plain, context(kid)),
            publish_at: now,
            sign_from: now,
            retire_at: null,
          })
          .execute();
      }
    });
  }

  const now = Date.now();
  const inUse = (await rows()).filter((row) => row.publish_at <= now && (row.retire_at ?? Infinity) > now);
  const open = (row: KeyTables['keys']): Buffer => sealer.open(row.sealed, context(row.kid));
  const current = (a: KeyTables['keys'], b: KeyTables['keys']): number =>
    Number(b.sign_from <= now) - Number(a.sign_from <= now);
  return {
    signing: Object.keys(makers).flatMap((alg) =>
      inUse
        .filter((row) => row.purpose === 'sign' && row.alg === alg)
        .sort(current)
        .map((row): JWK => ({ ...(JSON.parse(open(row).toString('utf8')) as JWK), kid: row.kid, alg, use: 'sig' })),
    ),
    cookie: inUse.filter((row) => row.purpose === 'cookie').map(open),
  };
};

/** What koa's cookies ask of their keys. */
export interface CookieSigner {
  sign(data: string): string;
  verify(data: string, digest: string): boolean;
  index(data: string, digest: string): number;
}

/** Signs cookies over prepared keys: making a key object from a string for each cookie was a fifth of a login's cost. */
export const cookieSigner = (keys: readonly Buffer[]): CookieSigner => {
  const prepared = keys.map((key) => createSecretKey(key));
  const mac = (data: string, key: KeyObject): Buffer => createHmac('sha256', key).update(data).digest();
  const index = (data: string, digest: string): number => {
    const given = Buffer.from(digest, 'base64url');
    return prepared.findIndex((key) => {
      const wanted = mac(data, key);
      return wanted.length === given.length && timingSafeEqual(wanted, given);
    });
  };
  return {
    sign: (data) => {
      const [first] = prepared;
      if (!first) throw new Error('there is no cookie key');
      return mac(data, first).toString('base64url');
    },
    verify: (data, digest) => index(data, digest) >= 0,
    index,
  };
};
