import type { JWK } from 'jose';
import { authMethod, type ClientFile } from './schema.ts';

type InBoth = string | { readonly de: string; readonly en: string };

/** A relying party as the rest of Bayern-ID knows it: its file, with what the file refers to. */
export interface RelyingParty {
  readonly file: ClientFile;
  readonly authority: string;
  /** `<authority>/<name>`: clients of one sector see the same pairwise subject. */
  readonly sector: string;
  readonly secret?: string;
  readonly jwks?: { readonly keys: readonly JWK[] };
}

export const localText = (text: InBoth, locale: 'de' | 'en'): string =>
  typeof text === 'string' ? text : text[locale];

/** Stands for a sector in the library's metadata; answered by our own fetch hook, never asked over the network. */
export const sectorUri = (sector: string): string => `https://sector.invalid/${sector}`;

/** The library's metadata of a client; the keys that are ours go through `extraClientMetadata`. */
export const metadataOf = (party: RelyingParty): Record<string, unknown> => {
  const { file } = party;
  const hosts = new Set(file.redirect_uris.map((uri) => new URL(uri).host));
  return {
    client_id: file.client_id,
    client_name: localText(file.client_name, 'de'),
    application_type: file.application_type,
    redirect_uris: file.redirect_uris,
    post_logout_redirect_uris: file.post_logout_redirect_uris,
    response_types: ['code'],
    grant_types: file.grant_types,
    scope: file.scope.join(' '),
    token_endpoint_auth_method: authMethod(file),
    id_token_signed_response_alg: file.id_token_signed_response_alg,
    subject_type: file.subject_type,
    require_pushed_authorization_requests: file.require_pushed_authorization_requests,
    ...(file.client_uri === undefined ? {} : { client_uri: file.client_uri }),
    ...(file.policy_uri === undefined ? {} : { policy_uri: file.policy_uri }),
    ...(file.default_max_age === undefined ? {} : { default_max_age: file.default_max_age }),
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
