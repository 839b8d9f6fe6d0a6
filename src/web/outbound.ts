import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';

/** Addresses that a client's file may not make us call: this host, private and other special-use ranges (RFC 6890). */
const special = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  special.addSubnet(net, bits, 'ipv6');

/** Whether an address is not on the public internet. IPv4 inside IPv6 counts as what it contains. */
export const isSpecialUse = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return special.check(mapped, 'ipv4');
  return special.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};

export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

export interface OutboundOptions {
  /** Development and tests run everything on one host. */
  readonly allowSpecialUse: boolean;
  /** Trusted besides the system's authorities: the development CA. */
  readonly ca?: string;
  /** Shown to servers that ask for one (mutual TLS). */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

export interface OutboundRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** ms for the whole exchange. */
  readonly timeout?: number;
}

const largest = 64 * 1024;

/** A request to an address from a client's file: no redirects, 64 kB, one deadline, no special-use address whatever DNS says. */
export type Outbound = (address: string, request?: OutboundRequest) => Promise<Response>;

export const createOutbound = ({ allowSpecialUse, ca, clientCertificate }: OutboundOptions): Outbound => {
  // The check sits in the lookup that the connection itself uses, so a name that changes its address in between gains nothing.
  const lookup: NonNullable<RequestOptions['lookup']> = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      if (!allowSpecialUse && addresses.some(({ address }) => isSpecialUse(address)))
        return callback(new OutboundRefused('the name resolves to a special-use address'), '', 0);
      const first = addresses[0];
      if (!first) return callback(new OutboundRefused('the name has no address'), '', 0);
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
  return (address, { method = 'GET', headers = {}, body, timeout = 2500 } = {}) =>
    new Promise((fulfil, reject) => {
      const url = new URL(address);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (!allowSpecialUse && isIP(host) !== 0 && isSpecialUse(host)) {
        reject(new OutboundRefused('a special-use address'));
        return;
      }
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const signal = AbortSignal.timeout(timeout);
      const req = send(
        url,
        { method, headers, lookup, signal, agent: false, ...(ca === undefined ? {} : { ca }), ...clientCertificate },
        (res) => {
          const chunks: Buffer[] = [];
          let size = 0;
          res.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > largest) res.destroy(new OutboundRefused('the answer is too large'));
            else chunks.push(chunk);
          });
          res.on('error', reject);
          res.on('end', () => {
            const status = res.statusCode ?? 0;
            const empty = status === 204 || status === 304;
            fulfil(
              new Response(empty ? null : Buffer.concat(chunks), {
                status,
                headers: { 'content-type': res.headers['content-type'] ?? '' },
              }),
            );
          });
        },
      );
      req.on('error', reject);
      req.end(body);
    });
};
