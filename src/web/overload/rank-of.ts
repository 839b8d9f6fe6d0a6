import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { isAsset } from '../assets.ts';
import { addressKey, trustedProxies, type TrustedProxies } from '../client-address.ts';
import { routeGroup } from '../route-groups.ts';
import { createBudgets } from './budgets.ts';
import { createSeen, type Seen } from './seen.ts';
import type { OverloadSettings } from './settings.ts';
import type { Rank } from './shedding.ts';

/** A browser that a cookie of ours, or an address that we gave it, speaks for. */
export interface Holder {
  readonly rank: Extract<Rank, 'known' | 'under_way'>;
  /** What its budget is counted by. */
  readonly id: string;
}

/** By what a part tells whose a request is. No store is asked. */
export interface Whose {
  /** Paths, besides assets and health, that are cheaper to answer than to refuse. */
  readonly free?: RegExp;
  /** Where programs ask, and nobody by hand; begins at the path's first slash. */
  readonly forPrograms: RegExp;
  /** Where others tell what must not be late, by a POST of few words. So much of it is served whoever sends it: see {@link noticesServed}. */
  readonly notices?: RegExp;
  /** Whose browser a Cookie header is from; undefined unless one of its cookies says so under our own signature, seal or mark. */
  readonly holderOf: (cookies: string) => Holder | undefined;
  /** The same of an address that we have given to somebody, and that only she knows. */
  readonly holderAt?: (url: string) => Holder | undefined;
  /** Addresses at which a service has proved lately who it is. */
  readonly services: Pick<Seen, 'has'>;
  /** Whether programs go on with what a browser at their address has begun: apps, or scripts in pages. */
  readonly withApps?: boolean;
}

/** Looking at a notice costs little; without this a flood of pages would keep logouts away. */
const noticesServed = { burst: 10, per_second: 10 };

/** Asked by those who look whether we live. */
const health = /^\/health\/(?:live|ready)$/;

/** Ours take less than a third of it; taking a longer one apart would cost what is to be saved. */
const longestCookies = 8192;

/** The certificate of this connection, where an authority that its listener trusts has signed it; no header can stand in for it. */
const certificateOf = ({ socket }: IncomingMessage): string | undefined =>
  socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;

/**
 * Whose a request is, told from its headers alone: no store is asked, no body is read. What a cookie says counts only where
 * we have signed, sealed or marked it, and each cookie has a budget, so that a copy of a real one buys little.
 *
 * @param addressOf the address of a request, without the proxies that are trusted
 * @returns undefined for what is always served
 */
export const createRankOf = (
  settings: Pick<OverloadSettings, 'address' | 'holder' | 'service' | 'services'>,
  addressOf: (request: IncomingMessage) => string,
  whose: Whose,
): ((request: IncomingMessage) => Rank | undefined) => {
  const { free, forPrograms, notices, holderOf, holderAt, services, withApps = false } = whose;
  const networks: TrustedProxies = trustedProxies(settings.services);
  const holders = createBudgets(settings.holder);
  const known = createBudgets(settings.service);
  const addresses = createBudgets(settings.address);
  const untold = createBudgets(noticesServed);
  const browsers = createSeen();

  /** Not what only begins like it, whose error is a page as any other. */
  const isFree = ({ method, url = '' }: IncomingMessage): boolean => {
    if (method !== 'GET' && method !== 'HEAD') return false;
    const [path = ''] = url.split('?', 1);
    return health.test(path) || free?.test(path) === true || isAsset(path);
  };

  const stranger = (url: string, key: string): Rank => {
    if (!addresses.spend(key)) return 'excess';
    return forPrograms.test(url) || routeGroup(url) === 'other' ? 'untried' : 'stranger';
  };

  return (request) => {
    const { method, url = '', headers } = request;
    if (isFree(request)) return undefined;
    const address = addressOf(request);
    const key = addressKey(address);
    if (address !== 'unknown' && networks.has(address)) return 'known';
    const certificate = certificateOf(request);
    if (certificate !== undefined && known.spend(`certificate ${certificate}`)) return 'known';
    const { cookie } = headers;
    const holder =
      (cookie !== undefined && cookie.length <= longestCookies ? holderOf(cookie) : undefined) ?? holderAt?.(url);
    if (holder) {
      browsers.note(key);
      return holders.spend(holder.id) ? holder.rank : stranger(url, key);
    }
    if (forPrograms.test(url)) {
      if (services.has(key) && known.spend(key)) return 'known';
      if (method === 'POST' && notices?.test(url) === true && untold.spend('all')) return undefined;
      if (withApps && browsers.has(key) && holders.spend(`address ${key}`)) return 'under_way';
    }
    return stranger(url, key);
  };
};
