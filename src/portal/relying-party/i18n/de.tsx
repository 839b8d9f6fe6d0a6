/** Words of the pages that every service has: a login that did not come about, and the end of a session. */
export const de = {
  again: 'Noch einmal versuchen',
  signIn: 'Anmelden',
  toStart: 'Zur Startseite',
  logOut: 'Abmelden',
  nameless: 'Ihr Konto',
  failures: {
    ended: {
      title: 'Die Anmeldung wurde beendet',
      what: 'Bayern-ID hat uns keine Daten übermittelt. Das ist so, wenn Sie die Anmeldung abbrechen oder die Freigabe Ihrer Daten ablehnen.',
      todo: 'Sie können die Anmeldung jederzeit neu beginnen.',
    },
    level: {
      title: 'Das Vertrauensniveau reicht noch nicht aus',
      what: 'Für diese Seite müssen wir sicherer wissen, wer Sie sind. Ihre Anmeldung hat das nötige Vertrauensniveau nicht erreicht.',
      todo: 'Versuchen Sie es noch einmal und weisen Sie sich mit Ihrem Online-Ausweis aus.',
    },
    loginRequired: {
      title: 'Bitte melden Sie sich an',
      what: 'Bei Bayern-ID sind Sie im Moment nicht angemeldet.',
      todo: 'Melden Sie sich an. Danach kommen Sie zu dieser Seite zurück.',
    },
    unavailable: {
      title: 'Bayern-ID ist gerade nicht erreichbar',
      what: 'Wir konnten die Anmeldung nicht abschließen, weil Bayern-ID nicht antwortet.',
      todo: 'Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    },
    unknown: {
      title: 'Diese Anmeldung ist nicht mehr gültig',
      what: 'Die Anmeldung ist abgelaufen, wurde schon abgeschlossen oder in einem anderen Browser begonnen.',
      todo: 'Beginnen Sie die Anmeldung neu. Sind Sie schon angemeldet, geht es auf der Startseite weiter.',
    },
    otherPerson: {
      title: 'Das war ein anderes Konto',
      what: 'Sie sind hier mit einem Konto angemeldet. Bayern-ID hat uns aber die Anmeldung eines anderen Kontos gemeldet. Wir haben nichts geändert.',
      todo: 'Möchten Sie das andere Konto benutzen? Dann melden Sie sich zuerst hier ab.',
    },
    loggedOut: {
      title: 'Sie wurden inzwischen abgemeldet',
      what: 'Ihre Sitzung bei Bayern-ID endete, während die Anmeldung hier noch lief.',
      todo: 'Melden Sie sich noch einmal an.',
    },
    refused: {
      title: 'Die Anmeldung hat nicht geklappt',
      what: 'Die Antwort von Bayern-ID passte nicht zu Ihrer Anmeldung. Zu Ihrem Schutz haben wir sie nicht angenommen.',
      todo: 'Beginnen Sie die Anmeldung neu. Kommt der Fehler wieder, liegt er nicht bei Ihnen.',
    },
  },
  kept: {
    title: 'Ihre Eingaben sind noch da',
    text: 'Gesendet sind sie noch nicht, weil Ihr Nachweis abgelaufen war. Prüfen Sie sie und senden Sie sie noch einmal.',
  },
  loggedOut: {
    title: 'Sie sind abgemeldet',
    here: (p: { service: string }) => `Ihre Sitzung bei ${p.service} ist beendet.`,
    sharedDevice: 'An einem fremden Gerät schließen Sie bitte auch den Browser.',
    onlyHereTitle: 'Bayern-ID war nicht erreichbar',
    onlyHere:
      'Dort sind Sie vielleicht noch angemeldet. Melden Sie sich auch dort ab, besonders an einem fremden Gerät.',
    toProvider: 'Zu Bayern-ID',
    stillTitle: 'Sie sind angemeldet',
    still: 'Zum Abmelden benutzen Sie „Abmelden“ oben auf der Seite.',
  },
};
