import { createRequire } from 'node:module';

type Lookup = typeof import('node:dns').lookup;

/**
 * `.test` names mean this machine for the parts' own requests too, as Chromium's host rules make them for a browser
 * (RFC 6761 keeps them out of the DNS). To be called before the product is imported, which takes `lookup` along then.
 */
export const resolveTestNames = (): void => {
  const dns = createRequire(import.meta.url)('node:dns') as { lookup: Lookup };
  const { lookup } = dns;
  const ours = (hostname: string, ...rest: unknown[]): void =>
    (lookup as unknown as (...all: unknown[]) => void)(hostname.endsWith('.test') ? '127.0.0.1' : hostname, ...rest);
  dns.lookup = ours as unknown as Lookup;
};
