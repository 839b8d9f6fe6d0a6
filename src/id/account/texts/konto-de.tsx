import type { JSX } from 'preact';

/** The pages of Mein Konto that show, change and take away. German is the shape; konto-en.tsx must fit it. */
export const kontoDe = {
  title: 'Mein Konto',
  nav: {
    label: 'Mein Konto',
    open: 'Seiten von Mein Konto',
    back: 'Zurück zur Übersicht',
    backTo: (p: { page: string }) => `Zurück zu „${p.page}“`,
    items: {
      home: 'Übersicht',
      data: 'Meine Daten',
      means: 'Anmeldemethoden',
      sessions: 'Geräte und Sitzungen',
      services: 'Verbundene Dienste',
      activities: 'Aktivitäten',
      notices: 'Benachrichtigungen',
      language: 'Sprache und Darstellung',
      export: 'Meine Daten herunterladen',
      deletion: 'Konto löschen',
    },
  },
  /** A login for Mein Konto that was cancelled, or not strong enough. */
  ended: {
    title: 'Die Anmeldung wurde beendet',
    text: 'Sie haben die Anmeldung abgebrochen, oder das nötige Niveau wurde nicht erreicht. Es wurde nichts geändert.',
    again: 'Zurück zu Mein Konto',
  },
  saved: 'Gespeichert',
  change: 'Ändern',
  cancel: 'Abbrechen',
  method: {
    password: 'mit Passwort',
    password_totp: 'mit Passwort und Code aus einer App',
    passkey_synced: 'mit Passkey',
    passkey_bound: 'mit Passkey',
    eid: 'mit Online-Ausweis',
  },
  hidden: {
    value: 'verdeckt',
    title: 'Die Angaben aus Ihrem Ausweis sind verdeckt',
    text: 'Sie haben sich mit einem einfachen Mittel angemeldet. Wer ein Passwort gestohlen hat, soll damit nicht erfahren, wer Sie sind.',
    show: 'Ausweisen und Angaben zeigen',
  },

  home: {
    greeting: (p: { name: string }) => `Guten Tag, ${p.name}`,
    level: 'Jetzt angemeldet:',
    lastTitle: 'Ihre Anmeldung',
    last: (p: { when: string; method: string }) => `Davor zuletzt angemeldet: ${p.when}, ${p.method}.`,
    first: 'Eine frühere Anmeldung ist nicht verzeichnet.',
    lastMore: 'Alle Aktivitäten ansehen',
    todoTitle: 'Das sollten Sie noch tun',
    nothing: 'Alles in Ordnung. Im Moment ist nichts zu tun.',
    todo: {
      secondFactor: {
        title: 'Richten Sie einen zweiten Nachweis ein',
        text: 'Bisher schützt Ihr Konto nur ein Passwort. Mit einem Passkey oder einer App kommt niemand hinein, der es erraten hat.',
        link: 'Zweiten Nachweis einrichten',
      },
      email: {
        title: 'Hinterlegen Sie eine E-Mail-Adresse',
        text: 'An sie melden wir, wenn sich an Ihrem Konto etwas ändert. Ohne sie können wir Sie nicht warnen.',
        link: 'E-Mail-Adresse hinterlegen',
      },
      cardExpires: {
        title: (p: { date: string }) => `Ihr Ausweis läuft am ${p.date} ab`,
        text: 'Beantragen Sie rechtzeitig einen neuen und tauschen Sie ihn hier aus. Ihre Dienste erkennen Sie weiterhin.',
        link: 'Zum Online-Ausweis',
      },
      cardExpired: {
        title: 'Ihr Ausweis ist abgelaufen',
        text: 'Ohne gültigen Ausweis erreichen Sie nur noch die Basisregistrierung. Haben Sie einen neuen, tauschen Sie ihn hier aus.',
        link: 'Zum Online-Ausweis',
      },
      recoveryCodes: {
        title: (p: { left: number }) =>
          p.left === 0
            ? 'Sie haben keine Wiederherstellungscodes mehr'
            : p.left === 1
              ? 'Sie haben nur noch einen Wiederherstellungscode'
              : `Sie haben nur noch ${p.left} Wiederherstellungscodes`,
        text: 'Mit ihnen kommen Sie in Ihr Konto, wenn Ihr Telefon verloren geht. Erzeugen Sie rechtzeitig neue.',
        link: 'Neue Codes erzeugen',
      },
    },
    pagesTitle: 'Was möchten Sie tun?',
    tiles: {
      data: 'Sehen und ändern, was wir über Sie wissen',
      means: 'Passwort, Passkey, App und Online-Ausweis',
      sessions: 'Sehen, wo Sie angemeldet sind, und Geräte abmelden',
      services: 'Sehen, wer welche Daten bekommen hat, und Zustimmungen widerrufen',
      activities: 'Nachlesen, was mit Ihrem Konto geschehen ist',
      notices: 'Welche E-Mails wir Ihnen senden',
      language: 'Deutsch oder Englisch, hell oder dunkel',
      export: 'Alles, was wir gespeichert haben, als Datei',
      deletion: 'Konto mit allen Daten löschen',
    },
  },

  data: {
    title: 'Meine Daten',
    lead: 'Hier steht, was wir über Sie wissen, woher wir es haben und seit wann.',
    cardTitle: 'Aus Ihrem Ausweis',
    cardWhy:
      'Diese Angaben können Sie nicht ändern: Wir haben sie aus Ihrem Online-Ausweis gelesen, und Dienste verlassen sich darauf. Ändert sich etwas, etwa nach einem Umzug, übernehmen wir es, sobald Sie den Ausweis das nächste Mal benutzen.',
    readOn: (p: { date: string }) => `gelesen am ${p.date}`,
    assumed: 'Steht nicht auf dem Ausweis, darf aber angenommen werden.',
    validUntil: 'Ausweis gültig bis',
    ownTitle: 'Von Ihnen angegeben',
    ownText:
      'Diese Angaben haben Sie selbst gemacht. Bis auf die E-Mail-Adresse hat sie niemand geprüft. Sie können sie jederzeit ändern.',
    ownOn: (p: { date: string }) => `angegeben am ${p.date}`,
    none: 'keine Angabe',
    locked: 'Es gilt die Angabe aus Ihrem Ausweis.',
    groups: {
      name: 'Name',
      birthdate: 'Geburtsdatum',
      address: 'Anschrift',
      phone: 'Telefonnummer',
      email: 'E-Mail-Adresse',
      loginName: 'Benutzername',
    },
    changeGroup: (p: { what: string }): JSX.Element => (
      <>
        Ändern<span class="kern-sr-only">: {p.what}</span>
      </>
    ),
    emailConfirmed: 'bestätigt',
    emailWhere: 'E-Mail-Adresse und Benutzername ändern Sie bei den Anmeldemethoden.',
    historyTitle: 'Frühere Angaben aus Ihrem Ausweis',
    historyText: 'Was Ihr Ausweis früher sagte. Wir bewahren das 24 Monate auf.',
    until: (p: { date: string }) => `Bis ${p.date}`,
    edit: {
      name: {
        title: 'Namen ändern',
        lead: 'Haben Sie nur einen Namen, lassen Sie das andere Feld leer.',
        given: 'Vornamen',
        family: 'Familienname',
      },
      birthdate: {
        title: 'Geburtsdatum ändern',
        lead: 'Steht in Ihren Papieren kein Tag oder kein Monat, lassen Sie das Feld leer.',
        why: 'Das Geburtsdatum entscheidet mit, welcher Ausweis zu Ihrem Konto passt.',
        day: 'Tag',
        month: 'Monat',
        year: 'Jahr',
        example: 'Zum Beispiel 12 8 1964',
        legend: 'Ihr Geburtsdatum',
      },
      address: {
        title: 'Anschrift ändern',
        lead: 'Ohne Angaben löschen Sie die Anschrift.',
        street: 'Straße und Hausnummer',
        postcode: 'Postleitzahl',
        town: 'Ort',
        country: 'Land',
      },
      phone: {
        title: 'Telefonnummer ändern',
        lead: 'Ohne Angabe löschen Sie die Telefonnummer.',
        phone: 'Telefonnummer',
        hint: 'Mit Vorwahl, zum Beispiel 089 123456 oder +43 1 234567',
      },
      save: 'Speichern',
      errors: {
        nameEmpty: 'Geben Sie Vornamen oder Familiennamen ein.',
        tooLong: 'Das ist zu lang. Kürzen Sie Ihre Eingabe.',
        dateYear: 'Geben Sie das Jahr mit vier Ziffern ein.',
        dateParts: 'Geben Sie Tag und Monat als Zahlen ein, oder lassen Sie beide leer.',
        dateUnreal: 'Dieses Datum gibt es nicht.',
        dateFuture: 'Dieses Datum liegt in der Zukunft.',
        postcode: 'Eine deutsche Postleitzahl hat fünf Ziffern.',
        addressPart: 'Geben Sie mindestens den Ort ein.',
        phone: 'Geben Sie eine Telefonnummer mit Vorwahl ein.',
        locked: 'Diese Angabe kommt aus Ihrem Ausweis und lässt sich hier nicht ändern.',
      },
    },
  },

  sessions: {
    title: 'Geräte und Sitzungen',
    lead: 'Hier sind Sie im Moment angemeldet. Kommt Ihnen etwas fremd vor, melden Sie es ab und ändern Sie Ihr Passwort.',
    current: 'Dieses Gerät',
    unknown: 'Unbekanntes Gerät',
    device: (p: { browser: string; system: string }) => `${p.browser} auf ${p.system}`,
    began: 'Angemeldet seit',
    how: 'Angemeldet',
    seen: 'Zuletzt benutzt',
    level: 'Vertrauensniveau',
    services: 'Benutzt für',
    noServices: 'nur Mein Konto',
    justNow: 'gerade eben',
    lately: 'vor weniger als einer Stunde',
    end: 'Abmelden',
    endFull: (p: { device: string }) => `Abmelden: ${p.device}`,
    othersTitle: 'Überall sonst abmelden',
    others:
      'Meldet alle anderen Geräte ab. Auch die Dienste, die Sie dort benutzt haben, werden benachrichtigt. Auf diesem Gerät bleiben Sie angemeldet.',
    endOthers: 'Alle anderen Geräte abmelden',
    noOthers: 'Sie sind auf keinem anderen Gerät angemeldet.',
    ended: 'Das Gerät ist abgemeldet',
    endedOthers: 'Alle anderen Geräte sind abgemeldet',
    gone: 'Dieses Gerät war schon abgemeldet',
    privacy: 'Wir merken uns nur Browser und Betriebssystem. Wo Sie sich befinden, wissen wir nicht.',
  },

  services: {
    title: 'Verbundene Dienste',
    lead: 'Diese Dienste haben Daten von Ihnen bekommen. Sie sehen, welche und wann, und können Ihre Zustimmung widerrufen.',
    emptyTitle: 'Noch kein Dienst',
    empty: 'Sobald Sie sich mit Bayern-ID bei einem Dienst anmelden, steht er hier.',
    gone: 'nicht mehr angeschlossen',
    since: 'Verbunden seit',
    last: 'Zuletzt benutzt',
    received: 'Hat bekommen',
    nothing: 'keine persönlichen Daten',
    more: (p: { service: string }): JSX.Element => (
      <>
        Einzelheiten<span class="kern-sr-only"> zu {p.service}</span>
      </>
    ),
    state: {
      given: 'Zustimmung gilt',
      withdrawn: 'Zustimmung widerrufen',
      byLaw: 'Ohne Zustimmung, kraft Gesetzes',
    },
    byLaw: (p: { basis: string }) => `Dieser Dienst darf die Daten ohne Ihre Zustimmung bekommen: ${p.basis}.`,
    consentTitle: 'Ihre Zustimmung',
    consentSince: 'Erteilt am',
    consentData: 'Sie haben zugestimmt zu',
    refused: 'Nicht freigegeben',
    access: 'Außerdem erlaubt',
    withdrawTitle: 'Zustimmung widerrufen',
    consequences: [
      'Der Dienst bekommt ab sofort keine Daten mehr von uns. Zugänge, die er jetzt hat, enden sofort.',
      'Bei Ihrem nächsten Besuch fragen wir Sie wieder, ob Sie Daten freigeben.',
      'Was der Dienst schon bekommen hat, können wir nicht zurückholen. Wenden Sie sich dafür an den Dienst.',
      'Laufende Anträge bei diesem Dienst bleiben bestehen.',
    ],
    postfachTitle: 'Nachrichten in Mein Postfach',
    postfach: (p: { authority: string; since: string }) =>
      `Seit ${p.since} kann ${p.authority} Ihnen Nachrichten in Mein Postfach schicken. Die Behörde kennt dafür eine zufällige Kennung, die keine andere hat.`,
    postfachEnds: (p: { authority: string }) =>
      `${p.authority} kann Ihnen keine Nachrichten mehr in Mein Postfach schicken, auch nicht zu laufenden Anträgen. Was dort liegt, bleibt.`,
    postfachStays: (p: { authority: string; services: string }) =>
      `${p.authority} kann Ihnen weiter Nachrichten in Mein Postfach schicken, wegen: ${p.services}.`,
    withdraw: 'Zustimmung widerrufen',
    withdrawn: 'Die Zustimmung ist widerrufen',
    releasesTitle: 'Was der Dienst bekommen hat',
    releasesNone: 'Bisher keine Daten.',
    pastTitle: 'Frühere Zustimmungen',
    past: (p: { from: string; to: string }) => `${p.from} bis ${p.to}`,
  },

  activities: {
    title: 'Aktivitäten',
    lead: 'Was mit Ihrem Konto geschehen ist, das Neueste zuerst. Auch, was nicht geklappt hat.',
    filter: 'Anzeigen',
    groups: {
      all: 'Alles',
      logins: 'Anmeldungen',
      failures: 'Fehlgeschlagenes',
      data: 'Weitergegebene Daten',
      changes: 'Änderungen',
    },
    emptyTitle: 'Nichts verzeichnet',
    empty: 'Zu dieser Auswahl gibt es keine Einträge.',
    older: 'Ältere Einträge',
    newest: 'Zurück zum Neuesten',
    notMe: (p: { what: string }): JSX.Element => (
      <>
        Das war ich nicht<span class="kern-sr-only">: {p.what}</span>
      </>
    ),
    authority: (p: { authority: string }) => `Behörde: ${p.authority}`,
    at: (p: { service: string }) => `Dienst: ${p.service}`,
    data: (p: { names: string }) => `Daten: ${p.names}`,
    reason: (p: { reason: string }) => `Begründung der Betreiber: ${p.reason}`,
    level: (p: { level: string }) => `Vertrauensniveau: ${p.level}`,
    means: {
      password: 'Passwort',
      eid: 'Online-Ausweis',
      passkey: 'Passkey',
      totp: 'Code aus einer App',
      recovery_codes: 'Wiederherstellungscodes',
      email: 'E-Mail',
    },
    what: {
      loginSucceeded: (p: { means: string }) => `Angemeldet mit: ${p.means}`,
      loginFailed: {
        wrong_password: 'Anmeldung gescheitert: falsches Passwort',
        wrong_code: 'Anmeldung gescheitert: falscher Code',
        wrong_passkey: 'Anmeldung gescheitert: Passkey nicht angenommen',
        used_code: 'Anmeldung gescheitert: Der Code war schon benutzt',
        cloned_passkey: 'Anmeldung gescheitert: Der Passkey könnte kopiert worden sein',
        throttled: 'Anmeldung gescheitert: zu viele Versuche',
        locked: 'Anmeldung gescheitert: Das Konto ist gesperrt',
      },
      accountCreated: {
        card: 'Konto mit dem Online-Ausweis angelegt',
        registration: 'Konto angelegt',
        seed: 'Konto für diese Testumgebung angelegt',
      },
      passwordChanged: {
        citizen: 'Passwort geändert',
        recovery: 'Passwort über „Passwort vergessen“ neu gesetzt',
      },
      credentialAdded: (p: { means: string }) => `Anmeldemethode hinzugefügt: ${p.means}`,
      credentialRemoved: (p: { means: string }) => `Anmeldemethode entfernt: ${p.means}`,
      credentialConfirmed: (p: { means: string }) => `${p.means} mit dem Online-Ausweis bestätigt`,
      recoveryCodeUsed: (p: { left: number }) => `Wiederherstellungscode benutzt, übrig: ${p.left}`,
      recoveryRequested: 'Neues Passwort angefordert',
      emailChanged: 'E-Mail-Adresse geändert',
      loginNameChanged: 'Benutzername geändert',
      dataChanged: 'Eigene Angaben geändert',
      dataExported: 'Daten heruntergeladen',
      consentGiven: 'Datenweitergabe zugestimmt',
      consentRefused: 'Datenweitergabe abgelehnt',
      consentWithdrawn: 'Zustimmung widerrufen',
      postfachResolved: 'Eine Nachricht an Sie hat in Mein Postfach Ihr Postfach gefunden',
      postfachRevoked: 'Eine Behörde kann Ihnen nicht mehr ins Postfach schreiben',
      dataReleased: 'Daten weitergegeben',
      loginConfirmed: 'Anmeldung bestätigt, keine persönlichen Daten weitergegeben',
      notMe: '„Das war ich nicht“ gemeldet: überall abgemeldet',
      joinProved: 'Als zweites Konto nachgewiesen, um es mit einem anderen zusammenzulegen',
      joinRefused: {
        same_account: 'Nicht zusammengelegt: Es war dasselbe Konto',
        unknown_card: 'Nicht zusammengelegt: Der Ausweis gehört zu keinem Konto',
        leaving: 'Nicht zusammengelegt: Das andere Konto wird gelöscht',
        other_person: 'Nicht zusammengelegt: Die Angaben zur Geburt sind verschieden',
      },
      accountsJoined: {
        kept: 'Ein zweites Konto ist in diesem aufgegangen',
        closed: 'Dieses Konto ist in einem anderen aufgegangen',
      },
      deletionPlanned: (p: { date: string }) => `Löschung des Kontos geplant für ${p.date}`,
      deletionCancelled: 'Löschung des Kontos zurückgenommen',
      cardLinked: 'Online-Ausweis mit dem Konto verbunden',
      cardRefused: {
        foreign_card: 'Ausweis abgelehnt: Er gehört zu einem anderen Konto',
        birth_date: 'Ausweis abgelehnt: Das Geburtsdatum stimmt nicht überein',
        other_card_linked: 'Ausweis abgelehnt: Ein anderer ist schon verbunden',
        taken: 'Ausweis abgelehnt: Er gehört zu einem anderen Konto',
        locked: 'Ausweis abgelehnt: Mit ihm kann sich gerade niemand anmelden',
      },
      cardShownElsewhere: 'Ihr Ausweis wurde in einem anderen Konto benutzt und dort abgelehnt',
      cardUpdated: 'Angaben aus dem Ausweis übernommen',
      cardReplaced: 'Neuer Online-Ausweis an die Stelle des alten gesetzt',
      cardRemoved: 'Online-Ausweis vom Konto getrennt',
      transferCode: 'Transfercode für einen neuen Ausweis erzeugt',
      linkDeclined: 'Ausweis nicht hinzugefügt',
      eidFailed: 'Vorgang mit dem Online-Ausweis nicht abgeschlossen',
      eidBurned: 'Vorgang mit dem Online-Ausweis aus Sicherheitsgründen beendet',
      sessionEnded: {
        logout: 'Abgemeldet',
        switch: 'Abgemeldet, weil sich im selben Browser ein anderes Konto angemeldet hat',
        expiry: 'Sitzung abgelaufen',
        epoch: 'Sitzung aus Sicherheitsgründen beendet',
        citizen: 'Gerät abgemeldet',
      },
      tokenReplayed: 'Ein Zugang eines Dienstes wurde doppelt benutzt und deshalb gesperrt',
      operator: {
        locked: 'Konto von den Betreibern gesperrt',
        unlocked: 'Konto von den Betreibern entsperrt',
        loggedOut: 'Von den Betreibern überall abgemeldet',
        toBeDeleted: 'Löschung des Kontos von den Betreibern eingeleitet',
      },
      other: 'Weiteres Ereignis',
    },
  },

  notMe: {
    title: 'Das waren Sie nicht?',
    lead: 'Dann sichern wir Ihr Konto sofort.',
    effectsTitle: 'Das geschieht, wenn Sie auf den Knopf drücken',
    effects: [
      'Alle Geräte werden abgemeldet, auch dieses hier. Wer in Ihrem Konto ist, ist draußen.',
      'Alle Dienste, bei denen Sie angemeldet sind, werden benachrichtigt.',
      'Danach setzen Sie ein neues Passwort. Erst dann ist Ihr Konto wieder sicher.',
    ],
    button: 'Überall abmelden',
    doneTitle: 'Überall abgemeldet',
    outTitle: 'Niemand ist mehr in Ihrem Konto',
    done: 'Alle Geräte sind abgemeldet. Ein Schritt fehlt noch:',
    nextTitle: 'Setzen Sie jetzt ein neues Passwort',
    next: 'Wer Ihr Passwort kennt, könnte sich sonst wieder anmelden.',
    recover: 'Neues Passwort setzen',
    next2: 'Danach prüfen Sie in Mein Konto, ob alle Anmeldemethoden von Ihnen sind.',
    means: 'Anmeldemethoden prüfen',
    invalidTitle: 'Dieser Link gilt nicht mehr',
    invalid: 'Ein solcher Link gilt sieben Tage und nur einmal. Sie können Ihr Konto trotzdem sichern:',
    invalidOwn: 'In Mein Konto überall abmelden',
  },

  notices: {
    title: 'Benachrichtigungen',
    lead: 'Diese E-Mails senden wir Ihnen. Werbung ist nie dabei.',
    to: (p: { email: string }): JSX.Element => (
      <>
        Wir senden sie an <strong>{p.email}</strong>.
      </>
    ),
    noAddressTitle: 'Wir haben keine E-Mail-Adresse von Ihnen',
    noAddress:
      'Deshalb können wir Sie nicht warnen, wenn sich an Ihrem Konto etwas ändert, und nicht erinnern, bevor ein unbenutztes Konto gelöscht wird.',
    add: 'E-Mail-Adresse hinterlegen',
    alwaysTitle: 'Zu Ihrer Sicherheit, immer',
    always: [
      'Anmeldung auf einem neuen Gerät',
      'Neue, geänderte oder entfernte Anmeldemethoden',
      'Neue E-Mail-Adresse und neues Passwort',
      'Neue Angaben aus Ihrem Ausweis',
      'Verdacht, dass jemand die Anmeldung bei einem Dienst kopiert hat',
      'Sperre oder Abmeldung durch uns, mit dem Grund',
      'Geplante Löschung Ihres Kontos',
    ],
    alwaysWhy:
      'Sie lassen sich nicht abschalten: Wer in ein fremdes Konto eindringt, würde das als Erstes tun. In jeder steht ein Link „Das war ich nicht“, außer wenn wir selbst etwas getan haben.',
    inactiveTitle: 'Bevor ein unbenutztes Konto gelöscht wird',
    inactive:
      'Wer sich 24 Monate lang nicht anmeldet, dessen Konto löschen wir. Sechs und drei Monate vorher erinnern wir Sie. Eine Anmeldung genügt, und das Konto bleibt.',
    languageTitle: 'Sprache der E-Mails',
    language: (p: { language: string }) => `E-Mails schreiben wir Ihnen auf ${p.language}.`,
    languageLink: 'Sprache ändern',
  },

  language: {
    title: 'Sprache und Darstellung',
    lead: 'Die Sprache gilt für diese Seiten auf diesem Gerät und für alle E-Mails an Sie.',
    languageLegend: 'Sprache',
    names: { de: 'Deutsch', en: 'English (Englisch)' },
    themeLegend: 'Darstellung auf diesem Gerät',
    themes: { system: 'Wie im System', light: 'Hell', dark: 'Dunkel' },
    save: 'Speichern',
    error: 'Wählen Sie eine Sprache und eine Darstellung.',
  },

  export: {
    title: 'Meine Daten herunterladen',
    lead: 'Sie haben ein Recht darauf zu erfahren, was wir über Sie speichern (Art. 15 DSGVO), und es mitzunehmen (Art. 20 DSGVO).',
    contentTitle: 'Das steht in der Datei',
    content: [
      'Ihre Angaben mit Herkunft, Vertrauensniveau und Datum, auch frühere aus Ihrem Ausweis',
      'Ihre Anmeldemethoden, ohne geheime Schlüssel und Passwörter',
      'Geräte, auf denen Sie angemeldet sind',
      'Ihre Zustimmungen, auch widerrufene, und welcher Dienst wann welche Daten bekommen hat',
      'Alles, was mit Ihrem Konto geschehen ist',
    ],
    fresh:
      'In der Datei steht alles über Sie. Deshalb bitten wir Sie vorher, sich auf dem höchsten Niveau Ihres Kontos anzumelden, wenn das mehr als zehn Minuten her ist. Danach beginnt der Download.',
    pdf: 'Als PDF herunterladen',
    json: 'Als JSON herunterladen',
    formats: 'PDF ist zum Lesen und Ausdrucken, JSON zum Weiterverarbeiten mit anderen Programmen.',
    paper: {
      title: 'Ihre Daten bei Bayern-ID',
      created: (p: { when: string }) => `Auskunft nach Art. 15 DSGVO, erstellt am ${p.when}`,
      pageOf: (p: { page: number; of: number }) => `Seite ${p.page} von ${p.of}`,
      none: 'keine',
      account: 'Ihr Konto',
      accountSince: 'Angelegt am',
      consents: 'Zustimmungen',
      identifiers: 'Kennungen, unter denen Dienste Sie kennen',
      postfach: 'Kennungen, unter denen Behörden Ihnen in Mein Postfach schreiben',
      added: (p: { date: string }) => `hinzugefügt am ${p.date}`,
      used: (p: { date: string }) => `zuletzt benutzt am ${p.date}`,
      ceiling: (p: { level: string }) => `höchstens ${p.level}`,
      left: (p: { left: number }) => `übrig: ${p.left}`,
      newestOnly: (p: { count: number }) => `die neuesten ${p.count}, alle in der JSON-Datei`,
    },
    informationTitle: 'Was Sie sonst wissen sollten',
    information: {
      purpose: {
        label: 'Zweck',
        value: 'Anmeldung bei Diensten der Verwaltung und sichere Feststellung, wer Sie sind',
      },
      basis: { label: 'Rechtsgrundlage', value: '§ 3 und § 8 Onlinezugangsgesetz' },
      recipients: { label: 'Empfänger', value: 'Nur die Dienste unter „Verbundene Dienste“' },
      duration: {
        label: 'Dauer',
        value: 'Bis Sie das Konto löschen oder es 24 Monate nicht benutzen; frühere Ausweisdaten 24 Monate',
      },
      rights: {
        label: 'Ihre Rechte',
        value: 'Berichtigung, Löschung, Einschränkung, Widerspruch und Beschwerde bei der Datenschutzaufsicht',
      },
    },
  },

  deletion: {
    title: 'Konto löschen',
    lead: 'Sie können Ihr Konto jederzeit löschen. Danach gibt es keine Daten mehr über Sie bei Bayern-ID.',
    effectsTitle: 'Das geschieht',
    effects: [
      'Sie werden sofort überall abgemeldet.',
      '14 Tage lang können Sie es sich anders überlegen: Melden Sie sich an und nehmen Sie die Löschung zurück.',
      'Danach löschen wir alle Daten und den Schlüssel, mit dem sie gesichert waren. Das lässt sich nicht rückgängig machen.',
      'Legen Sie später ein neues Konto an, erkennen Dienste Sie nicht wieder.',
    ],
    servicesTitle: 'Diese Dienste sind betroffen',
    services:
      'Bei ihnen können Sie sich danach nicht mehr mit diesem Konto anmelden. Prüfen Sie vorher, ob dort Anträge laufen oder Nachrichten liegen, die Sie noch brauchen. Daten, die ein Dienst schon bekommen hat, löscht nur der Dienst selbst.',
    noServices: 'Ihr Konto ist mit keinem Dienst verbunden.',
    exportTitle: 'Vorher herunterladen?',
    export: 'Nach der Löschung können wir Ihnen nichts mehr geben.',
    exportLink: 'Meine Daten herunterladen',
    fresh: 'Im nächsten Schritt bitten wir Sie, sich auf dem höchsten Niveau Ihres Kontos anzumelden.',
    next: 'Weiter zur Löschung',
    confirm: {
      title: 'Löschung bestätigen',
      lead: (p: { date: string }): JSX.Element => (
        <>
          Ihr Konto wird am <strong>{p.date}</strong> gelöscht.
        </>
      ),
      label: 'Geben Sie zur Bestätigung das Wort LÖSCHEN ein',
      word: 'LÖSCHEN',
      button: 'Konto löschen',
      error: 'Geben Sie das Wort LÖSCHEN ein.',
    },
    planned: {
      title: 'Ihr Konto wird gelöscht',
      lead: 'Sie sind überall abgemeldet. In 14 Tagen löschen wir Ihr Konto.',
      undo: 'Überlegen Sie es sich anders, melden Sie sich bis dahin einfach an. Dann können Sie die Löschung zurücknehmen.',
      link: 'Zur Startseite',
    },
  },
};
