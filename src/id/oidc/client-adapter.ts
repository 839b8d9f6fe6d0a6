import { hash, timingSafeEqual } from 'node:crypto';
import { Provider, type Adapter, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import { metadataOf, type RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';

/** Texts, since the library writes into what it is given; kept as long as the client itself, from set to set. */
const texts = new WeakMap<RelyingParty, string>();

/** The library's metadata of a client, anew at each call. */
export const clientMetadata = (party: RelyingParty): AdapterPayload => {
  let text = texts.get(party);
  if (text === undefined) {
    text = JSON.stringify(metadataOf(party));
    texts.set(party, text);
  }
  return JSON.parse(text) as AdapterPayload;
};

/** As the library reads it (RFC 6749, 2.3.1); undefined for what it will refuse anyway. */
const basicSecret = (authorization: string): string | undefined => {
  const [, encoded = ''] = /^basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const [, secret = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  try {
    return decodeURIComponent(secret.replace(/\+/g, '%20'));
  } catch {
    return undefined;
  }
};

/** The secret by which the request at hand authenticates its client, if it does so by a secret. */
const presentedSecret = (ctx: KoaContextWithOIDC): string | undefined => {
  const posted = ctx.oidc.params?.['client_secret'];
  if (typeof posted === 'string') return posted;
  const { authorization } = ctx.headers;
  return authorization === undefined ? undefined : basicSecret(authorization);
};

const equal = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));

/**
 * Clients for the library, from the files. It knows one secret per client: to a request that shows the previous one in
 * its time, that one is the client's. Its list of static clients would be copied as a whole at every change, which takes
 * longer than a request may wait; what it finds here it keeps for as long as it is the same.
 */
export const createClientAdapter = ({ clients }: ClientSet): Adapter => {
  const readOnly = (): never => {
    throw new TypeError('clients are files');
  };
  return {
    find(id) {
      const party = clients.get(id);
      if (!party) return Promise.resolve(undefined);
      const metadata = clientMetadata(party);
      const { previousSecret } = party;
      const { ctx } = Provider;
      if (previousSecret && ctx && Date.now() < previousSecret.until) {
        const presented = presentedSecret(ctx);
        if (presented !== undefined && equal(presented, previousSecret.secret))
          metadata['client_secret'] = previousSecret.secret;
      }
      return Promise.resolve(metadata);
    },
    upsert: readOnly,
    findByUid: readOnly,
    findByUserCode: readOnly,
    consume: readOnly,
    destroy: readOnly,
    revokeByGrantId: readOnly,
  };
};
