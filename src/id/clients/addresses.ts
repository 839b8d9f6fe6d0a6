import { isIP } from 'node:net';
import { z } from 'zod';
import { isSpecialUse } from '../../web/outbound.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address leads to the very machine that opens it (RFC 8252, 7.3). */
export const isLoopback = (address: string): boolean => loopback.has(new URL(address).hostname);

/** Names that no public DNS answers (RFC 6761, RFC 6762, RFC 9476, and `internal`, which ICANN has set apart). */
const localName = /(?:^|\.)(?:localhost|local|internal|invalid|test|alt|onion|home\.arpa)$/;

/** Whether an address cannot be one of the public internet, as far as can be told without asking DNS. */
export const isInternal = (address: string): boolean => {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? localName.test(host) || !host.includes('.') : isSpecialUse(host);
};

/** Exact, absolute, https (http for loopback only), without user info, fragment, wildcard or anything a URL parser would change. */
export const webAddress = z.string().superRefine((value, ctx) => {
  const fail = (message: string): void => {
    ctx.addIssue({ code: 'custom', message });
  };
  if (value.includes('*')) return fail('a wildcard is never accepted: write every address in full');
  if (!URL.canParse(value)) return fail('must be an absolute address such as https://dienst.example/callback');
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname)))
    return fail('must begin with https:// (http:// only for localhost, 127.0.0.1 and [::1])');
  if (url.username !== '' || url.password !== '') return fail('must not carry a user name');
  if (value.includes('#')) return fail('must not have a fragment');
  if (url.hostname.endsWith('.')) return fail('must not have a dot at the end of its host');
  if (url.href !== value && `${value}/` !== url.href) return fail(`is not in its normal form; write ${url.href}`);
  return undefined;
});

/**
 * One host, or with `*.` in front every host below one that has a dot of its own: `*.de` would be everybody's. An
 * origin stands for its host, so that `${BAYERN_PORTAL_ORIGIN}` can be written.
 */
export const hostPattern = z
  .string()
  .transform((value) => (/^https?:\/\//.test(value) && URL.canParse(value) ? new URL(value).hostname : value))
  .pipe(
    z
      .string()
      .regex(
        /^(?:\[[0-9a-f:]+\]|(?:\*\.(?=[^.]+\.[^.]))?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$/,
        'write a host such as dienst.stadt.example, or *.stadt.example for all below it',
      ),
  );

/** Whether one of the patterns covers a host. `*.stadt.example` covers no `stadt.example`. */
export const covers = (patterns: readonly string[], host: string): boolean =>
  patterns.some((pattern) => (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern));
