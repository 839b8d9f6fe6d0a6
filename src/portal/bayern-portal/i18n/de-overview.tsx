/** What only who is logged in reads. */
export const deOverview = {
  heading: 'Ihre Übersicht',
  name: (p: { name: string }) => `Guten Tag, ${p.name}.`,
  nameless: 'Guten Tag.',
  login: {
    heading: 'Ihre Anmeldung',
    level: 'Ihre Anmeldung hier im Portal:',
    stepUp: 'Braucht eine Leistung mehr, fragt sie Sie danach.',
  },
  letters: {
    heading: 'Neue Briefe',
    none: 'Keine neuen Briefe.',
    some: (p: { count: number }) =>
      p.count === 1 ? '1 neuer Brief wartet auf Sie.' : `${p.count} neue Briefe warten auf Sie.`,
  },
  applications: {
    heading: 'Ihre Anträge',
    none: 'Sie haben noch keinen Antrag gestellt, der hier erscheint.',
    since: (p: { date: string }) => `seit ${p.date}`,
    all: (p: { count: number }) => `Alle ${p.count} Anträge`,
    open: 'Zu meinen Vorgängen',
    locked: (p: { count: number }) => (p.count === 1 ? '1 geschützter Vorgang.' : `${p.count} geschützte Vorgänge.`),
    lockedText: 'Mehr zeigt Mein Postfach nach einer stärkeren Anmeldung.',
    state: {
      INITIATED: 'Begonnen',
      SUBMITTED: 'Gesendet',
      RECEIVED: 'Eingegangen',
      PROCESSING: 'In Bearbeitung',
      ACTION_REQUIRED: 'Sie sind am Zug',
      COMPLETED: 'Abgeschlossen',
    },
  },
  payments: {
    heading: 'Offene Zahlungen',
    none: 'Keine offenen Zahlungen.',
    to: (p: { amount: string; payee: string }) => `${p.amount} an ${p.payee}`,
    until: (p: { when: string }) => `zu bezahlen bis ${p.when}`,
    checking: 'Wird geprüft: bitte nicht noch einmal bezahlen',
    all: (p: { count: number }) => `Alle ${p.count} offenen Zahlungen finden Sie unter „Meine Zahlungen“.`,
    open: 'Zu meinen Zahlungen',
  },
  away: 'Das können wir gerade nicht abrufen. Es geht nichts verloren; laden Sie die Seite in ein paar Minuten neu.',
  loginAgain: 'Dafür melden Sie sich bitte noch einmal an.',
  loginAgainButton: 'Neu anmelden',
};
