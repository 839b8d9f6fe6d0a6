import { cookieName, parseCookie } from '../../web/cookies.ts';
import type { Holder } from '../../web/overload/rank-of.ts';
import { sessionCookie, type RelyingPartyOptions } from './kit.ts';
import { markedLogin } from './login-cookies.ts';
import { markedSession } from './session.ts';

/**
 * Tells by our marks whose browser a Cookie header is from: one in which somebody has logged in here, or in which a login is under way.
 *
 * @param life of a session, in seconds
 */
export const createHolderOf = (
  { clientId, origin, marks }: Pick<RelyingPartyOptions, 'clientId' | 'origin' | 'marks'>,
  life: number,
): ((cookies: string) => Holder | undefined) => {
  const secure = origin.startsWith('https:');
  const [start, session] = [cookieName(clientId, '', secure), cookieName(clientId, sessionCookie, secure)];
  return (cookies) => {
    const id = markedSession(marks, parseCookie(cookies, session) ?? '', life);
    if (id !== undefined) return { rank: 'known', id: `session ${id}` };
    const login = markedLogin(marks, cookies, start);
    return login === undefined ? undefined : { rank: 'under_way', id: login };
  };
};
