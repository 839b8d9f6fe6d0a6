import { setTimeout as pause } from 'node:timers/promises';
import type { Rank } from '../../src/web/overload/shedding.ts';
import type { TestApp, TestAppOptions } from './app.ts';
import { createPerson, type Person } from './browse.ts';
import { freezeClock, resetClock } from './clock.ts';

/** More requests than an app can answer, without making them: how busy it is says the test. */
export interface Crowd {
  /** For startTestApp. */
  readonly options: Required<Pick<TestAppOptions, 'load' | 'set'>>;
  /** An address of its own for each, as from all over the world. */
  readonly elsewhere: () => string;
  /** Somebody in a browser that was never here, at an address of her own. */
  readonly stranger: () => Person;
  /** One request without a redirect followed, from an address of its own unless the headers name another. */
  readonly ask: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /**
   * Makes the app so busy that this share of a rank is sent away. With the clock stopped no budget fills again, not even
   * that of the few requests that are never too many: what was used up stays so, however slow the machine is.
   *
   * @param url where the crowd asks
   */
  readonly gathers: (app: TestApp, url: string | URL, busy: number, rank?: Rank, share?: number) => Promise<void>;
  /** Until nobody is sent away any more. */
  readonly disperses: (app: TestApp) => Promise<void>;
}

export const createCrowd = (): Crowd => {
  let load = 0;
  let last = 0;
  const elsewhere = (): string => {
    last += 1;
    return `198.51.${last >> 8}.${last & 255}`;
  };
  const settled = async ({ app }: TestApp, rank: Rank, share: number): Promise<void> => {
    for (;;) {
      const text = await app.monitored.metrics();
      if (text.includes(`requests_shed_share{rank="${rank}"} ${share}\n`)) return;
      await pause(5);
    }
  };
  const ask: Crowd['ask'] = (url, { headers, ...init } = {}) =>
    fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', 'x-forwarded-for': elsewhere(), ...(headers as Record<string, string>) },
    });
  return {
    options: {
      load: () => load,
      set: {
        WEB__OVERLOAD__SHED: 'true',
        // Wide steps, so that shares rise and fall in a few looks.
        WEB__OVERLOAD__BUSY__EXCESS: '0.5',
        WEB__OVERLOAD__BUSY__HASTY: '0.5',
        WEB__OVERLOAD__BUSY__UNTRIED: '0.5',
        WEB__OVERLOAD__BUSY__STRANGER: '0.5',
        WEB__OVERLOAD__BUSY__UNDER_WAY: '0.8',
        WEB__OVERLOAD__BUSY__KNOWN: '1',
        WEB__TRUSTED_PROXIES: '[127.0.0.1/32]',
      },
    },
    elsewhere,
    stranger: () => createPerson({ 'x-forwarded-for': elsewhere() }),
    ask,
    async gathers(app, url, busy, rank = 'stranger', share = 1) {
      load = busy;
      await settled(app, rank, share);
      freezeClock(Date.now());
      for (let i = 0; i < 12; i++) await (await ask(url)).arrayBuffer();
    },
    async disperses(app) {
      load = 0;
      resetClock();
      for (const rank of ['stranger', 'under_way'] as const) await settled(app, rank, 0);
    },
  };
};
