import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { Csrf } from '../../../web/csrf.ts';
import { readForm, type Form } from '../../../web/forms.ts';
import { messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { Payments } from '../payments.ts';
import { catalogues } from './i18n/messages.ts';
import type { Frame } from './pages/frame.ts';
import { gonePage } from './pages/result-page.tsx';

/** What the citizen's pages need of the part. */
export interface CitizenDeps {
  readonly payments: Payments;
  /** For forms of pages that need no login: bound to the payment. */
  readonly csrf: Csrf;
  readonly portalOrigin: string;
}

/** What all routes of the citizen share. */
export interface Desk extends CitizenDeps {
  readonly relyingParty: RelyingParty;
  /** `binding` is what the page's forms belong to. */
  show(ctx: Context, binding: string, page: (frame: Frame) => VNode, status?: number): Promise<void>;
  /** The form that was posted from a page with this binding. Throws a 403 for any other. */
  readForm(ctx: Context, binding: string): Promise<Form>;
  /** There is no such payment, or not any more. */
  gone(ctx: Context): Promise<void>;
}

/** The id in the address, of a page or a payment; '' for what cannot be one. */
export const idOf = (ctx: Context): string => {
  const id = (ctx as Context & { params: Record<string, string | undefined> }).params['id'] ?? '';
  return /^[\w-]{1,64}$/.test(id) ? id : '';
};

export const createDesk = (relyingParty: RelyingParty, deps: CitizenDeps): Desk => {
  const show: Desk['show'] = async (ctx, binding, page, status) => {
    const frame: Frame = {
      page: pageContext(ctx),
      t: messages(ctx, catalogues),
      csrf: deps.csrf.token(`bezahlen:${binding}`),
      loggedIn: (await relyingParty.session(ctx)) !== undefined,
      portal: deps.portalOrigin,
    };
    renderPage(ctx, page(frame), status);
  };
  return {
    ...deps,
    relyingParty,
    show,
    async readForm(ctx, binding) {
      const form = await readForm(ctx);
      deps.csrf.check(ctx, form.get('csrf'), `bezahlen:${binding}`);
      return form;
    },
    gone: (ctx) => show(ctx, '', gonePage, 404),
  };
};
