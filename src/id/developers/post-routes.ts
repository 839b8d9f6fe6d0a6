import type { Router } from '@koa/router';
import { plainText } from '../../mail/plain-text.ts';
import type { PostBox, PostedMail } from '../../mail/post-box.ts';
import { renderMail } from '../../mail/render.tsx';
import { HttpError } from '../../web/http-error.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { contentOf, type MailSender } from '../mail/content.ts';
import type { MailMessage } from '../mail/mail.ts';
import { PostPage, type ShownMail } from './pages/PostPage.tsx';
import { developerTexts } from './texts/index.ts';

export interface PostRoutes {
  readonly postBox: PostBox<MailMessage>;
  readonly sender: MailSender;
}

/** A mail has its styles at its elements. Sandboxed, so that it is no page of ours: no script, no form, no cookie. */
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** The same for programs: tests read codes and links here. */
const asJson = ({ mail }: PostedMail<MailMessage>, { id, at, content, text }: ShownMail): Record<string, unknown> => ({
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
  /** Empty for a mail of another version, or of a time when the issuer was another. */
  const shown = (
    posted: PostedMail<MailMessage>,
  ): { readonly posted: PostedMail<MailMessage>; readonly mail: ShownMail }[] => {
    const { id, at, mail } = posted;
    try {
      const content = contentOf(mail, sender);
      return [{ posted, mail: { id, at, to: mail.to, type: mail.message.type, content, text: plainText(content) } }];
    } catch {
      return [];
    }
  };
  const list = async (): Promise<ReturnType<typeof shown>> => (await postBox.list()).flatMap(shown);
  router.get('/entwickler/post', async (ctx) => {
    const { to, format } = ctx.query;
    const mails = (await list()).filter(({ mail }) => typeof to !== 'string' || mail.to === to);
    if (format === 'json') {
      ctx.set('cache-control', 'no-store');
      ctx.body = mails.map(({ posted, mail }) => asJson(posted, mail));
      return;
    }
    const view = { mails: mails.map(({ mail }) => mail) };
    renderPage(ctx, PostPage({ view, page: pageContext(ctx), t: messages(ctx, developerTexts) }));
  });
  router.get('/entwickler/post/:id', async (ctx) => {
    const found = (await list()).find(({ mail }) => mail.id === ctx.params['id']);
    if (found === undefined) throw new HttpError('not_found');
    ctx.set('cache-control', 'no-store');
    ctx.set('content-security-policy', mailPolicy);
    // A sandboxed document with its own group of windows is not opened at all (HTML, navigation).
    ctx.remove('cross-origin-opener-policy');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = renderMail(found.mail.content).html;
  });
};
