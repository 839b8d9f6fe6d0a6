import { DOMParser, onWarningStopParsing, type Document, type Element, type Node } from '@xmldom/xmldom';

export type { Document, Element } from '@xmldom/xmldom';

/** The message is not what this side of the interface accepts. Says which rule was broken, never what the message said. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

/** 256 kB is fifty times a full answer; what is bigger is not read. */
export const largestMessage = 256 * 1024;

/** A full answer has about 120 tags and is 9 deep. */
const mostTags = 4096;
/** Every attribute has one; the parser's time grows with the square of an element's attributes. */
const mostEqualSigns = 2048;
const deepest = 32;

const childNodes = (node: Node): Node[] => {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

/** The element children, in document order. */
export const children = (node: Node): Element[] =>
  childNodes(node).filter((child) => child.nodeType === 1) as Element[];

/** The concatenated text, with nothing taken away. */
export const rawText = (element: Element): string => element.textContent ?? '';

/** Whether an element has this namespace and local name. */
export const isNamed = (node: Element | undefined, namespace: string, localName: string): node is Element =>
  node?.namespaceURI === namespace && node.localName === localName;

/** All elements, depth first, without recursion. @throws MessageRefused beyond a depth of 32 */
export const allElements = (root: Element): Element[] => {
  const found: Element[] = [];
  const waiting: [Element, number][] = [[root, 1]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [element, depth] = next;
    if (depth > deepest) throw new MessageRefused('too deep');
    found.push(element);
    for (const child of children(element)) waiting.push([child, depth + 1]);
  }
  return found;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text. @throws MessageRefused when they are too many, or not UTF-8 */
export const decodeMessage = (bytes: Uint8Array): string => {
  if (bytes.byteLength > largestMessage) throw new MessageRefused('too large');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MessageRefused('not UTF-8');
  }
};

const occurrences = (text: string, sign: string): number => {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
};

/** A tag up to its end, which is no ">" inside a value; there is no "<" in a tag but the first. */
const tag = /<(?:[^<>"']|"[^<"]*"|'[^<']*')*/g;
const value = /"[^"]*"|'[^']*'/g;

/**
 * How many attributes the tags of a text have. Of two that have one name in one namespace under two prefixes, which no
 * well-formed message has, the parser would keep one without a word.
 */
const attributesIn = (text: string): number =>
  (text.match(tag) ?? []).reduce((sum, found) => sum + (found.match(value) ?? []).length, 0);

const declaration =
  /^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"utf-8"|'utf-8'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>\s*/i;

/**
 * Parses a message, or refuses it before the parser sees it. Nothing but elements, attributes and text is accepted: no
 * DOCTYPE or ENTITY, and no comment, CDATA section or processing instruction either, since those are what parsers and
 * canonicalisers disagree about and no eID-Server writes them.
 * @throws MessageRefused
 */
export const parseXml = (text: string): Document => {
  if (text.length > largestMessage) throw new MessageRefused('too large');
  const content = text.replace(declaration, '');
  if (content.includes('<!') || content.includes('<?')) throw new MessageRefused('markup other than elements');
  if (Buffer.byteLength(content) > largestMessage) throw new MessageRefused('too large');
  if (occurrences(content, '<') > mostTags) throw new MessageRefused('too many elements');
  if (occurrences(content, '=') > mostEqualSigns) throw new MessageRefused('too many attributes');
  let document: Document;
  try {
    document = new DOMParser({ onError: onWarningStopParsing, locator: false }).parseFromString(content, 'text/xml');
  } catch {
    throw new MessageRefused('not well-formed');
  }
  const root = document.documentElement;
  if (root === null) throw new MessageRefused('no root element');
  const kept = allElements(root).reduce((sum, element) => sum + element.attributes.length, 0);
  if (kept !== attributesIn(content)) throw new MessageRefused('an attribute twice');
  return document;
};

/** The root element of a message. @throws MessageRefused */
export const parseRoot = (text: string): Element => {
  const root = parseXml(text).documentElement;
  if (root === null) throw new MessageRefused('no root element');
  return root;
};

/**
 * The only child of that local name, whatever its namespace and place: the TR's own examples mix both up. Undefined when
 * there is none.
 * @throws MessageRefused when there are two
 */
export const childNamed = (parent: Element | undefined, localName: string): Element | undefined => {
  const found = parent ? children(parent).filter((child) => child.localName === localName) : [];
  if (found.length > 1) throw new MessageRefused(`${localName} twice`);
  return found[0];
};

/** The child's text without the blanks around it; undefined when there is no such child. @throws MessageRefused */
export const textOf = (parent: Element | undefined, localName: string): string | undefined => {
  const child = childNamed(parent, localName);
  if (child === undefined) return undefined;
  if (children(child).length > 0) throw new MessageRefused(`${localName} is not text`);
  return rawText(child).trim();
};

// What XML 1.0 cannot carry in any spelling: most control characters, and halves of surrogate pairs.
// eslint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text for an element or an attribute; characters that XML cannot carry are left out. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(unwritable, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;');
