import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import type { Payment, PaymentOrder, PaymentState } from '../payment.ts';
import type { PageProps } from './frame.tsx';
import { homePage } from './home-page.tsx';
import { catalogues } from './messages.ts';
import { codePage, endPage, payPage } from './pay-pages.tsx';

const order: PaymentOrder = {
  amount: 1300,
  currency: 'EUR',
  payee: 'Bundesamt für Justiz',
  purpose: 'Fuehrungszeugnis 4711',
  returnUrl: 'https://bezahlen.example/bezahlen/x/ergebnis',
  callbackUrl: 'https://bezahlen.example/anbieter/x',
  expiresAt: 0,
};

const payment = (state: PaymentState, own: Partial<Payment> = {}): Payment => ({
  reference: `r-${state}`,
  id: 'pay_1',
  token: 'beispiel',
  order: { ...order, purpose: `Gebuehr ${state}` },
  state,
  createdAt: 0,
  wrongCodes: 0,
  refunds: [],
  callbacks: [],
  ...own,
});

const props = (page: PageContext): PageProps => ({ page, t: catalogues[page.locale] });
const view = { token: 'beispiel', order, csrf: '' };

/** Every state of the simulator's pages, for the browser gate. */
export const paymentSimulatorStories: Stories = {
  'zahlung-start': (page) => homePage({ ...props(page), payments: [], csrf: '', done: undefined }),
  'zahlung-start-erledigt': (page) =>
    homePage({
      ...props(page),
      csrf: '',
      done: 'settled',
      payments: [
        payment('paid', {
          refunds: [{ reference: 'e', amount: 300, at: 0 }],
          callbacks: [{ eventId: 'e', body: '', dueAt: 0, attempts: 0 }],
        }),
        payment('processing'),
        payment('failed'),
      ],
    }),
  'zahlung-karte': (page) => payPage({ ...props(page), ...view, cardMissing: false }),
  'zahlung-karte-fehlt': (page) => payPage({ ...props(page), ...view, cardMissing: true }),
  'zahlung-code': (page) => codePage({ ...props(page), ...view, attemptsLeft: undefined }),
  'zahlung-code-falsch': (page) => codePage({ ...props(page), ...view, attemptsLeft: 1 }),
  'zahlung-wartet': (page) => endPage({ ...props(page), order, state: 'processing' }),
  'zahlung-schon-bezahlt': (page) => endPage({ ...props(page), order, state: 'paid' }),
  'zahlung-abgelehnt': (page) => endPage({ ...props(page), order, state: 'failed' }),
  'zahlung-abgebrochen': (page) => endPage({ ...props(page), order, state: 'cancelled' }),
};
