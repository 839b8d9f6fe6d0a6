/** Mein Konto, the ways in. The shape of both catalogues: a key that one of them lacks does not compile. */
export const de = {
  title: 'Anmeldemethoden',
  lead: 'So können Sie sich anmelden. Hinzufügen und entfernen lässt sich eine Methode nur kurz nach einer Anmeldung mit Ihrer sichersten.',
  join: {
    heading: 'Zweites Konto',
    text: 'Haben Sie noch ein Konto bei Bayern-ID, können Sie beide zusammenlegen.',
    link: 'Zwei Konten zusammenlegen',
  },
  done: {
    'passkey-hinzugefuegt': 'Der Passkey wurde hinzugefügt',
    'passkey-umbenannt': 'Der Passkey wurde umbenannt',
    'passkey-entfernt': 'Der Passkey wurde entfernt',
    'app-hinzugefuegt': 'Die Authenticator-App ist eingerichtet. Erzeugen Sie jetzt Wiederherstellungscodes.',
    'app-entfernt': 'Die Authenticator-App und ihre Wiederherstellungscodes wurden entfernt',
  },
  names: {
    heading: 'Namen für die Anmeldung',
    email: 'E-Mail-Adresse',
    loginName: 'Benutzername',
    none: 'keine Angabe',
    changeEmail: 'E-Mail-Adresse ändern',
    addEmail: 'E-Mail-Adresse hinzufügen',
    changeLoginName: 'Benutzername ändern',
    addLoginName: 'Benutzername wählen',
  },
  password: {
    heading: 'Passwort',
    since: (p: { date: string }) => `Gesetzt am ${p.date}.`,
    withApp: 'Das Vertrauensniveau erreichen Sie zusammen mit dem Code aus der App.',
    none: 'Ihr Konto hat kein Passwort.',
    change: 'Passwort ändern',
    set: 'Passwort einrichten',
  },
  passkey: {
    heading: 'Passkeys',
    what: 'Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an. Er lässt sich weder erraten noch auf einer falschen Seite eingeben.',
    kind: {
      synced: 'Wird von Ihrem Passwort-Manager zwischen Geräten abgeglichen.',
      bound: 'Bleibt auf einem Gerät oder Sicherheitsschlüssel.',
    },
    since: (p: { date: string }) => `Hinzugefügt am ${p.date}.`,
    used: (p: { time: string }) => `Zuletzt benutzt am ${p.time} Uhr.`,
    neverUsed: 'Noch nicht benutzt.',
    manage: (p: { name: string }) => `„${p.name}“ umbenennen oder entfernen`,
    add: 'Passkey hinzufügen',
  },
  addPasskey: {
    title: 'Passkey hinzufügen',
    lead: 'Ihr Gerät fragt gleich nach Fingerabdruck, Gesicht oder PIN. Danach melden Sie sich damit an, ohne Benutzername und Passwort.',
    notShared: 'Legen Sie keinen Passkey auf einem Gerät an, das andere Menschen entsperren können.',
    name: 'Name des Passkeys',
    nameHint: 'Damit Sie ihn in Ihrer Liste wiederfinden, zum Beispiel „Mein Telefon“.',
    button: 'Passkey anlegen',
    failed: 'Es wurde kein Passkey angelegt. Versuchen Sie es noch einmal.',
    missing: 'Dieser Browser kann hier keinen Passkey anlegen. Dafür muss JavaScript eingeschaltet sein.',
    off: {
      title: 'Passkeys gehen zurzeit nicht',
      text: 'Wir haben diesen Weg vorübergehend abgeschaltet. Bitte versuchen Sie es später noch einmal.',
    },
    errorTitle: 'Der Passkey wurde nicht hinzugefügt',
    error: {
      name: 'Geben Sie dem Passkey einen Namen.',
      refused: 'Die Antwort des Geräts wurde nicht angenommen. Versuchen Sie es noch einmal.',
      taken: 'Auf diesem Gerät gibt es schon einen Passkey für Bayern-ID.',
      many: 'Ihr Konto hat schon 20 Passkeys. Entfernen Sie zuerst einen, den Sie nicht mehr brauchen.',
    },
  },
  onePasskey: {
    title: (p: { name: string }) => `Passkey „${p.name}“`,
    rename: 'Umbenennen',
    name: 'Name des Passkeys',
    save: 'Namen speichern',
    remove: 'Entfernen',
    effect: 'Mit diesem Passkey kann sich danach niemand mehr anmelden. Wer schon angemeldet ist, bleibt es.',
    device: 'Auf dem Gerät selbst bleibt er stehen. Löschen Sie ihn dort in den Einstellungen.',
    removeButton: 'Passkey entfernen',
    errorTitle: 'Das hat nicht geklappt',
    error: {
      name: 'Geben Sie dem Passkey einen Namen.',
      last: 'Dieser Passkey ist der letzte Weg in Ihr Konto. Richten Sie zuerst ein Passwort oder einen anderen Passkey ein, oder fügen Sie Ihren Online-Ausweis hinzu.',
    },
  },
  app: {
    heading: 'Authenticator-App',
    since: (p: { date: string }) =>
      `Eingerichtet am ${p.date}. Nach dem Passwort fragen wir nach dem Code aus der App.`,
    used: (p: { time: string }) => `Zuletzt benutzt am ${p.time} Uhr.`,
    none: 'Mit einer App auf Ihrem Telefon schützen Sie Ihr Passwort: Wer es erfährt, kommt ohne den Code der App nicht in Ihr Konto.',
    add: 'Authenticator-App einrichten',
    more: 'Mehr über die Authenticator-App',
    manage: 'Authenticator-App entfernen',
  },
  setUpApp: {
    title: 'Authenticator-App einrichten',
    lead: 'Danach fragen wir nach Ihrem Passwort immer auch nach dem Code, den die App zeigt.',
    install:
      'Öffnen Sie auf Ihrem Telefon eine Authenticator-App. Sie können jede nehmen, die Codes mit sechs Ziffern zeigt.',
    scan: 'Fügen Sie in der App ein Konto hinzu und scannen Sie diesen QR-Code.',
    qrAlt: 'QR-Code für Ihre Authenticator-App. Er enthält den Schlüssel, der darunter steht.',
    type: 'Oder tippen Sie diesen Schlüssel ein:',
    settings: 'Art: zeitbasiert (TOTP), SHA-1, 6 Ziffern, 30 Sekunden.',
    open: 'In einer App auf diesem Gerät öffnen',
    code: 'Code aus der App',
    codeHint: 'Sechs Ziffern. Erst wenn der Code stimmt, gilt die App.',
    button: 'App einrichten',
    needsPassword:
      'Die Authenticator-App steht neben einem Passwort, und Ihr Konto hat keines. Ein Passkey schützt Sie ebenso gut und braucht keines.',
    errorTitle: 'Die App ist noch nicht eingerichtet',
    error: {
      wrong:
        'Der Code stimmt nicht. Geben Sie den Code ein, den die App gerade zeigt, und prüfen Sie, ob die Uhr Ihres Telefons richtig geht.',
      empty: 'Geben Sie den Code aus der App ein.',
    },
  },
  oneApp: {
    title: 'Authenticator-App entfernen',
    remove: 'Entfernen',
    effect: 'Danach genügt für die Anmeldung Ihr Passwort allein. Ihre Wiederherstellungscodes gelten nicht mehr.',
    other: 'Haben Sie ein neues Telefon, entfernen Sie die alte App und richten die neue ein.',
    removeButton: 'App entfernen',
  },
  codes: {
    title: 'Wiederherstellungscodes',
    /** With a soft hyphen, for narrow screens. */
    heading: 'Wiederherstellungs\u00adcodes',
    what: 'Haben Sie Ihr Telefon verloren, melden Sie sich mit Ihrem Passwort und einem dieser Codes an. Jeder gilt einmal. Bewahren Sie sie auf Papier oder in einem Passwort-Manager auf, nicht auf dem Telefon mit der App.',
    left: (p: { left: number }) =>
      p.left === 1 ? 'Sie haben noch 1 Wiederherstellungscode.' : `Sie haben noch ${p.left} Wiederherstellungscodes.`,
    since: (p: { date: string }) => `Erzeugt am ${p.date}.`,
    few: {
      title: (p: { left: number }) =>
        p.left === 0
          ? 'Sie haben keinen Wiederherstellungscode'
          : p.left === 1
            ? 'Sie haben nur noch einen Wiederherstellungscode'
            : `Sie haben nur noch ${p.left} Wiederherstellungscodes`,
      text: 'Erzeugen Sie neue, damit Sie auch ohne Ihr Telefon in Ihr Konto kommen.',
    },
    make: 'Wiederherstellungscodes',
    replaces: 'Neue Codes ersetzen alle bisherigen.',
    needsApp: 'Die Codes stehen für die Authenticator-App ein. Richten Sie zuerst eine ein.',
    button: 'Neue Codes erzeugen',
    fresh: {
      title: 'Diese Codes sehen Sie nur jetzt',
      once: 'Schreiben oder drucken Sie sie, bevor Sie weitergehen. Wir können sie nicht noch einmal zeigen. Frühere Codes gelten nicht mehr.',
      heading: 'Ihre Codes',
      text: 'Bei der Eingabe spielen Groß- und Kleinschreibung, Striche und Leerzeichen keine Rolle.',
      print: 'Drucken',
      copy: 'Kopieren',
      copied: 'Die Codes wurden kopiert.',
    },
  },
  card: {
    heading: 'Online-Ausweis',
    linked: 'Verbunden am',
    valid: 'Ausweis gültig bis',
    manage: 'Ausweis ersetzen oder trennen',
    add: 'Online-Ausweis hinzufügen',
    none: 'Mit Ihrem Konto ist kein Online-Ausweis verbunden. Mit ihm wissen wir sicher, wer Sie sind, und auch Ihre anderen Methoden erreichen dann mehr.',
  },
  device: {
    iphone: 'iPhone',
    ipad: 'iPad',
    android: 'Android-Gerät',
    chromebook: 'Chromebook',
    windows: 'Windows-Computer',
    mac: 'Mac',
    linux: 'Linux-Computer',
    other: 'Mein Gerät',
  },
};
