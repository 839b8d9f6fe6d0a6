/** The simulator's words. German is the shape; en.ts must fit it. */
export const de = {
  notice: {
    title: 'Das ist ein Test',
    text: 'Diese Seite spielt einen Zahlungsdienst. Es wird nichts abgebucht. Geben Sie nie eine echte Kartennummer ein: Sie wählen nur eine Testkarte aus.',
  },
  home: {
    title: 'Zahlungsdienst zum Testen',
    lead: 'Beginnen Sie eine Zahlung bei einem Dienst. Sie kommen dann automatisch hierher.',
    cards: 'Diese Testkarten gibt es',
    payments: 'Letzte Zahlungen',
    nothing: 'Noch keine. Nach der ersten Zahlung steht sie hier.',
    settle: 'Alles Ausstehende jetzt erledigen',
    settleText:
      'Manche Testkarten lassen sich Zeit: Die Bank antwortet später, oder die Rückmeldung an den Dienst kommt später. Hier geschieht es sofort.',
    settled: 'Alles Ausstehende ist erledigt',
    settledText: 'Banken haben geantwortet, und alle Rückmeldungen sind verschickt.',
  },
  pay: {
    title: 'Bezahlen',
    payee: 'Empfänger',
    purpose: 'Verwendungszweck',
    amount: 'Betrag',
    card: 'Mit welcher Testkarte möchten Sie bezahlen?',
    more: 'Karten für Störungen: verspätet, doppelt, ohne Antwort',
    missing: 'Wählen Sie eine Testkarte',
    button: (p: { amount: string }) => `${p.amount} bezahlen`,
    cancel: 'Abbrechen',
  },
  cards: {
    success: { name: 'Karte, die bezahlt', what: 'Die Zahlung gelingt sofort.' },
    threeDSecure: { name: 'Karte mit Bestätigung', what: 'Die Bank fragt nach einem Code (3-D Secure).' },
    declined: { name: 'Karte ohne Deckung', what: 'Die Bank lehnt ab.' },
    slow: { name: 'Karte einer langsamen Bank', what: 'Die Bank sagt erst später ja.' },
    timeout: { name: 'Karte ohne Antwort', what: 'Die Bank antwortet nie. Nach Ablauf der Zeit gilt das als nein.' },
    lateCallback: { name: 'Karte mit später Rückmeldung', what: 'Bezahlt ist sofort, der Dienst erfährt es später.' },
    doubleCallback: { name: 'Karte mit doppelter Rückmeldung', what: 'Bezahlt ist einmal, gemeldet wird es zweimal.' },
    noCallback: { name: 'Karte ohne Rückmeldung', what: 'Bezahlt ist sofort, gemeldet wird es nie.' },
    wrongAmount: { name: 'Karte mit falschem Betrag', what: 'Gemeldet wird ein Cent zu wenig.' },
  },
  code: {
    title: 'Ihre Bank fragt nach',
    lead: 'Eine echte Bank würde Ihnen jetzt einen Code schicken oder ihre App öffnen. Im Test ist der Code immer 123456.',
    label: 'Code (6 Ziffern)',
    wrong: (p: { left: number }) =>
      p.left === 1
        ? 'Der Code ist falsch. Sie haben noch einen Versuch.'
        : `Der Code ist falsch. Sie haben noch ${p.left} Versuche.`,
    confirm: 'Zahlung bestätigen',
    refuse: 'Das war ich nicht',
  },
  waiting: {
    title: 'Die Bank hat noch nicht geantwortet',
    text: 'Ihre Zahlung wird geprüft. Sie müssen nichts weiter tun, und Sie müssen nicht noch einmal bezahlen.',
    back: 'Zurück zum Dienst',
  },
  over: {
    title: { paid: 'Schon bezahlt', failed: 'Nicht bezahlt', cancelled: 'Abgebrochen' },
    text: {
      paid: 'Diese Zahlung ist bezahlt. Ein zweites Mal geht nicht.',
      failed: 'Diese Zahlung ist nicht zustande gekommen. Beim Dienst können Sie es noch einmal versuchen.',
      cancelled: 'Diese Zahlung wurde abgebrochen. Es wurde nichts abgebucht.',
    },
    back: 'Zurück zum Dienst',
  },
  states: {
    open: 'noch nicht bezahlt',
    processing: 'wartet auf die Bank',
    paid: 'bezahlt',
    failed: 'fehlgeschlagen',
    cancelled: 'abgebrochen',
  },
  pending: (p: { count: number }) =>
    p.count === 1 ? '1 Rückmeldung steht aus' : `${p.count} Rückmeldungen stehen aus`,
  refunded: (p: { amount: string }) => `${p.amount} erstattet`,
};
