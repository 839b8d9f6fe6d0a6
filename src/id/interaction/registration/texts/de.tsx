/** A new account. German is the shape; en.tsx must fit it. */
export const de = {
  step: (p: { step: number; of: number }) => `Schritt ${p.step} von ${p.of}`,
  next: 'Weiter',

  register: {
    title: 'Konto anlegen',
    lead: 'Mit einem Konto melden Sie sich bei allen öffentlichen Diensten in Bayern an. Es kostet nichts.',
    needsCard: (p: { service: string; level: string }) =>
      `„${p.service}“ verlangt das Vertrauensniveau „${p.level}“. Dafür brauchen Sie auf jeden Fall Ihren Online-Ausweis, auch wenn Sie das Konto mit E-Mail-Adresse anlegen.`,
    email: {
      heading: 'Mit E-Mail-Adresse',
      text: 'Für den Anfang. Den Online-Ausweis können Sie später hinzufügen.',
      needs: ['Eine E-Mail-Adresse, die Sie jetzt abrufen können', 'Ein neues Passwort', 'Etwa fünf Minuten'],
      button: 'Mit E-Mail-Adresse beginnen',
    },
    card: {
      heading: 'Mit Online-Ausweis',
      text: 'Der sicherste Weg. Ihre Daten lesen wir aus dem Ausweis, und Sie können damit alle Online-Dienste nutzen.',
      button: 'Mit Online-Ausweis beginnen',
    },
    need: 'Sie brauchen:',
    privacy: 'Wie wir mit Ihren Daten umgehen',
    have: 'Sie haben schon ein Konto?',
    login: 'Jetzt anmelden',
  },

  email: {
    title: 'E-Mail-Adresse angeben',
    lead: 'Wir schicken Ihnen einen Code, damit wir wissen, dass die Adresse Ihnen gehört. Mit dieser Adresse melden Sie sich später an.',
    byCard: {
      title: 'E-Mail-Adresse hinzufügen',
      lead: 'Ihr Konto ist angelegt. Mit einer E-Mail-Adresse können wir Ihnen schreiben, wenn sich an Ihrem Konto etwas ändert, und Sie bekommen Zugang, wenn Sie Ihren Ausweis verlieren.',
      read: 'Diese Daten haben wir aus Ihrem Ausweis gelesen',
      readNote: 'Sie lassen sich hier nicht ändern: Es gilt, was auf dem Ausweis steht.',
    },
    label: 'E-Mail-Adresse',
    hint: 'Zum Beispiel name@beispiel.de',
    button: 'Code schicken',
    skip: 'Ohne E-Mail-Adresse weiter',
    back: 'Zurück',
    fault: {
      empty: 'Geben Sie Ihre E-Mail-Adresse ein.',
      notAnAddress:
        'Das ist keine E-Mail-Adresse, an die wir schreiben können. Prüfen Sie die Schreibweise, zum Beispiel name@beispiel.de.',
      tooMany:
        'An diese Adresse oder von Ihrem Anschluss aus wurden gerade erst E-Mails angefordert. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
    },
  },

  elsewhere: {
    title: 'Ihr Code',
    lead: 'Sie haben den Link in einem anderen Browser geöffnet als dem, in dem Sie begonnen haben. Geben Sie diesen Code dort ein:',
    warning: 'Geben Sie den Code niemandem weiter, auch nicht am Telefon.',
  },

  person: {
    title: 'Angaben zur Person',
    lead: 'Diese Angaben geben Sie selbst an. Dienste sehen, dass sie nicht aus einem Ausweis stammen. Sie können sie später ändern.',
    given: 'Vornamen',
    givenHint:
      'Alle, wie sie im Ausweis stehen. Wenn Sie nur einen Namen haben, lassen Sie eines der beiden Felder leer.',
    family: 'Familienname',
    birth: {
      legend: 'Geburtsdatum (freiwillig)',
      hint: 'Zum Beispiel 31 3 1980. Was Sie nicht wissen, lassen Sie leer.',
      day: 'Tag',
      month: 'Monat',
      year: 'Jahr',
    },
    addressTitle: 'Anschrift',
    street: 'Straße und Hausnummer',
    postal: 'Postleitzahl',
    locality: 'Ort',
    fault: {
      noName: 'Geben Sie Ihren Namen ein. Wenn Sie nur einen haben, genügt eines der beiden Felder.',
      tooLong: 'Das sind zu viele Zeichen. Höchstens 120 sind möglich.',
      notText: 'Hier stehen Zeichen, die wir nicht annehmen können, zum Beispiel spitze Klammern.',
      day: 'Geben Sie den Tag als Zahl von 1 bis 31 ein, oder lassen Sie das Feld leer.',
      month: 'Geben Sie den Monat als Zahl von 1 bis 12 ein, oder lassen Sie das Feld leer.',
      year: 'Geben Sie das Jahr mit vier Ziffern ein, oder lassen Sie das Feld leer.',
      noSuchDay: 'Diesen Tag gibt es nicht. Prüfen Sie Tag, Monat und Jahr.',
      future: 'Dieser Tag liegt in der Zukunft. Prüfen Sie das Jahr.',
    },
  },

  password: {
    title: 'Passwort wählen',
    lead: 'Damit melden Sie sich künftig mit Ihrer E-Mail-Adresse an.',
    byCard:
      'Für Tage, an denen Sie Ihren Ausweis nicht dabei haben. Sie brauchen keines: Mit dem Online-Ausweis können Sie sich immer anmelden.',
    button: 'Konto anlegen',
    buttonByCard: 'Passwort speichern',
    skip: 'Ohne Passwort weiter',
  },

  taken: {
    title: 'Für diese Adresse gibt es ein Konto',
    lead: (p: { email: string }) =>
      `Mit der Adresse ${p.email} wurde in der Zwischenzeit ein Konto angelegt. Melden Sie sich damit an. Wenn Sie das Passwort nicht kennen, können Sie ein neues setzen.`,
    login: 'Zur Anmeldung',
    other: 'Andere E-Mail-Adresse',
  },

  registered: {
    title: 'Ihr Konto ist angelegt',
    ready: 'Sie können es sofort benutzen',
    passkey:
      'Schneller geht es mit einem Passkey: Dann genügt die Entsperrung Ihres Geräts, etwa mit Fingerabdruck, Gesicht oder PIN. Sie legen ihn in Mein Konto an.',
    login: (p: { email: string }) => (
      <>
        Sie melden sich künftig mit <strong>{p.email}</strong> und Ihrem Passwort an. Einen Benutzernamen können Sie in
        Mein Konto wählen.
      </>
    ),
    card: 'Sie melden sich künftig mit Ihrem Online-Ausweis an. Weitere Wege können Sie in Mein Konto hinzufügen.',
    button: (p: { service: string }) => `Weiter zu „${p.service}“`,
  },
};
