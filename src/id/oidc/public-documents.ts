import type { OutgoingHttpHeaders } from 'node:http';

/** The same for everybody until keys or clients change; every relying party asks for them again and again. */
export const publicDocuments: readonly string[] = [
  '/jwks',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];

/** Seconds that a public document may be kept by others; a new key is published for longer than this before it signs. */
export const documentLife = 600;

export type Documents = Map<string, { readonly body: Buffer; readonly headers: OutgoingHttpHeaders }>;

/** Open to scripts of every origin, and the same for all: how long one may keep it follows from how keys are rotated. */
export const documentOf = (body: unknown, type: string): { body: Buffer; headers: OutgoingHttpHeaders } => {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    body: bytes,
    headers: {
      'content-type': type,
      'content-length': bytes.length,
      'access-control-allow-origin': '*',
      'cache-control': `public, max-age=${documentLife}`,
      'x-content-type-options': 'nosniff',
    },
  };
};
