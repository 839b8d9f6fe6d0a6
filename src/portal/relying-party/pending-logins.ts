import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Level } from '../../assurance/levels.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { Failure } from './answer.ts';

/** A login that this browser began and the provider has not answered yet. */
export interface PendingLogin {
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Path on our own origin, checked before it came here. */
  readonly returnTo: string;
  /** The least level that will do. */
  readonly level?: Level;
  /** Seconds. */
  readonly maxAge?: number;
  /** A step-up must come back with the same person. */
  readonly sub?: string;
  /** Tokens for other modules' APIs are not asked for: the provider did not know one of them. */
  readonly withoutApis?: boolean;
  /** Nobody was to be asked: without a login the way goes on all the same. */
  readonly silent?: boolean;
}

/** How a login ended that did not come about. */
export interface FailedLogin {
  readonly failure: Failure;
  /** Where a new attempt begins; a path of ours. */
  readonly retry: string;
}

export interface PendingLogins {
  /** Writes the login down under its `state`; `browser` is the secret of the browser that began it. */
  save(state: string, browser: string, login: PendingLogin): Promise<void>;
  /** The login of an answer, for the browser that began it only (ASVS 10.1.2), and whether it was taken already. */
  find(state: string, browser: string | undefined): Promise<(PendingLogin & { readonly taken: boolean }) | undefined>;
  /**
   * Where a silent login goes on, in any browser: one that keeps no cookies must not be stopped by a question that it was never asked.
   */
  silentReturn(state: string): Promise<string | undefined>;
  /** True for exactly one caller. */
  take(state: string): Promise<boolean>;
  /** Keeps the end of a login, so that its page can be looked at again: reloaded, or in another language. */
  fail(state: string, browser: string, failed: FailedLogin): Promise<void>;
  /** The end of a login, for the browser that began it only. */
  failed(state: string, browser: string | undefined): Promise<FailedLogin | undefined>;
}

/** Seconds. The provider keeps a login open for an hour. */
export const loginLife = 65 * 60;

const kinds = { login: 'rp-login', failed: 'rp-login-failed' } as const;

const digest = (value: string): string => createHash('sha256').update(value).digest('base64url');

/** A new value for state, nonce or a browser's cookie: 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const secretForm = /^[\w-]{43}$/u;

/**
 * Each login has a record of its own under its `state`, so that two tabs do not disturb one another; a cookie binds it to
 * its browser (login-cookies.ts).
 */
export const createPendingLogins = (artifacts: Artifacts): PendingLogins => {
  const save = async (kind: string, state: string, browser: string, payload: object): Promise<void> => {
    await artifacts.save(kind, state, { ...payload, browser: digest(browser) }, { ttl: loginLife });
  };
  const find = async (kind: string, state: string, browser: string | undefined): Promise<object | undefined> => {
    if (browser === undefined || !secretForm.test(state)) return undefined;
    const artifact = await artifacts.find(kind, state);
    if (artifact === undefined) return undefined;
    const { browser: owner, ...payload } = artifact.payload as { readonly browser: string };
    const mine = timingSafeEqual(Buffer.from(owner), Buffer.from(digest(browser)));
    return mine ? { ...payload, taken: artifact.consumedAt !== undefined } : undefined;
  };
  return {
    save: (state, browser, login) => save(kinds.login, state, browser, login),
    find: async (state, browser) =>
      (await find(kinds.login, state, browser)) as Awaited<ReturnType<PendingLogins['find']>>,
    async silentReturn(state) {
      const login = secretForm.test(state) ? (await artifacts.find(kinds.login, state))?.payload : undefined;
      return login?.['silent'] === true && typeof login['returnTo'] === 'string' ? login['returnTo'] : undefined;
    },
    take: (state) => artifacts.consume(kinds.login, state),
    fail: (state, browser, failed) => save(kinds.failed, state, browser, failed),
    failed: async (state, browser) => (await find(kinds.failed, state, browser)) as FailedLogin | undefined,
  };
};
