import type { Stories } from '../../../web/pages/stories.tsx';
import type { PageOf } from '../../../web/show.ts';
import { cardTexts, type CardMessages } from '../texts/card.tsx';
import { CardPage, RemoveCardPage, TransferCodePage, type CardView } from './CardPage.tsx';

const story =
  <View extends object>(Page: PageOf<View, CardMessages>, view: View): Stories[string] =>
  (page) =>
    Page({ ...view, page, t: cardTexts[page.locale] });

const day = 86_400_000;
const now = Date.UTC(2026, 10, 26);
const card = { linkedAt: now - 40 * day, validUntil: now + 400 * day, state: 'good' } as const;
const view: CardView = { csrf: 'token', card };

/** The states of the card's pages in Mein Konto. */
export const cardStories: Stories = {
  'konto-ausweis': story(CardPage, view),
  'konto-ausweis-keiner': story(CardPage, { csrf: 'token' }),
  'konto-ausweis-getrennt': story(CardPage, { csrf: 'token', notice: 'removed' }),
  'konto-ausweis-code-vorhanden': story(CardPage, { ...view, transferUntil: now + 300 * day }),
  'konto-ausweis-laeuft-ab': story(CardPage, {
    csrf: 'token',
    card: { ...card, validUntil: now + 30 * day, state: 'expires' },
  }),
  'konto-ausweis-abgelaufen': story(CardPage, {
    csrf: 'token',
    card: { ...card, validUntil: now - day, state: 'expired' },
  }),
  'konto-ausweis-einziger': story(CardPage, { ...view, notice: 'last' }),
  'konto-ausweis-transfercode': story(TransferCodePage, { code: '7K2M9-QX4HT-0ABCD-EFGHJ', until: now + 365 * day }),
  'konto-ausweis-trennen': story(RemoveCardPage, { csrf: 'token' }),
};
