import type { Catalogues } from '../../../web/i18n/shape.ts';
import type { Told } from '../records/context.ts';
import type { Answer } from '../records/applications.ts';

/** Words of letters and statuses in Mein Postfach. */
export interface LetterTexts {
  readonly service: string;
  readonly sender: string;
  readonly file: string;
  /** Where a certificate goes that goes to no authority. */
  readonly toYou: string;
  /** At most 50 characters. */
  readonly details: Readonly<Record<Told['what'], string>>;
  readonly filed: { readonly subject: string; readonly body: (p: { reference: string; exempt: boolean }) => string };
  readonly answered: {
    readonly subject: Readonly<Record<Answer['outcome'], string>>;
    readonly body: (p: { reference: string; answer: Answer; to: string }) => string;
  };
}

const paragraphs = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

export const letterTexts: Catalogues<LetterTexts> = {
  de: {
    service: 'Führungszeugnis',
    sender: 'Registerbehörde (Demonstration)',
    file: 'Eingangsbestaetigung',
    toYou: 'an Ihre Anschrift',
    details: { filed: 'Antrag eingegangen', processing: 'Antrag wird bearbeitet', answered: 'Antrag beantwortet' },
    filed: {
      subject: 'Ihr Antrag auf ein Führungszeugnis ist eingegangen',
      body: ({ reference, exempt }) =>
        paragraphs(
          'Guten Tag,',
          `Ihr Antrag auf ein Führungszeugnis ist bei uns eingegangen. Aktenzeichen: ${reference}`,
          exempt
            ? 'Über die Gebührenbefreiung entscheiden wir mit Ihrem Antrag.'
            : 'Die Gebühr ist bezahlt. Den Zahlungsbeleg bekommen Sie mit eigener Nachricht.',
          'Die Bearbeitung dauert etwa 1 bis 2 Wochen. Was Sie beantragt haben, steht im Anhang.',
        ),
    },
    answered: {
      subject: {
        issued: 'Ihr Führungszeugnis ist ausgestellt',
        refused: 'Ihr Antrag auf ein Führungszeugnis ist abgelehnt',
      },
      body: ({ reference, answer, to }) =>
        paragraphs(
          'Guten Tag,',
          answer.outcome === 'issued'
            ? `wir haben Ihr Führungszeugnis ausgestellt und mit der Post verschickt: ${to}`
            : 'wir können Ihrem Antrag nicht entsprechen.',
          answer.text,
          `Aktenzeichen: ${reference}`,
        ),
    },
  },
  en: {
    service: 'Führungszeugnis',
    sender: 'Registerbehörde (Demonstration)',
    file: 'confirmation',
    toYou: 'to your address',
    details: { filed: 'Application received', processing: 'In progress', answered: 'Application answered' },
    filed: {
      subject: 'We have received your application for a certificate of good conduct',
      body: ({ reference, exempt }) =>
        paragraphs(
          'Hello,',
          `we have received your application for a certificate of good conduct (Führungszeugnis). Reference: ${reference}`,
          exempt
            ? 'We decide on the exemption from the fee together with your application.'
            : 'The fee is paid. The receipt comes with a message of its own.',
          'It takes about 1 to 2 weeks. What you have applied for is attached.',
        ),
    },
    answered: {
      subject: {
        issued: 'Your certificate of good conduct has been issued',
        refused: 'Your application for a certificate of good conduct has been refused',
      },
      body: ({ reference, answer, to }) =>
        paragraphs(
          'Hello,',
          answer.outcome === 'issued'
            ? `we have issued your certificate of good conduct (Führungszeugnis) and sent it by post: ${to}`
            : 'we cannot grant your application.',
          answer.text,
          `Reference: ${reference}`,
        ),
    },
  },
};
