import type { Context } from 'koa';
import { assetUrl, type AssetName } from './assets.ts';
import { readCookie } from './cookies.ts';
import { de } from './i18n/de.tsx';
import { en } from './i18n/en.tsx';
import type { GroundMessages } from './i18n/ground.ts';
import { chooseLocale } from './i18n/locale.ts';
import type { Catalogues, Locale } from './i18n/shape.ts';
import type { Part } from './parts.ts';
import { webState, type AccountSlot } from './state.ts';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What every page needs to know about its surroundings. */
export interface PageContext {
  readonly part: Part;
  readonly locale: Locale;
  readonly common: GroundMessages;
  /** Forced by the citizen; undefined follows the system. */
  readonly theme: Theme | undefined;
  /** Path and query of this page, where the switches for language and theme return to. */
  readonly path: string;
  /** On a page of help: path and query of the login from which it was opened. */
  readonly back?: string;
  readonly referenceId: string;
  readonly testEnvironment: boolean;
  readonly account: AccountSlot | undefined;
  readonly assets: { readonly styles: readonly string[]; readonly script: string; readonly icon: string };
}

/** Sheets that only one part needs: the first visit of the others stays as small as it is. */
const ownStyles: Partial<Record<Part, AssetName>> = {
  'bayern-portal': 'portal.css',
  'mein-postfach': 'postfach.css',
  bezahlsystem: 'bezahlen.css',
};

const ground: Catalogues<GroundMessages> = { de, en };

/** The language of this response: see chooseLocale. */
export const localeOf = (ctx: Context): Locale =>
  chooseLocale({
    uiLocales: webState(ctx).uiLocales,
    cookie: readCookie(ctx, 'lang'),
    acceptLanguage: ctx.get('accept-language'),
  });

/** The messages of a catalogue pair in the language of this response. */
export const messages = <Messages>(ctx: Context, catalogues: Catalogues<Messages>): Messages =>
  catalogues[localeOf(ctx)];

/** The shared words in a language. */
export const groundMessages = (locale: Locale): GroundMessages => ground[locale];

export const pageContext = (ctx: Context): PageContext => {
  const state = webState(ctx);
  const locale = localeOf(ctx);
  const theme = readCookie(ctx, 'theme');
  const own = ownStyles[state.part];
  const readable = ctx.method === 'GET' || ctx.method === 'HEAD';
  return {
    part: state.part,
    locale,
    common: ground[locale],
    theme: themes.find((known) => known === theme),
    path: state.returnPath ?? (readable ? ctx.originalUrl : '/'),
    referenceId: state.referenceId,
    testEnvironment: state.environment !== 'production',
    account: state.account,
    assets: {
      styles: [assetUrl('kern.css'), assetUrl('site.css'), ...(own === undefined ? [] : [assetUrl(own)])],
      script: assetUrl('site.js'),
      icon: assetUrl('sign.svg'),
    },
  };
};
