import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
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

/** Cheaper to answer than to refuse, or asked by those who look whether we live. */
const free = /^\/(?:assets\/|health\/|jwks(?:$|\?)|\.well-known\/)/;

/** Where programs ask, and nobody by hand. */
const forPrograms = /^\/(?:token(?:\/introspection|\/revocation)?|request|me)(?:$|\?)|^\/api\//;

const hasCertificate = ({ socket }: IncomingMessage): boolean => socket instanceof TLSSocket && socket.authorized;

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

  const stranger = (url: string, key: string): Rank => {
    if (!addresses.spend(key)) return 'excess';
    return forPrograms.test(url) || routeGroup(url) === 'other' ? 'untried' : 'stranger';
  };

  return (request) => {
    const { url = '', headers } = request;
    if (free.test(url)) return undefined;
    const address = parts.addressOf(request);
    const key = addressKey(address);
    if (hasCertificate(request) || (address !== 'unknown' && services.has(address))) return 'known';
    const { cookie } = headers;
    if (cookie !== undefined) {
      const device = devices.idIn(cookie);
      if (device !== undefined) return holders.spend(`device ${device}`) ? 'known' : stranger(url, key);
      const held = oidc.heldCookie(cookie);
      if (held !== undefined) return holders.spend(held) ? 'under_way' : stranger(url, key);
    }
    if (forPrograms.test(url) && throttle.isKnown(key) && known.spend(key)) return 'known';
    return stranger(url, key);
  };
};
