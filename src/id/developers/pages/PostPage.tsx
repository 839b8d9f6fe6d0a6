import type { VNode } from 'preact';
import { Card, CodeBlock, DataList, Details, EmptyState, Layout, TextLink } from '../../../web/components/index.ts';
import { formatDateTime } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { MailContent } from '../../../mail/content.ts';
import type { DeveloperMessages } from '../texts/index.ts';

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
export const PostPage = ({ view, page, t }: { view: PostView; page: PageContext; t: DeveloperMessages }): VNode => {
  const words = t.post;
  return (
    <Layout page={page} title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      {view.mails.length === 0 ? <EmptyState title={words.empty} /> : null}
      {view.mails.map(({ id, at, to, type, content, text }) => (
        <Card key={id} id={`post-${id}`} heading={content.subject}>
          <DataList
            items={[
              { label: words.to, value: to },
              { label: words.at, value: formatDateTime(page.locale, at) },
              { label: words.type, value: <code class="bid-code">{type}</code> },
            ]}
          />
          <div lang={content.locale}>
            <Offers content={content} />
          </div>
          <p class="kern-body">
            <TextLink href={`/entwickler/post/${id}`}>{words.html({ subject: content.subject })}</TextLink>
          </p>
          <Details summary={words.text({ subject: content.subject })}>
            <div lang={content.locale}>
              <CodeBlock label={words.textLabel({ subject: content.subject })} text={text} wrap />
            </div>
          </Details>
        </Card>
      ))}
      <Card id="maschinen" heading={words.machines}>
        <p class="kern-body">{words.json}</p>
        <CodeBlock label={words.jsonLabel} text="/entwickler/post?format=json&to=erika@example.de" wrap />
        <p class="kern-body">
          <TextLink href="/entwickler">{t.toOverview}</TextLink>
        </p>
      </Card>
    </Layout>
  );
};
