import type { Context } from 'koa';
import type { Log } from './log.ts';
import type { Environment, Part } from './parts.ts';

/** What the web ground knows about a request; put there by createWebApp. */
export interface WebState {
  readonly part: Part;
  /** Scheme, host and port under which citizens reach the part; every absolute address is built from it. */
  readonly origin: string;
  readonly secureCookies: boolean;
  readonly environment: Environment;
  readonly referenceId: string;
  readonly log: Log;
  /** For a route that has checked the token or signature of a program: its address comes before strangers' when too many ask. */
  readonly noteService: () => void;
  /** Origins and schemes, besides our own, to which forms of this response may lead. */
  formActions: readonly string[];
  /** Where the language switch returns to when the page's own address cannot be read again (answers to a POST). */
  returnPath?: string;
  /** The service's wish for a language, and since when (ms since the epoch): a later choice of the citizen beats it. */
  uiLocales?: { readonly value: string; readonly since: number };
  account?: AccountSlot;
}

/** Who is logged in, for the header of a relying party's pages. */
export interface AccountSlot {
  readonly name: string;
  /** Posts to `logout.action` with the hidden field csrf. */
  readonly logout?: { readonly action: string; readonly csrf: string };
  readonly href?: string;
}

/** Throws when the request did not come through createWebApp. */
export const webState = (ctx: Context): WebState => {
  const state: unknown = ctx.state['web'];
  if (state === undefined) throw new TypeError('this koa app was not made by createWebApp');
  return state as WebState;
};

/** Shows who is logged in in the header of this response. */
export const setAccount = (ctx: Context, account: AccountSlot): void => {
  webState(ctx).account = account;
};

/** The language that the service asked for (`ui_locales`), and when it did (ms since the epoch). */
export const setUiLocales = (ctx: Context, value: string, since: number): void => {
  webState(ctx).uiLocales = { value, since };
};
