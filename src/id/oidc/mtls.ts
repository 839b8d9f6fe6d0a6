import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

type MutualTls = NonNullable<NonNullable<Configuration['features']>['mTLS']>;

/** The certificate comes from the connection itself: our own listener asks for it, and no header can stand in for it. */
const certificateOf = ({ req }: KoaContextWithOIDC): X509Certificate | undefined =>
  (req.socket as Partial<TLSSocket>).getPeerX509Certificate?.();

/** The subject as RFC 4514 writes it: most specific name first, joined by commas. */
const subjectOf = ({ subject }: X509Certificate): string => subject.split('\n').toReversed().join(',');

/** The entries of one kind in the certificate's alternative names. */
const alternatives = ({ subjectAltName = '' }: X509Certificate, kind: 'DNS' | 'URI'): readonly string[] =>
  subjectAltName.split(', ').flatMap((entry) => (entry.startsWith(`${kind}:`) ? [entry.slice(kind.length + 1)] : []));

/** Mutual TLS for client authentication and bound tokens (RFC 8705). */
export const mutualTls = (enabled: boolean): MutualTls => ({
  enabled,
  certificateBoundAccessTokens: enabled,
  selfSignedTlsClientAuth: enabled,
  tlsClientAuth: enabled,
  getCertificate: (ctx) => certificateOf(ctx)?.toString(),
  certificateAuthorized: ({ req }) => (req.socket as Partial<TLSSocket>).authorized === true,
  certificateSubjectMatches(ctx, property, expected) {
    const certificate = certificateOf(ctx);
    if (!certificate) return false;
    switch (property) {
      case 'tls_client_auth_subject_dn':
        return subjectOf(certificate) === expected;
      case 'tls_client_auth_san_dns':
        return alternatives(certificate, 'DNS').includes(expected);
      case 'tls_client_auth_san_uri':
        return alternatives(certificate, 'URI').includes(expected);
      default:
        return false;
    }
  },
});

/** The endpoints that are served with client certificates as well (RFC 8705, 5). */
export const mutualTlsPath = /^\/(?:token(?:\/introspection|\/revocation)?|request|me)$/;

/** `mtls_endpoint_aliases` of discovery. */
export const mutualTlsAliases = (origin: string): Readonly<Record<string, string>> => ({
  token_endpoint: `${origin}/token`,
  pushed_authorization_request_endpoint: `${origin}/request`,
  introspection_endpoint: `${origin}/token/introspection`,
  revocation_endpoint: `${origin}/token/revocation`,
  userinfo_endpoint: `${origin}/me`,
});
