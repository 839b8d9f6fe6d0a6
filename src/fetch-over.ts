import type { Fetch } from './portal/relying-party/provider.ts';
import type { Outbound } from './web/outbound.ts';

/** Requests of the modules to Bayern-ID, in the form that their library expects. */
export const fetchOver =
  (outbound: Outbound): Fetch =>
  (address, { method, headers, body }) =>
    outbound(address, {
      ...(method === undefined ? {} : { method }),
      headers: Object.fromEntries(new Headers(headers)),
      ...(body === undefined || body === null
        ? {}
        : { body: body instanceof URLSearchParams ? body.toString() : (body as string) }),
      timeout: 10_000,
    });
