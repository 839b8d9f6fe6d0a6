import { randomUUID } from 'node:crypto';
import { CompactSign, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import type { SigningKeyRecords } from './signing-keys.ts';

/** Signs what a module says to services: receipts and notices (ES256). */
export interface Signing {
  sign(content: Readonly<Record<string, unknown>>, type: string): Promise<string>;
  /** Every key that ever signed: a receipt is looked at years later. */
  jwks(): Promise<{ readonly keys: readonly JWK[] }>;
}

/** Then a new key signs. It needs no time of publication: nobody keeps a receipt's key before there is a receipt. */
const life = 365 * 86_400_000;
/** Keys of other nodes are noticed within this time (ms); a `kid` that is not known here is never needed before. */
const memory = 60_000;

export const createSigning = (records: SigningKeyRecords): Signing => {
  let known:
    { readonly at: number; readonly keys: readonly JWK[]; readonly kid: string; readonly key: CryptoKey } | undefined;

  const add = async (): Promise<void> => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = randomUUID();
    const about = { kid, alg: 'ES256', use: 'sig' };
    await records.add({
      kid,
      createdAt: Date.now(),
      publicJwk: { ...(await exportJWK(publicKey)), ...about },
      privateJwk: { ...(await exportJWK(privateKey)), ...about },
    });
  };

  const current = async (): Promise<NonNullable<typeof known>> => {
    const now = Date.now();
    if (known !== undefined && Math.abs(now - known.at) < memory) return known;
    let all = await records.all();
    if (all[0] === undefined || all[0].createdAt < now - life) {
      // Two nodes may make one each; both are published, and each signs with the newest that it knows.
      await add();
      all = await records.all();
    }
    const [newest] = all;
    if (newest === undefined) throw new Error('there is no key to sign with');
    known = {
      at: now,
      keys: all.map(({ publicJwk }) => publicJwk),
      kid: newest.kid,
      key: (await importJWK(newest.privateJwk, 'ES256')) as CryptoKey,
    };
    return known;
  };

  return {
    async sign(content, type) {
      const { key, kid } = await current();
      return new CompactSign(Buffer.from(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'ES256', typ: type, kid })
        .sign(key);
    },
    async jwks() {
      return { keys: (await current()).keys };
    },
  };
};
