import { testCatalogue } from './catalogue.ts';

testCatalogue({ PA: 14 }, [
  [
    'PA-01',
    'amount, currency, purpose or payee changed in the browser',
    'the stored order counts',
    'payments.slow',
    'bezahlen-pages.slow',
  ],
  ['PA-02', 'amounts that are none', '400', 'payments.slow'],
  ['PA-03', 'call-backs that are forged, old or of another order', '400, nothing changes', 'payments.slow'],
  ['PA-04', 'a call-back repeated, also at once', 'booked once', 'payments.slow'],
  ['PA-05', 'call-back and way back in any order', 'the same in the end', 'payments.slow'],
  ['PA-06', 'double click, back button, two tabs', 'one payment', 'payments.slow', 'bezahlen-pages.slow'],
  ['PA-07', 'another one’s order or receipt', '404', 'payments.slow'],
  ['PA-08', 'the address of success opened by hand', 'nothing', 'payments.slow', 'bezahlen-pages.slow'],
  ['PA-09', 'refunds twice, or above the amount', 'refused', 'payments.slow'],
  [
    'PA-10',
    'killed between the provider’s yes and our commit',
    'found out, never double',
    'payments.slow',
    'flow/payments-kill.slow',
  ],
  [
    'PA-11',
    'application at low, with an aged high, with card data edited',
    'refused; card data is fixed',
    'fuehrungszeugnis',
  ],
  ['PA-12', 'application for another person', 'refused', 'fuehrungszeugnis'],
  [
    'PA-13',
    'sent but not paid; paid but not sent',
    'consistent in the end, applicant told',
    'fuehrungszeugnis',
    'flow/fuehrungszeugnis.slow',
  ],
  ['PA-14', 'level falls between form and sending', 'asked again, draft kept', 'fuehrungszeugnis'],
]);
