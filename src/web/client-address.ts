import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Which peers may speak for somebody else. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** IPv4 in its IPv6 clothes (`::ffff:192.0.2.1`) without them, zone index cut off; undefined for what is no address. */
export const plainAddress = (text: string): string | undefined => {
  const bare = text.trim().replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(bare) === 0 ? undefined : bare.toLowerCase();
};

/** From CIDRs or single addresses, as `web.trusted_proxies` lists them. Throws a RangeError that names a wrong entry. */
export const trustedProxies = (cidrs: readonly string[]): TrustedProxies => {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [text = '', bits] = cidr.split('/');
    const address = plainAddress(text);
    const longest = address !== undefined && isIPv4(address) ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits);
    if (address === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) {
      throw new RangeError(`not a network: ${cidr}`);
    }
    list.addSubnet(address, prefix, longest === 32 ? 'ipv4' : 'ipv6');
  }
  return { has: (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6') };
};

const hop = (text: string): string | undefined => {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text.trim())?.[1];
  if (bracketed !== undefined) return plainAddress(bracketed);
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text.trim())?.[1];
  return plainAddress(withPort ?? text);
};

/**
 * Who sent the request: the socket's peer or, when that is a trusted proxy, the rightmost hop of X-Forwarded-For that
 * is none. What stands left of a hop that is no address was written by somebody unknown, so the last trusted one counts.
 */
export const clientAddress = (
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string => {
  let address = plainAddress(peer ?? '') ?? 'unknown';
  if (address === 'unknown') return address;
  for (const text of (forwardedFor ?? '').split(',').toReversed()) {
    if (!trusted.has(address)) return address;
    const next = hop(text);
    if (next === undefined) return address;
    address = next;
  }
  return address;
};

/** The same of a request; `trusted` as `web.trusted_proxies` lists them. */
export const createCallerOf = (trusted: readonly string[]): ((request: IncomingMessage) => string) => {
  const proxies = trustedProxies(trusted);
  return ({ socket, headers }) => clientAddress(socket.remoteAddress, headers['x-forwarded-for']?.toString(), proxies);
};

const groupsOf = (address: string): readonly string[] => {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
};

/** What is throttled as one: an IPv4 address, or the /64 of an IPv6 address, which one line has at least. */
export const addressKey = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address)
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
};

/** The network around what `addressKey` gave: the /24 of IPv4, or the /48 of IPv6, which one customer has at most. */
export const networkKey = (key: string): string => {
  if (isIPv4(key)) return `${key.split('.').slice(0, 3).join('.')}.0/24`;
  return key.endsWith('::/64') ? `${key.split(':').slice(0, 3).join(':')}::/48` : key;
};
