import type { JWK } from 'jose';
import type { Sealer } from '../../../storage/sealing.ts';
import type { Database } from '../../../storage/database.ts';
import type { PostfachTables } from './tables.ts';

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

export const createSigningKeyRecords = (database: Database<PostfachTables>, sealer: Sealer): SigningKeyRecords => ({
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
});
