import type { ComponentChildren, VNode } from 'preact';
import { Card, Layout, TextLink } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { DeveloperMessages } from '../texts/index.ts';

export interface DiscoveryView {
  /** The document as it is given out. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Frame {
  readonly page: PageContext;
  readonly t: DeveloperMessages;
}

const Code = (props: { children: string }) => <code class="bid-code">{props.children}</code>;

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const Value = ({ value, t }: { value: unknown; t: DeveloperMessages['discovery'] }): VNode => {
  if (typeof value === 'boolean') return <Code>{`${value} (${value ? t.yes : t.no})`}</Code>;
  if (Array.isArray(value))
    return (
      <ul>
        {value.map((item) => (
          <li key={plain(item)}>
            <Code>{plain(item)}</Code>
          </li>
        ))}
      </ul>
    );
  if (typeof value === 'object' && value !== null)
    return (
      <ul>
        {Object.entries(value).map(([name, item]) => (
          <li key={name}>
            <Code>{`${name}: ${plain(item)}`}</Code>
          </li>
        ))}
      </ul>
    );
  return <Code>{plain(value)}</Code>;
};

const Members = (props: { id: string; title: string; children: ComponentChildren }) => (
  <Card id={props.id} heading={props.title}>
    <dl class="bid-members">{props.children}</dl>
  </Card>
);

/** Every member of the running provider's discovery document with a sentence on what it means. */
export const DiscoveryPage = ({ view, page, t }: Frame & { view: DiscoveryView }): VNode => {
  const words = t.discovery;
  const { metadata } = view;
  const member = (name: string, meaning: string): VNode => (
    <div key={name}>
      <dt>
        <Code>{name}</Code>
      </dt>
      <dd>{meaning}</dd>
      <dd>
        <Value value={metadata[name]} t={words} />
      </dd>
    </div>
  );
  const groups = Object.entries(words.groups).map(([id, { title, members }]) => ({
    id,
    title,
    members: Object.entries<string>(members).filter(([name]) => name in metadata),
  }));
  const explained = new Set(groups.flatMap(({ members }) => members.map(([name]) => name)));
  const others = Object.keys(metadata).filter((name) => !explained.has(name));
  return (
    <Layout page={page} title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <ul class="bid-links">
        <li>
          <TextLink href="/.well-known/openid-configuration">{words.raw}</TextLink>
        </li>
        <li>
          <TextLink href="/entwickler">{t.toOverview}</TextLink>
        </li>
      </ul>
      {groups.map(({ id, title, members }) => (
        <Members key={id} id={id} title={title}>
          {members.map(([name, meaning]) => member(name, meaning))}
        </Members>
      ))}
      {others.length === 0 ? null : (
        <Members id="weitere" title={words.unknown}>
          {others.map((name) => member(name, words.unknownText))}
        </Members>
      )}
    </Layout>
  );
};
