import type { Context } from 'koa';
import { errorFields, type Log } from './log.ts';

/** How a check ended; the reason is a class of errors and a code, never what a store said. */
export type CheckState = 'ok' | `failed: ${string}`;

export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: Readonly<Record<string, CheckState>>;
}

/** Checks by name; one that throws or takes over two seconds makes the part not ready. */
export type Checks = Readonly<Record<string, () => Promise<void> | void>>;

export interface Health {
  /** The process answers. */
  live(ctx: Context): void;
  /** 200 or 503 and one word: reasons are nobody's business outside. */
  ready(ctx: Context): Promise<void>;
  /** Reasons, for the loopback port only. */
  details(): Promise<Readiness>;
  /** From now on not ready: the load balancer should send nobody any more. */
  drain(): void;
}

const longest = 2000;

/** ms: whoever asks a thousand times a second asks the stores once. */
const keptFor = 1000;

const reasonOf = (error: unknown): string => {
  const { error: name, code } = errorFields(error);
  const { code: cause } = errorFields(error instanceof Error ? error.cause : undefined);
  const known = [code, cause].find((one) => one !== undefined);
  return known === undefined ? String(name) : `${String(name)} (${String(known)})`;
};

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
  let asked: { readonly at: number; readonly results: Promise<Readiness['checks']> } | undefined;
  const ask = async (): Promise<Readiness['checks']> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]): Promise<readonly [string, CheckState]> => {
        try {
          await passes(check);
          return [name, 'ok'];
        } catch (error) {
          log.warn('health_check_failed', { key: name, ...errorFields(error) });
          return [name, `failed: ${reasonOf(error)}`];
        }
      }),
    );
    return Object.fromEntries(results);
  };
  const details: Health['details'] = async () => {
    const now = performance.now();
    if (!asked || now - asked.at > keptFor) asked = { at: now, results: ask() };
    const results = await asked.results;
    const passed = Object.values(results).every((state) => state === 'ok');
    return { ready: !draining && passed, draining, checks: results };
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
