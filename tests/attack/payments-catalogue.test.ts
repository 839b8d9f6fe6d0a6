import { testCatalogue } from './catalogue.ts';

/** The rest of the group is of the Führungszeugnis. */
testCatalogue({ PA: 10 }, [
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
]);
