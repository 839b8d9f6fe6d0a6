import type { Middleware } from 'koa';
import { errorFields } from '../../web/log.ts';
import { webState } from '../../web/state.ts';

/** An error as an API answers it (RFC 9457). */
export interface AnsweredProblem {
  /** A fixed word that programs rely on. */
  readonly code: string;
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Further members: nothing of a stack, a query or a key. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Every error below comes out as `application/problem+json`, in the API's own words, and nothing is kept by caches. */
export const answerProblemsAs =
  (problemOf: (thrown: unknown) => AnsweredProblem): Middleware =>
  async (ctx, next) => {
    ctx.set('cache-control', 'no-store');
    try {
      await next();
    } catch (error) {
      const { code, status, retryAfter, more } = problemOf(error);
      const { log, part, referenceId } = webState(ctx);
      const fields = { part, referenceId, status, reason: code };
      if (status >= 500) {
        const { code: cause, ...thrown } = errorFields(error instanceof Error ? (error.cause ?? error) : error);
        log.error('request_failed', { ...fields, ...thrown, cause });
      } else log.info('request_refused', fields);
      ctx.status = status;
      if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter));
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify({
        type: 'about:blank',
        title: code,
        status,
        code,
        ...more,
        instance: `urn:bayern-id:request:${referenceId}`,
      });
    }
  };
