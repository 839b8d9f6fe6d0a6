import type { DeemedDelivery, DeemedDeliveryRule } from './letter.ts';

export interface DeliveryRule {
  readonly rule: DeemedDeliveryRule;
  /** On the how manieth day after what counts the letter is deemed delivered. */
  readonly days: number;
}

/** Times are ms since the epoch. */
export interface DeliveryFacts {
  readonly providedAt: number;
  /** When the mail server took the notice. */
  readonly noticeAt?: number | undefined;
  readonly openedAt?: number | undefined;
  /** Whether a consent to Bekanntgabe was in force when the letter was provided. */
  readonly consented: boolean;
}

const berlin = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in Bavaria, YYYY-MM-DD. */
export const dayInBavaria = (at: number): string => berlin.format(at);

const later = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/**
 * When a letter counts as delivered. § 9 OZG: on the n-th day after it was provided, whether or not anybody consented.
 * Art. 24 BayDiG: with consent, on the n-th day after the notice was sent; where that cannot be shown, the retrieval
 * counts. The number of days is the sender's file's. Sundays and holidays do not move it.
 */
export const deemedDelivery = ({ rule, days }: DeliveryRule, facts: DeliveryFacts): DeemedDelivery => {
  if (rule === 'ozg_9') return { rule, date: later(dayInBavaria(facts.providedAt), days), from: 'provision' };
  if (rule === 'baydig_24' && facts.consented) {
    if (facts.noticeAt !== undefined) return { rule, date: later(dayInBavaria(facts.noticeAt), days), from: 'notice' };
    if (facts.openedAt !== undefined) return { rule, date: dayInBavaria(facts.openedAt), from: 'retrieval' };
  }
  return { rule };
};
