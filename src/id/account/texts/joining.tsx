import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';

const de = {
  title: 'Zwei Konten zusammenlegen',
  lead: 'Haben Sie zwei Konten bei Bayern-ID, machen Sie hier eines daraus.',
  stays: 'Dieses Konto bleibt',
  staysText:
    'Behalten Sie das Konto, mit dem Sie mehr Dienste benutzen. Soll das andere bleiben, melden Sie sich ab und mit ihm wieder an.',
  account: {
    name: 'Name',
    login: 'Anmeldename',
    noLogin: 'keiner, nur Online-Ausweis oder Passkey',
    since: 'Angelegt am',
  },
  stepsTitle: 'So geht es',
  steps: [
    'Sie weisen nach, dass auch das andere Konto Ihnen gehört: mit seiner sichersten Anmeldemethode. In diesem Konto bleiben Sie dabei angemeldet.',
    'Wir zeigen Ihnen, was mit den Diensten und Anmeldemethoden des anderen Kontos geschieht.',
    'Erst wenn Sie das bestätigen, legen wir die Konten zusammen. Rückgängig machen lässt es sich nicht.',
  ],
  lost: 'Kommen Sie in das andere Konto nicht mehr hinein, können wir es nicht zusammenlegen: Gleiche Namen, Adressen oder Geburtsdaten beweisen uns nichts.',
  start: 'Anderes Konto nachweisen',
  cancel: 'Abbrechen',

  review: {
    title: 'Zusammenlegen: bitte prüfen',
    lead: 'Beide Konten sind nachgewiesen. Noch ist nichts geschehen. Lesen Sie, was sich ändert, und entscheiden Sie dann.',
    ends: 'Dieses Konto endet',
    stays: 'Dieses Konto bleibt',
    servicesTitle: 'Dienste des Kontos, das endet',
    noServices: 'Mit diesem Konto haben Sie sich noch bei keinem Dienst angemeldet.',
    effect: {
      goesOn: 'Geht weiter',
      replaced: 'Alte Kennung endet',
      lettersMove: 'Ihre Briefe ziehen um',
      gone: 'Nicht mehr angeschlossen',
    },
    effectText: {
      goesOn:
        'Der Dienst kennt nur dieses Konto. Seine Kennung geht auf das andere über: Er erkennt Sie weiterhin, und was dort gespeichert ist, bleibt Ihres.',
      replaced:
        'Der Dienst kennt beide Konten. Künftig melden Sie sich dort immer mit dem Konto an, das bleibt. Was der Dienst zu diesem Konto gespeichert hat, zieht nicht um: Dort erreichen Sie es über Bayern-ID nicht mehr. Brauchen Sie es noch, wenden Sie sich vorher an den Dienst.',
      lettersMove:
        'Alle Briefe, Anlagen und Vorgänge dieses Kontos liegen danach im Postfach des Kontos, das bleibt. Behörden, die Ihnen an dieses Konto schreiben, erreichen Sie weiterhin. Einwilligungen in die elektronische Zustellung ziehen nicht um.',
      gone: 'Der Dienst gehört nicht mehr zu Bayern-ID. Dort ändert das Zusammenlegen nichts.',
    },
    received: 'Hat bekommen',
    nothing: 'keine persönlichen Daten',
    period: 'Wann',
    between: (p: { first: string; last: string }) =>
      p.first === p.last ? `am ${p.first}` : `${p.first} bis ${p.last}`,
    contact: 'Der Dienst',
    site: (p: { service: string }) => `Zur Seite von „${p.service}“`,
    privacy: (p: { service: string }) => `Ansprechstelle und Datenschutz: „${p.service}“`,
    keptServices: 'Für diese Dienste ändert sich nichts, sie kennen Sie mit dem Konto, das bleibt:',
    meansTitle: 'Anmeldemethoden des Kontos, das endet',
    card: {
      moves:
        'Der Online-Ausweis geht über. Mit ihm melden Sie sich künftig an dem Konto an, das bleibt, und seine Angaben gelten dort.',
      free: 'Der Online-Ausweis dieses Kontos wird getrennt, denn das andere hat schon einen. Soll er an dessen Stelle treten, benutzen Sie ihn nach dem Zusammenlegen einmal bei „Anmeldemethoden“.',
      notShown:
        'Der Online-Ausweis dieses Kontos wird getrennt, denn Sie haben ihn eben nicht benutzt. Sie können ihn danach neu hinzufügen.',
    },
    confirms: (p: { means: string }) =>
      `Der Ausweis bestätigt, womit Sie sich eben im bleibenden Konto angemeldet haben: ${p.means}. Damit erreichen Sie dort künftig ein höheres Vertrauensniveau.`,
    means: {
      password: 'Passwort',
      password_totp: 'Passwort und Code aus der App',
      passkey_synced: 'Passkey',
      passkey_bound: 'Passkey',
      eid: 'Online-Ausweis',
    },
    dropped: {
      password: 'Das Passwort gilt nicht mehr.',
      passkeys: (p: { count: number }) =>
        p.count === 1
          ? 'Der Passkey gilt nicht mehr. Legen Sie danach im bleibenden Konto einen neuen an.'
          : `Die ${p.count} Passkeys gelten nicht mehr. Legen Sie danach im bleibenden Konto neue an.`,
      app: 'Die Authenticator-App und ihre Wiederherstellungscodes gelten nicht mehr.',
      loginName: (p: { name: string }) => `Der Benutzername „${p.name}“ fällt weg.`,
      email: (p: { email: string }) =>
        `Die E-Mail-Adresse ${p.email} fällt weg. Dorthin schicken wir noch die Nachricht, dass die Konten zusammengelegt sind.`,
      emailMissing:
        'Das bleibende Konto hat keine E-Mail-Adresse. Tragen Sie danach eine ein, damit wir Sie warnen können.',
    },
    alsoTitle: 'Außerdem',
    also: [
      'Zustimmungen dieses Kontos ziehen nicht um. Wir fragen Sie beim nächsten Mal wieder, ob Sie dem Dienst Daten freigeben.',
      'Alle Geräte werden vom Konto, das endet, abgemeldet. Seine Dienste erfahren das sofort.',
      'Seine Daten und seine Aktivitäten werden gelöscht. Wollen Sie sie aufheben, brechen Sie ab und laden sie dort vorher herunter.',
      'Haben beide Konten ein Postfach, werden die Briefe des Kontos, das endet, gelöscht. Laden Sie vorher herunter, was Sie behalten möchten.',
      'Rückgängig machen lässt sich das nicht.',
    ],
    agree: 'Ich habe das gelesen und möchte die beiden Konten zusammenlegen.',
    agreeError: 'Kreuzen Sie an, dass Sie die Konten zusammenlegen möchten.',
    button: 'Konten zusammenlegen',
    until: (p: { time: string }) => `Der Nachweis gilt bis ${p.time} Uhr. Danach beginnen Sie neu.`,
  },

  refused: {
    title: 'Diese Konten lassen sich nicht zusammenlegen',
    lead: 'Was die beiden Konten über Ihre Geburt sagen, ist verschieden. Deshalb legen wir sie nicht zusammen.',
    nothing: 'An beiden Konten wurde nichts geändert.',
    todo: 'Das können Sie tun',
    remedies: [
      'Prüfen Sie, ob beide Konten Ihre eigenen sind. Konten von zwei Menschen werden nie zusammengelegt.',
      'Haben Sie ein Geburtsdatum selbst eingetragen, berichtigen Sie es bei „Meine Daten“ in dem Konto, in dem es falsch steht.',
      'Wurden Vornamen oder Geburtsdatum amtlich geändert: Trennen Sie zuerst den alten Ausweis von seinem Konto.',
    ],
    again: 'Von vorn beginnen',
  },

  gone: {
    title: 'Dieser Nachweis gilt nicht mehr',
    lead: 'Ein Nachweis gilt zehn Minuten, einmal und nur dort, wo Sie ihn erbracht haben. Oder an einem der beiden Konten hat sich inzwischen etwas geändert. Zusammengelegt wurde jetzt nichts.',
    again: 'Von vorn beginnen',
  },

  done: {
    title: 'Ihre Konten sind zusammengelegt',
    lead: 'Es gibt nur noch dieses eine Konto. An die E-Mail-Adressen, die in den beiden hinterlegt waren, haben wir eine Nachricht geschickt.',
    card: 'Ihr Online-Ausweis gehört jetzt zu diesem Konto.',
    todo: 'Das sollten Sie noch tun',
    todos: 'Sehen Sie nach, ob Sie eine E-Mail-Adresse und einen zweiten Weg in Ihr Konto haben.',
    means: 'Zu den Anmeldemethoden',
    services: 'Zu den verbundenen Diensten',
  },
};

export type JoiningMessages = Shape<typeof de>;

const en: JoiningMessages = {
  title: 'Join two accounts',
  lead: 'If you have two accounts at Bayern-ID, make one of them here.',
  stays: 'This account stays',
  staysText:
    'Keep the account with which you use more services. If the other one is to stay, sign out and sign in with that one.',
  account: {
    name: 'Name',
    login: 'Sign-in name',
    noLogin: 'none, only Online-Ausweis or passkey',
    since: 'Created on',
  },
  stepsTitle: 'How it works',
  steps: [
    'You prove that the other account is yours, too: by its safest way of signing in. Meanwhile you stay signed in to this account.',
    'We show you what happens to the services and the ways of signing in of the other account.',
    'Only when you confirm that, we join the accounts. It cannot be undone.',
  ],
  lost: 'If you cannot get into the other account any more, we cannot join it: equal names, addresses or dates of birth prove nothing to us.',
  start: 'Prove the other account',
  cancel: 'Cancel',

  review: {
    title: 'Joining: please check',
    lead: 'Both accounts are proved. Nothing has happened yet. Read what will change, and then decide.',
    ends: 'This account ends',
    stays: 'This account stays',
    servicesTitle: 'Services of the account that ends',
    noServices: 'You have not signed in to any service with this account.',
    effect: {
      goesOn: 'Goes on',
      replaced: 'Old identifier ends',
      lettersMove: 'Your letters move',
      gone: 'Not connected any more',
    },
    effectText: {
      goesOn:
        'The service knows only this account. Its identifier passes to the other one: the service still recognises you, and what is stored there remains yours.',
      replaced:
        'The service knows both accounts. From now on you always sign in there with the account that stays. What the service has stored for this account does not move: you cannot reach it through Bayern-ID any more. If you still need it, contact the service before.',
      lettersMove:
        'All letters, attachments and applications of this account will be in the mailbox of the account that stays. Authorities that write to this account still reach you. Consents to electronic service do not move.',
      gone: 'The service does not belong to Bayern-ID any more. Joining changes nothing there.',
    },
    received: 'Has received',
    nothing: 'no personal data',
    period: 'When',
    between: (p) => (p.first === p.last ? `on ${p.first}` : `${p.first} to ${p.last}`),
    contact: 'The service',
    site: (p) => `To the site of “${p.service}”`,
    privacy: (p) => `Contact and privacy: “${p.service}”`,
    keptServices: 'For these services nothing changes; they know you by the account that stays:',
    meansTitle: 'Ways to sign in of the account that ends',
    card: {
      moves:
        'The Online-Ausweis moves. With it you sign in to the account that stays from now on, and its data count there.',
      free: 'The Online-Ausweis of this account is disconnected, since the other one has a card already. If it is to take that card’s place, use it once at “Ways to sign in” after the joining.',
      notShown:
        'The Online-Ausweis of this account is disconnected, since you did not use it just now. You can add it again afterwards.',
    },
    confirms: (p) =>
      `The card confirms what you have just signed in with to the account that stays: ${p.means}. With it you reach a higher level of assurance there from now on.`,
    means: {
      password: 'password',
      password_totp: 'password and code from the app',
      passkey_synced: 'passkey',
      passkey_bound: 'passkey',
      eid: 'Online-Ausweis',
    },
    dropped: {
      password: 'The password does not work any more.',
      passkeys: (p) =>
        p.count === 1
          ? 'The passkey does not work any more. Afterwards add a new one to the account that stays.'
          : `The ${p.count} passkeys do not work any more. Afterwards add new ones to the account that stays.`,
      app: 'The authenticator app and its recovery codes do not work any more.',
      loginName: (p) => `The user name “${p.name}” is dropped.`,
      email: (p) =>
        `The e-mail address ${p.email} is dropped. We still send a message to it that the accounts are joined.`,
      emailMissing: 'The account that stays has no e-mail address. Enter one afterwards, so that we can warn you.',
    },
    alsoTitle: 'Besides',
    also: [
      'Consents of that account do not move. We ask you again the next time whether you release data to the service.',
      'All devices are signed out of the account that ends. Its services are told at once.',
      'Its data and its activities are deleted. If you want to keep them, cancel and download them there first.',
      'If both accounts have a mailbox, the letters of the account that ends are deleted. Download what you want to keep beforehand.',
      'It cannot be undone.',
    ],
    agree: 'I have read this and want to join the two accounts.',
    agreeError: 'Tick that you want to join the accounts.',
    button: 'Join the accounts',
    until: (p) => `The proof is valid until ${p.time}. After that you begin anew.`,
  },

  refused: {
    title: 'These accounts cannot be joined',
    lead: 'What the two accounts say about your birth is different. Therefore we do not join them.',
    nothing: 'Nothing was changed in either account.',
    todo: 'What you can do',
    remedies: [
      'Check whether both accounts are your own. Accounts of two people are never joined.',
      'If you entered a date of birth yourself, correct it at “My data” in the account in which it is wrong.',
      'If your given names or date of birth were changed officially: first disconnect the old card from its account.',
    ],
    again: 'Begin anew',
  },

  gone: {
    title: 'This proof is not valid any more',
    lead: 'A proof is valid for ten minutes, once, and only where you gave it. Or one of the two accounts has changed meanwhile. Nothing was joined now.',
    again: 'Begin anew',
  },

  done: {
    title: 'Your accounts are joined',
    lead: 'There is only this one account now. We have sent a message to the e-mail addresses that the two had.',
    card: 'Your Online-Ausweis belongs to this account now.',
    todo: 'What you should still do',
    todos: 'See whether you have an e-mail address and a second way into your account.',
    means: 'To the ways to sign in',
    services: 'To the connected services',
  },
};

export const joiningTexts: Catalogues<JoiningMessages> = { de, en };
