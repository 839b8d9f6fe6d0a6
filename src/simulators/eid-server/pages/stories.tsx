import { eidOperations } from '../../../id/authentication/eid/port.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import type { TestCard } from '../../test-persons.ts';
import type { ClientRun } from '../client.ts';
import { loginFaults } from '../faults.ts';
import type { PageProps } from './frame.tsx';
import { homePage } from './home-page.tsx';
import { catalogues } from './messages.ts';
import { blockedPage, noTokenPage, pinPage } from './pin-page.tsx';
import { requestPage } from './request-page.tsx';

const run: ClientRun = {
  id: 'beispiel',
  expiresAt: 0,
  token: {
    serverAddress: 'https://localhost:3012/paos',
    psk: { id: '', key: '' },
    refreshAddress: 'https://www.bayern-id.test/zurueck',
    communicationErrorAddress: undefined,
  },
  session: {
    id: '',
    psk: { id: '', key: '' },
    expiresAt: 0,
    faults: loginFaults(undefined),
    lastCounter: 0,
    reading: undefined,
    request: {
      operation: 'useID',
      schema: '2.4',
      wishes: new Map(eidOperations.map((name, index) => [name, index % 3 === 0 ? 'ALLOWED' : 'REQUIRED'])),
      age: 18,
      transactionInfo: 'Anmeldung bei Führungszeugnis',
      minimumLevel: undefined,
      eidTypes: new Map(),
      psk: undefined,
    },
  },
};

/** Every state of the simulator's pages, for the browser gate. */
export const simulatorStories = (cards: readonly TestCard[]): Stories => {
  const props = (page: PageContext): PageProps => ({ page, t: catalogues[page.locale] });
  const csrf = '';
  const [card] = cards;
  if (card === undefined) return {};
  return {
    'simulator-start': (page) => homePage({ ...props(page), cards, csrf, done: undefined }),
    'simulator-start-vorgemerkt': (page) => homePage({ ...props(page), cards, csrf, done: 'planned' }),
    'simulator-start-entsperrt': (page) => homePage({ ...props(page), cards, csrf, done: 'reset' }),
    'simulator-anfrage': (page) => requestPage({ ...props(page), run, cards, csrf, cardMissing: false }),
    'simulator-anfrage-ohne-ausweis': (page) => requestPage({ ...props(page), run, cards, csrf, cardMissing: true }),
    'simulator-pin': (page) => pinPage({ ...props(page), run, card, csrf, needsCan: false, refusal: undefined }),
    'simulator-pin-falsch': (page) =>
      pinPage({ ...props(page), run, card, csrf, needsCan: true, refusal: { kind: 'wrong', left: 1 } }),
    'simulator-can-falsch': (page) =>
      pinPage({ ...props(page), run, card, csrf, needsCan: true, refusal: { kind: 'canWrong', left: 1 } }),
    'simulator-gesperrt': (page) => blockedPage({ ...props(page), run, csrf }),
    'simulator-ohne-token': (page) => noTokenPage(props(page)),
  };
};
