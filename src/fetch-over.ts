import type { Fetch } from './portal/relying-party/provider.ts';
import type { Outbound } from './web/outbound.ts';

/** Requests of the modules to Bayern-ID and to one another, in the form that their libraries expect. */
export const fetchOver =
  (outbound: Outbound): Fetch =>
  async (address, { method, headers, body }) => {
    // As `fetch` writes a body: forms of letters have files in them, and their type names the boundary.
    const written = body === undefined || body === null ? undefined : new Response(body);
    const given = new Headers(headers);
    const type = written?.headers.get('content-type') ?? undefined;
    if (type !== undefined && !given.has('content-type')) given.set('content-type', type);
    return outbound(address, {
      ...(method === undefined ? {} : { method }),
      headers: Object.fromEntries(given),
      ...(written === undefined ? {} : { body: new Uint8Array(await written.arrayBuffer()) }),
      timeout: 10_000,
    });
  };
