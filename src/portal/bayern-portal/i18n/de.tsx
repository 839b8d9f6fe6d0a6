export const de = {
  title: 'Startseite',
  heading: 'Willkommen im Bayern-Portal',
  lead: 'Hier beginnen Sie Ihre Behördengänge online: beim Freistaat, bei Ihrem Landratsamt und bei Ihrer Gemeinde. Sie brauchen dafür nur ein Konto, die Bayern-ID.',
  signIn: {
    heading: 'Mit der Bayern-ID anmelden',
    what: 'Einmal anmelden genügt für alle Leistungen. Stöbern können Sie auch ohne Anmeldung.',
    how: 'Sie melden sich mit Benutzername und Passwort oder mit dem Online-Ausweis an. Mehr als die Basisregistrierung braucht das Portal nicht.',
    button: 'Anmelden',
  },
  person: {
    heading: 'Ihre Anmeldung',
    name: (p: { name: string }) => `Guten Tag, ${p.name}.`,
    nameless: 'Guten Tag.',
    level: 'So sind Sie gerade angemeldet:',
    stepUp: 'Braucht eine Leistung mehr, fragt sie Sie danach. Ihre Anmeldung bleibt bestehen.',
  },
  services: {
    heading: 'Online-Leistungen',
    fee: 'Gebühr',
    time: 'Dauer',
    needs: 'Sie brauchen',
    open: 'Zum Führungszeugnis',
  },
  fuehrungszeugnis: {
    name: 'Führungszeugnis',
    what: 'Der Auszug aus dem Bundeszentralregister, zum Beispiel für eine neue Stelle oder ein Ehrenamt.',
    time: 'etwa 1 bis 2 Wochen, per Post',
    needs: 'Ihren Online-Ausweis mit PIN',
  },
};
