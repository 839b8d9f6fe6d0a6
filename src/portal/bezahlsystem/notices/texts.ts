import type { Catalogues } from '../../../web/i18n/shape.ts';
import { decimalOf } from '../orders/money.ts';
import type { OrderView } from '../payments.ts';

/** The letter that brings a receipt. */
export interface LetterTexts {
  /** Name of the attached file, without number and ending. */
  readonly file: string;
  readonly subject: (view: OrderView) => string;
  readonly body: (view: OrderView) => string;
}

export const letterTexts: Catalogues<LetterTexts> = {
  de: {
    file: 'Zahlungsbeleg',
    subject: ({ serviceName }) => `Ihre Zahlung: ${serviceName.de}`,
    body: ({ amount, payee, purpose, reference }) =>
      [
        'Guten Tag,',
        `Ihre Zahlung von ${decimalOf(amount).replace('.', ',')} Euro an ${payee.name} ist eingegangen.`,
        `Verwendungszweck: ${purpose}\nKassenzeichen: ${reference}`,
        'Den Zahlungsbeleg finden Sie im Anhang.',
      ].join('\n\n'),
  },
  en: {
    file: 'receipt',
    subject: ({ serviceName }) => `Your payment: ${serviceName.en}`,
    body: ({ amount, payee, purpose, reference }) =>
      [
        'Hello,',
        `your payment of ${decimalOf(amount)} euros to ${payee.name} has arrived.`,
        `Purpose: ${purpose}\nReference (Kassenzeichen): ${reference}`,
        'The receipt is attached.',
      ].join('\n\n'),
  },
};
