import type { JWK } from 'jose';
import type { Kysely } from 'kysely';
import { bytesType } from '../../storage/column-types.ts';
import type { Sealer } from '../../storage/sealing.ts';
import type { Database } from '../../storage/database.ts';

/** To be part of the tables of a module that signs. */
export interface SigningKeyTables {
  /** Public halves stay for as long as what they signed is looked at. */
  signing_keys: { kid: string; created_at: number; public_jwk: string; sealed: Uint8Array };
}

/** To be run within a migration of such a module. */
export const createSigningKeyTable = async <Tables>(db: Kysely<Tables>): Promise<void> => {
  await db.schema
    .createTable('signing_keys')
    .addColumn('kid', 'text', (c) => c.primaryKey())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('public_jwk', 'text', (c) => c.notNull())
    .addColumn('sealed', bytesType(db), (c) => c.notNull())
    .execute();
};

export interface SigningKeyRecord {
  readonly kid: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

export interface SigningKeyRecords {
  /** All that ever signed, the newest first. */
  all(): Promise<SigningKeyRecord[]>;
  add(key: SigningKeyRecord): Promise<void>;
}

const context = (kid: string): string => `signing_keys/sealed/${kid}`;

export const createSigningKeyRecords = <Tables extends SigningKeyTables>(
  given: Database<Tables>,
  sealer: Sealer,
): SigningKeyRecords => {
  const database = given as unknown as Database<SigningKeyTables>;
  return {
    async all() {
      const rows = await database.query.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').execute();
      return rows.map(({ kid, created_at: createdAt, public_jwk: publicJwk, sealed }) => ({
        kid,
        createdAt,
        publicJwk: JSON.parse(publicJwk) as JWK,
        privateJwk: JSON.parse(sealer.open(sealed, context(kid)).toString('utf8')) as JWK,
      }));
    },
    async add({ kid, createdAt, publicJwk, privateJwk }) {
      await database.query
        .insertInto('signing_keys')
        .values({
          kid,
          created_at: createdAt,
          public_jwk: JSON.stringify(publicJwk),
          sealed: sealer.seal(JSON.stringify(privateJwk), context(kid)),
        })
        .execute();
    },
  };
};
