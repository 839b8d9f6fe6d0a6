import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { contentOf, type MailSender } from '../mail/content.ts';
import { plainText } from '../mail/plain-text.ts';
import type { PostBox, PostedMail } from '../mail/post-box.ts';
import { renderMail } from '../mail/render.tsx';
import { PostPage, type ShownMail } from './pages/PostPage.tsx';
import { developerTexts } from './texts/index.ts';

export interface PostRoutes {
  readonly postBox: PostBox;
  readonly sender: MailSender;
}

/** A mail has its styles at its elements. Sandboxed, so that it is no page of ours: no script, no form, no cookie. */
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** The same for programs: tests read codes and links here. */
const asJson = ({ mail }: PostedMail, { id, at, content, text }: ShownMail): Record<string, unknown> => ({
  id,
  at: new Date(at).toISOString(),
  to: mail.to,
  locale: mail.locale,
  type: mail.message.type,
  ...(mail.service === undefined ? {} : { service: mail.service }),
  subject: content.subject,
  ...(content.code === undefined ? {} : { code: content.code.value }),
  ...(content.action === undefined ? {} : { link: content.action.href }),
  ...(content.second === undefined ? {} : { secondLink: content.second.href }),
  ...(content.deny === undefined ? {} : { denyLink: content.deny.href }),
  text,
});

/** /entwickler/post and each mail in it: only where mails are shown instead of sent. */
export const addPostRoutes = (router: Router, { postBox, sender }: PostRoutes): void => {
  const shown = ({ id, at, mail }: PostedMail): ShownMail => {
    const content = contentOf(mail, sender);
    return { id, at, to: mail.to, type: mail.message.type, content, text: plainText(content) };
  };
  const wanted = async (ctx: Context): Promise<readonly PostedMail[]> => {
    const { to } = ctx.query;
    const all = await postBox.list();
    return typeof to === 'string' ? all.filter(({ mail }) => mail.to === to) : all;
  };
  router.get('/entwickler/post', async (ctx) => {
    const mails = await wanted(ctx);
    if (ctx.query['format'] === 'json') {
      ctx.set('cache-control', 'no-store');
      ctx.body = mails.map((posted) => asJson(posted, shown(posted)));
      return;
    }
    renderPage(
      ctx,
      PostPage({ view: { mails: mails.map(shown) }, page: pageContext(ctx), t: messages(ctx, developerTexts) }),
    );
  });
  router.get('/entwickler/post/:id', async (ctx) => {
    const posted = (await postBox.list()).find(({ id }) => id === ctx.params['id']);
    if (posted === undefined) throw new HttpError('not_found');
    ctx.set('cache-control', 'no-store');
    ctx.set('content-security-policy', mailPolicy);
    // A sandboxed document with its own group of windows is not opened at all (HTML, navigation).
    ctx.remove('cross-origin-opener-policy');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = renderMail(posted.mail, sender).html;
  });
};
