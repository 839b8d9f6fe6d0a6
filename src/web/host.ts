import type { IncomingMessage } from 'node:http';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
const hostForm = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The Host header values of an origin: with its port, and with and without where the port is the scheme's own. */
export const hostsOfOrigin = (origin: string): readonly string[] => {
  const url = new URL(origin);
  if (url.port !== '') return [url.host];
  return [url.host, `${url.host}:${url.protocol === 'https:' ? 443 : 80}`];
};

/**
 * Judges a request before anything else sees it: undefined when it may pass, else the status that refuses it. Every
 * absolute address is built from configuration, so a foreign Host could only be a mistake or an attack (421); one that
 * is doubled or malformed, and a target that is not a path, are 400; a method that the part does not have is 405.
 */
export const refusal = (
  request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>,
  known: ReadonlySet<string>,
  further: readonly string[] = [],
): 400 | 405 | 421 | undefined => {
  const hosts = request.rawHeaders.filter((_, i) => i % 2 === 1 && request.rawHeaders[i - 1]?.toLowerCase() === 'host');
  const host = hosts[0]?.toLowerCase();
  if (hosts.length !== 1 || host === undefined || !hostForm.test(host)) return 400;
  const target = request.url ?? '';
  if (!/^\/(?!\/)[!-[\]-~\u0080-\u00ff]*$/.test(target)) return 400;
  if (!known.has(host)) return 421;
  const method = request.method ?? '';
  return methods.has(method) || further.includes(method) ? undefined : 405;
};
