import type { RelyingParty } from '../clients/client.ts';

const single = (query: URLSearchParams, name: string): string | undefined => {
  const [value, ...more] = query.getAll(name);
  return more.length === 0 ? value : undefined;
};

/**
 * Where a request goes that must not ask anybody anything (prompt=none, OpenID Connect Core 3.1.2.1) while there is no time for it: back to its service,
 * which goes on without a login, instead of to a page of ours. Told by the address and the clients' files alone.
 *
 * @param url the target of a GET
 * @returns undefined for any other request, and for one that has to come, or to be answered, in another way than by an address
 */
export const silentRefusal = (
  url: string,
  clients: ReadonlyMap<string, Pick<RelyingParty, 'file'>>,
  issuer: string,
): string | undefined => {
  if (!url.startsWith('/auth?')) return undefined;
  const query = new URLSearchParams(url.slice('/auth?'.length));
  if (single(query, 'prompt') !== 'none' || single(query, 'response_type') !== 'code') return undefined;
  if (['response_mode', 'request', 'request_uri'].some((name) => query.has(name))) return undefined;
  const file = clients.get(single(query, 'client_id') ?? '')?.file;
  const redirectUri = single(query, 'redirect_uri') ?? '';
  const state = single(query, 'state');
  if (!file?.redirect_uris.includes(redirectUri) || !file.response_modes.includes('query')) return undefined;
  if (file.require_pushed_authorization_requests || file.require_signed_request_object || file.profile === 'fapi2')
    return undefined;
  if (query.has('state') && state === undefined) return undefined;
  const answer = new URLSearchParams({
    error: 'temporarily_unavailable',
    ...(state === undefined ? {} : { state }),
    iss: issuer,
  });
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${answer.toString()}`;
};
