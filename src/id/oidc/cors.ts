import type { Middleware } from 'koa';
import type { ClientSet } from '../clients/load.ts';
import { publicDocuments } from './public-documents.ts';

/**
 * Before it knows the client, the library lets scripts of every origin read its answers: at a preflight request, and at
 * what is refused too early. Here only an origin that stands in a client's file is ever told that it may (attacks.md
 * HT-07). Documents for everybody stay open to all.
 */
export const foreignOrigins = ({ clients }: ClientSet): Middleware => {
  let registered: ReadonlySet<string> | undefined;
  const isRegistered = (origin: string): boolean => {
    registered ??= new Set([...clients.values()].flatMap(({ file }) => file.allowed_cors_origins));
    return registered.has(origin);
  };
  return async (ctx, next) => {
    await next();
    const allowed = ctx.response.get('access-control-allow-origin');
    if (allowed === '' || publicDocuments.includes(ctx.path) || isRegistered(allowed)) return;
    for (const name of ctx.res.getHeaderNames()) if (name.startsWith('access-control-')) ctx.remove(name);
  };
};
