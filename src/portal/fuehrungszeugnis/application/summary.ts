import { formatClaim } from '../format-claim.ts';
import { formatNationality } from '../../../web/i18n/format.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { FuehrungszeugnisMessages } from '../i18n/messages.ts';
import { cardClaims } from '../verified-person.ts';
import { typedFields, type Content } from './content.ts';
import { isEuropean } from './rules.ts';

export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

/** What an application says, in words: the same for the page, the paper and the authority. */
export interface Summary {
  readonly kind: readonly Fact[];
  /** From the card. */
  readonly card: readonly Fact[];
  readonly typed: readonly Fact[];
  readonly recipient: readonly Fact[];
  readonly fee: readonly Fact[];
}

/** @param t in the language of `locale`. */
export const summaryOf = (content: Content, locale: Locale, t: FuehrungszeugnisMessages): Summary => {
  const { kind, person = {}, typed = {}, recipient, fee } = content;
  const words = t.summary;
  return {
    kind:
      kind === undefined
        ? []
        : [
            {
              label: words.kind,
              lines: [
                t.kinds[kind.form],
                ...(kind.extended ? [t.kinds.extended] : []),
                ...(isEuropean(content) ? [t.kinds.european] : []),
              ],
            },
          ],
    card: cardClaims.flatMap((claim) => {
      const found = person[claim];
      return found === undefined
        ? []
        : [{ label: t.data.labels[claim], lines: formatClaim(locale, claim, found.value) }];
    }),
    typed: typedFields.flatMap((field) => {
      const text = typed[field];
      if (text === undefined) return [];
      return [
        { label: t.typed.labels[field], lines: [field === 'nationality' ? formatNationality(locale, text) : text] },
      ];
    }),
    recipient:
      kind === undefined || kind.form === 'N'
        ? [{ label: words.recipient, lines: [words.toMyself] }]
        : recipient === undefined
          ? []
          : [
              {
                label: words.recipient,
                lines: [recipient.name, recipient.street_address, `${recipient.postal_code} ${recipient.locality}`],
              },
              { label: t.recipient.labels.reference, lines: [recipient.reference] },
              ...(recipient.inspectAt === undefined ? [] : [{ label: words.inspect, lines: [recipient.inspectAt] }]),
            ],
    fee:
      fee === undefined
        ? []
        : [{ label: words.fee, lines: [fee.way === 'pay' ? words.pay : words.exempt[fee.reason]] }],
  };
};
