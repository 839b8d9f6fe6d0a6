import type { IncomingMessage } from 'node:http';
import Koa, { type Context, type Middleware } from 'koa';
import type { VNode } from 'preact';
import { serveAssets } from './assets.ts';
import { errorOfStatus, toHttpError, type HttpError } from './http-error.ts';
import { errorFields, type Log } from './log.ts';
import { pageContext, type PageContext } from './page-context.ts';
import { errorPage } from './pages/error-page.tsx';
import type { Environment, Part } from './parts.ts';
import { newReferenceId } from './reference-id.ts';
import { renderPage } from './render.ts';
import { formActionSource, setSecurityHeaders } from './security.ts';
import { webState, type WebState } from './state.ts';

export interface WebAppOptions {
  readonly part: Part;
  /** Scheme, host and port under which citizens reach the part. */
  readonly origin: string;
  readonly secureCookies: boolean;
  readonly environment: Environment;
  readonly log: Log;
  /** Told of requests of programs that have proved who they are. */
  readonly noteService?: (request: IncomingMessage) => void;
  /** Addresses of other sites to which this part's forms lead on every page. */
  readonly formActions?: readonly string[];
  /** A part's own page for an error; undefined falls back to the ground's. */
  readonly errorPage?: (ctx: Context, error: HttpError, page: PageContext) => VNode | undefined;
}

/** APIs are told in RFC 9457's form, people by a page; who asks for nothing in particular gets JSON. */
const wantsPage = (ctx: Context): boolean => {
  const accept = ctx.get('accept');
  return accept !== '' && ctx.accepts('application/problem+json', 'application/json', 'text/html') === 'text/html';
};

const answerProblem = (ctx: Context, error: HttpError): void => {
  ctx.status = error.status;
  ctx.type = 'application/problem+json';
  ctx.set('cache-control', 'no-store');
  ctx.body = JSON.stringify({
    type: 'about:blank',
    title: error.code,
    status: error.status,
    instance: `urn:bayern-id:request:${webState(ctx).referenceId}`,
  });
};

const logError = (ctx: Context, error: HttpError): void => {
  const { log, part, referenceId } = webState(ctx);
  const fields = { part, referenceId, status: error.status, code: error.code, reason: error.reason };
  if (error.status === 500 || error.status === 503) {
    const { code: cause, ...thrown } = errorFields(error.cause ?? error);
    log.error('request_failed', { ...fields, ...thrown, cause });
  } else {
    log.info('request_refused', fields);
  }
};

/** Turns what was thrown, and a status without a body, into a page or a problem; never into a stack trace. */
const answerErrors =
  (options: WebAppOptions): Middleware =>
  async (ctx, next) => {
    let error: HttpError | undefined;
    try {
      await next();
      const unanswered = ctx.body === undefined || ctx.body === null;
      if (ctx.respond !== false && unanswered && ctx.status >= 400) error = errorOfStatus(ctx.status);
    } catch (thrown) {
      error = toHttpError(thrown);
    }
    if (error === undefined) return;
    logError(ctx, error);
    if (ctx.headerSent || ctx.res.writableEnded) return;
    const allow = ctx.response.get('allow');
    ctx.remove('content-encoding');
    if (error.retryAfter !== undefined) ctx.set('retry-after', String(error.retryAfter));
    if (error.status === 405 && allow === '') ctx.set('allow', 'GET, HEAD, POST');
    if (!wantsPage(ctx)) {
      answerProblem(ctx, error);
      return;
    }
    const page = pageContext(ctx);
    renderPage(ctx, options.errorPage?.(ctx, error, page) ?? errorPage(error, page), error.status);
  };

/**
 * The koa app on which every part stands: reference id, security headers, assets, and errors as pages. koa's own
 * `proxy` stays off: who the client is says client-address.ts, and absolute addresses come from `origin`.
 */
export const createWebApp = (options: WebAppOptions): Koa => {
  const app = new Koa();
  app.silent = true;
  app.on('error', (thrown: unknown) => {
    options.log.error('response_failed', { part: options.part, ...errorFields(thrown) });
  });
  const formActions = (options.formActions ?? []).map(formActionSource);
  const { origin } = new URL(options.origin);
  app.use(async (ctx, next) => {
    const state: WebState = {
      part: options.part,
      origin,
      secureCookies: options.secureCookies,
      environment: options.environment,
      referenceId: newReferenceId(),
      log: options.log,
      noteService: () => options.noteService?.(ctx.req),
      formActions,
    };
    ctx.state['web'] = state;
    ctx.state['referenceId'] = state.referenceId;
    ctx.cookies.secure = options.secureCookies;
    setSecurityHeaders(ctx);
    await next();
  });
  app.use(answerErrors(options));
  app.use(serveAssets);
  return app;
};
