import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** The library's contexts wrap the same request as ours; this is how its callbacks find ours again. */
export interface Outer {
  /** Notes our own context, and the address from which the request came as guards count it. */
  note(ctx: Context, address?: string): void;
  /** @throws when the request did not come through our own app. */
  contextOf(ctx: KoaContextWithOIDC): Context;
  /** Noted before the headers that say so are taken away from the library; empty when nobody needed it. */
  addressOf(request: IncomingMessage): string;
  /** For the log; empty when the request did not come through our own app. */
  referenceOf(request: IncomingMessage): string;
}

export const createOuter = (): Outer => {
  const noted = new WeakMap<IncomingMessage, { readonly ctx: Context; readonly address: string }>();
  return {
    note: (ctx, address = '') => void noted.set(ctx.req, { ctx, address }),
    contextOf({ req }) {
      const found = noted.get(req);
      if (!found) throw new TypeError('the request did not come through our own app');
      return found.ctx;
    },
    addressOf: (request) => noted.get(request)?.address ?? '',
    referenceOf: (request) => String(noted.get(request)?.ctx.state['referenceId'] ?? ''),
  };
};

/** Gives what our own page says as the library's answer. */
export const answerAs = (ctx: KoaContextWithOIDC, mine: Context): void => {
  ctx.type = mine.response.type;
  ctx.body = mine.body;
};
