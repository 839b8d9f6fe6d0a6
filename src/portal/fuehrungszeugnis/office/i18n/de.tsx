export const de = {
  list: {
    title: 'Anträge auf Führungszeugnis',
    open: 'Offene Anträge',
    done: 'Beantwortete Anträge',
    empty: 'Hier ist kein Antrag',
    older: 'Weitere Anträge',
    received: (p: { when: string }) => `eingegangen am ${p.when}`,
  },
  states: { filed: 'neu', processing: 'in Bearbeitung', answered: 'beantwortet' },
  application: {
    back: 'Zu den Anträgen',
    title: (p: { reference: string }) => `Antrag ${p.reference}`,
    takeUp: 'In Bearbeitung nehmen',
    documents: 'Nachweise',
    exemption: 'Eine Gebührenbefreiung ist beantragt. Mit der Ausstellung wird sie gewährt.',
    paid: 'Die Gebühr ist bezahlt.',
  },
  answer: {
    heading: 'Antrag beantworten',
    legend: 'Entscheidung',
    outcomes: { issued: 'Führungszeugnis ausgestellt', refused: 'Antrag abgelehnt' },
    text: 'Mitteilung an die antragstellende Person',
    textHint: 'Steht im Brief. Bei einer Ablehnung mit Begründung. Höchstens 4000 Zeichen.',
    send: 'Antwort senden',
    given: 'Antwort',
    late: 'Der Antrag ist schon beantwortet',
    errors: {
      outcome: 'Wählen Sie die Entscheidung.',
      text: 'Begründen Sie die Ablehnung, mit höchstens 4000 Zeichen.',
    },
  },
  own: {
    title: 'Das ist Ihr eigener Antrag',
    text: 'Über den eigenen Antrag entscheidet niemand selbst (§ 20 VwVfG). Jemand anderes aus der Registerbehörde bearbeitet ihn.',
  },
  denied: {
    title: 'Kein Zugriff',
    text: 'Ihr Konto hat keine Rolle in der Registerbehörde. Die Rolle gehört zu einer bestätigten E-Mail-Adresse; der Betrieb vergibt sie.',
  },
};
