/** A forgotten password. German is the shape; en.tsx must fit it. */
export const de = {
  forgotten: {
    title: 'Passwort zurücksetzen',
    lead: 'Wir schicken Ihnen eine E-Mail mit einem Link. Damit können Sie ein neues Passwort setzen.',
    login: 'E-Mail-Adresse oder Benutzername',
    hint: 'Die, mit der Sie sich sonst anmelden.',
    button: 'Link anfordern',
    card: 'Haben Sie Ihren Online-Ausweis mit dem Konto verbunden? Dann brauchen Sie kein Passwort: Melden Sie sich mit dem Online-Ausweis an und ändern Sie das Passwort in Mein Konto.',
    back: 'Zurück zur Anmeldung',
    fault: { empty: 'Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen ein.' },
  },

  sent: {
    title: 'Sehen Sie in Ihr E-Mail-Postfach',
    lead: 'Wenn es das Konto gibt und eine bestätigte E-Mail-Adresse dazu, ist die E-Mail mit dem Link unterwegs.',
    life: 'Der Link gilt 30 Minuten und nur einmal. Öffnen Sie ihn auf diesem oder einem anderen Gerät.',
    nothing: 'Keine E-Mail angekommen?',
    points: [
      'Das kann einige Minuten dauern. Sehen Sie auch im Ordner für Spam nach.',
      'Vielleicht haben Sie sich mit einer anderen E-Mail-Adresse registriert.',
      'Aus Sicherheitsgründen schicken wir nur wenige E-Mails hintereinander an dieselbe Adresse. Warten Sie eine Stunde, bevor Sie es noch einmal versuchen.',
    ],
    again: 'Noch einmal anfordern',
  },

  gone: {
    title: 'Dieser Link gilt nicht mehr',
    lead: 'Er ist älter als 30 Minuten, wurde schon benutzt, oder Sie haben inzwischen einen neueren angefordert. An Ihrem Konto wurde nichts geändert.',
    again: 'Neuen Link anfordern',
  },

  proof: {
    title: 'Zeigen Sie, dass Sie es sind',
    lead: 'Ihr Konto ist besonders geschützt. Bevor Sie ein neues Passwort setzen, brauchen wir zusätzlich einen Nachweis.',
    choose: 'Einer der beiden Wege genügt.',
    code: {
      heading: 'Code eingeben',
      text: 'Nehmen Sie den Code aus Ihrer Authenticator-App oder einen Ihrer Wiederherstellungscodes.',
      label: 'Code',
      button: 'Code prüfen',
    },
    card: {
      heading: 'Mit Online-Ausweis',
      text: 'Nehmen Sie den Ausweis, der mit diesem Konto verbunden ist.',
      button: 'Mit Online-Ausweis ausweisen',
    },
    foreign: {
      title: 'Das war nicht der Ausweis dieses Kontos',
      text: 'Sie haben sich mit einem anderen Konto angemeldet. Nehmen Sie den Ausweis, der mit dem Konto verbunden ist, dessen Passwort Sie ändern möchten.',
    },
    fault: {
      empty: 'Geben Sie den Code ein.',
      wrong: 'Dieser Code stimmt nicht oder wurde schon benutzt. Nehmen Sie den nächsten, den die App zeigt.',
      throttled: 'Es gab zu viele Versuche. Warten Sie einige Minuten.',
    },
  },

  password: {
    title: 'Neues Passwort setzen',
    lead: 'Danach sind Sie überall abgemeldet und melden sich mit dem neuen Passwort wieder an.',
    button: 'Passwort setzen',
  },

  done: {
    title: 'Ihr Passwort ist geändert',
    out: 'Alle anderen Anmeldungen sind beendet',
    lead: 'Wir haben Ihnen eine E-Mail darüber geschickt. Melden Sie sich jetzt mit dem neuen Passwort an.',
    dropped: {
      title: 'Das haben wir dabei entfernt',
      text: 'Auch damit kam man in Ihr Konto, und es war nie bestätigt: Vielleicht hatte es jemand anderes eingerichtet. Gehörte es Ihnen, richten Sie es in Mein Konto neu ein.',
      passkey: (p: { name: string }) => `Passkey „${p.name}“`,
      means: { password: 'Passwort', totp: 'Authenticator-App', recovery_codes: 'Wiederherstellungscodes' },
    },
    login: 'Jetzt anmelden',
    back: 'Weiter mit der Anmeldung',
  },
};
