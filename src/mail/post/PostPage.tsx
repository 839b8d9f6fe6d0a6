import type { VNode } from 'preact';
import { Card, CodeBlock, DataList, Details, EmptyState, Layout, TextLink } from '../../web/components/index.ts';
import { formatDateTime } from '../../web/i18n/format.ts';
import type { PageContext } from '../../web/page-context.ts';
import type { MailContent, MailLink } from '../content.ts';
import type { PostMessages } from './texts/index.ts';

export interface ShownMail {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly to: string;
  readonly type: string;
  readonly content: MailContent;
  /** The plain text part. */
  readonly text: string;
}

export interface PostView {
  /** Newest first. */
  readonly mails: readonly ShownMail[];
  /** Back to where developers come from. */
  readonly overview?: MailLink;
}

/** What the mail offers to act by, at hand. */
const Offers = ({ content }: { content: MailContent }) => {
  const links = [content.action, content.second, content.deny].filter((link) => link !== undefined);
  return (
    <>
      {content.code === undefined ? null : (
        <p class="kern-body">
          {content.code.label}: <code class="bid-code">{content.code.value}</code>
        </p>
      )}
      {links.length === 0 ? null : (
        <ul class="bid-links">
          {links.map(({ label, href }) => (
            <li key={label}>
              <TextLink href={href}>{label}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

/** Every mail of a developer's machine, as it would have been sent. */
export const PostPage = ({ view, page, t }: { view: PostView; page: PageContext; t: PostMessages }): VNode => {
  return (
    <Layout page={page} title={t.title}>
      <p class="bid-lead">{t.lead}</p>
      {view.mails.length === 0 ? <EmptyState title={t.empty} /> : null}
      {view.mails.map(({ id, at, to, type, content, text }) => (
        <Card key={id} id={`post-${id}`} heading={content.subject}>
          <DataList
            items={[
              { label: t.to, value: to },
              { label: t.at, value: formatDateTime(page.locale, at) },
              { label: t.type, value: <code class="bid-code">{type}</code> },
            ]}
          />
          <div lang={content.locale}>
            <Offers content={content} />
          </div>
          <p class="kern-body">
            <TextLink href={`/entwickler/post/${id}`}>{t.html({ subject: content.subject })}</TextLink>
          </p>
          <Details summary={t.text({ subject: content.subject })}>
            <div lang={content.locale}>
              <CodeBlock label={t.textLabel({ subject: content.subject })} text={text} wrap />
            </div>
          </Details>
        </Card>
      ))}
      <Card id="maschinen" heading={t.machines}>
        <p class="kern-body">{t.json}</p>
        <CodeBlock label={t.jsonLabel} text="/entwickler/post?format=json&to=erika@example.de" wrap />
        {view.overview === undefined ? null : (
          <p class="kern-body">
            <TextLink href={view.overview.href}>{view.overview.label}</TextLink>
          </p>
        )}
      </Card>
    </Layout>
  );
};
