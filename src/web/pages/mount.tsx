import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { Card, Layout, TextLink } from '../components/index.ts';
import { clearCookie, writeCookie } from '../cookies.ts';
import { HttpError } from '../http-error.ts';
import { localeCookie } from '../i18n/locale.ts';
import { locales } from '../i18n/shape.ts';
import { messages, pageContext } from '../page-context.ts';
import type { Environment } from '../parts.ts';
import { renderPage } from '../render.ts';
import { safePath } from '../safe-path.ts';
import { commonPages, type Operator } from './common.tsx';
import { groundStories, type Stories } from './stories.tsx';
import { commonPageTexts } from './texts/index.ts';

export interface CommonPagesOptions {
  readonly environment: Environment;
  readonly operator?: Operator;
  /** A part's own page states, beside those of the kit. */
  readonly stories?: Stories;
}

const year = 365 * 24 * 3600;
const themePaths: Readonly<Record<string, 'light' | 'dark' | 'system'>> = {
  hell: 'light',
  dunkel: 'dark',
  system: 'system',
};

const back = (ctx: Context): void => {
  const wanted = ctx.query['zurueck'];
  ctx.status = 303;
  ctx.set('cache-control', 'no-store');
  ctx.set('location', safePath(typeof wanted === 'string' ? wanted : undefined));
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = '';
};

/** Where help leads back to: a path of ours, or nowhere. */
const backOf = (ctx: Context): { readonly back?: string } => {
  const wanted = ctx.query['zurueck'];
  const path = safePath(typeof wanted === 'string' ? wanted : undefined, '');
  return path === '' ? {} : { back: path };
};

const mountSwitches = (router: Router): void => {
  router.get('/sprache/:locale', (ctx) => {
    const locale = locales.find((known) => known === ctx.params['locale']);
    if (locale === undefined) throw new HttpError('not_found');
    writeCookie(ctx, 'lang', localeCookie(locale, Date.now()), { maxAge: year });
    back(ctx);
  });
  router.get('/darstellung/:theme', (ctx) => {
    const name = ctx.params['theme'] ?? '';
    const theme = Object.hasOwn(themePaths, name) ? themePaths[name] : undefined;
    if (theme === undefined) throw new HttpError('not_found');
    if (theme === 'system') clearCookie(ctx, 'theme');
    else writeCookie(ctx, 'theme', theme, { maxAge: year });
    back(ctx);
  });
};

const mountStories = (router: Router, stories: Stories): void => {
  const names = Object.keys(stories);
  router.get('/entwickler/bausteine', (ctx) => {
    const page = pageContext(ctx);
    const t = messages(ctx, commonPageTexts);
    renderPage(
      ctx,
      <Layout page={page} title={t.stories.title}>
        <Card>
          <p class="kern-body">{t.stories.intro}</p>
          <ul class="bid-links">
            {names.map((name) => (
              <li key={name}>
                <TextLink href={`/entwickler/bausteine/${name}`}>{name}</TextLink>
              </li>
            ))}
          </ul>
        </Card>
      </Layout>,
    );
  });
  router.get('/entwickler/bausteine/:name', (ctx) => {
    const name = ctx.params['name'] ?? '';
    const story = Object.hasOwn(stories, name) ? stories[name] : undefined;
    if (story === undefined) throw new HttpError('not_found');
    renderPage(ctx, story(pageContext(ctx)));
  });
};

/** The names of all stories of a part, for the browser gate. */
export const storyNames = (stories: Stories = {}): readonly string[] => Object.keys({ ...groundStories, ...stories });

/**
 * What every part has: help, legal pages, the switches for language and appearance and, outside production, the
 * stories under /entwickler/bausteine.
 */
export const mountCommonPages = (router: Router, options: CommonPagesOptions): void => {
  for (const [path, Page] of Object.entries(commonPages)) {
    router.get(path, (ctx) => {
      const page = { ...pageContext(ctx), ...backOf(ctx) };
      const frame = { page, t: messages(ctx, commonPageTexts), operator: options.operator };
      renderPage(ctx, Page(frame));
    });
  }
  mountSwitches(router);
  if (options.environment !== 'production') mountStories(router, { ...groundStories, ...options.stories });
};
