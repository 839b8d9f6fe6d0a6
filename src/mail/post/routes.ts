import type { Router } from '@koa/router';
import { HttpError } from '../../web/http-error.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { localeOf, messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import type { MailLink } from '../content.ts';
import type { MailedMessage, MailWriting } from '../mail.ts';
import { plainText } from '../plain-text.ts';
import type { PostBox, PostedMail } from '../post-box.ts';
import { renderMail } from '../render.tsx';
import { PostPage, type ShownMail } from './PostPage.tsx';
import { postTexts } from './texts/index.ts';

export interface PostRoutes<Message extends MailedMessage> {
  readonly postBox: PostBox<Message>;
  readonly contentOf: MailWriting<Message>['contentOf'];
  /** Where developers come from, in the language of the page. */
  readonly overview?: (locale: Locale) => MailLink;
}

/** A mail has its styles at its elements. Sandboxed, so that it is no page of ours: no script, no form, no cookie. */
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** The same for programs: tests read codes and links here. */
const asJson = (
  { mail }: PostedMail<MailedMessage>,
  { id, at, content, text }: ShownMail,
): Record<string, unknown> => ({
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
export const addPostRoutes = <Message extends MailedMessage>(router: Router, parts: PostRoutes<Message>): void => {
  const { postBox, contentOf, overview } = parts;
  /** Empty for a mail of another version, or of a time when the part's address was another. */
  const shown = (posted: PostedMail<Message>): { readonly posted: PostedMail<Message>; readonly mail: ShownMail }[] => {
    const { id, at, mail } = posted;
    try {
      const content = contentOf(mail);
      return [{ posted, mail: { id, at, to: mail.to, type: mail.message.type, content, text: plainText(content) } }];
    } catch {
      return [];
    }
  };
  const list = async (wanted: (posted: PostedMail<Message>) => boolean): Promise<ReturnType<typeof shown>> =>
    (await postBox.list()).filter(wanted).flatMap(shown);
  router.get('/entwickler/post', async (ctx) => {
    const { to, format } = ctx.query;
    const mails = await list(({ mail }) => typeof to !== 'string' || mail.to === to);
    if (format === 'json') {
      ctx.set('cache-control', 'no-store');
      ctx.body = mails.map(({ posted, mail }) => asJson(posted, mail));
      return;
    }
    const view = {
      mails: mails.map(({ mail }) => mail),
      ...(overview ? { overview: overview(localeOf(ctx)) } : {}),
    };
    renderPage(ctx, PostPage({ view, page: pageContext(ctx), t: messages(ctx, postTexts) }));
  });
  router.get('/entwickler/post/:id', async (ctx) => {
    const [found] = await list(({ id }) => id === ctx.params['id']);
    if (found === undefined) throw new HttpError('not_found');
    ctx.set('cache-control', 'no-store');
    ctx.set('content-security-policy', mailPolicy);
    // A sandboxed document with its own group of windows is not opened at all (HTML, navigation).
    ctx.remove('cross-origin-opener-policy');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = renderMail(found.mail.content).html;
  });
};
