import { createPrivateKey, generateKeyPair, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
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

export type KeyRow = KeyTables['keys'];

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

/** `next` is published and does not sign yet, `current` signs, `retired` only verifies what it has signed. */
export type KeyStage = 'next' | 'current' | 'retired' | 'gone';

/** What a key is for: an algorithm of RFC 7518 or RFC 8037, or the cookies. */
export type KeyUse = SigningAlgorithm | 'cookie';

export interface KeySet {
  /** Private keys for the provider: for each algorithm the one that signs now comes first. */
  readonly signing: readonly JWK[];
  /** The one that signs comes first. */
  readonly cookie: readonly Buffer[];
  /** Equal for equal sets: which keys there are, and in which order. */
  readonly version: string;
  /** When a key changes its stage next, in ms since the epoch; Infinity when no change is planned. */
  readonly changesAt: number;
}

const generate = promisify(generateKeyPair);
const rsaBits = 3072;
/** BSI TR-02102-1, 3.5: a modulus of at least 3000 bits. */
const leastRsaBits = 3000;
const rsa = (): Promise<{ privateKey: KeyObject }> => generate('rsa', { modulusLength: rsaBits });

/**
 * In the order in which they are offered. The key on Ed25519 is called by its older name: RFC 9864 calls the algorithm
 * `Ed25519`, but the libraries of most services know `EdDSA` only, and a key that names one is not used for the other.
 */
const makers = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: rsa,
  PS256: rsa,
  EdDSA: () => generate('ed25519'),
} as const satisfies Record<string, () => Promise<{ privateKey: KeyObject }>>;

export type SigningAlgorithm = keyof typeof makers;
export const signingKeyAlgorithms = Object.keys(makers) as readonly SigningAlgorithm[];
export const keyUses: readonly KeyUse[] = [...signingKeyAlgorithms, 'cookie'];

/** The rows of one use share purpose and algorithm. */
const rowsOf: Readonly<Record<KeyUse, Pick<KeyRow, 'purpose' | 'alg'>>> = {
  ES256: { purpose: 'sign', alg: 'ES256' },
  RS256: { purpose: 'sign', alg: 'RS256' },
  PS256: { purpose: 'sign', alg: 'PS256' },
  EdDSA: { purpose: 'sign', alg: 'EdDSA' },
  cookie: { purpose: 'cookie', alg: 'HS256' },
};

export const isOfUse = (row: Pick<KeyRow, 'purpose' | 'alg'>, use: KeyUse): boolean =>
  row.purpose === rowsOf[use].purpose && row.alg === rowsOf[use].alg;

/** What a sealed key is bound to. */
export const keyContext = (kid: string): string => `keys/${kid}`;

const makeSecret = async (use: KeyUse): Promise<string | Buffer> =>
  use === 'cookie' ? randomBytes(32) : JSON.stringify(await exportJWK((await makers[use]()).privateKey));

/** A new key, not stored yet. */
export const makeKey = async (
  use: KeyUse,
  sealer: Sealer,
  times: Pick<KeyRow, 'publish_at' | 'sign_from'>,
): Promise<KeyRow> => {
  const kid = randomUUID();
  const sealed = sealer.seal(await makeSecret(use), keyContext(kid));
  return { kid, ...rowsOf[use], sealed, ...times, retire_at: null };
};

const isThere = (row: KeyRow, now: number): boolean => row.publish_at <= now && (row.retire_at ?? Infinity) > now;

/** Of the rows of one use, those in the key set now, the one that signs first, then the younger before the older. */
const inOrder = (rows: readonly KeyRow[], now: number): readonly KeyRow[] =>
  rows
    .filter((row) => isThere(row, now))
    .sort(
      (a, b) =>
        Number(b.sign_from <= now) - Number(a.sign_from <= now) ||
        b.sign_from - a.sign_from ||
        (a.kid < b.kid ? -1 : 1),
    );

export const stageOf = (row: KeyRow, rows: readonly KeyRow[], now: number): KeyStage => {
  if (!isThere(row, now) && row.sign_from <= now) return 'gone';
  if (row.sign_from > now) return 'next';
  const same = rows.filter((other) => other.purpose === row.purpose && other.alg === row.alg);
  return inOrder(same, now)[0]?.kid === row.kid ? 'current' : 'retired';
};

/** An attacker of the store must not be able to weaken what is signed, nor an old version leave something weak behind. */
const refuseWeak = (alg: string, jwk: JWK): void => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey({
    key: { ...jwk },
    format: 'jwk',
  });
  const fits =
    type === 'rsa'
      ? (alg === 'RS256' || alg === 'PS256') && (details?.modulusLength ?? 0) >= leastRsaBits
      : (type === 'ec' && alg === 'ES256' && details?.namedCurve === 'prime256v1') ||
        (type === 'ed25519' && alg === 'EdDSA');
  if (!fits) throw new Error(`the signing key ${jwk.kid ?? ''} is too weak or not made for ${alg}`);
};

export interface KeyStore {
  /** Makes what is missing, once for all nodes. */
  complete(): Promise<void>;
  /**
   * The keys that are published now, on every node the same.
   *
   * @throws when a key is weak (RSA below 3000 bits, another curve) or of another master key.
   */
  load(): Promise<KeySet>;
}

export const createKeyStore = <Tables extends KeyTables>(database: Database<Tables>, sealer: Sealer): KeyStore => {
  const db = database as unknown as Database<KeyTables>;
  const missing = (rows: readonly KeyRow[]): readonly KeyUse[] =>
    keyUses.filter((use) => !rows.some((row) => isOfUse(row, use) && (row.retire_at ?? Infinity) > Date.now()));

  let last: KeySet | undefined;
  const open = ({ kid, sealed }: KeyRow): Buffer => {
    try {
      return sealer.open(sealed, keyContext(kid));
    } catch (cause) {
      throw new Error(`the key ${kid} cannot be opened: the master key is not the one of these records`, { cause });
    }
  };
  const openSigning = (row: KeyRow): JWK => {
    const { kid, alg } = row;
    const jwk: JWK = { ...(JSON.parse(open(row).toString('utf8')) as JWK), kid, alg, use: 'sig' };
    refuseWeak(alg, jwk);
    return jwk;
  };

  return {
    async complete() {
      const wanted = missing(await db.query.selectFrom('keys').selectAll().execute());
      if (wanted.length === 0) return;
      const now = Date.now();
      const times = { publish_at: now, sign_from: now };
      const made = await Promise.all(wanted.map(async (use) => ({ use, row: await makeKey(use, sealer, times) })));
      await db.transaction(async (trx) => {
        // Another node may have been faster: its keys count, ours are forgotten.
        const still = missing(await trx.selectFrom('keys').selectAll().execute());
        for (const { use, row } of made) if (still.includes(use)) await trx.insertInto('keys').values(row).execute();
      });
    },
    async load() {
      const now = Date.now();
      const rows = await db.query.selectFrom('keys').selectAll().execute();
      const ordered = keyUses.map((use) => {
        const mine = rows.filter((row) => isOfUse(row, use));
        return { use, rows: inOrder(mine, now) };
      });
      const changes = rows
        .flatMap((row) => [row.publish_at, row.sign_from, row.retire_at ?? Infinity])
        .filter((at) => at > now);
      const version = ordered.map(({ rows: those }) => those.map(({ kid }) => kid).join()).join(';');
      const changesAt = Math.min(Infinity, ...changes);
      last =
        last?.version === version
          ? { ...last, changesAt }
          : {
              signing: ordered.flatMap(({ use, rows: those }) => (use === 'cookie' ? [] : those.map(openSigning))),
              cookie: ordered.flatMap(({ use, rows: those }) => (use === 'cookie' ? those.map(open) : [])),
              version,
              changesAt,
            };
      return last;
    },
  };
};
