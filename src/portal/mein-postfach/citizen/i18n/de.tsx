import { deLetter } from './de-letter.tsx';
import { deSettings } from './de-settings.tsx';

/** How many, in words that fit the number. */
const letters = (count: number): string => (count === 1 ? '1 Brief' : `${count} Briefe`);

/** What citizens read in Mein Postfach. German is the shape; en.tsx must fit it. */
export const de = {
  nav: {
    label: 'Mein Postfach',
    open: 'Ordner und Einstellungen',
    items: {
      inbox: 'Posteingang',
      archive: 'Archiv',
      trash: 'Papierkorb',
      applications: 'Meine Vorgänge',
      settings: 'Einstellungen',
    },
    unread: (p: { count: number }) => (p.count === 1 ? '1 neuer Brief' : `${p.count} neue Briefe`),
    portal: 'Zum Bayern-Portal',
  },
  list: {
    lead: {
      inbox: 'Hier liegen die Briefe, die Ihnen Behörden schicken.',
      archive: 'Hier bewahren Sie auf, was erledigt ist. Nichts wird von selbst gelöscht.',
      trash: (p: { days: number }) =>
        `Was hier liegt, wird nach ${p.days} Tagen endgültig gelöscht. Bis dahin holen Sie es zurück.`,
    },
    search: 'Briefe durchsuchen',
    searchHint: 'Zum Beispiel nach einer Behörde, einem Wort aus dem Brief oder einem Aktenzeichen',
    searchButton: 'Suchen',
    found: (p: { count: number; words: string }) =>
      p.count === 0 ? `Nichts gefunden zu „${p.words}“` : `${letters(p.count)} gefunden zu „${p.words}“`,
    foundNote: 'Gesucht wird in allen Ordnern. Gesperrte Briefe finden Sie nur nach der Behörde.',
    endSearch: 'Suche beenden',
    filter: 'Filtern',
    filterActive: 'Filtern (aktiv)',
    unreadOnly: 'Nur ungelesene Briefe',
    flaggedOnly: 'Nur wichtige Briefe',
    sender: 'Absender',
    anySender: 'Alle Absender',
    period: 'Zeitraum',
    periods: { any: 'Alle', d7: 'Letzte 7 Tage', d30: 'Letzte 30 Tage', d365: 'Letzte 12 Monate' },
    application: 'Vorgang',
    anyApplication: 'Alle Vorgänge',
    apply: 'Filter anwenden',
    reset: 'Filter aufheben',
    newBadge: 'Neu',
    flagged: 'Wichtig',
    replied: 'Beantwortet',
    attachments: (p: { count: number }) => (p.count === 1 ? '1 Anlage' : `${p.count} Anlagen`),
    lock: {
      basic: 'Gesperrt',
      low: 'Gesperrt: Niveau „niedrig“ nötig',
      substantial: 'Gesperrt: Niveau „substantiell“ nötig',
      high: 'Gesperrt: Niveau „hoch“ nötig',
    },
    locked: 'Betreff und Inhalt sind noch verborgen.',
    openBy: {
      basic: 'Brief öffnen',
      low: 'Mit stärkerer Anmeldung öffnen',
      substantial: 'Mit stärkerer Anmeldung öffnen',
      high: 'Mit Online-Ausweis öffnen',
    },
    fromOn: (p: { sender: string; date: string }) => `Brief von ${p.sender} vom ${p.date}`,
    choose: (p: { what: string }) => `Auswählen: ${p.what}`,
    letters: 'Briefe',
    withChosen: 'Mit den ausgewählten Briefen:',
    actions: {
      archivieren: 'Ins Archiv',
      eingang: 'In den Posteingang',
      papierkorb: 'In den Papierkorb',
      gelesen: 'Als gelesen markieren',
      ungelesen: 'Als ungelesen markieren',
      wiederherstellen: 'Wiederherstellen',
      loeschen: 'Endgültig löschen',
    },
    none: 'Sie haben keinen Brief ausgewählt. Setzen Sie vor die Briefe, die Sie meinen, einen Haken.',
    newer: 'Zu den neuesten Briefen',
    older: 'Ältere Briefe',
    folderOf: { inbox: 'im Posteingang', archive: 'im Archiv', trash: 'im Papierkorb' },
    deletedOn: (p: { date: string }) => `wird am ${p.date} gelöscht`,
    empty: {
      inbox: {
        title: 'Noch keine Briefe',
        text: 'Wenn Ihnen eine Behörde schreibt, liegt der Brief hier, und Sie bekommen einen Hinweis per E-Mail. Eine Behörde kann Ihnen schreiben, sobald Sie ihr bei einem Antrag Ihr Postfach freigegeben haben.',
      },
      archive: {
        title: 'Das Archiv ist leer',
        text: 'Briefe, die erledigt sind, legen Sie aus dem Posteingang hierher.',
      },
      trash: { title: 'Der Papierkorb ist leer', text: 'Hier ist nichts, was gelöscht würde.' },
      filtered: {
        title: 'Kein Brief passt zu diesem Filter',
        text: 'Heben Sie den Filter auf, um alle Briefe zu sehen.',
      },
      search: {
        title: 'Kein Brief passt zu Ihrer Suche',
        text: 'Versuchen Sie ein anderes oder kürzeres Wort. Der Anfang eines Wortes genügt, ä und ae sind dasselbe.',
      },
    },
    done: {
      archivieren: 'Ins Archiv gelegt.',
      eingang: 'In den Posteingang gelegt.',
      papierkorb: 'In den Papierkorb gelegt. Von dort können Sie es zurückholen.',
      gelesen: 'Als gelesen markiert.',
      ungelesen: 'Als ungelesen markiert.',
      wichtig: 'Als wichtig markiert.',
      unwichtig: 'Nicht mehr als wichtig markiert.',
      wiederherstellen: 'Wiederhergestellt.',
      loeschen: 'Endgültig gelöscht.',
      nichtGeloescht:
        'Nicht alle Briefe wurden gelöscht: Was Ihre Anmeldung nicht öffnen darf oder nicht mehr im Papierkorb liegt, ist geblieben.',
    },
  },
  purge: {
    title: 'Endgültig löschen?',
    lead: (p: { count: number }) =>
      p.count === 1
        ? 'Dieser Brief und seine Anlagen sind danach weg. Niemand kann sie zurückholen, auch wir nicht.'
        : `Diese ${p.count} Briefe und ihre Anlagen sind danach weg. Niemand kann sie zurückholen, auch wir nicht.`,
    advice: 'Die Behörde erfährt, dass Sie den Brief gelöscht haben. An Fristen ändert das Löschen nichts.',
    button: 'Endgültig löschen',
    back: 'Nicht löschen',
  },
  applications: {
    title: 'Meine Vorgänge',
    lead: 'So weit sind Ihre Anträge. Den Stand melden die Behörden.',
    emptyTitle: 'Noch keine Vorgänge',
    empty: 'Wenn Sie online einen Antrag stellen und die Behörde seinen Stand meldet, sehen Sie ihn hier.',
    state: {
      INITIATED: 'Begonnen',
      SUBMITTED: 'Abgeschickt',
      RECEIVED: 'Bei der Behörde eingegangen',
      PROCESSING: 'In Bearbeitung',
      ACTION_REQUIRED: 'Sie müssen etwas tun',
      COMPLETED: 'Abgeschlossen',
    },
    meaning: {
      INITIATED: 'Sie haben den Antrag begonnen, aber noch nicht abgeschickt.',
      SUBMITTED: 'Ihr Antrag ist unterwegs zur Behörde.',
      RECEIVED: 'Die Behörde hat Ihren Antrag erhalten.',
      PROCESSING: 'Die Behörde bearbeitet Ihren Antrag. Sie müssen gerade nichts tun.',
      ACTION_REQUIRED: 'Die Behörde wartet auf Sie. Was zu tun ist, steht in ihrer Nachricht.',
      COMPLETED: 'Die Behörde ist mit Ihrem Antrag fertig.',
    },
    at: 'Behörde',
    since: 'Stand vom',
    reference: 'Aktenzeichen',
    open: 'Verlauf und Briefe ansehen',
    locked: 'Stand und Angaben zu diesem Vorgang sind noch verborgen.',
    openBy: {
      basic: 'Vorgang öffnen',
      low: 'Mit stärkerer Anmeldung öffnen',
      substantial: 'Mit stärkerer Anmeldung öffnen',
      high: 'Mit Online-Ausweis öffnen',
    },
    timeline: 'Verlauf',
    letters: 'Briefe zu diesem Vorgang',
    noLetters: 'Zu diesem Vorgang gibt es noch keine Briefe, die Sie mit dieser Anmeldung sehen dürfen.',
    now: 'Aktueller Stand',
    back: 'Zu meinen Vorgängen',
  },
  letter: deLetter,
  settings: deSettings,
  closed: {
    purged: {
      title: 'Dieses Postfach gibt es nicht mehr',
      what: 'Es gehörte zu einem Konto, das gelöscht wurde. Mit dem Konto wurde der Schlüssel zu allen Briefen vernichtet: Niemand kann sie mehr lesen.',
      todo: 'Fragen zu einem früheren Brief beantwortet die Behörde, von der er kam.',
    },
    moved: {
      title: 'Ihre Briefe sind umgezogen',
      what: 'Sie haben zwei Konten zusammengelegt. Die Briefe aus diesem Postfach liegen jetzt beim Konto, das geblieben ist. Keiner ist verloren.',
      todo: 'Melden Sie sich ab und mit dem anderen Konto wieder an.',
    },
  },
};
