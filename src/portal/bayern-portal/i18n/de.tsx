export const de = {
  title: 'Startseite',
  heading: 'Willkommen im Bayern-Portal',
  lead: 'Hier sehen Sie, wie Behördengänge mit einem einzigen Konto gehen, der Bayern-ID. Die erste Leistung ist das Führungszeugnis: Einen Antrag nimmt sie noch nicht an, Ihre Ausweisdaten zeigt sie schon.',
  signIn: {
    heading: 'Mit der Bayern-ID anmelden',
    what: 'Einmal anmelden genügt für das Portal und die Leistungen. Lesen können Sie hier auch ohne Anmeldung.',
    how: 'Sie melden sich mit Benutzername und Passwort oder mit dem Online-Ausweis an. Mehr als die Basisregistrierung braucht das Portal nicht.',
    button: 'Anmelden',
  },
  person: {
    heading: 'Ihre Anmeldung',
    name: (p: { name: string }) => `Guten Tag, ${p.name}.`,
    nameless: 'Guten Tag.',
    level: 'Ihre Anmeldung hier im Portal:',
    stepUp: 'Braucht eine Leistung mehr, fragt sie Sie danach. Ihre Anmeldung im Portal bleibt, wie sie ist.',
  },
  services: {
    fee: 'Gebühr',
    time: 'Dauer',
    needs: 'Sie brauchen',
    open: 'Zum Führungszeugnis',
  },
  postfach: {
    name: 'Mein Postfach',
    what: 'Hier liegen die Briefe, die Ihnen Behörden digital schicken, und der Stand Ihrer Anträge.',
    how: 'Gesichert wie ein Brief: Wichtige Schreiben öffnen sich nur mit dem Online-Ausweis.',
    open: 'Zu meinem Postfach',
  },
  fuehrungszeugnis: {
    name: 'Führungszeugnis',
    what: 'Der Auszug aus dem Bundeszentralregister, zum Beispiel für eine neue Stelle oder ein Ehrenamt.',
    time: 'etwa 1 bis 2 Wochen, per Post',
    needs: 'Ihren Online-Ausweis mit PIN',
  },
};
