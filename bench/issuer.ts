import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const issuer = 'https://id.example.de';

/** Bayern-ID as far as modules ask it: every handle is somebody's. What it costs is measured elsewhere. */
export const createIssuer = async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }];
  const answers: Readonly<Record<string, (body: string) => object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      jwks_uri: `${issuer}/jwks`,
      token_endpoint: `${issuer}/token`,
      authorization_endpoint: `${issuer}/auth`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['ES256'],
    }),
    '/jwks': () => ({ keys }),
    '/token': () => ({ access_token: 'resolve', token_type: 'Bearer', expires_in: 60 }),
    '/api/postfach/resolve': (body) => ({ sub: (JSON.parse(body) as { handle: string }).handle }),
  };
  return {
    fetch: async (url: string, init: RequestInit): Promise<Response> => {
      const answer = answers[new URL(url).pathname];
      return answer
        ? Response.json(answer(typeof init.body === 'string' ? init.body : ''))
        : new Response(null, { status: 404 });
    },
    /** @param bound thumbprint of the key to which the token is bound. */
    token: (audience: string, scope: string, bound?: string): Promise<string> =>
      new SignJWT({ scope, client_id: 'messung', ...(bound === undefined ? {} : { cnf: { jkt: bound } }) })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject('messung')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
  };
};
