import { isPlain } from '../../module-api/plain-text.ts';
import type { LetterContent } from './letter.ts';

/** What a text may be made of. No attribute but the address of a link, nothing that loads, runs or looks like something else. */
const allowed: ReadonlySet<string> = new Set([
  'p',
  'br',
  'h2',
  'h3',
  'ul',
  'ol',
  'li',
  'strong',
  'em',
  'b',
  'i',
  'u',
  'blockquote',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'a',
]);
const empty: ReadonlySet<string> = new Set(['br']);

/** How deep elements may stand in each other. */
const deepest = 20;

/** A piece of allow-listed HTML: pages render the tree and never the text of the sender. */
export type ContentNode =
  | { readonly text: string }
  | { readonly element: string; readonly href?: string; readonly children: readonly ContentNode[] };

/** The content of a letter is not what may be shown. The reason is for the sender's developer. */
export class ContentNotAllowed extends Error {
  override readonly name = 'ContentNotAllowed';
}

const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    euro: '€',
    sect: '§',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    bdquo: '„',
    ldquo: '“',
    rdquo: '”',
    shy: '\u00ad',
  }),
);

const decode = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));|&/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      const known = name === undefined ? undefined : entities.get(name);
      if (known !== undefined) return known;
      const code = decimal === undefined ? Number.parseInt(hex ?? 'x', 16) : Number(decimal);
      if (Number.isNaN(code) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        throw new ContentNotAllowed(`${whole.slice(0, 12)} is no character that is known here`);
      return String.fromCodePoint(code);
    },
  );

const linkTarget = (address: string): string => {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.href.length > 2000)
    throw new ContentNotAllowed('links must be absolute addresses with https');
  return url.href;
};

const hrefOf = (attributes: string): string => {
  const [, double, single] = /^\s+href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')\s*$/i.exec(attributes) ?? [];
  const address = double ?? single;
  if (address === undefined) throw new ContentNotAllowed('a link has an href and no other attribute');
  return linkTarget(decode(address).trim());
};

interface Open {
  readonly element: string;
  readonly href?: string;
  readonly children: ContentNode[];
}

/**
 * Reads the allow-listed HTML of a letter. Whatever is not on the list is refused and not repaired: a sender learns of it at
 * once, and nobody reads less than was written.
 *
 * @throws ContentNotAllowed
 */
export const parseHtml = (html: string): ContentNode[] => {
  const root: Open = { element: '', children: [] };
  const stack: Open[] = [root];
  const top = (): Open => stack.at(-1) ?? root;
  const addText = (raw: string): void => {
    if (raw === '') return;
    const text = decode(raw);
    if (!isPlain(text, true)) throw new ContentNotAllowed('control characters are not allowed');
    top().children.push({ text });
  };
  // It can match in one way only: in two, a tag that never ends would be tried again at every blank of it.
  const tag = /<(\/?)([a-z][a-z0-9]{0,15})(|[\s/][^<>]*)>|</gi;
  let at = 0;
  for (const match of html.matchAll(tag)) {
    addText(html.slice(at, match.index));
    at = match.index + match[0].length;
    const [, closing, name, rest = ''] = match;
    if (name === undefined) throw new ContentNotAllowed('a "<" that begins no allowed element must be written &lt;');
    const element = name.toLowerCase();
    if (!allowed.has(element)) throw new ContentNotAllowed(`<${element}> is not allowed`);
    if (closing === '/') {
      if (rest !== '' || stack.length === 1 || top().element !== element)
        throw new ContentNotAllowed(`</${element}> closes nothing`);
      stack.pop();
      continue;
    }
    const selfClosed = rest.endsWith('/');
    const attributes = selfClosed ? rest.slice(0, -1) : rest;
    if (element !== 'a' && attributes.trim() !== '') throw new ContentNotAllowed(`<${element}> takes no attributes`);
    if (selfClosed && !empty.has(element)) throw new ContentNotAllowed(`<${element}/> has no content`);
    if (element === 'a' && stack.some((open) => open.element === 'a'))
      throw new ContentNotAllowed('a link within a link is not allowed');
    const node: Open = { element, ...(element === 'a' ? { href: hrefOf(attributes) } : {}), children: [] };
    top().children.push(node);
    if (empty.has(element)) continue;
    stack.push(node);
    if (stack.length > deepest) throw new ContentNotAllowed(`more than ${deepest} elements within each other`);
  }
  addText(html.slice(at));
  if (stack.length > 1) throw new ContentNotAllowed(`<${top().element}> is not closed`);
  return root.children;
};

/** @throws ContentNotAllowed */
export const checkContent = ({ type, body }: LetterContent): void => {
  if (type === 'html') parseHtml(body);
  else if (!isPlain(body, true)) throw new ContentNotAllowed('control characters are not allowed');
};

/** The words of a content, for the search. */
export const contentText = ({ type, body }: LetterContent): string => {
  if (type === 'text') return body;
  const text = (nodes: readonly ContentNode[]): string =>
    nodes.map((node) => ('text' in node ? node.text : ` ${text(node.children)} `)).join('');
  return text(parseHtml(body));
};
