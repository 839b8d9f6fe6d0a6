import { mutualTlsAliases } from './mtls.ts';
import { responseModes } from '../clients/schema.ts';

/** A discovery document (OpenID Connect Discovery 1.0, RFC 8414). */
export type Metadata = Readonly<Record<string, unknown>>;

/**
 * The library's metadata with what it cannot know: that subjects of both kinds are ours, which response modes any
 * client's file can name, and where the same endpoints ask for a client certificate (RFC 8705, 5).
 */
export const discoveryDocument = (
  library: Metadata,
  apiScopes: readonly string[],
  mutualTlsOrigin: string | undefined,
): Metadata => ({
  // The library lists what was set to nothing as well.
  ...Object.fromEntries(Object.entries(library).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
  prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
  scopes_supported: [...((library['scopes_supported'] as readonly string[] | undefined) ?? []), ...apiScopes],
  response_modes_supported: [...responseModes],
  subject_types_supported: ['pairwise', 'public'],
  ...(mutualTlsOrigin === undefined ? {} : { mtls_endpoint_aliases: mutualTlsAliases(mutualTlsOrigin) }),
});
