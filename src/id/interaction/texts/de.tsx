import type { JSX } from 'preact';

/** What the pages of a login say. German is the shape; en.tsx must fit it. */
export const de = {
  backTo: (p: { service: string }) => `Zurück zu „${p.service}“`,
  signingInAt: 'Sie melden sich an bei:',
  service: 'Dienst:',
  otherWay: 'Anderen Weg wählen',
  whatIsEid: 'Was ist der Online-Ausweis?',
  tryAgain: 'Noch einmal versuchen',
  account: 'Ihr Konto',

  start: {
    title: 'Ihr Konto für digitale Behördengänge',
    lead: 'Mit Bayern-ID melden Sie sich bei öffentlichen Diensten in Bayern an: mit Benutzername und Passwort oder mit dem Online-Ausweis. Einmal anmelden genügt für alle.',
    servicesTitle: 'Hier beginnen Sie',
    services: 'Bei diesen Diensten können Sie sich mit Bayern-ID anmelden:',
  },
  login: {
    title: 'Anmelden',
    lastUsed: 'Zuletzt verwendet',
    fresh: {
      title: 'Bitte melden Sie sich noch einmal an',
      text: 'Sie sind schon angemeldet. Der Dienst möchte aber sicher sein, dass noch immer Sie vor dem Gerät sitzen.',
    },
    create: {
      title: 'Ein Konto anlegen',
      text: 'Mit Ihrem Online-Ausweis legen Sie in wenigen Minuten ein Konto an. Haben Sie schon eines, melden Sie sich hier an.',
    },
    linkExisting: {
      title: 'Melden Sie sich mit Ihrem bisherigen Konto an',
      text: 'Danach fragen wir Sie, ob Sie den Online-Ausweis zu diesem Konto hinzufügen möchten.',
    },
    join: {
      title: 'Weisen Sie Ihr anderes Konto nach',
      text: 'Benutzen Sie hier das Konto, das enden soll, und zwar mit seiner sichersten Anmeldemethode. Sie bleiben dabei in Ihrem jetzigen Konto angemeldet. Zusammengelegt wird erst, wenn Sie danach zustimmen.',
    },
    eid: {
      heading: 'Mit Online-Ausweis',
      text: 'Der sicherste Weg. Sie können damit alle Online-Dienste nutzen.',
      noAccount: 'Noch kein Konto? Dann legen wir es mit den Daten aus Ihrem Ausweis an.',
      need: 'Sie brauchen:',
      needs: [
        'Personalausweis, eID-Karte oder Aufenthaltstitel',
        'Ihre 6-stellige PIN',
        'AusweisApp auf Smartphone oder Computer',
      ],
      button: 'Mit Online-Ausweis anmelden',
    },
    password: {
      heading: 'Mit Benutzername und Passwort',
      badge: 'Niveau hängt von Ihrem Konto ab',
      enough: (p: { service: string }) => `Für „${p.service}“ genügt das.`,
      maybe:
        'Ob das für diesen Dienst genügt, hängt von Ihrem Konto ab. Wenn nicht, bitten wir Sie danach um Ihren Online-Ausweis.',
      tooWeakBadge: 'Genügt hier nicht',
      tooWeak: (p: { service: string; level: string }) =>
        `„${p.service}“ verlangt das Vertrauensniveau „${p.level}“. Mit einem Passwort lässt es sich nicht erreichen: Ein Passwort kann jemand anderes kennen.`,
      tooWeakRemedy:
        'Benutzen Sie den Online-Ausweis. Haben Sie schon ein Konto, können Sie ihn danach mit Ihrem Konto verbinden.',
      login: 'Benutzername oder E-Mail-Adresse',
      password: 'Passwort',
      button: 'Anmelden',
      forgot: 'Passwort vergessen?',
    },
    passkey: {
      heading: 'Mit Passkey',
      text: 'Mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts. Benutzername und Passwort brauchen Sie dafür nicht.',
      button: 'Mit Passkey anmelden',
    },
    transfer: {
      summary: 'Sie haben einen neuen Ausweis und einen Transfercode?',
      text: 'Haben Sie mit Ihrem alten Ausweis einen Transfercode erstellt, verbinden Sie damit den neuen. Ein Passwort brauchen Sie dann nicht.',
      label: 'Transfercode',
      hint: '20 Zeichen. Bindestriche und Leerzeichen sind egal.',
      button: 'Mit Transfercode weiter',
    },
    noAccount: 'Noch kein Konto?',
    register: 'Jetzt registrieren',
    errorTitle: 'Die Anmeldung hat nicht geklappt',
    error: {
      credentials:
        'Benutzername oder Passwort stimmt nicht, oder es gab zu viele Versuche. Warten Sie dann einige Minuten oder nutzen Sie den Online-Ausweis.',
      credentialsBesideCard:
        'Benutzername oder Passwort stimmt nicht, oder es gab zu viele Versuche. Warten Sie dann einige Minuten.',
      passkey:
        'Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder melden Sie sich auf einem anderen Weg an.',
      empty: 'Geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
      transferCode:
        'Dieser Transfercode gilt nicht oder nicht mehr, oder es gab zu viele Versuche. Prüfen Sie die Zeichen, oder warten Sie einige Minuten.',
    },
    testPersons: {
      summary: 'Testpersonen für diese Testumgebung',
      caption: 'Testpersonen und ihre Zugangsdaten',
      login: 'Benutzername',
      password: 'Passwort',
      about: 'Wer das ist',
      use: 'Anmelden',
      useFull: (p: { login: string }) => `Anmelden als ${p.login}`,
    },
  },

  off: {
    passkey: {
      title: 'Die Anmeldung mit Passkey geht zurzeit nicht',
      text: 'Wir haben diesen Weg vorübergehend abgeschaltet. Bitte versuchen Sie es später noch einmal.',
    },
    eid: {
      title: 'Der Online-Ausweis geht zurzeit nicht',
      text: 'Wir haben diesen Weg vorübergehend abgeschaltet. Bitte versuchen Sie es später noch einmal.',
    },
    eidDown: {
      title: 'Der Online-Ausweis ist zurzeit gestört',
      text: 'Der Server, der Ausweise prüft, antwortet uns nicht. An Ihrem Ausweis liegt es nicht. Sobald er antwortet, können Sie diesen Weg wieder benutzen.',
    },
    password: {
      title: 'Die Anmeldung mit Passwort geht zurzeit nicht',
      text: 'Wir haben diesen Weg vorübergehend abgeschaltet. Bitte versuchen Sie es später noch einmal.',
    },
  },

  passkey: {
    failed: 'Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
    missing: 'Einen Passkey kann dieser Browser hier nicht benutzen. Dafür muss JavaScript eingeschaltet sein.',
  },

  code: {
    title: 'Sicherheitscode eingeben',
    button: 'Weiter',
    errorTitle: 'Der Code wurde nicht angenommen',
    app: {
      heading: 'Code aus Ihrer App',
      lead: 'Ihr Passwort stimmt. Öffnen Sie nun Ihre Authenticator-App und geben Sie den Code ein, den sie für Bayern-ID zeigt.',
      label: 'Sicherheitscode',
      hint: 'Sechs Ziffern. Leerzeichen schaden nicht.',
      other: 'Sie haben Ihre App nicht zur Hand? Wiederherstellungscode benutzen',
      error: {
        wrong:
          'Der Code stimmt nicht. Geben Sie den Code ein, den die App gerade zeigt, und prüfen Sie, ob die Uhr Ihres Geräts richtig geht.',
        empty: 'Geben Sie den Code aus Ihrer App ein.',
      },
    },
    recovery: {
      heading: 'Wiederherstellungscode',
      lead: 'Ihr Passwort stimmt. Geben Sie nun einen Ihrer Wiederherstellungscodes ein. Jeder Code gilt nur einmal. Sie melden sich damit an, als hätten Sie nur das Passwort.',
      label: 'Wiederherstellungscode',
      hint: 'Zum Beispiel 7K2M9-QX4HT-0ABCD-EFGHJ. Groß- und Kleinschreibung, Striche und Leerzeichen spielen keine Rolle.',
      other: 'Doch den Code aus der App benutzen',
      error: {
        wrong: 'Der Code stimmt nicht oder wurde schon benutzt. Nehmen Sie einen anderen von Ihrer Liste.',
        empty: 'Geben Sie einen Wiederherstellungscode ein.',
      },
    },
    error: {
      used: 'Dieser Code wurde schon benutzt. Warten Sie, bis die App den nächsten zeigt.',
      throttled:
        'Es gab zu viele Versuche. Warten Sie einen Moment, nach jedem weiteren Fehlversuch länger, höchstens eine Viertelstunde. Oder melden Sie sich auf einem anderen Weg an.',
    },
  },

  stepUp: {
    confirms: 'Ihr Ausweis bestätigt auch, womit Sie sich in dieser Sitzung angemeldet haben:',
    leadAny: (p: { service: string; level: string }) =>
      `„${p.service}“ braucht einen frischen Nachweis auf dem Vertrauensniveau „${p.level}“. Weisen Sie sich dafür noch einmal aus.`,
    ways: {
      card: 'Mit Ausweis',
      title: 'Ohne Ausweis',
      passkey: 'Mit Ihrem Passkey erreichen Sie das nötige Vertrauensniveau.',
      passkeyButton: 'Passkey benutzen',
      password: 'Ihr Passwort',
      passwordHint: 'Haben Sie eine Authenticator-App eingerichtet, fragen wir danach nach dem Code.',
      passwordButton: 'Mit Passwort weiter',
      errorTitle: 'Das hat nicht geklappt',
      error: {
        password: 'Das Passwort stimmt nicht, oder es gab zu viele Versuche. Warten Sie dann einige Minuten.',
        passkey:
          'Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
        empty: 'Geben Sie Ihr Passwort ein.',
      },
    },
    title: 'Bitte weisen Sie sich aus',
    lead: (p: { service: string; level: string }) =>
      `„${p.service}“ braucht das Vertrauensniveau „${p.level}“. Dafür weisen Sie sich einmal mit Ihrem Online-Ausweis aus.`,
    leadOfJoining: (p: { level?: string }) =>
      p.level === undefined
        ? 'Dieses Konto hat eine sicherere Anmeldemethode. Zum Zusammenlegen brauchen wir sie.'
        : `Dieses Konto hat eine sicherere Anmeldemethode. Zum Zusammenlegen brauchen wir sie, auf dem Vertrauensniveau „${p.level}“.`,
    whyOfJoining:
      'Was Sie mit diesem Konto bei Diensten erreichen, geht auf ein anderes über. Das darf nur, wer mehr hat als etwa ein Passwort, das jemand erfahren haben kann.',
    leadOfData: (p: { service: string }) =>
      `„${p.service}“ braucht Angaben aus Ihrem Ausweis, die wir noch nicht gelesen haben. Dafür benutzen Sie ihn noch einmal.`,
    unread: 'Diese Angaben fehlen noch:',
    whyData:
      'Wir lesen aus Ihrem Ausweis immer nur, was der Dienst braucht, bei dem Sie sich gerade anmelden. Dieser Dienst braucht mehr als der vorige.',
    expired: {
      title: 'Ihr Nachweis ist abgelaufen',
      text: 'Sie hatten sich schon ausgewiesen. Zu Ihrem Schutz gilt das nur kurze Zeit.',
    },
    have: 'Sie haben',
    need: 'Sie brauchen',
    whyTitle: 'Warum ist das nötig?',
    why: 'Dieser Dienst arbeitet mit besonders schützenswerten Angaben. Er muss sicher sein, dass niemand anderes in Ihrem Namen handelt. Ein Passwort kann jemand erfahren, Ihren Ausweis mit PIN haben nur Sie.',
    whatTitle: 'Das brauchen Sie',
    howLong: 'Es dauert etwa zwei Minuten.',
    kept: 'Ihre Eingaben bleiben erhalten.',
    firstTime:
      'Beim ersten Mal fragen wir Sie danach, ob Sie den Ausweis zu Ihrem Konto hinzufügen und welche Daten der Dienst erhält. Dann geht es auf der Seite weiter, von der Sie kommen.',
    loggedInAs: 'Angemeldet als',
    joining: 'Das Konto, das enden soll:',
    ownCard: 'Benutzen Sie nur Ihren eigenen Ausweis.',
    button: 'Mit Online-Ausweis ausweisen',
  },

  leaving: {
    title: 'Ihr Konto wird gelöscht',
    lead: (p: { account: string; date: string }): JSX.Element => (
      <>
        Das Konto <strong>{p.account}</strong> wird am <strong>{p.date}</strong> gelöscht. Bis dahin können Sie sich
        damit bei keinem Dienst anmelden.
      </>
    ),
    question: 'Haben Sie es sich anders überlegt?',
    keep: 'Nehmen Sie die Löschung zurück, ist alles wieder wie vorher: Ihre Daten, Ihre Anmeldemethoden und Ihre Zustimmungen. Danach geht es weiter zum Dienst.',
    button: 'Löschung zurücknehmen',
    leave: 'Sonst müssen Sie nichts tun. Sie können diese Seite einfach schließen.',
  },

  eid: {
    title: 'Mit Online-Ausweis anmelden',
    titleOfStepUp: 'Mit Online-Ausweis ausweisen',
    announcement: (p: { service: string }) => `Anmeldung bei ${p.service}`,
    ready: 'Halten Sie bereit',
    readData: 'Diese Daten lesen wir aus Ihrem Ausweis',
    readIntro:
      'Sie sehen diese Liste noch einmal, bevor Sie Ihre PIN eingeben. Freiwillige Angaben können Sie dort abwählen. Manche Dienste brauchen sie.',
    open: 'AusweisApp öffnen',
    openSimulator: 'Weiter',
    openDesktop: 'AusweisApp auf diesem Computer öffnen',
    openMobile: 'AusweisApp auf diesem Smartphone öffnen',
    onMobile: 'Sie lesen diese Seite auf einem Smartphone oder Tablet?',
    onDesktop: 'Sie lesen diese Seite auf einem Computer?',
    simulated: {
      title: 'Hier öffnet sich der eID-Simulator',
      text: 'In dieser Testumgebung liest kein echter Ausweis mit. Sie wählen eine Testperson, die PIN ist 123456.',
      button: 'eID-Simulator öffnen',
    },
    testPki: {
      title: 'Test-PKI: kein Nachweis der Echtheit',
      text: 'Diese Testumgebung nimmt Karten an, die nur zum Ausprobieren da sind. Ein echter Ausweis wird hier nicht gelesen.',
    },
    afterwards: 'Lassen Sie dieses Fenster offen. Sind Sie in der AusweisApp fertig, geht es hier von selbst weiter.',
    opened: {
      title: 'Schon geöffnet',
      goOn: 'Machen Sie dort weiter, wo Ihr Ausweis gelesen wird. Danach geht es hier von selbst weiter.',
      failed: 'Hat es dort nicht geklappt? Dann beginnen Sie hier neu. Jeder Start gilt nur einmal.',
      button: 'Neu beginnen',
    },
    until: (p: { time: string }) => `Sie haben bis ${p.time} Uhr Zeit. Danach beginnen Sie einfach neu.`,
    notOpened: 'Die AusweisApp hat sich nicht geöffnet?',
    notOpenedSteps: [
      'Installieren Sie die AusweisApp. Sie ist kostenlos.',
      'Starten Sie die AusweisApp und lassen Sie sie offen.',
      'Kehren Sie auf diese Seite zurück und öffnen Sie die AusweisApp noch einmal mit dem Knopf.',
    ],
    appSite: 'AusweisApp herunterladen (ausweisapp.bund.de)',
    hints: [
      'Ein privates Browserfenster kann den Vorgang unterbrechen. Benutzen Sie besser ein gewöhnliches Fenster.',
      'Dient Ihr Smartphone als Kartenleser für den Computer, müssen beide im selben WLAN sein.',
      'Beginnen und beenden Sie die Anmeldung auf demselben Gerät. Folgen Sie nie einem Link, den Ihnen jemand geschickt hat.',
    ],
    hintsTitle: 'Gut zu wissen',
    datum: {
      documentType: 'Art des Ausweises',
      issuingState: 'Ausstellender Staat',
      dateOfExpiry: 'Gültig bis',
      givenNames: 'Vornamen',
      familyNames: 'Familienname',
      artisticName: 'Ordens- oder Künstlername',
      academicTitle: 'Doktorgrad',
      dateOfBirth: 'Geburtsdatum',
      placeOfBirth: 'Geburtsort',
      nationality: 'Staatsangehörigkeit',
      birthName: 'Geburtsname',
      address: 'Anschrift',
      communityId: 'Amtlicher Gemeindeschlüssel',
      residencePermit: 'Nebenbestimmungen zum Aufenthaltstitel',
      pseudonym: 'Kennzeichen dieser Karte für Bayern-ID (kein Name, keine Nummer)',
      age: 'Ob Sie ein bestimmtes Alter erreicht haben',
    },
  },

  pin: {
    title: 'PIN, CAN und PUK',
    points: [
      'Die PIN hat sechs Ziffern. Die fünfstellige Transport-PIN aus dem Brief ersetzen Sie zuerst in der AusweisApp.',
      'Nach zwei falschen PIN fragt die AusweisApp nach der CAN. Das sind sechs Ziffern auf der Vorderseite der Karte.',
      'Nach drei falschen PIN ist die PIN gesperrt. Mit der zehnstelligen PUK aus dem PIN-Brief entsperren Sie sie.',
      'PIN oder PUK nicht mehr da? Das Bürgeramt setzt eine neue PIN.',
    ],
    more: 'Mehr über PIN, CAN und PUK',
  },

  eidFailure: {
    title: 'Der Vorgang wurde beendet',
    remedies: 'Das können Sie tun',
    stillSafe: 'Es wurden keine Daten übernommen.',
    cause: {
      ended: {
        lead: 'Die AusweisApp hat den Vorgang beendet. Woran es lag, teilt sie uns nicht mit.',
        remedies: [
          'Die Karte wurde zu früh weggenommen: Lassen Sie sie liegen, bis die AusweisApp fertig ist.',
          'Die PIN wurde nicht angenommen oder ist gesperrt: Die AusweisApp zeigt, wie viele Versuche bleiben.',
          'Der Vorgang wurde abgebrochen: Beginnen Sie ihn neu.',
          'Die Online-Ausweisfunktion ist nicht eingeschaltet: Das Bürgeramt schaltet sie ein, wenn Sie mindestens 16 Jahre alt sind.',
        ],
      },
      connection: {
        lead: 'Die Verbindung zwischen AusweisApp und Ausweis-Server ist abgebrochen.',
        remedies: [
          'Prüfen Sie Ihre Internetverbindung.',
          'Schalten Sie ein VPN für den Moment aus.',
          'Dient Ihr Smartphone als Kartenleser, müssen Smartphone und Computer im selben WLAN sein.',
        ],
      },
      invalidDocument: {
        lead: 'Der Ausweis-Server hat diesen Ausweis nicht angenommen. Er kann abgelaufen, gesperrt oder nicht echt sein. Welches davon zutrifft, erfahren wir nicht.',
        remedies: [
          'Prüfen Sie auf der Karte, ob der Ausweis noch gültig ist.',
          'Haben Sie den Ausweis als verloren gemeldet und wiedergefunden, lassen Sie die Sperre im Bürgeramt aufheben.',
          'Haben Sie einen neuen Ausweis, benutzen Sie den neuen.',
        ],
      },
      deniedDocument: {
        lead: 'Diese Art von Ausweis können wir hier nicht annehmen.',
        remedies: [
          'Benutzen Sie einen deutschen Personalausweis, einen elektronischen Aufenthaltstitel oder eine eID-Karte.',
          'Ist Ihr Ausweis auf dem Smartphone gespeichert (Smart-eID), benutzen Sie stattdessen die Karte.',
        ],
      },
      expired: {
        lead: 'Die Zeit für diesen Vorgang ist abgelaufen.',
        remedies: ['Beginnen Sie neu. Halten Sie Ausweis und PIN bereit, bevor Sie die AusweisApp öffnen.'],
      },
      server: {
        lead: 'Der Ausweis-Server hat nicht richtig geantwortet. Sie haben nichts falsch gemacht.',
        remedies: [
          'Versuchen Sie es in einigen Minuten noch einmal.',
          'Genügt dem Dienst ein Passwort, melden Sie sich so lange damit an.',
        ],
      },
      busy: {
        lead: 'Im Moment melden sich sehr viele Menschen mit dem Online-Ausweis an.',
        remedies: ['Warten Sie eine Minute und versuchen Sie es dann noch einmal.'],
      },
    },
  },

  assign: {
    title: 'Online-Ausweis hinzufügen oder neues Konto?',
    lead: (p: { card: string }): JSX.Element => (
      <>
        Ihr Ausweis wurde gelesen: <strong>{p.card}</strong>. Er ist noch mit keinem Konto verbunden.
      </>
    ),
    question: 'Haben Sie schon ein Bayern-ID-Konto?',
    existing: 'Ja, ich habe schon ein Konto',
    existingHint: 'Sie melden sich damit an und fügen den Ausweis hinzu. Für Ihre Dienste bleiben Sie dieselbe Person.',
    new: 'Nein, ein neues Konto anlegen',
    newHint: 'Wir legen ein Konto mit den Daten aus Ihrem Ausweis an.',
    guest: 'Ohne Konto weiter',
    guestHint:
      'Der Dienst erhält Ihre Daten nur dieses eine Mal. Wir speichern nichts, und beim nächsten Mal erkennt Sie niemand wieder.',
    warning:
      'Legen Sie kein zweites Konto an, wenn Sie schon eines haben: Ihre Vorgänge und Ihre Post lägen dann in zwei Konten.',
    button: 'Weiter',
    errorTitle: 'Bitte treffen Sie eine Auswahl',
    error: 'Wählen Sie aus, ob Sie schon ein Konto haben.',
  },

  link: {
    title: 'Online-Ausweis zu Ihrem Konto hinzufügen?',
    lead: (p: { account: string }): JSX.Element => (
      <>
        Dieser Ausweis ist neu für das Konto <strong>{p.account}</strong>.
      </>
    ),
    compare: 'Ihr Ausweis und Ihr Konto',
    card: 'Auf dem Ausweis',
    self: 'In Ihrem Konto',
    field: 'Angabe',
    person: {
      givenNames: 'Vornamen',
      familyNames: 'Familienname',
      birthName: 'Geburtsname',
      dateOfBirth: 'Geburtsdatum',
      placeOfBirth: 'Geburtsort',
      address: 'Anschrift',
    },
    namesDiffer: {
      title: 'Die Namen sind verschieden',
      text: 'Das kommt vor, etwa nach einer Heirat. Prüfen Sie, ob beides Sie selbst sind. Ist es der Ausweis einer anderen Person, fügen Sie ihn nicht hinzu.',
    },
    effectsTitle: 'Was ändert sich?',
    effects: [
      'Sie können sich künftig auch allein mit diesem Ausweis anmelden.',
      'Die Daten aus dem Ausweis gelten in Ihrem Konto als bestätigt.',
      'Dienste erkennen Sie weiterhin unter demselben Konto.',
    ],
    confirms: {
      password: (p: { level: string }) => `Mit Ihrem Passwort erreichen Sie danach das Vertrauensniveau „${p.level}“.`,
      password_totp: (p: { level: string }) =>
        `Mit Passwort und Code aus der App erreichen Sie danach das Vertrauensniveau „${p.level}“.`,
      passkey_synced: (p: { level: string }) =>
        `Mit Ihrem Passkey erreichen Sie danach das Vertrauensniveau „${p.level}“.`,
      passkey_bound: (p: { level: string }) =>
        `Mit Ihrem Passkey auf diesem Gerät erreichen Sie danach das Vertrauensniveau „${p.level}“.`,
    },
    unproved: {
      title: 'Damit kommt man auch in Ihr Konto.',
      text: 'Sie haben es heute nicht benutzt. Was Sie nicht ankreuzen, entfernen wir, und wer damit angemeldet ist, wird abgemeldet: Vielleicht hat es jemand anderes eingerichtet.',
      keep: 'Das gehört mir und soll bleiben:',
      means: {
        password: (p: { name: string; date: string }) => `Passwort, seit ${p.date}`,
        passkey: (p: { name: string; date: string }) => `Passkey „${p.name}“, seit ${p.date}`,
        totp: (p: { name: string; date: string }) => `Authenticator-App, seit ${p.date}`,
        recovery_codes: (p: { name: string; date: string }) => `Wiederherstellungscodes, seit ${p.date}`,
      },
    },
    password: 'Ihr Passwort',
    passwordHint:
      'Bestätigen Sie, dass das Konto Ihnen gehört: Ihre Anmeldung liegt mehr als zehn Minuten zurück, oder Ihr Konto hat einen sichereren Weg als den, den Sie benutzt haben.',
    passkeyHint:
      'Bestätigen Sie mit einem Passkey, dass das Konto Ihnen gehört. Danach entscheiden Sie, ob der Ausweis hinzukommt.',
    passkey: 'Mit Passkey bestätigen',
    button: 'Ausweis hinzufügen',
    decline: (p: { service: string }) => `Nicht hinzufügen, zurück zu „${p.service}“`,
    replace: {
      title: 'Neuen Ausweis mit Ihrem Konto verbinden?',
      lead: (p: { account: string }): JSX.Element => (
        <>
          Mit dem Konto <strong>{p.account}</strong> ist schon ein anderer Ausweis verbunden. Ist dies Ihr neuer
          Ausweis, tritt er an seine Stelle.
        </>
      ),
      effects: [
        'Mit dem bisherigen Ausweis kommt niemand mehr in Ihr Konto.',
        'Dienste erkennen Sie weiterhin unter demselben Konto.',
        'Die Daten aus dem neuen Ausweis ersetzen die alten.',
        'Auf allen anderen Geräten werden Sie abgemeldet.',
        'Andere Anmeldemethoden, die Sie heute nicht benutzt haben, bestätigen Sie später noch einmal.',
      ],
      button: 'Neuen Ausweis verbinden',
      decline: (p: { service: string }) => `Nicht verbinden, zurück zu „${p.service}“`,
    },
    errorTitle: 'Der Ausweis wurde noch nicht hinzugefügt',
    error: {
      credentials: 'Das Passwort stimmt nicht, oder es gab zu viele Versuche. Warten Sie dann einige Minuten.',
      passkey: 'Dieser Passkey wurde nicht angenommen. Benutzen Sie einen, der zu diesem Konto gehört.',
      empty: 'Geben Sie Ihr Passwort ein.',
    },
  },

  refused: {
    todo: 'Das können Sie tun',
    nothing: 'An Ihrem Konto und an Ihrer Anmeldung wurde nichts geändert.',
    otherCard: 'Mit anderem Ausweis versuchen',
    otherAccount: 'Mit anderem Konto anmelden',
    chooseAccount: 'Haben Sie sich mit dem falschen Konto angemeldet, wählen Sie ein anderes.',
    logOutFirst: 'Möchten Sie ein anderes Konto benutzen, melden Sie sich zuerst ab:',
    cause: {
      foreignCard: {
        title: 'Dieser Ausweis gehört zu einem anderen Konto',
        lead: 'Sie sind mit einem Konto angemeldet, der Ausweis ist mit einem anderen verbunden. Wir wechseln nie von selbst das Konto.',
        remedies: [
          'Benutzen Sie den Ausweis, der zu Ihrem Konto gehört.',
          'Gehören beide Konten Ihnen, können Sie sie in „Mein Konto“ bei den Anmeldemethoden zusammenlegen.',
        ],
      },
      birthDate: {
        title: 'Das Geburtsdatum stimmt nicht überein',
        lead: 'Das Geburtsdatum auf dem Ausweis ist ein anderes als in Ihrem Konto. Deshalb verbinden wir beide nicht.',
        remedies: [
          'Prüfen Sie, ob Sie Ihren eigenen Ausweis benutzt haben.',
          'Ist das Geburtsdatum im Konto falsch, berichtigen Sie es in Mein Konto unter „Meine Daten“. Danach versuchen Sie es noch einmal.',
        ],
      },
      otherCardLinked: {
        title: 'Dieser Ausweis passt nicht zu Ihrem Konto',
        lead: 'Mit Ihrem Konto ist schon ein Ausweis verbunden. Die Angaben zur Geburt auf diesem hier sind andere. Deshalb ersetzen wir ihn nicht.',
        remedies: [
          'Prüfen Sie, ob Sie Ihren eigenen Ausweis benutzt haben.',
          'Benutzen Sie den Ausweis, der mit Ihrem Konto verbunden ist.',
          'Wurden Vornamen oder Geburtsdatum amtlich geändert: Trennen Sie zuerst den alten Ausweis in „Mein Konto“.',
        ],
      },
      cardUnusable: {
        title: 'Mit diesem Ausweis können Sie sich nicht anmelden',
        lead: 'Die Anmeldung mit diesem Ausweis wurde nicht angenommen.',
        remedies: [
          'Prüfen Sie, ob Sie Ihren eigenen Ausweis benutzt haben.',
          'War es Ihr eigener, finden die Betreiber den Vorgang unter der Fehlernummer. Mehr können wir hier nicht sagen.',
        ],
      },
      unreachable: {
        title: 'Mit Ihrem Konto ist das nicht erreichbar',
        lead: 'Der Dienst verlangt mehr, als Sie mit Ihren Anmeldemethoden erreichen.',
        remedies: [
          'Mit einem Online-Ausweis erreichen Sie jedes Vertrauensniveau.',
          'Fragen Sie beim Dienst nach einem Weg ohne Online-Anmeldung.',
        ],
      },
      sameAccount: {
        title: 'Das ist dasselbe Konto',
        lead: 'Sie haben das Konto nachgewiesen, in dem Sie schon angemeldet sind.',
        remedies: ['Benutzen Sie eine Anmeldemethode Ihres anderen Kontos.'],
      },
      leavingAccount: {
        title: 'Dieses Konto wird schon gelöscht',
        lead: 'Seine Löschung ist geplant. Bis dahin lässt es sich nicht zusammenlegen.',
        remedies: [
          'Melden Sie sich mit diesem Konto an und nehmen Sie die Löschung zurück. Danach beginnen Sie von vorn.',
        ],
      },
      unknownCard: {
        title: 'Dieser Ausweis gehört zu keinem Konto',
        lead: 'Mit ihm lässt sich deshalb kein zweites Konto nachweisen.',
        remedies: [
          'Prüfen Sie, ob Sie den richtigen Ausweis benutzt haben.',
          'Möchten Sie diesen Ausweis mit Ihrem jetzigen Konto verbinden, fügen Sie ihn bei „Anmeldemethoden“ hinzu.',
        ],
      },
    },
  },

  consent: {
    title: 'Daten freigeben',
    lead: (p: { service: string }): JSX.Element => (
      <>
        <strong>{p.service}</strong> möchte diese Angaben von Ihnen erhalten.
      </>
    ),
    host: 'Die Daten gehen an',
    account: 'Aus dem Konto',
    purpose: 'Zweck',
    legalBasis: 'Rechtsgrundlage',
    privacyPolicy: 'Datenschutzerklärung des Dienstes',
    aboutTitle: 'Wer erhält die Daten und wozu?',
    requiredTitle: 'Diese Angaben sind nötig',
    optionalTitle: 'Diese Angaben sind freiwillig',
    optionalHint: 'Kreuzen Sie an, was Sie mitschicken möchten. Der Dienst arbeitet auch ohne diese Angaben.',
    reveal: 'Angabe anzeigen',
    missingTitle: 'Diese Angaben liegen uns nicht vor',
    missing:
      'Der Dienst hat auch danach gefragt. Er erhält sie nicht. Nicht auf jedem Ausweis stehen alle Angaben, und freiwillige lassen sich abwählen.',
    withheldTitle: 'Diese Angaben aus Ihrem Ausweis bleiben verdeckt',
    withheld: (p: { level: string }): string =>
      `Der Dienst hat danach gefragt. Er erhält sie erst, wenn Sie sich mindestens mit dem Vertrauensniveau „${p.level}“ anmelden.`,
    accessTitle: 'Zugriff in Ihrem Namen',
    access: (p: { service: string }): string => `${p.service} möchte in Ihrem Namen auf diese Dienste zugreifen:`,
    offlineTitle: 'Auch wenn Sie nicht angemeldet sind',
    offline: 'Der Dienst möchte diese Angaben auch dann abrufen, wenn Sie gerade nicht angemeldet sind.',
    lasting:
      'Ihre Freigabe gilt auch für spätere Besuche bei diesem Dienst. Möchte er mehr wissen, fragen wir Sie neu.',
    postfachValue:
      'Eine zufällige Kennung, die nur diese Behörde erhält. Damit kann sie Ihnen Nachrichten in Mein Postfach schicken.',
    release: 'Daten freigeben',
    refuse: 'Nicht freigeben',
    refuseNote: 'Wenn Sie nichts freigeben, kehren Sie ohne Anmeldung zum Dienst zurück.',
    claims: {
      name: 'Name',
      given_name: 'Vornamen',
      family_name: 'Familienname',
      preferred_username: 'Benutzername',
      birthdate: 'Geburtsdatum',
      email: 'E-Mail-Adresse',
      phone_number: 'Telefonnummer',
      address: 'Anschrift',
      birth_family_name: 'Geburtsname',
      place_of_birth: 'Geburtsort',
      nationalities: 'Staatsangehörigkeit',
      title: 'Doktorgrad',
      also_known_as: 'Ordens- oder Künstlername',
      date_of_expiry: 'Gültig bis',
      document_type: 'Art des Ausweises',
      community_id: 'Amtlicher Gemeindeschlüssel',
      postfach: 'Adresse Ihres Postfachs für diese Behörde',
      verified_claims: 'Nachweis, dass die Angaben geprüft sind',
    },
  },

  select: {
    title: 'Mit welchem Konto weiter?',
    lead: 'Sie sind schon angemeldet. Der Dienst möchte sicher sein, dass es das richtige Konto ist.',
    continue: (p: { account: string }): string => `Weiter als ${p.account}`,
    other: 'Anderes Konto verwenden',
  },

  formPost: {
    title: 'Weiter zum Dienst',
    lead: (p: { service: string }): string => `Ihre Anmeldung ist fertig. Es geht weiter zu ${p.service}.`,
    button: 'Weiter',
  },

  logout: {
    title: 'Möchten Sie sich abmelden?',
    text: (p: { service: string }) =>
      `Bei „${p.service}“ sind Sie abgemeldet. Auch bei Bayern-ID und allen anderen Diensten abmelden?`,
    textAll: 'Sie werden bei Bayern-ID und bei allen Diensten abgemeldet, die Sie in diesem Browser geöffnet haben.',
    button: 'Abmelden',
    stay: 'Angemeldet bleiben',
  },

  stillLoggedIn: {
    title: 'Sie bleiben angemeldet',
    text: 'Ihre Anmeldung bei Bayern-ID und bei Ihren anderen Diensten besteht weiter.',
    onlyThere: (p: { service: string }) => `Abgemeldet sind Sie nur bei „${p.service}“.`,
    sharedDevice: 'An einem fremden Gerät melden Sie sich besser überall ab.',
    logOut: 'Doch überall abmelden',
  },

  loggedOut: {
    title: 'Sie sind abgemeldet',
    text: 'Ihre Anmeldung bei Bayern-ID ist beendet.',
    services: 'Diese Dienste haben wir benachrichtigt',
    state: { told: 'hat die Abmeldung bestätigt', pending: 'hat noch nicht bestätigt' },
    pendingNote:
      'Wir benachrichtigen die Dienste weiter, bis sie bestätigen. Sie müssen nicht warten. An einem fremden Gerät schließen Sie am besten den Browser.',
  },

  error: {
    what: 'Was ist passiert?',
    todo: 'Was können Sie tun?',
    relay: 'Es ist niemand mit Ihrem Ausweis angemeldet',
    developer: {
      sent: 'redirect_uri, gesendet',
      registered: 'redirect_uri, eingetragen',
      trailingSlash: 'Unterschied: Schrägstrich am Ende',
      differsAt: (p: { position: number; sent: string; registered: string }) =>
        `Unterschied ab Zeichen ${p.position}: gesendet ${p.sent}, eingetragen ${p.registered}`,
      rest: (p: { text: string }) => `„${p.text}“`,
      nothing: 'nichts mehr',
    },
    code: {
      flow_expired: {
        title: 'Diese Anmeldung ist nicht mehr offen',
        what: 'Sie ist schon abgeschlossen oder abgelaufen. Vielleicht haben Sie sich angemeldet und sind dann zurückgegangen. Offen bleibt eine Anmeldung 60 Minuten, und nur solange Ihr Browser das Cookie dazu behält.',
        todo: 'Gehen Sie zurück zum Dienst. Sind Sie dort nicht angemeldet, beginnen Sie dort neu.',
      },
      flow_foreign: {
        title: 'Diese Anmeldung gehört zu einem anderen Browser',
        what: 'Eine Anmeldung lässt sich nur in dem Browser fortsetzen, in dem sie begonnen hat.',
        todo: 'Beginnen Sie beim Dienst neu. Hat Ihnen jemand diesen Link geschickt, schließen Sie die Seite.',
      },
      flow_finished: {
        title: 'Diese Anmeldung ist schon abgeschlossen',
        what: 'Sie haben die Anmeldung bereits beendet, vielleicht in einem anderen Tab oder mit der Zurück-Taste.',
        todo: 'Gehen Sie zurück zum Dienst. Sind Sie dort nicht angemeldet, beginnen Sie neu.',
      },
      relay_warning: {
        title: 'Zu Ihrer Sicherheit abgebrochen',
        what: 'Der Ausweis-Vorgang wurde in einem anderen Browser begonnen als in diesem. Vielleicht wollte sich jemand mit Ihrem Ausweis anmelden. Wir haben den Vorgang beendet.',
        todo: 'Hat Ihnen jemand einen Link geschickt oder Sie am Telefon angeleitet, brechen Sie den Kontakt ab. Haben Sie selbst den Browser gewechselt, beginnen Sie beim Dienst neu und bleiben Sie in einem Browser.',
      },
      csrf: {
        title: 'Das Formular ist nicht mehr gültig',
        what: 'Das Formular war zu lange offen oder wurde nicht von unserer Seite gesendet. Es wurde nichts gespeichert.',
        todo: 'Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.',
      },
      too_many_requests: {
        title: 'Zu viele Versuche',
        what: 'Von Ihrem Anschluss kamen in kurzer Zeit sehr viele Anfragen.',
        todo: 'Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
      },
      not_found: {
        title: 'Seite nicht gefunden',
        what: 'Unter dieser Adresse gibt es keine Seite.',
        todo: 'Prüfen Sie die Adresse oder beginnen Sie beim Dienst neu.',
      },
      method_not_allowed: {
        title: 'So lässt sich die Seite nicht öffnen',
        what: 'Diese Adresse ist nur für das Absenden eines Formulars da.',
        todo: 'Gehen Sie zurück zu der Seite mit dem Formular.',
      },
      bad_request: {
        title: 'Diese Anfrage war unvollständig',
        what: 'Wir konnten mit den gesendeten Angaben nichts anfangen.',
        todo: 'Gehen Sie zurück und versuchen Sie es noch einmal.',
      },
      too_large: {
        title: 'Zu viele Daten',
        what: 'Die gesendeten Daten sind größer, als wir annehmen.',
        todo: 'Kürzen Sie Ihre Eingaben und senden Sie sie noch einmal.',
      },
      unavailable: {
        title: 'Gerade nicht erreichbar',
        what: 'Bayern-ID ist im Moment überlastet oder wird gewartet.',
        todo: 'Versuchen Sie es in einer Minute noch einmal.',
      },
      internal: {
        title: 'Störung',
        what: 'Bei uns ist ein Fehler aufgetreten. Sie haben nichts falsch gemacht.',
        todo: 'Versuchen Sie es in einigen Minuten noch einmal.',
      },
      unknown_client: {
        title: 'Dieser Dienst ist uns nicht bekannt',
        what: 'Die Seite, von der Sie kommen, ist bei Bayern-ID nicht angemeldet. Wir leiten Sie deshalb nicht weiter.',
        todo: 'Prüfen Sie die Adresse des Dienstes. Kamen Sie über einen Link in einer Nachricht, schließen Sie die Seite.',
      },
      redirect_uri: {
        title: 'Der Rückweg zum Dienst stimmt nicht',
        what: 'Der Dienst hat eine Adresse angegeben, die bei uns nicht für ihn hinterlegt ist. Wir leiten Sie deshalb nicht weiter.',
        todo: 'Das müssen die Betreiber des Dienstes beheben. Nennen Sie ihnen die Fehlernummer.',
      },
      logout: {
        title: 'Die Abmeldung hat nicht geklappt',
        what: 'Die Seite zum Abmelden war nicht mehr aktuell, etwa weil sie in einem anderen Tab noch einmal geöffnet wurde. Oder die Anfrage des Dienstes passte nicht.',
        todo: 'Melden Sie sich hier noch einmal ab. Sind Sie schon abgemeldet, steht das auf der nächsten Seite.',
      },
      oauth: {
        title: 'Die Anmeldung ist so nicht möglich',
        what: 'Der Dienst hat uns eine Anfrage geschickt, die wir nicht annehmen.',
        todo: 'Beginnen Sie beim Dienst neu. Bleibt der Fehler, nennen Sie den Betreibern die Fehlernummer.',
      },
    },
  },
};
