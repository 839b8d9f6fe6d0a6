import { groundMessages } from '../../../web/page-context.ts';
import { renderPaper } from '../../../web/pdf/tagged-pdf.ts';
import type { PaperDocument } from './pages-of-paper.ts';

/** The export as a file that can be read without seeing it. */
export const renderPdf = ({ locale, title, subtitle, pageOf, sections }: PaperDocument): Promise<Buffer> =>
  renderPaper({
    locale,
    title,
    brand: groundMessages(locale).parts.id.name,
    pageOf,
    blocks: [
      { kind: 'h1', text: title },
      { kind: 'note', text: subtitle },
      ...sections.flatMap(({ heading, empty, entries }) => [
        { kind: 'h2' as const, text: heading },
        ...(entries.length === 0 ? [{ kind: 'note' as const, text: empty }] : []),
        ...entries.flatMap(({ label, lines }) => [
          { kind: 'label' as const, text: label },
          ...lines.map((text) => ({ kind: 'line' as const, text })),
        ]),
      ]),
    ],
  });
