import type { Context, Middleware } from 'koa';
import type { VNode } from 'preact';
import { messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { Session } from '../../relying-party/session.ts';
import type { Document } from '../application/content.ts';
import { catalogues } from '../i18n/messages.ts';
import type { Frame } from '../pages/frame.tsx';
import { otherMeansPage } from '../pages/obstacle-page.tsx';
import type { Settling } from '../payment/settling.ts';
import type { Application } from '../records/applications.ts';
import type { FuehrungszeugnisRecords } from '../records/records.ts';
import type { FuehrungszeugnisSettings } from '../settings.ts';
import { paths } from './paths.ts';

/** What the applicant's pages need of the part. */
export interface CitizenDeps {
  readonly records: FuehrungszeugnisRecords;
  readonly settling: Settling;
  readonly settings: FuehrungszeugnisSettings;
  /** Looks at once for what waits to be sent. */
  readonly wake: () => void;
}

type Handler = (ctx: Context, session: Session) => Promise<void> | void;
export type DraftHandler = (
  ctx: Context,
  draft: { readonly session: Session; readonly application?: Application; readonly documents: readonly Document[] },
) => Promise<void> | void;

/** What all routes of the applicant share. */
export interface Desk extends CitizenDeps {
  readonly relyingParty: RelyingParty;
  /** Runs a page for who proved herself with the card; `fresh`: at a login made for this, not at an older one of another service. */
  proved(page: Handler, how?: 'fresh'): Middleware;
  /** The same with what she has not sent yet; what is being paid leads to its payment. */
  atDraft(page: DraftHandler, how?: 'fresh'): Middleware;
  show(ctx: Context, page: (frame: Frame) => VNode, status?: number): void;
  /** Shows a form again that was refused; a reload asks for `path`. */
  refuse(ctx: Context, path: string, page: (frame: Frame) => VNode): void;
}

/** Seconds: a login that is older was made for something else. */
export const freshness = 600;

/** A parameter of the address. */
export const idOf = (ctx: Context): string =>
  (ctx as Context & { params: Record<string, string | undefined> }).params['id'] ?? '';

export const createDesk = (relyingParty: RelyingParty, deps: CitizenDeps): Desk => {
  const show: Desk['show'] = (ctx, page, status) => {
    const frame: Frame = {
      page: pageContext(ctx),
      t: messages(ctx, catalogues),
      csrf: relyingParty.formToken(ctx),
      portal: deps.settings.portal_origin,
    };
    renderPage(ctx, page(frame), status);
  };

  const proved: Desk['proved'] = (page, how) => async (ctx) => {
    const guard = relyingParty.requireLevel('high', how === undefined ? {} : { maxAge: freshness });
    await guard(ctx, async () => {
      const session = await relyingParty.session(ctx);
      if (session === undefined) return;
      // § 30c(2) BZRG knows the card alone, whatever else an installation takes for high.
      if (!session.amr.includes('eid')) return show(ctx, otherMeansPage, 403);
      await page(ctx, session);
    });
  };

  return {
    ...deps,
    relyingParty,
    show,
    proved,
    atDraft: (page, how) =>
      proved(async (ctx, session) => {
        const application = await deps.records.applications.openOf(session.sub);
        if (application?.state === 'paying') return seeOther(ctx, paths.payment);
        const documents = application === undefined ? [] : await deps.records.documents.of(application.id);
        await page(ctx, { session, documents, ...(application === undefined ? {} : { application }) });
      }, how),
    refuse(ctx, path, page) {
      webState(ctx).returnPath = path;
      show(ctx, page, 422);
    },
  };
};
