import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyLimit } from '../forms.ts';
import { pageToHtml } from '../render.ts';
import { plainSecurityHeaders, type SecurityHeaderOptions } from '../security.ts';
import { overloadedPage } from '../pages/overloaded-page.tsx';

/** Answers a request that is sent away: with 503 and Retry-After, by a page or by a problem (RFC 9457), both made before; or leads it on. */
export type Refuse = (request: IncomingMessage, response: ServerResponse) => void;

/** How a part refuses. */
export interface Refusing {
  /** Members of the problem that programs get, beside type and status. */
  readonly problem: Readonly<Record<'title', string> & Record<string, string>>;
  /** The address to which a GET goes instead, where whoever asks can go on without us. */
  readonly leadsBack?: (url: string) => string | undefined;
}

/** @param retryAfter seconds */
export const createRefuse = (
  retryAfter: number,
  headers: SecurityHeaderOptions,
  { problem: members, leadsBack }: Refusing,
): Refuse => {
  const page = (again: boolean): Buffer => Buffer.from(pageToHtml(overloadedPage({ seconds: retryAfter, again })));
  const html = { type: 'text/html; charset=utf-8', asked: page(true), posted: page(false) };
  const problem = Buffer.from(JSON.stringify({ type: 'about:blank', status: 503, ...members }));
  const common = {
    ...Object.fromEntries(plainSecurityHeaders(headers)),
    'cache-control': 'no-store',
    'retry-after': String(retryAfter),
  };
  return (request, response) => {
    const readable = request.method === 'GET' || request.method === 'HEAD';
    // A form is taken off the connection, which is cheap, and lets a browser read the answer; what may be long is cut.
    const short = readable || Number(request.headers['content-length'] ?? NaN) <= bodyLimit;
    if (short) request.resume();
    const back = request.method === 'GET' ? leadsBack?.(request.url ?? '') : undefined;
    if (back !== undefined) {
      response.writeHead(303, { ...common, location: back, 'content-length': 0 }).end();
      return;
    }
    // Below /api every answer is of the API's own form, whoever asks.
    const wantsPage = request.headers.accept?.includes('text/html') === true && !request.url?.startsWith('/api/');
    const body = wantsPage ? (readable ? html.asked : html.posted) : problem;
    response.writeHead(503, {
      ...common,
      'content-type': wantsPage ? html.type : 'application/problem+json',
      'content-length': body.length,
      ...(short ? {} : { connection: 'close' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
};
