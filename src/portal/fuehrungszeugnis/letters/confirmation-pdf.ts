import { formatDateTime } from '../../../web/i18n/format.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import { renderPaper, type PaperBlock } from '../../../web/pdf/tagged-pdf.ts';
import { summaryOf, type Fact } from '../application/summary.ts';
import type { Document } from '../application/content.ts';
import { catalogues } from '../i18n/messages.ts';
import type { Application } from '../records/applications.ts';

/** The confirmation of a sent application as a tagged PDF (PDF/UA). @throws TypeError for one that was not sent. */
export const confirmationPdf = (
  application: Application,
  documents: readonly Document[],
  locale: Locale,
): Promise<Buffer> => {
  const { content, reference, filedAt } = application;
  if (reference === undefined || filedAt === undefined) throw new TypeError('only what was sent is confirmed');
  const t = catalogues[locale];
  const words = t.confirmation;
  const summary = summaryOf(content, locale, t);
  const facts = (heading: string, list: readonly Fact[]): PaperBlock[] =>
    list.length === 0
      ? []
      : [
          { kind: 'h2', text: heading },
          ...list.flatMap(({ label, lines }): PaperBlock[] => [
            { kind: 'label', text: label },
            ...lines.map((text): PaperBlock => ({ kind: 'line', text })),
          ]),
        ];
  return renderPaper({
    locale,
    title: words.title,
    brand: words.brand,
    pageOf: words.pageOf,
    blocks: [
      { kind: 'h1', text: words.title },
      { kind: 'text', text: words.lead({ when: formatDateTime(locale, filedAt), reference }) },
      ...facts(t.steps.art, [...summary.kind, ...summary.recipient]),
      ...facts(t.summary.card, summary.card),
      ...facts(t.summary.typed, summary.typed),
      ...facts(t.steps.gebuehr, summary.fee),
      ...facts(
        t.steps.nachweise,
        documents.map(({ purpose, name }) => ({ label: t.documents.purposes[purpose], lines: [name] })),
      ),
      { kind: 'note', text: words.note },
    ],
  });
};
