import { deOverview } from './de-overview.tsx';

const services = (count: number): string => (count === 1 ? '1 Leistung' : `${count} Leistungen`);

/** What citizens read in Bayern-Portal. German is the shape; en.tsx must fit it. */
export const de = {
  title: 'Startseite',
  heading: 'Willkommen im Bayern-Portal',
  lead: 'Alles, was Sie von Freistaat, Landkreis und Gemeinde brauchen, an einem Ort und mit einem einzigen Konto, der Bayern-ID.',
  example:
    'Beispiele: Leistungen, Gebühren und Zeichen haben wir für diese Demonstration zusammengestellt. Sie stammen nicht von den Behörden.',
  overview: deOverview,
  search: {
    heading: 'Was möchten Sie erledigen?',
    label: 'Suchen',
    hint: 'Zum Beispiel: Führerschein verloren, Umzug',
    place: 'Ort oder Postleitzahl',
    placeHint: 'Dann zeigen wir nur, was für Ihren Ort gilt.',
    button: 'Suchen',
  },
  situations: {
    heading: 'Nach Lebenslage',
    names: {
      moving: 'Wohnen und Umzug',
      family: 'Familie und Kinder',
      education: 'Schule und Studium',
      work: 'Arbeit und Selbständigkeit',
      mobility: 'Auto und Verkehr',
      documents: 'Ausweise und Urkunden',
      money: 'Geld und Steuern',
      building: 'Bauen und Grundstücke',
      everyday: 'Alltag und Freizeit',
      ageing: 'Alter, Krankheit, Todesfall',
    },
    about: {
      moving: 'anmelden, ummelden, Miete',
      family: 'Geburt, Heirat, Kita',
      education: 'Schulweg, BAföG',
      work: 'Gewerbe, neue Stelle',
      mobility: 'Führerschein, Zulassung, Parken',
      documents: 'Personalausweis, Geburtsurkunde',
      money: 'Zuschüsse, Steuererklärung',
      building: 'Bauantrag, Grundbuch',
      everyday: 'Hund, Sperrmüll, Wahlen',
      ageing: 'Behinderung, Sterbefall',
    },
  },
  often: 'Häufig gesucht',
  all: 'Alle Leistungen von A bis Z',
  signIn: {
    heading: 'Mit der Bayern-ID anmelden',
    what: 'Einmal anmelden genügt für das Portal und die Leistungen. Lesen können Sie hier auch ohne Anmeldung.',
    how: 'Sie melden sich mit Benutzername und Passwort oder mit dem Online-Ausweis an. Mehr als die Basisregistrierung braucht das Portal nicht.',
    button: 'Anmelden',
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
  list: {
    title: 'Leistungen von A bis Z',
    found: (p: { search: string }) => `Suche nach „${p.search}“`,
    lead: 'Bei jeder Leistung steht, was Sie brauchen, was sie kostet und wie Sie sich anmelden, bevor Sie beginnen.',
    count: (p: { count: number }) => services(p.count),
    countFound: (p: { count: number }) => `${services(p.count)} gefunden`,
    guesses: 'Das könnte auch passen',
    onlyGuesses: 'Genau dazu haben wir nichts. Vielleicht ist etwas davon gemeint:',
    narrowed: 'Eingegrenzt auf',
    place: (p: { place: string; county: string }) => `${p.place} (${p.county})`,
    remove: (p: { what: string }) => `${p.what} aufheben`,
    noPlace: 'Viele Leistungen bietet jede Gemeinde selbst an. Mit Ihrem Ort sehen Sie gleich die richtige.',
    unknownPlace: (p: { place: string }) =>
      `Den Ort „${p.place}“ kennen wir nicht. Schreiben Sie den Namen der Gemeinde oder fünf Ziffern der Postleitzahl. Bis dahin sehen Sie Leistungen aus ganz Bayern.`,
    unknownPlaceTitle: 'Ort nicht gefunden',
    noneOfTown: (p: { place: string }) =>
      `Von ${p.place} selbst ist noch keine Leistung eingetragen. Sie sehen, was für Ihren Landkreis und ganz Bayern gilt.`,
    letters: 'Buchstaben',
    letter: (p: { letter: string }) => `Leistungen mit ${p.letter}`,
    other: 'Andere',
    offeredBy: 'Wird angeboten von',
    atPlace: 'Ihre Gemeinde',
    atCounty: 'Ihr Landkreis',
  },
  nothing: {
    title: 'Dazu haben wir nichts gefunden',
    search: (p: { search: string }) => `Zu „${p.search}“ gibt es hier keine Leistung. Das können Sie tun:`,
    similar: 'Meinten Sie:',
    fewer: 'Versuchen Sie es mit einem einzigen Wort, so wie Sie es im Gespräch sagen würden.',
    elsewhere: (p: { place: string; count: number }) =>
      `In ${p.place} gibt es dazu nichts, in ganz Bayern ${services(p.count)}.`,
    elsewhereLink: 'In ganz Bayern suchen',
    situations: 'Oder sehen Sie in einer Lebenslage nach:',
    phone:
      'Oder rufen Sie die Behördennummer 115 an, Montag bis Freitag von 8 bis 18 Uhr. Sie gilt in vielen Gemeinden.',
    empty: 'Hier ist noch keine Leistung eingetragen.',
  },
  place: {
    title: 'Welcher Ort ist gemeint?',
    lead: (p: { typed: string }) => `Zu „${p.typed}“ gibt es mehrere Orte in Bayern. Wählen Sie Ihren aus.`,
    codes: (p: { codes: readonly string[] }) =>
      p.codes.length > 3 ? `${p.codes.slice(0, 3).join(', ')} und weitere` : p.codes.join(', '),
    without: 'Ohne Ort weitersuchen',
  },
  service: {
    glance: 'Auf einen Blick',
    level: 'Anmeldung',
    authority: 'Zuständig',
    documents: 'Das brauchen Sie',
    noDocuments: 'Sie brauchen keine Unterlagen.',
    feeNone: 'keine',
    leika: 'LeiKa-Schlüssel',
    situations: 'Lebenslagen',
    start: {
      heading: 'Online beginnen',
      level: 'Diese Anmeldung brauchen Sie:',
      how: {
        basic: 'Ein Konto mit Benutzername und Passwort genügt. Wer keines hat, legt es unterwegs an.',
        low: 'Benutzername und Passwort genügen, wenn Sie in Ihrem Konto einmal den Online-Ausweis gezeigt haben. Sonst zeigen Sie ihn jetzt.',
        substantial:
          'Ein Passkey, oder Passwort und Code aus einer App, genügen, wenn Sie in Ihrem Konto einmal den Online-Ausweis gezeigt haben. Sonst zeigen Sie ihn jetzt.',
        high: 'Sie weisen sich mit dem Online-Ausweis und seiner PIN aus. Legen Sie beides bereit.',
      },
      enough: 'Ihre Anmeldung genügt dafür.',
      more: (p: { level: string }) =>
        `Sie sind mit „${p.level}“ angemeldet. Die Leistung fragt Sie nach dem, was noch fehlt; Ihre Anmeldung im Portal bleibt.`,
      button: 'Jetzt online beginnen',
      host: (p: { host: string }) => `Sie kommen zu ${p.host}.`,
      example: 'Ein Beispiel: Diese Adresse gibt es nicht.',
    },
    otherPlace: (p: { place: string; authority: string }) =>
      `Diese Leistung bietet ${p.authority} an. Für ${p.place} ist eine andere Behörde zuständig.`,
    otherPlaceTitle: 'Nicht für Ihren Ort',
    back: 'Zu allen Leistungen',
  },
  authority: {
    contact: 'So erreichen Sie die Behörde',
    address: 'Anschrift',
    hours: 'Geöffnet',
    area: 'Zuständig für',
    services: 'Leistungen',
    areaOf: {
      state: 'ganz Bayern',
      county: (p: { county: string }) => p.county,
      municipality: (p: { place: string }) => p.place,
    },
  },
  source: (p: { places: string }) =>
    `${p.places} Orte mit Postleitzahlen: GeoNames, CC BY 4.0, bearbeitet. Das amtliche Gemeindeverzeichnis ist es nicht; fehlt Ihr Ort, hilft seine Postleitzahl.`,
};
