import { formatDateTime } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { renderPaper, type PaperBlock } from '../../../web/pdf/tagged-pdf.ts';
import type { JournalEntry, Letter } from '../letters/letter.ts';
import type { PostfachMessages } from './i18n/messages.ts';
import { paperBlocks, treeOf } from './letter-tree.ts';
import { sizeWords, typeWords } from './pages/attachments.tsx';
import { deemedWords } from './pages/deemed-words.ts';

export interface LetterPaper {
  readonly letter: Letter;
  readonly journal: readonly JournalEntry[];
  /** ms since the epoch. */
  readonly now: number;
}

/** A letter with all that the page says of it, as a tagged PDF (PDF/UA). Attachments are named, not contained. */
export const letterPdf = (
  { letter, journal, now }: LetterPaper,
  { locale, common }: Pick<PageContext, 'locale' | 'common'>,
  t: PostfachMessages,
): Promise<Buffer> => {
  const words = t.letter;
  const fact = (label: string, ...lines: readonly string[]): PaperBlock[] => [
    { kind: 'label', text: label },
    ...lines.map((text): PaperBlock => ({ kind: 'line', text })),
  ];
  const notice = journal.find(({ type }) => type === 'notice_dispatched')?.at;
  const deemed = deemedWords(letter, notice, locale, t);
  return renderPaper({
    locale,
    title: letter.subject,
    brand: words.paper.brand,
    pageOf: words.paper.pageOf,
    blocks: [
      { kind: 'h1', text: letter.subject },
      { kind: 'note', text: `${letter.sender.name[locale]} (${words.checked})` },
      { kind: 'note', text: `${letter.service}, ${formatDateTime(locale, letter.providedAt)}` },
      { kind: 'h2', text: words.text },
      ...paperBlocks(treeOf(letter.content)),
      { kind: 'h2', text: words.attachments },
      ...(letter.files.length === 0
        ? [{ kind: 'note', text: words.paper.noAttachments } as const]
        : letter.files.flatMap(({ name, type, length, sha512 }) =>
            fact(name, `${typeWords(t, type)}, ${sizeWords(locale, length)}`, `SHA-512: ${sha512}`),
          )),
      ...(letter.replies.length === 0
        ? []
        : [
            { kind: 'h2', text: words.reply.sentHeading } as const,
            ...letter.replies.flatMap(({ createdAt, text }) =>
              fact(words.reply.sentOn({ when: formatDateTime(locale, createdAt) }), ...text.split('\n')),
            ),
          ]),
      { kind: 'h2', text: words.dates },
      ...fact(words.from, letter.sender.name[locale]),
      ...fact(words.service, letter.service),
      ...(letter.reference === undefined ? [] : fact(words.reference, letter.reference)),
      ...fact(words.level, common.level.badge[letter.level]),
      ...fact(words.deemed.summary, ...(deemed.title === undefined ? [] : [deemed.title]), deemed.text),
      { kind: 'h2', text: words.history },
      ...journal.flatMap(({ type, at }) => fact(formatDateTime(locale, at), words.events[type])),
      { kind: 'note', text: words.paper.printed({ when: formatDateTime(locale, now) }) },
    ],
  });
};
