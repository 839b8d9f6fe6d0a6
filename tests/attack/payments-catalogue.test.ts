import { testCatalogue } from './catalogue.ts';

/** The rest of the group is of the Führungszeugnis. */
testCatalogue({ PA: 10 }, [
  ['PA-01', 'amount, currency, purpose or payee changed in the browser', 'the stored order counts', 'payments'],
  ['PA-02', 'amounts that are none', '400', 'payments'],
  ['PA-03', 'call-backs that are forged, old or of another order', '400, nothing changes', 'payments'],
  ['PA-04', 'a call-back repeated, also at once', 'booked once', 'payments'],
  ['PA-05', 'call-back and way back in any order', 'the same in the end', 'payments'],
  ['PA-06', 'double click, back button, two tabs', 'one payment', 'payments'],
  ['PA-07', 'another one’s order or receipt', '404', 'payments'],
  ['PA-08', 'the address of success opened by hand', 'nothing', 'payments'],
  ['PA-09', 'refunds twice, or above the amount', 'refused', 'payments'],
  [
    'PA-10',
    'killed between the provider’s yes and our commit',
    'found out, never double',
    'payments',
    'flow/payments-kill.slow',
  ],
]);
