import type { Json } from '../../../storage/artifacts.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { catalogues } from '../i18n/messages.ts';
import type { VerifiedPerson } from '../verified-person.ts';
import { dataPage } from './data-page.tsx';
import { startPage } from './start-page.tsx';

const portal = 'https://portal.example';

const read = (value: Json) => ({ value, level: 'high', readAt: Date.UTC(2026, 10, 23) }) as const;

const data = (person: VerifiedPerson) => (page: PageContext) =>
  dataPage({ person, portal }, page, catalogues[page.locale]);

/** Every state of the pages of the application. */
export const fuehrungszeugnisStories: Stories = {
  'fuehrungszeugnis-start': (page) => startPage({ portal }, page, catalogues[page.locale]),
  'fuehrungszeugnis-daten': data({
    given_name: read('ERIKA'),
    family_name: read('MUSTERMANN'),
    birth_family_name: read('GABLER'),
    birthdate: read('1964-08-12'),
    place_of_birth: read({ locality: 'BERLIN' }),
    nationalities: read(['DE']),
    address: read({ street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' }),
  }),
  'fuehrungszeugnis-daten-luecken': data({ family_name: read('MONONYM'), birthdate: read('1964') }),
  'fuehrungszeugnis-daten-keine': data({}),
};
