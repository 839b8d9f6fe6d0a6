import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { isAsset } from '../web/assets.ts';
import { addressKey, trustedProxies, type TrustedProxies } from '../web/client-address.ts';
import { createBudgets } from '../web/overload/budgets.ts';
import type { OverloadSettings } from '../web/overload/settings.ts';
import type { Rank } from '../web/overload/shedding.ts';
import { routeGroup } from '../web/route-groups.ts';
import type { Devices } from './authentication/device.ts';
import type { ClientThrottle } from './oidc/client-throttle.ts';
import type { Oidc } from './oidc/oidc.ts';

export interface RankParts {
  readonly settings: Pick<OverloadSettings, 'address' | 'holder' | 'service' | 'services'>;
  /** The address of a request, without the proxies that are trusted. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly devices: Pick<Devices, 'idIn'>;
  readonly oidc: Pick<Oidc, 'heldCookie'>;
  readonly throttle: Pick<ClientThrottle, 'isKnown'>;
}

/** Asked by those who look whether we live, and by every service again and again. */
const free = /^\/(?:health\/(?:live|ready)|jwks|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/** Cheaper to answer than to refuse; not what only begins like it, whose error is a page as any other. */
const isFree = ({ method, url = '' }: IncomingMessage): boolean => {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const [path = ''] = url.split('?', 1);
  return free.test(path) || isAsset(path);
};

/** Ours take less than a third of it; taking a longer one apart would cost what is to be saved. */
const longestCookies = 8192;

/** Where programs ask, and nobody by hand. */
const forPrograms = /^\/(?:token(?:\/introspection|\/revocation)?|request|me)(?:$|\?)|^\/api\//;

const hasCertificate = ({ socket }: IncomingMessage): boolean => socket instanceof TLSSocket && socket.authorized;

/** How long an address is remembered after a browser with a cookie of ours was there, in ms: longer than a login takes. */
const seenFor = 3600_000;
const mostSeen = 20_000;

const createSeen = () => {
  const addresses = new Map<string, number>();
  return {
    note(key: string): void {
      addresses.delete(key);
      addresses.set(key, Date.now());
      if (addresses.size > mostSeen) addresses.delete(addresses.keys().next().value ?? '');
    },
    has: (key: string): boolean => Date.now() - (addresses.get(key) ?? -Infinity) < seenFor,
  };
};

/**
 * Whose a request is, told from its headers alone: no store is asked, no body is read. What a cookie says counts only where
 * we have signed or sealed it, and each cookie has a budget, so that a copy of a real one buys little.
 *
 * @returns undefined for what is always served
 */
export const createRankOf = (parts: RankParts): ((request: IncomingMessage) => Rank | undefined) => {
  const { settings, devices, oidc, throttle } = parts;
  const services: TrustedProxies = trustedProxies(settings.services);
  const holders = createBudgets(settings.holder);
  const known = createBudgets(settings.service);
  const addresses = createBudgets(settings.address);
  const seen = createSeen();

  const stranger = (url: string, key: string): Rank => {
    if (!addresses.spend(key)) return 'excess';
    return forPrograms.test(url) || routeGroup(url) === 'other' ? 'untried' : 'stranger';
  };

  return (request) => {
    const { url = '', headers } = request;
    if (isFree(request)) return undefined;
    const address = parts.addressOf(request);
    const key = addressKey(address);
    if (hasCertificate(request) || (address !== 'unknown' && services.has(address))) return 'known';
    const { cookie } = headers;
    if (cookie !== undefined && cookie.length <= longestCookies) {
      const device = devices.idIn(cookie);
      const held = device === undefined ? oidc.heldCookie(cookie) : undefined;
      if (device !== undefined || held !== undefined) seen.note(key);
      if (device !== undefined) return holders.spend(`device ${device}`) ? 'known' : stranger(url, key);
      if (held !== undefined) return holders.spend(held) ? 'under_way' : stranger(url, key);
    }
    if (forPrograms.test(url)) {
      if (throttle.isKnown(key) && known.spend(key)) return 'known';
      // An app, or a script in a page, ends the login that a browser at the same address has begun.
      if (seen.has(key) && holders.spend(`address ${key}`)) return 'under_way';
    }
    return stranger(url, key);
  };
};
