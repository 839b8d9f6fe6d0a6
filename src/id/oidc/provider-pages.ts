import type { Context } from 'koa';
import type { Log } from '../../web/log.ts';
import type { ProviderParts } from './configuration.ts';
import type { FormPost } from './form-post.ts';
import type { LoggedOutStore } from './logged-out.ts';
import { answerAs, type Outer } from './outer.ts';
import { servicesOf } from './sessions.ts';

/** What the library's pages need to be ours. Filled in by `pages/`, which know nothing of the library. */
export interface ProviderPages {
  error(ctx: Context, error: { readonly error: string; readonly description?: string; readonly status: number }): void;
  /** The answer to a service in a form; `clientId` is known where the request named a client. */
  formPost(ctx: Context, view: FormPost & { readonly clientId: string | undefined }): void;
  logout(
    ctx: Context,
    view: {
      readonly action: string;
      readonly xsrf: string;
      readonly clientId?: string;
      readonly services: readonly string[];
    },
  ): void;
  loggedOut(
    ctx: Context,
    view: {
      readonly services: readonly { readonly clientId: string; readonly told: boolean }[];
      readonly clientId?: string;
      readonly stayed: boolean;
    },
  ): Promise<void> | void;
}

export interface PageParts {
  readonly pages: ProviderPages;
  readonly outer: Outer;
  readonly loggedOut: LoggedOutStore;
  /** Which of these notices are delivered. */
  readonly delivered: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly log: Pick<Log, 'error'>;
}

/** The library asks for a page and gets ours, with all that our own pages have: language, headers, a reference id. */
export const createPageHooks = ({ pages, outer, loggedOut, delivered, log }: PageParts): ProviderParts['pages'] => ({
  renderError(ctx, out, error) {
    const mine = outer.contextOf(ctx);
    mine.status = ctx.status;
    pages.error(mine, {
      error: out.error,
      status: ctx.status,
      ...(out.error_description === undefined ? {} : { description: out.error_description }),
    });
    if (ctx.status >= 500)
      log.error('provider.error', { error: error.name, referenceId: String(mine.state['referenceId']) });
    answerAs(ctx, mine);
  },
  logout(ctx, form) {
    const mine = outer.contextOf(ctx);
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
    const clientId = ctx.oidc.client?.clientId;
    pages.logout(mine, {
      action: new URL(action).pathname,
      xsrf,
      services: ctx.oidc.session ? servicesOf(ctx.oidc.session).map((service) => service.clientId) : [],
      ...(clientId === undefined ? {} : { clientId }),
    });
    answerAs(ctx, mine);
    return Promise.resolve();
  },
  async loggedOut(ctx) {
    const mine = outer.contextOf(ctx);
    const { services, stayed, clientId } = (await loggedOut.read(mine)) ?? { services: [], stayed: false };
    const told = await delivered(services.map(({ key }) => key));
    await pages.loggedOut(mine, {
      stayed,
      services: services.map(({ clientId: service, key }) => ({ clientId: service, told: told.has(key) })),
      ...(clientId === undefined ? {} : { clientId }),
    });
    answerAs(ctx, mine);
  },
});
