import { formatPartialDate } from '../../../../web/i18n/format.ts';
import type { Locale } from '../../../../web/i18n/shape.ts';
import type { Letter } from '../../letters/letter.ts';
import { dayInBavaria } from '../../letters/deemed-delivery.ts';
import type { PostfachMessages } from '../i18n/messages.ts';

const day = 86_400_000;

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / day);

/** When a letter counts as delivered and why, in plain words; without a date, that it does not by itself. */
export const deemedWords = (
  { deemedDelivery: { date, from }, providedAt }: Pick<Letter, 'deemedDelivery' | 'providedAt'>,
  noticeAt: number | undefined,
  locale: Locale,
  { letter: { deemed } }: PostfachMessages,
): { readonly title?: string; readonly text: string } => {
  if (date === undefined || from === undefined) return { text: deemed.never };
  const title = deemed.title({ date: formatPartialDate(locale, date) });
  if (from === 'provision')
    return { title, text: deemed.provision({ days: daysBetween(dayInBavaria(providedAt), date) }) };
  if (from === 'notice')
    return { title, text: deemed.notice({ days: daysBetween(dayInBavaria(noticeAt ?? providedAt), date) }) };
  return { title, text: deemed.retrieval };
};
