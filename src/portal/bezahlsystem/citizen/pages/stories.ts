import type { VNode } from 'preact';
import type { PageContext } from '../../../../web/page-context.ts';
import type { Stories } from '../../../../web/pages/stories.tsx';
import type { OrderItem } from '../../orders/order.ts';
import type { MyPayment, OrderView, ViewState } from '../../payments.ts';
import { catalogues } from '../i18n/messages.ts';
import type { Frame } from './frame.ts';
import { homePage, minePage, myPaymentPage } from './mine-pages.tsx';
import { leavingPage, payPage, stopPage, type PayView } from './pay-page.tsx';
import { gonePage, resultPage } from './result-page.tsx';

const at = Date.UTC(2026, 10, 26, 9, 30);
const minute = 60_000;

const framed =
  (show: (frame: Frame) => VNode, loggedIn = false) =>
  (page: PageContext): VNode =>
    show({ page, t: catalogues[page.locale], csrf: 'x', loggedIn, portal: 'https://portal.example' });

const item = (id: string, description: string, net: number, own: Partial<OrderItem> = {}): OrderItem => ({
  id,
  description,
  taxRate: '0',
  quantity: 1,
  totalNet: net,
  totalTax: 0,
  singleNet: net,
  singleTax: 0,
  ...own,
});

const order = (own: Partial<OrderView> = {}): OrderView => ({
  pageId: 'beispiel',
  id: '0b6f1c5e-7c1d-4c53-9a43-9d1f3a1c2b77',
  state: 'open',
  payee: { name: 'Bundesamt für Justiz', address: ['Adenauerallee 99–103', '53113 Bonn'], accountReference: '1' },
  purpose: 'Fuehrungszeugnis 4711',
  description: 'Führungszeugnis nach § 30 BZRG',
  items: [item('1', 'Führungszeugnis', 1300)],
  amount: 1300,
  currency: 'EUR',
  reference: 'BFJ-2026-004711-3',
  methods: ['CREDITCARD'],
  createdAt: at,
  payableUntil: at + 60 * minute,
  refunds: [],
  returnUrl: 'https://fuehrungszeugnis.example/antrag/4711',
  serviceName: { de: 'Führungszeugnis', en: 'Certificate of good conduct' },
  dataPassedOn: [],
  ...own,
});

const several: Partial<OrderView> = {
  payee: { name: 'Landratsamt Musterkreis, Zulassungsbehörde', address: [], accountReference: '2' },
  purpose: 'Zulassung MU-ST 2026',
  items: [
    item('1', 'Zulassung eines Fahrzeugs', 3060),
    item('2', 'Kennzeichenschild, reflektierend', 2000, {
      quantity: 2,
      singleNet: 1000,
      taxRate: '19',
      totalTax: 380,
      singleTax: 190,
    }),
    item('3', 'Feinstaubplakette', 600),
  ],
  amount: 6040,
  methods: ['CREDITCARD', 'GIROPAY', 'PAYPAL'],
  dataPassedOn: ['name', 'address'],
};

const paid: Partial<OrderView> = {
  state: 'paid',
  paidAt: at + 3 * minute,
  method: 'CREDITCARD',
  methodDetail: 'Visa',
};

const attempt = (own: Partial<NonNullable<OrderView['attempt']>> = {}): NonNullable<OrderView['attempt']> => ({
  method: 'CREDITCARD',
  continuable: false,
  ...own,
});

const pay = (own: Partial<OrderView> = {}, problem?: PayView['problem'], loggedIn = false) =>
  framed((frame) => payPage({ view: order(own), ...(problem === undefined ? {} : { problem }) }, frame), loggedIn);
const result = (own: Partial<OrderView>, mine = false) =>
  framed((frame) => resultPage({ view: order(own), mine, now: at + 5 * minute }, frame), mine);

const payment = (
  state: ViewState,
  serviceName: MyPayment['serviceName'],
  purpose: string,
  amount: number,
  days: number,
): MyPayment => ({
  id: purpose,
  serviceName,
  state,
  payee: order().payee,
  purpose,
  amount,
  currency: 'EUR',
  createdAt: at - days * 24 * 60 * minute,
  payableUntil: at - (days - 1) * 24 * 60 * minute,
});

/** Every state of the citizen's pages. */
export const bezahlsystemStories: Stories = {
  'bezahlen-start': framed(homePage),
  bezahlen: pay(),
  'bezahlen-mehrere-posten': pay(several, undefined, true),
  'bezahlen-nach-fehlschlag': pay({ attempt: attempt({ failure: 'declined' }) }),
  'bezahlen-begonnen': pay({ attempt: attempt({ continuable: true }) }),
  'bezahlen-ohne-zahlungsart': pay(several, 'methodMissing'),
  'bezahlen-nicht-angenommen': pay({}, 'refused'),
  'bezahlen-zu-oft': pay({}, 'tooOften'),
  'bezahlen-keine-antwort': pay({}, 'unavailable'),
  'bezahlen-weiter': framed((frame) => leavingPage({ url: 'https://zahlungsdienst.example/zahlen/x' }, frame)),
  'bezahlen-abbrechen': framed((frame) => stopPage({ view: order() }, frame)),
  'ergebnis-bezahlt': result(paid),
  'ergebnis-bezahlt-angemeldet': result({ ...paid, ...several }, true),
  'ergebnis-erstattet': result({
    ...paid,
    refunds: [
      { amount: 300, state: 'done', at: at + 90 * minute, surplus: false },
      { amount: 1000, state: 'pending', at: at + 95 * minute, surplus: false },
      { amount: 1300, state: 'done', at: at + 2 * minute, surplus: true },
    ],
  }),
  'ergebnis-wird-geprueft': result({ state: 'checking', attempt: attempt() }),
  'ergebnis-noch-nicht-fertig': result({ attempt: attempt({ continuable: true }) }),
  'ergebnis-nicht-zu-beenden': framed((frame) =>
    resultPage(
      { view: order({ attempt: attempt({ continuable: true }) }), mine: false, now: at, notStopped: true },
      frame,
    ),
  ),
  'ergebnis-nicht-bezahlt': result({ attempt: attempt({ failure: 'authentication' }) }),
  'ergebnis-abgebrochen': result({ state: 'cancelled' }),
  'ergebnis-beendet': result({ state: 'failed', refunds: [{ amount: 1300, state: 'manual', at, surplus: true }] }),
  'ergebnis-abgelaufen': result({ state: 'expired' }),
  'zahlung-unbekannt': framed(gonePage),
  'meine-zahlungen': framed(
    (frame) =>
      minePage(
        {
          payments: [
            payment('checking', { de: 'Hundesteuer', en: 'Dog tax' }, 'Hundesteuer 2026', 12_000, 0),
            payment('paid', order().serviceName, 'Fuehrungszeugnis 4711', 1300, 1),
            payment('paid', { de: 'Kfz-Zulassung', en: 'Vehicle registration' }, 'Zulassung MU-ST 2026', 6040, 12),
            payment(
              'cancelled',
              { de: 'Meldebescheinigung', en: 'Proof of residence' },
              'Meldebescheinigung 77',
              500,
              40,
            ),
          ],
          older: at,
          later: true,
        },
        frame,
      ),
    true,
  ),
  'meine-zahlungen-leer': framed((frame) => minePage({ payments: [], later: false }, frame), true),
  'meine-zahlung': framed((frame) => myPaymentPage({ view: order(paid) }, frame), true),
  'meine-zahlung-offen': framed((frame) => myPaymentPage({ view: order() }, frame), true),
};
