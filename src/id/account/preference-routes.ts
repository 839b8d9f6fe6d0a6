import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { clearCookie, readCookie, writeCookie } from '../../web/cookies.ts';
import { localeCookie } from '../../web/i18n/locale.ts';
import { locales } from '../../web/i18n/shape.ts';
import { localeOf } from '../../web/page-context.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { showKonto } from './pages/konto-frame.tsx';
import { LanguagePage, themeNames, type LanguageView } from './pages/LanguagePage.tsx';
import { NoticesPage } from './pages/NoticesPage.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';

/** Seconds that a browser keeps a choice. */
const year = 365 * 24 * 3600;

/** /konto/mitteilungen and /konto/sprache */
export const addPreferenceRoutes = (
  router: Router,
  { entry, accounts }: Pick<AccountRouteParts, 'entry' | 'accounts'>,
): void => {
  router.get(paths.notices, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { email, preferences } = visitor.citizen;
    showKonto(ctx, NoticesPage, {
      language: preferences.locale ?? 'de',
      ...(email === undefined ? {} : { email }),
    });
  });

  const view = (ctx: Context, visitor: Visitor, more: Pick<LanguageView, 'saved' | 'error'>): LanguageView => {
    const theme = readCookie(ctx, 'theme');
    return {
      csrf: entry.csrf(visitor),
      locale: localeOf(ctx),
      theme: themeNames.find((name) => name === theme) ?? 'system',
      ...more,
    };
  };

  router.get(paths.language, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor)
      showKonto(ctx, LanguagePage, view(ctx, visitor, { saved: ctx.query['gespeichert'] === '1', error: false }));
  });

  router.post(paths.language, async (ctx) => {
    const posted = await entry.posted(ctx, paths.language);
    if (!posted) return;
    const { visitor, form } = posted;
    const locale = locales.find((known) => known === form.get('locale'));
    const theme = themeNames.find((known) => known === form.get('theme'));
    if (locale === undefined || theme === undefined) {
      showKonto(ctx, LanguagePage, view(ctx, visitor, { saved: false, error: true }), 422);
      return;
    }
    const { account, preferences } = visitor.citizen;
    await accounts.setPreferences(account.id, { ...preferences, locale });
    writeCookie(ctx, 'lang', localeCookie(locale, Date.now()), { maxAge: year });
    if (theme === 'system') clearCookie(ctx, 'theme');
    else writeCookie(ctx, 'theme', theme, { maxAge: year });
    seeOther(ctx, `${paths.language}?gespeichert=1`);
  });
};
