import { deApplication } from './de-application.tsx';

export const de = {
  ...deApplication,
  toPortal: 'Zum Bayern-Portal',
  start: {
    title: 'Das Führungszeugnis online',
    lead: 'Ein Führungszeugnis zeigt, ob im Bundeszentralregister Verurteilungen über Sie stehen. Arbeitgeber, Vereine und Behörden verlangen es zum Beispiel vor einer Einstellung.',
    who: {
      heading: 'Wer kann den Antrag stellen?',
      items: [
        'Sie selbst, ab 16 Jahren. So alt muss man für den Online-Ausweis sein.',
        'Nur für sich selbst. Eine Vertretung ist nicht erlaubt.',
      ],
      others: 'Wer 14 oder 15 Jahre alt ist oder keinen Online-Ausweis hat, stellt den Antrag bei der Gemeinde.',
    },
    facts: {
      heading: 'Gebühr und Dauer',
      fee: 'Gebühr',
      feeNote: 'Für ein Ehrenamt und bei Mittellosigkeit ist eine Befreiung möglich.',
      time: 'Dauer',
      timeText: 'etwa 1 bis 2 Wochen',
      way: 'Zustellung',
      wayText: 'per Post an Ihre Anschrift oder direkt an die Behörde',
    },
    needs: {
      heading: 'Was Sie brauchen',
      why: 'Das Gesetz verlangt den Online-Ausweis (§ 30c des Bundeszentralregistergesetzes). Benutzername und Passwort genügen hier nicht, auch wenn Sie schon angemeldet sind.',
      items: [
        'Ihren Personalausweis, Ihre eID-Karte oder Ihren Aufenthaltstitel mit Online-Ausweis',
        'Ihre sechsstellige PIN',
        'ein Smartphone oder ein Kartenlesegerät und die AusweisApp',
      ],
      begin: 'Ausweisen und Antrag stellen',
      mine: 'Meine Anträge',
    },
  },
  data: {
    title: 'Ihre Daten',
    lead: 'Diese Daten haben wir mit Ihrer Erlaubnis aus Ihrem Online-Ausweis bekommen. Sie sind geprüft. Ändern können Sie sie hier nicht.',
    heading: 'Aus Ihrem Online-Ausweis',
    labels: {
      given_name: 'Vornamen',
      family_name: 'Familienname',
      birth_family_name: 'Geburtsname',
      birthdate: 'Geburtsdatum',
      place_of_birth: 'Geburtsort',
      nationalities: 'Staatsangehörigkeit',
      address: 'Anschrift',
    },
    read: (p: { level: string; date: string }) => `${p.level}, gelesen am ${p.date}`,
    missing: {
      heading: 'Das steht nicht auf Ihrem Ausweis',
      given_name: 'Vornamen: Ihr Ausweis nennt nur einen Namen.',
      family_name: 'Familienname: Ihr Ausweis nennt keinen.',
      birth_family_name:
        'Geburtsname: Er steht nur auf dem Ausweis, wenn er vom Familiennamen abweicht, und fehlt auf älteren Ausweisen.',
      birthdate: 'Geburtsdatum: Ihr Ausweis nennt keines.',
      place_of_birth: 'Geburtsort: Ihr Ausweis nennt keinen.',
      nationalities: 'Staatsangehörigkeit: Sie fehlt im Chip von Ausweisen, die vor November 2019 ausgestellt wurden.',
      address: 'Anschrift: Ihr Ausweis nennt keine.',
    },
    nothing: {
      title: 'Wir haben keine geprüften Daten erhalten',
      text: 'Bayern-ID hat keine Daten aus Ihrem Online-Ausweis übermittelt. Ohne diese Daten ist kein Antrag möglich.',
    },
    expiry:
      'Zu Ihrem Schutz gilt der Nachweis 30 Minuten, und nur 5 Minuten, wenn Sie nichts tun. Danach fragen wir noch einmal nach Ihrem Online-Ausweis. Sie kommen dann zu dieser Seite zurück.',
    toStart: 'Zurück zur Übersicht',
  },
};
