import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import type { RelyingParty } from '../clients/client.ts';
import { sectorUri } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { Replayed } from './adapter.ts';
import type { ClientThrottle } from './client-throttle.ts';
import { providerConfiguration, type ProviderParts } from './configuration.ts';
import { leaveWithoutSession, withRightClientError, withRightGrantError } from './corrections.ts';
import { foreignOrigins } from './cors.ts';
import { discoveryDocument } from './discovery.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { readFormPost } from './form-post.ts';
import type { KeyDocuments } from './key-documents.ts';
import type { KeySet } from './keys.ts';
import { listen, type ListenerParts } from './listeners.ts';
import type { LoggedOut, LoggedOutStore } from './logged-out.ts';
import { createFetch, noticeKey, type Fetch, type LogoutNotice } from './logout.ts';
import { answerAs, type Outer } from './outer.ts';
import type { OwnFlows } from './own-flows.ts';
import type { ProviderPages } from './provider-pages.ts';
import { documentOf, publicDocuments, type Documents } from './public-documents.ts';
import { apiScopes } from './resources.ts';
import { StorageUnavailable } from '../../storage/artifacts.ts';
import type { Outbound } from '../../web/outbound.ts';

/** Where clients authenticate. */
export const clientEndpoint = /^\/(?:token(?:\/introspection|\/revocation)?|request)$/;

/** Anybody can speak in the name of a public client. */
const authenticates = ({ oidc: { client } }: KoaContextWithOIDC): boolean =>
  client !== undefined && client.clientAuthMethod !== 'none';

/** What every provider is built with, whatever its clients and keys. */
export interface ProviderFrame
  extends Omit<ProviderParts, 'set' | 'keys' | 'fetch' | 'pages' | 'replayed'>, Pick<ListenerParts, 'record' | 'log'> {
  readonly hooks: ProviderParts['pages'];
  readonly pages: Pick<ProviderPages, 'formPost'>;
  readonly evidence: EvidenceStore;
  readonly loggedOut: LoggedOutStore;
  readonly ownFlows: OwnFlows;
  readonly outer: Outer;
  readonly replayed: Replayed;
  readonly throttle: ClientThrottle;
  readonly outbound: Outbound;
  readonly keyDocuments: KeyDocuments;
  readonly enqueue: (notice: LogoutNotice, key: string) => Promise<void>;
}

/** Each provider answers the sector documents of its own clients, also while it is only being validated. */
const fetchFor = ({ clients }: ClientSet, { keyDocuments, outbound, enqueue }: ProviderFrame): Fetch => {
  let sectors: ReadonlyMap<string, readonly RelyingParty[]> | undefined;
  const sectorDocument = (address: string): readonly string[] | undefined => {
    sectors ??= Map.groupBy(clients.values(), ({ sector }) => sectorUri(sector));
    return sectors.get(address)?.flatMap(({ file }) => file.redirect_uris);
  };
  return createFetch(
    // The library asks by GET for nothing but the keys of clients.
    (address, request) => (request?.method === 'GET' ? keyDocuments(address) : outbound(address, request)),
    (notice) => enqueue(notice, noticeKey(notice.clientId, notice.sid)),
    sectorDocument,
  );
};

/**
 * One of the library's providers, for one set of clients and keys, with our part around it: what it answers is corrected
 * here where the specifications, or a citizen, expect something else.
 *
 * @param documents takes what it has answered at its public addresses.
 */
export const createProvider = (
  frame: ProviderFrame,
  clients: ClientSet,
  keys: KeySet,
  documents: Documents,
): Provider => {
  const { outer, loggedOut } = frame;
  const outcomes = new WeakMap<object, LoggedOut>();
  const provider = new Provider(
    frame.issuer,
    providerConfiguration({ ...frame, keys, set: clients, fetch: fetchFor(clients, frame), pages: frame.hooks }),
  );
  provider.proxy = true;
  provider.use(foreignOrigins(clients));
  // The library keeps the session around its own handling of errors: what fails there would be answered without a page.
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      ctx.status = error.status;
      ctx.set('retry-after', '5');
      await frame.hooks.renderError?.(ctx as KoaContextWithOIDC, { error: 'temporarily_unavailable' }, error);
    }
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.status === 200 && ctx.method === 'GET' && publicDocuments.includes(ctx.path)) {
      const body = ctx.body as Record<string, unknown>;
      const document = ctx.path === '/jwks' ? body : discoveryDocument(body, apiScopes(clients), frame.mutualTls);
      documents.set(ctx.path, documentOf(document, ctx.response.get('content-type')));
    }
    const posted = readFormPost(ctx.body);
    if (posted) {
      const mine = outer.contextOf(ctx as KoaContextWithOIDC);
      mine.status = ctx.status;
      frame.pages.formPost(mine, { ...posted, clientId: (ctx as KoaContextWithOIDC).oidc.client?.clientId });
      answerAs(ctx as KoaContextWithOIDC, mine);
    }
    const outcome = outcomes.get(ctx);
    if (outcome) await loggedOut.keep(outer.contextOf(ctx as KoaContextWithOIDC), outcome);
    if (ctx.path === '/session/end' && ctx.status === 200) leaveWithoutSession(ctx as KoaContextWithOIDC);
    if (ctx.status === 400 && clientEndpoint.test(ctx.path)) {
      withRightClientError(ctx, frame.issuer);
      if (ctx.path === '/token') ctx.body = withRightGrantError(ctx.body);
    }
    if (ctx.status < 300 && clientEndpoint.test(ctx.path) && authenticates(ctx as KoaContextWithOIDC))
      frame.throttle.succeeded(outer.addressOf(ctx.req));
    if (ctx.status === 401 && clientEndpoint.test(ctx.path)) await frame.throttle.failed(outer.addressOf(ctx.req));
    if (ctx.status === 503) ctx.set('retry-after', '5');
  });
  listen(provider, {
    ...frame,
    clients,
    ended: (ctx, outcome) => void outcomes.set(ctx, outcome),
  });
  return provider;
};
