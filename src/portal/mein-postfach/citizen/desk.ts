import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { Level } from '../../../assurance/levels.ts';
import type { Artifacts } from '../../../storage/artifacts.ts';
import { messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { AttachmentFile } from '../records/attachments.ts';
import type { Mailbox } from '../records/mailboxes.ts';
import type { PostfachRecords } from '../records/records.ts';
import { catalogues } from './i18n/messages.ts';
import { closedPage } from './pages/closed-page.tsx';
import type { Frame } from './pages/frame.tsx';
import type { MailboxSearch } from './search.ts';

/** What the citizen's pages need of the part. */
export interface CitizenDeps {
  readonly records: PostfachRecords;
  readonly artifacts: Artifacts;
  readonly search: MailboxSearch;
  /** The content of an attachment; fails when the file is damaged or missing, also in the middle. */
  readonly readAttachment: (file: AttachmentFile) => Readable;
  readonly portalOrigin: string;
  /** Days in the trash. */
  readonly trashDays: number;
  /** Looks at once for what waits to be sent. */
  readonly wake: () => void;
}

/** A citizen at her open mailbox. */
export interface Visit {
  readonly subject: string;
  /** What is left of the level of her login. */
  readonly present: Level;
  readonly mailbox: Mailbox;
}

/** What all routes of the citizen share. */
export interface Desk {
  readonly relyingParty: RelyingParty;
  readonly deps: CitizenDeps;
  /** Runs a page for who is logged in, with the mailbox open; who is not is sent to the login and comes back. */
  atMailbox(page: (ctx: Context, visit: Visit) => Promise<void>): (ctx: Context) => Promise<void>;
  /**
   * The same for a page that opens the letter with the id of the address: where nobody is logged in, the login is asked for the
   * letter's own level at once, and for that of an id that is not there for the highest. What nobody looks at opens nothing, and
   * is answered with 204.
   */
  atLetter(page: (ctx: Context, visit: Visit) => Promise<void>): (ctx: Context) => Promise<void>;
  /** Sends her to the provider for the level, and back to this page. */
  stepUp(ctx: Context, level: Level): Promise<void>;
  show(ctx: Context, visit: Visit, page: (frame: Frame) => VNode, status?: number): Promise<void>;
}

/** A parameter of the address that names something; '' for what is no name of ours, which leads nowhere. */
export const idOf = (ctx: Context, name = 'id'): string => {
  const text = (ctx as Context & { params: Record<string, string | undefined> }).params[name] ?? '';
  return /^[\w-]{1,64}$/.test(text) ? text : '';
};

/** Browsers fetch pages that nobody has asked for yet, and others look whether they are there. */
const nobodyLooks = (ctx: Context): boolean =>
  ctx.method === 'HEAD' || /prefetch|prerender/i.test(`${ctx.get('sec-purpose')} ${ctx.get('purpose')}`);

export const createDesk = (relyingParty: RelyingParty, deps: CitizenDeps): Desk => {
  const visit = async (ctx: Context, page: (ctx: Context, visit: Visit) => Promise<void>): Promise<void> => {
    const session = await relyingParty.session(ctx);
    if (session === undefined) return;
    const mailbox = await deps.records.mailboxes.of(session.sub);
    if (mailbox === undefined) {
      deps.search.forget(session.sub);
      const { closed } = messages(ctx, catalogues);
      const words = (await deps.records.mailboxes.hasMoved(session.sub)) ? closed.moved : closed.purged;
      renderPage(ctx, closedPage(pageContext(ctx), words), 410);
      return;
    }
    await page(ctx, { subject: session.sub, present: session.level, mailbox });
  };

  return {
    relyingParty,
    deps,
    atMailbox: (page) => (ctx) => relyingParty.requireLevel('basic')(ctx, () => visit(ctx, page)) as Promise<void>,
    atLetter: (page) => async (ctx) => {
      const known = (await relyingParty.session(ctx)) !== undefined;
      const level = known ? 'basic' : ((await deps.records.letters.levelOf(idOf(ctx))) ?? 'high');
      await relyingParty.requireLevel(level)(ctx, async () => {
        if (!nobodyLooks(ctx)) return visit(ctx, page);
        ctx.status = 204;
        ctx.set('cache-control', 'no-store');
      });
    },
    async stepUp(ctx, level) {
      await relyingParty.requireLevel(level)(ctx, async () => {});
    },
    async show(ctx, { mailbox }, page, status) {
      const { unread } = await deps.records.letters.counts(mailbox);
      const frame: Frame = {
        page: pageContext(ctx),
        t: messages(ctx, catalogues),
        unread,
        portal: deps.portalOrigin,
        csrf: relyingParty.formToken(ctx),
      };
      renderPage(ctx, page(frame), status);
    },
  };
};
