import type { Context } from 'koa';
import { createCsrf } from '../../web/csrf.ts';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import { readForm, readFormText } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { createPart, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { newSecret, secretForm } from '../relying-party/pending-logins.ts';
import { createProvider, ProviderUnavailable } from '../relying-party/provider.ts';
import { seeOther } from '../../web/see-other.ts';
import { begin, openAnswer, proceed, type Conversation } from './conversation.ts';
import { catalogues } from './i18n/messages.ts';
import { builderPage, type BuilderView } from './pages/builder-page.tsx';
import { runPage } from './pages/run-page.tsx';
import { playgroundStories } from './pages/stories.ts';
import { emptyWish, readWish, wrongFields } from './request.ts';
import { createRuns } from './runs.ts';
import type { PlaygroundSettings } from './settings.ts';

const clientId = 'spielwiese';
const browserCookie = 'browser';

const isSilence = (error: unknown): boolean =>
  error instanceof ProviderUnavailable ||
  (error instanceof TypeError && error.cause !== undefined) ||
  (error instanceof Error && error.name === 'TimeoutError');

/** Whatever has to be asked of the provider: that nobody answers is a 503 and no fault of this program. */
const asking = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
  try {
    return await ask();
  } catch (error) {
    if (isSilence(error)) throw new HttpError('unavailable', { reason: 'provider', retryAfter: 5, cause: error });
    throw error;
  }
};

/** The browser's own secret: it keeps its runs from others, and forms are bound to it. */
const browserOf = (ctx: Context): string => {
  const known = readCookie(ctx, browserCookie);
  if (known !== undefined && secretForm.test(known)) return known;
  const fresh = newSecret();
  writeCookie(ctx, browserCookie, fresh);
  return fresh;
};

/**
 * A relying party that shows what the others hide: every message of a login and every check, with faults to switch on.
 * For development only, since it shows tokens.
 *
 * @throws in production.
 */
export const createPlayground = (deps: ModuleDeps<PlaygroundSettings>): Module => {
  const { issuer, environment, settings } = deps;
  if (environment === 'production') throw new Error('the playground shows tokens and never runs in production');
  const csrf = createCsrf(deps.keys.csrf);
  const runs = createRuns(deps.stores.artifacts);
  const provider = createProvider({
    issuer,
    clientId,
    clientKey: deps.keys.client,
    allowHttp: true,
    ...(deps.fetch === undefined ? {} : { fetch: deps.fetch }),
  });
  const developers = `${issuer}/entwickler`;
  const logout = `${issuer}/session/end?${new URLSearchParams({
    client_id: clientId,
    post_logout_redirect_uri: `${settings.origin}/`,
  }).toString()}`;

  const talk = async (): Promise<Conversation> => ({
    issuer,
    clientId,
    clientKey: deps.keys.client,
    fetch: deps.fetch ?? ((url, init) => fetch(url, init)),
    connection: await provider.connect(),
    redirectUri: `${settings.origin}/callback`,
  });

  const showBuilder = (ctx: Context, view: Pick<BuilderView, 'wish' | 'wrong'>): void => {
    const page = builderPage(
      { ...view, csrf: csrf.token(browserOf(ctx)), developers },
      pageContext(ctx),
      messages(ctx, catalogues),
    );
    renderPage(ctx, page, view.wrong.length > 0 ? 400 : 200);
  };

  const query = (ctx: Context, name: string): string => new URLSearchParams(ctx.querystring).get(name) ?? '';

  return createPart(clientId, deps, playgroundStories, {
    pages(router) {
      router.get('/', async (ctx) => {
        const run = await runs.find(query(ctx, 'lauf'), readCookie(ctx, browserCookie));
        showBuilder(ctx, { wish: run?.wish ?? emptyWish, wrong: [] });
      });

      router.post('/anfrage', async (ctx) => {
        const form = await readForm(ctx);
        const browser = browserOf(ctx);
        csrf.check(ctx, form.get('csrf'), browser);
        const wish = readWish(form);
        const wrong = wrongFields(wish);
        if (wrong.length > 0) {
          showBuilder(ctx, { wish, wrong });
          return;
        }
        const state = newSecret();
        const run = await asking(async () => begin(await talk(), wish, state));
        await runs.save(state, browser, run);
        seeOther(ctx, `/lauf/${state}`);
      });

      router.get('/lauf/:state', async (ctx) => {
        const state = ctx.params['state'] ?? '';
        const browser = readCookie(ctx, browserCookie);
        const run = await runs.find(state, browser);
        if (run === undefined || browser === undefined) throw new HttpError('gone', { reason: 'no_such_run' });
        const view = { run, change: `/?lauf=${state}`, logout, csrf: csrf.token(browser) };
        renderPage(ctx, runPage(view, pageContext(ctx), messages(ctx, catalogues)));
      });

      // The browser's cookie does not come with another site's form, so the answer waits for a request of our own.
      router.post('/callback', async (ctx) => {
        seeOther(ctx, `/callback?abgelegt=${await runs.keepAnswer(await readFormText(ctx))}`);
      });

      router.get('/callback', async (ctx) => {
        const kept = query(ctx, 'abgelegt');
        const text = kept === '' ? ctx.querystring : await runs.takeAnswer(kept);
        if (text === undefined) throw new HttpError('gone', { reason: 'no_such_answer' });
        const parameters = Object.fromEntries(new URLSearchParams(text));
        const came = { parameters, method: kept === '' ? ('GET' as const) : ('POST' as const) };
        await asking(async () => {
          const conversation = await talk();
          const { fields } = await openAnswer(conversation, parameters);
          const state = fields['state'] ?? '';
          const browser = readCookie(ctx, browserCookie);
          const run = await runs.find(state, browser);
          if (run === undefined || browser === undefined || !(await runs.answered(state)))
            throw new HttpError('gone', { reason: 'no_such_run' });
          await runs.save(state, browser, await proceed(conversation, run, state, came));
          seeOther(ctx, `/lauf/${state}`);
        });
      });
    },
  });
};
