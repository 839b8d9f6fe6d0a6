import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';

const de = {
  title: 'Online-Ausweis',
  lead: 'Mit Ihrem Online-Ausweis melden Sie sich auf dem höchsten Niveau an.',
  none: {
    title: 'Noch kein Ausweis verbunden',
    text: 'Verbinden Sie Ihren Ausweis, können Sie alle Dienste nutzen, auch solche mit dem Niveau „hoch“. Es dauert etwa zwei Minuten.',
    button: 'Ausweis verbinden',
  },
  linked: 'Verbundener Ausweis',
  linkedAt: 'Verbunden am',
  validUntil: 'Gültig bis',
  unknown: 'Nicht bekannt',
  expired: {
    title: 'Dieser Ausweis ist abgelaufen',
    text: 'Sie können sich damit nicht mehr ausweisen. Haben Sie einen neuen, verbinden Sie ihn unten.',
  },
  expires: {
    title: 'Dieser Ausweis läuft bald ab',
    text: 'Erstellen Sie jetzt einen Transfercode. Mit ihm verbinden Sie später Ihren neuen Ausweis.',
  },
  transfer: {
    title: 'Wenn Sie einen neuen Ausweis bekommen',
    text: 'Ein neuer Ausweis ist für uns zunächst ein fremder. So verbinden Sie ihn mit diesem Konto:',
    ways: [
      'Melden Sie sich an, wie Sie es gewohnt sind, und benutzen Sie dann den neuen Ausweis. Wir fragen Sie, ob er an die Stelle des alten treten soll.',
      'Haben Sie kein Passwort und keinen Passkey, brauchen Sie einen Transfercode. Ihn erstellen Sie, solange der alte Ausweis noch geht.',
    ],
    exists: (p: { until: string }) => `Sie haben einen Transfercode. Er gilt bis ${p.until}.`,
    make: 'Transfercode erstellen',
    again: 'Neuen Transfercode erstellen',
    replaced: 'Ein früherer Code gilt dann nicht mehr.',
    newCard: 'Neuen Ausweis verbinden',
  },
  code: {
    title: 'Ihr Transfercode',
    text: 'Schreiben Sie diesen Code auf, oder drucken Sie die Seite aus. Wir zeigen ihn nur dieses eine Mal.',
    until: (p: { until: string }) =>
      `Er gilt bis ${p.until} und nur für einen Ausweis mit Ihrem Namen und Geburtsdatum.`,
    keep: 'Bewahren Sie ihn an einem sicheren Ort auf, nicht beim Ausweis.',
    done: 'Fertig',
  },
  remove: {
    title: 'Ausweis trennen',
    text: 'Sie können den Ausweis von Ihrem Konto trennen.',
    effects: [
      'Sie können sich damit nicht mehr an diesem Konto anmelden.',
      'Die Daten aus dem Ausweis werden gelöscht, Ihr Konto ist danach eine Basisregistrierung.',
      'Dienste mit höherem Niveau können Sie erst wieder nutzen, wenn Sie einen Ausweis verbinden.',
    ],
    open: 'Ausweis trennen …',
    question: 'Möchten Sie den Ausweis wirklich trennen?',
    button: 'Ja, Ausweis trennen',
    back: 'Nein, zurück',
    done: 'Der Ausweis ist von Ihrem Konto getrennt.',
    last: {
      title: 'Der Ausweis ist Ihr einziger Zugang',
      text: 'Ohne ihn käme niemand mehr in dieses Konto. Richten Sie zuerst eine E-Mail-Adresse mit Passwort oder einen Passkey ein.',
    },
  },
};

export type CardMessages = Shape<typeof de>;

const en: CardMessages = {
  title: 'Online-Ausweis',
  lead: 'With your Online-Ausweis (German eID) you sign in at the highest level.',
  none: {
    title: 'No card connected yet',
    text: 'Once your card is connected you can use all services, also those at level “high”. It takes about two minutes.',
    button: 'Connect a card',
  },
  linked: 'Connected card',
  linkedAt: 'Connected on',
  validUntil: 'Valid until',
  unknown: 'Not known',
  expired: {
    title: 'This card has expired',
    text: 'You can no longer identify yourself with it. If you have a new one, connect it below.',
  },
  expires: {
    title: 'This card expires soon',
    text: 'Make a transfer code now. With it you connect your new card later.',
  },
  transfer: {
    title: 'When you get a new card',
    text: 'To us a new card is at first a stranger’s. This is how you connect it to this account:',
    ways: [
      'Sign in as you always do, and then use the new card. We ask you whether it is to take the place of the old one.',
      'If you have neither a password nor a passkey, you need a transfer code. You make it while the old card still works.',
    ],
    exists: (p) => `You have a transfer code. It is valid until ${p.until}.`,
    make: 'Make a transfer code',
    again: 'Make a new transfer code',
    replaced: 'An earlier code is then no longer valid.',
    newCard: 'Connect a new card',
  },
  code: {
    title: 'Your transfer code',
    text: 'Write this code down, or print this page. We show it only this once.',
    until: (p) => `It is valid until ${p.until}, and only for a card with your name and birth date.`,
    keep: 'Keep it in a safe place, not together with the card.',
    done: 'Done',
  },
  remove: {
    title: 'Disconnect the card',
    text: 'You can disconnect the card from your account.',
    effects: [
      'You can no longer sign in to this account with it.',
      'The data from the card are deleted; after that your account is a basic registration.',
      'Services at a higher level can be used again only when you connect a card.',
    ],
    open: 'Disconnect the card …',
    question: 'Do you really want to disconnect the card?',
    button: 'Yes, disconnect the card',
    back: 'No, go back',
    done: 'The card is disconnected from your account.',
    last: {
      title: 'The card is your only way in',
      text: 'Without it nobody could get into this account any more. First set up an e-mail address with a password, or a passkey.',
    },
  },
};

export const cardTexts: Catalogues<CardMessages> = { de, en };
