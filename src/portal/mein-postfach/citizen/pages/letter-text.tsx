import type { ComponentChildren } from 'preact';
import { safeHref } from '../../../../web/safe-path.ts';
import type { ContentNode } from '../../letters/content.ts';
import type { PostfachMessages } from '../i18n/messages.ts';

const hostOf = (href: string): string | undefined => (URL.canParse(href) ? new URL(href).host : undefined);

/** Hosts that links of a letter lead to, each once, in the order of the text. */
export const hostsIn = (nodes: readonly ContentNode[]): string[] => [
  ...new Set(
    nodes.flatMap((node): string[] => {
      if ('text' in node) return [];
      const host = node.href === undefined ? undefined : hostOf(node.href);
      return [...(host === undefined ? [] : [host]), ...hostsIn(node.children)];
    }),
  ),
];

/** The reader sees where a link leads, whatever its words say. */
const ExternalLink = (props: { href: string; t: PostfachMessages; children: ComponentChildren }) => {
  const href = safeHref(props.href);
  const host = hostOf(props.href);
  if (href === undefined || host === undefined) return <>{props.children}</>;
  return (
    <a class="bid-lettertext__link" href={href} target="_blank" rel="noopener noreferrer">
      {props.children} <span class="bid-lettertext__host">{props.t.letter.linkTo({ host })}</span>
    </a>
  );
};

/** Elements of the letter that stand as they are. Nothing of the letter becomes an attribute, but for the address of a link. */
const Element = ({ node, t }: { node: Exclude<ContentNode, { text: string }>; t: PostfachMessages }) => {
  const children = <Nodes nodes={node.children} t={t} />;
  switch (node.element) {
    case 'p':
      return <p class="kern-body">{children}</p>;
    case 'br':
      return <br />;
    case 'strong':
    case 'b':
      return <strong>{children}</strong>;
    case 'em':
    case 'i':
      return <em>{children}</em>;
    case 'u':
      return <u>{children}</u>;
    case 'ul':
      return <ul class="bid-list">{children}</ul>;
    case 'ol':
      return <ol class="bid-list">{children}</ol>;
    case 'li':
      return <li>{children}</li>;
    case 'h2':
      // The page has a heading of the first and of the second level above it.
      return <h3 class="kern-heading-small bid-h3">{children}</h3>;
    case 'h3':
      return <h4 class="bid-h4">{children}</h4>;
    case 'blockquote':
      return <blockquote class="bid-quote">{children}</blockquote>;
    case 'table':
      return (
        <div class="bid-lettertext__table" tabIndex={0} role="group" aria-label={t.letter.table}>
          <table>{children}</table>
        </div>
      );
    case 'thead':
      return <thead>{children}</thead>;
    case 'tbody':
      return <tbody>{children}</tbody>;
    case 'tr':
      return <tr>{children}</tr>;
    case 'th':
      return <th>{children}</th>;
    case 'td':
      return <td>{children}</td>;
    case 'a':
      return (
        <ExternalLink href={node.href ?? ''} t={t}>
          {children}
        </ExternalLink>
      );
    default:
      return children;
  }
};

const Nodes = ({ nodes, t }: { nodes: readonly ContentNode[]; t: PostfachMessages }) => (
  <>{nodes.map((node, i) => ('text' in node ? node.text : <Element key={i} node={node} t={t} />))}</>
);

/** The text of a letter, built anew from what its parser understood: no markup of the sender reaches the page. */
export const LetterText = (props: { nodes: readonly ContentNode[]; t: PostfachMessages }) => (
  <div class="bid-lettertext">
    <Nodes {...props} />
  </div>
);
