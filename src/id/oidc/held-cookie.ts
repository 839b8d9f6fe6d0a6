import { parseCookie } from '../../web/cookies.ts';
import { cookieSigner, type CookieSigner } from './cookie-signer.ts';

export interface ProviderCookies {
  readonly session: string;
  readonly interaction: string;
  readonly resume: string;
}

/** Two of them are bound to a path, which costs the `__Host-` prefix. */
export const providerCookies = (secure: boolean): ProviderCookies => ({
  session: `${secure ? '__Host-' : ''}id-session`,
  interaction: `${secure ? '__Secure-' : ''}id-interaction`,
  resume: `${secure ? '__Secure-' : ''}id-resume`,
});

/**
 * Finds the provider's cookie that a browser holds, by its signature alone: no store is asked, so what it stands for may be
 * over. For telling those who are under way from strangers, and nothing else.
 */
export const createHeldCookie = (secure: boolean) => {
  const { session, interaction, resume } = providerCookies(secure);
  const signers = new WeakMap<readonly Buffer[], CookieSigner>();
  const signerOf = (keys: readonly Buffer[]): CookieSigner => {
    let signer = signers.get(keys);
    if (!signer) signers.set(keys, (signer = cookieSigner(keys)));
    return signer;
  };
  /** @returns name and value of the first that is signed by one of the keys */
  return (cookies: string, keys: readonly Buffer[]): string | undefined => {
    for (const name of [interaction, resume, session]) {
      const value = parseCookie(cookies, name);
      const signature = value === undefined ? undefined : parseCookie(cookies, `${name}.sig`);
      if (signature === undefined) continue;
      const signed = `${name}=${value}`;
      if (signerOf(keys).verify(signed, signature)) return signed;
    }
    return undefined;
  };
};
