import type { PaperBlock } from '../../../web/pdf/tagged-pdf.ts';
import { ContentNotAllowed, parseHtml, type ContentNode } from '../letters/content.ts';
import type { LetterContent } from '../letters/letter.ts';

type Element = Exclude<ContentNode, { readonly text: string }>;

const element = (name: string, children: readonly ContentNode[]): Element => ({ element: name, children });

/** Paragraphs where the text has empty lines, breaks where it has ends of lines. */
const paragraphs = (text: string): ContentNode[] =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n+/)
    .filter((part) => part.trim() !== '')
    .map((part) =>
      element(
        'p',
        part
          .split('\n')
          .flatMap((line, i): ContentNode[] => (i === 0 ? [{ text: line }] : [element('br', []), { text: line }])),
      ),
    );

/** The text of a letter as a tree, whichever type it is of. What was checked when it came is read by the same rules again. */
export const treeOf = ({ type, body }: LetterContent): readonly ContentNode[] => {
  if (type === 'text') return paragraphs(body);
  try {
    return parseHtml(body);
  } catch (error) {
    if (!(error instanceof ContentNotAllowed)) throw error;
    // The rules were other ones when it came: shown as written, and nothing of it as markup.
    return paragraphs(body);
  }
};

/** Words of a piece of text; a link with its address, since paper cannot be clicked. */
const wordsOf = (nodes: readonly ContentNode[]): string =>
  nodes
    .map((node) => {
      if ('text' in node) return node.text;
      if (node.element === 'br') return '\n';
      const words = wordsOf(node.children);
      if (node.element === 'td' || node.element === 'th') return `${words.trim()}  `;
      return node.href === undefined || words.trim() === node.href ? words : `${words} (${node.href})`;
    })
    .join('');

/** They hold blocks themselves. */
const holders: ReadonlySet<string> = new Set(['table', 'thead', 'tbody', 'blockquote', 'li']);
const blockNames: ReadonlySet<string> = new Set(['p', 'ul', 'ol', 'h2', 'h3', 'tr', ...holders]);

const squeeze = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/[^\S\u00a0]+/g, ' ').trim())
    .join('\n')
    .trim();

/** The tree as it stands on paper: headings, paragraphs and lists one below the other, rows of tables as lines. */
export const paperBlocks = (nodes: readonly ContentNode[]): PaperBlock[] => {
  const blocks: PaperBlock[] = [];
  let running: ContentNode[] = [];
  const flush = (): void => {
    const text = squeeze(wordsOf(running));
    if (text !== '') blocks.push({ kind: 'text', text });
    running = [];
  };
  for (const node of nodes) {
    if ('text' in node || !blockNames.has(node.element)) {
      running.push(node);
      continue;
    }
    flush();
    const text = squeeze(wordsOf(node.children));
    if (node.element === 'ul' || node.element === 'ol') {
      const items = node.children.flatMap((child) => {
        const words = squeeze(wordsOf('text' in child ? [child] : child.children));
        return words === '' ? [] : [words];
      });
      if (items.length > 0) blocks.push({ kind: 'list', ordered: node.element === 'ol', items });
    } else if (holders.has(node.element)) blocks.push(...paperBlocks(node.children));
    else if (node.element === 'h2' || node.element === 'h3') blocks.push({ kind: 'label', text });
    else if (text !== '') blocks.push({ kind: node.element === 'tr' ? 'line' : 'text', text });
  }
  flush();
  return blocks;
};
