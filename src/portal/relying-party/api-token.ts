import * as oidc from 'openid-client';
import type { ApiAccess, Kit } from './kit.ts';

/**
 * A token for one API (RFC 8707) by the refresh token of a session, with its scope alone: no ID token comes along. It lives
 * for a minute, so it is fetched when it is used.
 *
 * @returns undefined when the provider's session is over or it does not give this token.
 * @throws ProviderUnavailable, or what the network threw.
 */
export const apiToken = async (
  kit: Kit,
  refreshToken: string,
  { audience, scope }: ApiAccess,
): Promise<string | undefined> => {
  const { configuration } = await kit.provider.connect();
  try {
    const tokens = await oidc.refreshTokenGrant(configuration, refreshToken, { resource: audience, scope });
    return tokens.access_token;
  } catch (error) {
    const refused =
      error instanceof oidc.ResponseBodyError && ['invalid_grant', 'invalid_target'].includes(error.error);
    if (refused) return undefined;
    throw error;
  }
};
