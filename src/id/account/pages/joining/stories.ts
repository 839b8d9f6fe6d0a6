import type { PageContext } from '../../../../web/page-context.ts';
import type { Stories } from '../../../../web/pages/stories.tsx';
import { joiningTexts, type JoiningMessages } from '../../texts/joining.tsx';
import type { PageOf } from '../../../../web/show.ts';
import type { AccountView } from './frame.tsx';
import { JoinedPage, JoinGonePage, JoinPage, JoinRefusedPage } from './JoinPage.tsx';
import { ReviewPage, type ReviewView } from './ReviewPage.tsx';

const csrf = 'token';
const account = { name: 'Erika Mustermann', href: '/konto', logout: { action: '/konto/abmelden', csrf } } as const;

const story =
  <View extends object>(Page: PageOf<View, JoiningMessages>, view: View) =>
  (page: PageContext) =>
    Page({ ...view, t: joiningTexts[page.locale], page: { ...page, account } });

const day = 86_400_000;
const now = Date.UTC(2026, 10, 26, 14, 30);
const kept: AccountView = { name: 'Erika Mustermann', login: 'erika', since: now - 700 * day };

const review: ReviewView = {
  csrf,
  action: '/konto/zusammenlegen/name',
  validUntil: now,
  closed: { name: 'ERIKA MUSTERMANN', since: now - 40 * day },
  kept,
  services: [
    {
      clientId: 'fuehrungszeugnis',
      name: 'Führungszeugnis',
      host: 'fuehrungszeugnis.example',
      effect: 'goesOn',
      since: now - 30 * day,
      last: now - 2 * day,
      received: ['given_name', 'family_name', 'verified:birthdate', 'place_of_birth', 'address'],
    },
    {
      clientId: 'bayern-portal',
      name: 'Bayern-Portal',
      host: 'portal.example',
      effect: 'replaced',
      site: 'https://portal.example/',
      privacy: 'https://portal.example/datenschutz',
      since: now - 40 * day,
      last: now - 40 * day,
      received: [],
    },
    { clientId: 'alt', name: 'alt', effect: 'gone', since: now - 39 * day, last: now - 38 * day, received: ['name'] },
  ],
  keptServices: ['Bayern-Portal', 'Hundesteuer Musterstadt'],
  card: 'moves',
  confirms: ['password'],
  dropped: { password: false, passkeys: 1, app: false, emailMissing: true },
  error: false,
};

/** The states of joining two accounts. */
export const joiningStories: Stories = {
  'konto-zusammenlegen': story(JoinPage, { csrf, kept }),
  'konto-zusammenlegen-pruefen': story(ReviewPage, review),
  'konto-zusammenlegen-pruefen-fehler': story(ReviewPage, {
    ...review,
    services: [],
    keptServices: [],
    card: 'free',
    confirms: [],
    dropped: {
      password: true,
      passkeys: 2,
      app: true,
      loginName: 'erika-zwei',
      email: 'erika.zweitkonto@musterstadt.example',
      emailMissing: false,
    },
    error: true,
  }),
  'konto-zusammenlegen-abgelehnt': story(JoinRefusedPage, { referenceId: '7k2m9qx4ht' }),
  'konto-zusammenlegen-ungueltig': story(JoinGonePage, {}),
  'konto-zusammenlegen-fertig': story(JoinedPage, { cardMoved: true }),
};
