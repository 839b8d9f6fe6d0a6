import { formatDateTime, formatMoney } from '../../../web/i18n/format.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import { renderPaper, type PaperBlock } from '../../../web/pdf/tagged-pdf.ts';
import { grossOf } from '../orders/order.ts';
import type { OrderView } from '../payments.ts';
import { catalogues } from './i18n/messages.ts';
import { refundWords } from './refund-words.ts';

/** The receipt of a paid order as a tagged PDF (PDF/UA). @throws TypeError for an order that is not paid. */
export const receiptPdf = (view: OrderView, locale: Locale): Promise<Buffer> => {
  if (view.state !== 'paid' || view.paidAt === undefined)
    throw new TypeError('there is a receipt for what is paid only');
  const t = catalogues[locale];
  const { facts, receipt } = t;
  const money = (cents: number): string => formatMoney(locale, cents);
  const when = formatDateTime(locale, view.paidAt);
  const fact = (label: string, ...lines: readonly string[]): PaperBlock[] => [
    { kind: 'label', text: label },
    ...lines.map((text): PaperBlock => ({ kind: 'line', text })),
  ];
  const method = view.method === undefined ? undefined : t.paidBy[view.method];
  return renderPaper({
    locale,
    title: receipt.title,
    brand: receipt.brand,
    pageOf: receipt.pageOf,
    blocks: [
      { kind: 'h1', text: receipt.title },
      { kind: 'text', text: receipt.lead({ amount: money(view.amount), payee: view.payee.name, when }) },
      ...fact(facts.payee, view.payee.name, ...view.payee.address),
      ...fact(facts.purpose, view.purpose),
      ...(view.description === undefined ? [] : fact(facts.about, view.description)),
      ...fact(facts.reference, view.reference),
      ...fact(facts.paidAt, when),
      ...(method === undefined
        ? []
        : fact(facts.method, view.methodDetail === undefined ? method : `${method} (${view.methodDetail})`)),
      ...fact(facts.transaction, view.id),
      { kind: 'h2', text: receipt.items },
      ...view.items.flatMap((item) =>
        fact(
          item.description,
          money(grossOf(item)),
          ...(item.quantity === 1
            ? []
            : [t.bill.times({ quantity: item.quantity, each: money(item.singleNet + item.singleTax) })]),
          ...(item.totalTax === 0 ? [] : [t.bill.tax({ amount: money(item.totalTax) })]),
        ),
      ),
      { kind: 'label', text: receipt.sum({ amount: money(view.amount) }) },
      ...(view.refunds.length === 0
        ? []
        : [
            { kind: 'h2', text: t.refunds.heading } as const,
            ...view.refunds.flatMap((refund) =>
              fact(
                `${money(refund.amount)} ${t.refunds.on({ when: formatDateTime(locale, refund.at) })}`,
                refundWords(view, refund, t),
              ),
            ),
          ]),
      { kind: 'note', text: receipt.printed({ when: formatDateTime(locale, Date.now()) }) },
    ],
  });
};
