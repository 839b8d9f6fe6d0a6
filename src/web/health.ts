import type { Context } from 'koa';
import { errorFields, type Log } from './log.ts';

/** Checks by name; one that throws or takes over two seconds makes the part not ready. */
export type Checks = Readonly<Record<string, () => Promise<void> | void>>;

export interface Health {
  /** The process answers. */
  live(ctx: Context): void;
  /** 200 or 503 and one word: reasons are nobody's business outside. */
  ready(ctx: Context): Promise<void>;
  /** Reasons, for the loopback port only. */
  details(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, 'ok' | 'failed'>> }>;
  /** From now on not ready: the load balancer should send nobody any more. */
  drain(): void;
}

const longest = 2000;

const passes = async (check: () => Promise<void> | void): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('check took too long')), longest);
  });
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
};

export const createHealth = (checks: Checks, log: Log): Health => {
  let draining = false;
  const details: Health['details'] = async () => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await passes(check);
          return [name, 'ok'] as const;
        } catch (error) {
          log.warn('health_check_failed', { key: name, ...errorFields(error) });
          return [name, 'failed'] as const;
        }
      }),
    );
    return { ready: !draining && results.every(([, state]) => state === 'ok'), checks: Object.fromEntries(results) };
  };
  const answer = (ctx: Context, status: number, word: string): void => {
    ctx.status = status;
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = `${word}\n`;
  };
  return {
    live: (ctx) => answer(ctx, 200, 'ok'),
    async ready(ctx) {
      const { ready } = await details();
      answer(ctx, ready ? 200 : 503, ready ? 'ready' : 'not ready');
    },
    details,
    drain: () => {
      draining = true;
    },
  };
};
