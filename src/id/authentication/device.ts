import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { cookieName, parseCookie, sealedCookie } from '../../web/cookies.ts';
import { keyedHash, type Sealer } from '../../storage/sealing.ts';
import type { MethodName } from './method.ts';

/** What this browser is remembered for: which accounts it was logged in to, so that strangers cannot lock it out. */
export interface Device {
  readonly id: string;
  /** Somebody was logged in there before. */
  readonly isKnown: boolean;
  readonly lastMethod?: MethodName;
  knows(accountId: string): boolean;
}

export interface Devices {
  read(ctx: Context): Device;
  /** The id of the device that a Cookie header is from, where it is a real one: somebody was logged in there before. */
  idIn(cookies: string): string | undefined;
  /** After a successful login. */
  remember(ctx: Context, accountId: string, method: MethodName): void;
}

interface Kept {
  readonly id: string;
  readonly accounts: readonly string[];
  readonly last: MethodName;
}

/** Accounts that share a family computer; beyond this the one used longest ago is forgotten. */
const mostAccounts = 5;

/** @param secure whether cookies are those of https */
export const createDevices = (sealer: Sealer, key: Buffer, secure: boolean): Devices => {
  const name = cookieName('id', 'device', secure);
  const cookie = sealedCookie(sealer, 'device', { maxAge: 180 * 86400 });
  const mark = (accountId: string): string => keyedHash(key, `device\0${accountId}`).slice(0, 16);
  const kept = (ctx: Context): Kept | undefined => {
    const text = cookie.read(ctx);
    return text === undefined ? undefined : (JSON.parse(text) as Kept);
  };
  return {
    read(ctx) {
      const known = kept(ctx);
      return {
        id: known?.id ?? 'unknown',
        isKnown: known !== undefined,
        ...(known ? { lastMethod: known.last } : {}),
        knows: (accountId) => known?.accounts.includes(mark(accountId)) === true,
      };
    },
    idIn(cookies) {
      const text = cookie.open(parseCookie(cookies, name));
      return text === undefined ? undefined : (JSON.parse(text) as Kept).id;
    },
    remember(ctx, accountId, method) {
      const known = kept(ctx);
      const accounts = [mark(accountId), ...(known?.accounts ?? []).filter((other) => other !== mark(accountId))].slice(
        0,
        mostAccounts,
      );
      const next: Kept = { id: known?.id ?? randomBytes(12).toString('base64url'), accounts, last: method };
      if (JSON.stringify(next) !== JSON.stringify(known)) cookie.write(ctx, JSON.stringify(next));
    },
  };
};
