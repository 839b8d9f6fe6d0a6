import type { JWK } from 'jose';
import type { Branding } from '../../config/branding.ts';
import { authMethod, type ClientFile } from './schema.ts';

type InBoth = string | { readonly de: string; readonly en: string };

/** A relying party as the rest of Bayern-ID knows it: its file, with what the file refers to. */
export interface RelyingParty {
  readonly file: ClientFile;
  readonly authority: string;
  /** How the authority is shown with its services, where its file says so. */
  readonly look?: { readonly name: InBoth; readonly branding: Branding };
  /** `<authority>/<name>`: clients of one sector see the same pairwise subject. */
  readonly sector: string;
  readonly secret?: string;
  /** Accepted beside `secret` until then (ms since the epoch), while the service changes over. */
  readonly previousSecret?: { readonly secret: string; readonly until: number };
  readonly jwks?: { readonly keys: readonly JWK[] };
}

/** A client that our own schema let pass and the provider did not: no set with it comes into force. */
export class ClientRefused extends Error {
  override readonly name = 'ClientRefused';
  readonly clientId: string;
  constructor(clientId: string, reason: string) {
    super(reason);
    this.clientId = clientId;
  }
}

export const localText = (text: InBoth, locale: 'de' | 'en'): string =>
  typeof text === 'string' ? text : text[locale];

/** Stands for a sector in the library's metadata; answered by our own fetch hook, never asked over the network. */
export const sectorUri = (sector: string): string => `https://sector.invalid/${sector}`;

/** To what a client's tokens are bound; FAPI 2.0 asks for one of the two. */
const boundTokens = (file: ClientFile): { dpop: boolean; certificate: boolean } => {
  const certificate = file.tls_client_certificate_bound_access_tokens ?? false;
  return { certificate, dpop: file.dpop_bound_access_tokens ?? (file.profile === 'fapi2' && !certificate) };
};

const given = <Key extends keyof ClientFile>(file: ClientFile, keys: readonly Key[]): Partial<Pick<ClientFile, Key>> =>
  Object.fromEntries(keys.flatMap((key) => (file[key] === undefined ? [] : [[key, file[key]]]))) as Partial<
    Pick<ClientFile, Key>
  >;

/** The library's metadata of a client; the keys that are ours go through `extraClientMetadata`. */
export const metadataOf = (party: RelyingParty): Record<string, unknown> => {
  const { file } = party;
  const bound = boundTokens(file);
  const signedUserinfo =
    file.userinfo_signed_response_alg ?? (file.userinfo_encrypted_response_alg === undefined ? undefined : 'ES256');
  const hosts = new Set(file.redirect_uris.map((uri) => new URL(uri).host));
  return {
    client_id: file.client_id,
    client_name: localText(file.client_name, 'de'),
    application_type: file.application_type,
    redirect_uris: file.redirect_uris,
    post_logout_redirect_uris: file.post_logout_redirect_uris,
    response_types: file.grant_types.includes('authorization_code') ? ['code'] : [],
    grant_types: file.grant_types,
    scope: file.scope.join(' '),
    token_endpoint_auth_method: authMethod(file),
    // `fragment` is the mode of response types that we do not have: without it those were told a wrong error.
    response_modes: [...file.response_modes, 'fragment'],
    id_token_signed_response_alg: file.id_token_signed_response_alg,
    authorization_signed_response_alg: file.authorization_signed_response_alg,
    introspection_signed_response_alg: file.introspection_signed_response_alg,
    require_signed_request_object: file.require_signed_request_object,
    // Ours decide both kinds: the library's `public` would hand out the account's own id.
    subject_type: 'pairwise',
    require_pushed_authorization_requests: file.require_pushed_authorization_requests || file.profile === 'fapi2',
    dpop_bound_access_tokens: bound.dpop,
    tls_client_certificate_bound_access_tokens: bound.certificate,
    ...given(file, [
      'token_endpoint_auth_signing_alg',
      'tls_client_auth_subject_dn',
      'tls_client_auth_san_dns',
      'tls_client_auth_san_uri',
      'request_object_signing_alg',
      'id_token_encrypted_response_alg',
      'id_token_encrypted_response_enc',
      'userinfo_encrypted_response_alg',
      'userinfo_encrypted_response_enc',
      'authorization_encrypted_response_alg',
      'authorization_encrypted_response_enc',
      'introspection_encrypted_response_alg',
      'introspection_encrypted_response_enc',
      'initiate_login_uri',
      'client_uri',
      'policy_uri',
      'default_max_age',
    ]),
    ...(signedUserinfo === undefined ? {} : { userinfo_signed_response_alg: signedUserinfo }),
    ...(file.backchannel_logout_uri === undefined
      ? {}
      : {
          backchannel_logout_uri: file.backchannel_logout_uri,
          // Always: the outbox knows a notice by its session, and a service that does not need `sid` ignores it.
          backchannel_logout_session_required: true,
        }),
    ...(party.secret === undefined ? {} : { client_secret: party.secret }),
    ...(party.jwks === undefined ? {} : { jwks: party.jwks }),
    ...(file.jwks_uri === undefined ? {} : { jwks_uri: file.jwks_uri }),
    ...(hosts.size > 1 ? { sector_identifier_uri: sectorUri(party.sector) } : {}),
  };
};
