import { formatDate, formatDateTime, formatList } from '../../../web/i18n/format.ts';
import type { CoarseUserAgent } from '../../../web/user-agent.ts';
import type { MailedCardData, MailedMeans } from '../mail.ts';
import type { MailTexts } from './words.ts';

const moment = (at: number): string => `${formatDateTime('de', at)} Uhr`;
const day = (at: number): string => formatDate('de', at);

const means: Readonly<Record<MailedMeans, string>> = {
  password: 'ein Passwort',
  passkey: 'ein Passkey',
  totp: 'eine Authenticator-App',
  recovery_codes: 'Wiederherstellungscodes',
  eid: 'der Online-Ausweis',
};
const meansOf = (p: { means: MailedMeans; name?: string }): string =>
  p.name === undefined ? means[p.means] : `${means[p.means]} mit dem Namen „${p.name}“`;

/** What was taken away because nobody had shown whose it is. */
const dropped = ({ removed = [] }: { removed?: readonly MailedMeans[] }): readonly string[] =>
  removed.length === 0
    ? []
    : [
        `Dabei haben wir entfernt, was nicht bestätigt war: ${formatList(
          'de',
          [...new Set(removed)].map((one) => means[one]),
        )}. Gehörte es Ihnen, richten Sie es in Mein Konto neu ein.`,
      ];

const cardData: Readonly<Record<MailedCardData, string>> = {
  name: 'Name',
  birth_name: 'Geburtsname',
  title: 'Doktorgrad',
  address: 'Anschrift',
  nationality: 'Staatsangehörigkeit',
};

const deviceOf = ({ browser, system }: CoarseUserAgent): string => {
  if (browser === undefined) return system === undefined ? 'unbekannter Browser' : `Gerät mit ${system}`;
  return system === undefined ? browser : `${browser} unter ${system}`;
};

const once = 'Danach ist er wertlos.';

/** German is written first. Sentences are short: many read them in a hurry, and some with a screen reader. */
export const de: MailTexts = {
  frame: {
    greeting: 'Guten Tag,',
    service: (p) => `Es geht um Ihre Anmeldung bei „${p.service}“.`,
    code: 'Ihr Code',
    at: (p) => `Zeitpunkt: ${moment(p.at)}.`,
    copy: 'Oder öffnen Sie diese Adresse in Ihrem Browser:',
    deny: {
      text: 'Waren Sie das nicht? Dann beenden wir alle Anmeldungen, und Sie sichern Ihr Konto neu.',
      label: 'Das war ich nicht',
    },
    closing: 'Ihre Bayern-ID',
    automatic: 'Diese Nachricht wurde automatisch verschickt. Antworten darauf liest niemand.',
    never: 'Wir bitten Sie in keiner E-Mail, uns Ihr Passwort, Ihre PIN oder einen Code zu schicken.',
    origin: (p) => `Absender ist Bayern-ID. Alle Links in dieser Nachricht führen zu ${p.host}.`,
  },
  mails: {
    registration_code: (m) => ({
      subject: 'Ihr Code für die Registrierung',
      heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        'mit dieser Adresse wird ein Konto bei Bayern-ID angelegt. Geben Sie den Code auf der Seite ein, auf der Sie die Registrierung begonnen haben.',
      ],
      action: 'E-Mail-Adresse bestätigen',
      after: [
        `Code und Link tun dasselbe. Sie gelten bis ${moment(m.validUntil)}.`,
        'Haben Sie kein Konto angelegt? Dann tun Sie nichts. Ohne den Code entsteht kein Konto.',
      ],
    }),
    registration_known: () => ({
      subject: 'Sie haben schon ein Konto',
      paragraphs: [
        'mit dieser Adresse sollte ein Konto bei Bayern-ID angelegt werden. Zu ihr gehört aber schon eines. Ein zweites haben wir nicht angelegt.',
        'Melden Sie sich mit Ihrem Konto an. Wenn Sie Ihr Passwort nicht mehr wissen, wählen Sie ein neues.',
      ],
      action: 'Anmelden',
      second: 'Neues Passwort wählen',
      after: [
        'Haben Sie nichts angelegt? Dann tun Sie nichts. Wer die Registrierung begonnen hat, erfährt nicht, dass es Ihr Konto gibt.',
      ],
    }),
    password_reset: (m) => ({
      subject: 'Neues Passwort wählen',
      paragraphs: ['für Ihr Konto bei Bayern-ID wurde ein neues Passwort angefordert. Mit diesem Link wählen Sie es.'],
      action: 'Neues Passwort wählen',
      after: [
        `Der Link gilt einmal und bis ${moment(m.validUntil)}. ${once}`,
        'Haben Sie das nicht angefordert? Dann tun Sie nichts. Ihr Passwort bleibt, wie es ist.',
      ],
    }),
    email_change_code: (m) => ({
      subject: 'Ihr Code für die neue E-Mail-Adresse',
      heading: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      paragraphs: [
        'diese Adresse soll künftig zu einem Konto bei Bayern-ID gehören. Geben Sie den Code auf der Seite ein, auf der Sie die Adresse geändert haben.',
      ],
      action: 'Neue Adresse bestätigen',
      after: [
        `Code und Link tun dasselbe. Sie gelten bis ${moment(m.validUntil)}.`,
        'Kennen Sie das Konto nicht? Dann tun Sie nichts. Ohne den Code ändert sich nichts.',
      ],
    }),
    email_changed: (m) => ({
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      paragraphs: [
        'Ihr Konto bei Bayern-ID hat jetzt eine andere E-Mail-Adresse. An diese Adresse hier schreiben wir Ihnen dann nicht mehr.',
      ],
      deny: {
        text: `Waren Sie das nicht? Bis ${moment(m.undoUntil)} machen Sie die Änderung mit diesem Link rückgängig. Alle Anmeldungen enden dabei.`,
        label: 'Änderung rückgängig machen',
      },
    }),
    means_added: (m) => ({
      subject: 'Neuer Weg, sich anzumelden',
      paragraphs: [
        `zu Ihrem Konto bei Bayern-ID kam etwas hinzu, womit man sich anmelden kann: ${meansOf(m)}.`,
        ...dropped(m),
      ],
    }),
    means_removed: (m) => ({
      subject: 'Ein Weg, sich anzumelden, wurde entfernt',
      paragraphs: [
        `von Ihrem Konto bei Bayern-ID wurde etwas entfernt, womit man sich anmelden konnte: ${meansOf(m)}.`,
      ],
    }),
    password_changed: (m) => ({
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        'das Passwort Ihres Kontos bei Bayern-ID ist jetzt ein anderes. Überall, wo Sie angemeldet waren, melden Sie sich neu an.',
        ...dropped(m),
      ],
    }),
    new_device: (m) => ({
      subject: 'Anmeldung von einem neuen Gerät',
      paragraphs: [
        `jemand hat sich mit Ihrem Konto bei Bayern-ID angemeldet. Das Gerät kannten wir noch nicht: ${deviceOf(m.device)}.`,
        'Waren Sie das selbst, ist alles in Ordnung.',
      ],
    }),
    card_replaced: (m) => ({
      subject: 'Ein neuer Ausweis gehört zu Ihrem Konto',
      paragraphs: [
        'Ihr Konto bei Bayern-ID ist jetzt mit einem anderen Online-Ausweis verbunden. Mit dem bisherigen kann man sich nicht mehr anmelden.',
        ...dropped(m),
      ],
    }),
    card_data_changed: (m) => ({
      subject: 'Ihr Ausweis hat neue Angaben gebracht',
      paragraphs: [
        `bei der letzten Anmeldung mit Ihrem Online-Ausweis waren Angaben anders als bisher: ${formatList(
          'de',
          m.changed.map((kind) => cardData[kind]),
        )}. Wir haben sie in Ihr Konto übernommen.`,
        'Die Werte sehen Sie nach einer Anmeldung in Mein Konto.',
      ],
    }),
    recovery_code_used: (m) => ({
      subject: 'Ein Wiederherstellungscode wurde benutzt',
      paragraphs: [
        'jemand hat sich mit einem Ihrer Wiederherstellungscodes bei Bayern-ID angemeldet. Der Code ist damit verbraucht.',
        m.left === 0
          ? 'Sie haben jetzt keinen Code mehr. Erzeugen Sie in Mein Konto neue.'
          : `Sie haben noch ${m.left === 1 ? 'einen Code' : `${m.left} Codes`}.${m.left <= 3 ? ' Erzeugen Sie in Mein Konto bald neue.' : ''}`,
      ],
    }),
    token_reused: (_, { service }) => ({
      subject: 'Ungewöhnlicher Zugriff: Wir haben eine Anmeldung beendet',
      paragraphs: [
        service === undefined
          ? 'ein Dienst hat einen Zugangsschlüssel ein zweites Mal verwendet. Jeder dieser Schlüssel gilt nur einmal. Vielleicht hat ihn jemand kopiert.'
          : `der Dienst „${service}“ hat einen Zugangsschlüssel ein zweites Mal verwendet. Jeder dieser Schlüssel gilt nur einmal. Vielleicht hat ihn jemand kopiert.`,
        'Zu Ihrem Schutz haben wir diesen Zugang beendet. Melden Sie sich bei dem Dienst neu an, wenn Sie ihn benutzen möchten.',
      ],
    }),
    card_shown_elsewhere: () => ({
      subject: 'Ihr Online-Ausweis wurde in einem anderen Konto benutzt',
      paragraphs: [
        'jemand hat Ihren Online-Ausweis mit seiner PIN benutzt, als ein anderes Konto bei Bayern-ID angemeldet war. Wir haben ihn dort nicht angenommen. In beiden Konten hat sich nichts geändert.',
        'Das geschieht zum Beispiel, wenn an einem gemeinsamen Computer noch jemand anderes angemeldet ist. Waren Sie es nicht, hat jemand Ihren Ausweis und kennt die PIN: Lassen Sie ihn sperren, Tag und Nacht unter der Nummer 116 116.',
      ],
    }),
    accounts_joined: () => ({
      subject: 'Zwei Konten wurden zu einem',
      paragraphs: [
        'zwei Konten bei Bayern-ID wurden zusammengelegt. Beide waren dafür angemeldet. Künftig gibt es nur noch eines, mit allen Wegen, sich anzumelden, die Sie behalten haben.',
      ],
    }),
    operator_locked: (m) => ({
      subject: 'Ihr Konto ist gesperrt',
      paragraphs: [
        'wir haben Ihr Konto bei Bayern-ID gesperrt. Niemand kann sich mehr damit anmelden, auch Sie nicht.',
        `Der Grund: ${m.reason}`,
      ],
    }),
    operator_unlocked: (m) => ({
      subject: 'Ihr Konto ist wieder frei',
      paragraphs: [
        'die Sperre Ihres Kontos bei Bayern-ID ist aufgehoben. Sie können sich wieder anmelden.',
        `Der Grund: ${m.reason}`,
      ],
    }),
    operator_logged_out: (m) => ({
      subject: 'Wir haben Ihre Anmeldungen beendet',
      paragraphs: [
        'wir haben Ihr Konto bei Bayern-ID überall abgemeldet. Es ist nicht gesperrt: Melden Sie sich einfach neu an.',
        `Der Grund: ${m.reason}`,
      ],
    }),
    deletion_planned: (m) => ({
      subject: `Ihr Konto wird am ${day(m.on)} gelöscht`,
      paragraphs: [
        `für Ihr Konto bei Bayern-ID wurde die Löschung verlangt. Am ${day(m.on)} löschen wir es mit allen Angaben.`,
        ...(m.reason === undefined ? [] : [`Der Grund: ${m.reason}`]),
        'Bis dahin können Sie es sich anders überlegen.',
      ],
      action: 'Konto behalten',
    }),
    deletion_done: () => ({
      subject: 'Ihr Konto ist gelöscht',
      paragraphs: [
        'Ihr Konto bei Bayern-ID und alle Angaben darin sind gelöscht. Aus Sicherungskopien verschwinden sie innerhalb von 30 Tagen.',
        'Was Sie bei Behörden eingereicht haben, bleibt dort. Das ist die letzte Nachricht an diese Adresse.',
      ],
    }),
    inactive: (m) => ({
      subject: `Ihr Konto wird in ${m.months} Monaten gelöscht, wenn Sie es nicht benutzen`,
      heading: 'Benutzen Sie Ihr Konto noch?',
      paragraphs: [
        `Sie haben sich lange nicht mit Ihrem Konto bei Bayern-ID angemeldet. Konten, die niemand benutzt, löschen wir nach zwei Jahren. Für Ihres ist das der ${day(m.deletedOn)}.`,
        'Möchten Sie es behalten? Dann melden Sie sich einmal an. Mehr ist nicht nötig.',
      ],
      action: 'Anmelden und Konto behalten',
      after: ['Brauchen Sie das Konto nicht mehr, tun Sie nichts.'],
    }),
  },
};
