import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';

/** Password, e-mail address and user name in Mein Konto. */
const de = {
  password: {
    title: 'Passwort ändern',
    titleOfFirst: 'Passwort hinzufügen',
    lead: 'Danach sind Sie auf allen anderen Geräten abgemeldet. Hier bleiben Sie angemeldet.',
    current: 'Bisheriges Passwort',
    button: 'Passwort speichern',
    done: 'Ihr Passwort ist gespeichert. Auf allen anderen Geräten sind Sie abgemeldet.',
    noName: {
      title: 'Zuerst brauchen Sie einen Namen für die Anmeldung',
      text: 'Ein Passwort nützt erst, wenn es eine E-Mail-Adresse oder einen Benutzernamen dazu gibt.',
      link: 'E-Mail-Adresse hinzufügen',
    },
    fault: {
      currentEmpty: 'Geben Sie Ihr bisheriges Passwort ein.',
      currentWrong:
        'Das bisherige Passwort stimmt nicht, oder es gab zu viele Versuche. Warten Sie dann einige Minuten.',
    },
  },

  email: {
    title: 'E-Mail-Adresse ändern',
    titleOfFirst: 'E-Mail-Adresse hinzufügen',
    lead: 'Mit dieser Adresse melden Sie sich an, und dorthin schreiben wir, wenn sich an Ihrem Konto etwas ändert.',
    present: (p: { email: string }) => (
      <>
        Bisher: <strong>{p.email}</strong>. Wir schreiben auch dorthin, dass die Adresse geändert wurde.
      </>
    ),
    label: 'Neue E-Mail-Adresse',
    hint: 'Zum Beispiel name@beispiel.de',
    button: 'Code schicken',
    done: 'Ihre E-Mail-Adresse ist geändert.',
    fault: {
      empty: 'Geben Sie die neue E-Mail-Adresse ein.',
      notAnAddress:
        'Das ist keine E-Mail-Adresse, an die wir schreiben können. Prüfen Sie die Schreibweise, zum Beispiel name@beispiel.de.',
      same: 'Das ist Ihre bisherige Adresse. Geben Sie eine andere ein.',
      tooMany:
        'An diese Adresse oder von Ihrem Anschluss aus wurden gerade erst E-Mails angefordert. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
    },
    untilThen: 'Bis dahin gilt Ihre bisherige Adresse.',
    undo: {
      title: 'Änderung der E-Mail-Adresse zurücknehmen',
      lead: 'Waren Sie das nicht? Dann gilt wieder Ihre bisherige Adresse, und alle Geräte werden abgemeldet. Setzen Sie danach ein neues Passwort.',
      button: 'Bisherige Adresse wiederherstellen',
      doneTitle: 'Ihre bisherige Adresse gilt wieder',
      done: 'Alle Geräte sind abgemeldet. Setzen Sie jetzt ein neues Passwort: Vielleicht kennt jemand Ihr altes.',
      reset: 'Neues Passwort setzen',
      goneTitle: 'Dieser Link gilt nicht mehr',
      gone: 'Er ist älter als drei Tage oder wurde schon benutzt. Wenn Sie glauben, dass jemand anderes Ihr Konto benutzt, setzen Sie ein neues Passwort.',
    },
  },

  loginName: {
    title: 'Benutzername',
    lead: 'Sie können sich statt mit Ihrer E-Mail-Adresse auch mit einem Benutzernamen anmelden. Beides geht.',
    label: 'Benutzername',
    hint: 'Mindestens 3 Zeichen: Buchstaben, Ziffern, Punkt, Bindestrich oder Unterstrich. Groß und klein ist gleich.',
    button: 'Benutzername speichern',
    remove: 'Benutzername entfernen',
    done: 'Ihr Benutzername ist gespeichert.',
    removed: 'Ihr Benutzername ist entfernt.',
    fault: {
      empty: 'Geben Sie einen Benutzernamen ein.',
      form: 'Nehmen Sie 3 bis 60 Zeichen: Buchstaben, Ziffern, Punkt, Bindestrich oder Unterstrich, kein @ und keine Leerzeichen.',
      taken: 'Diesen Benutzernamen gibt es schon. Wählen Sie einen anderen.',
      tooMany: 'Es gab zu viele Versuche. Warten Sie einige Minuten.',
    },
  },
};

export type LoginDataMessages = Shape<typeof de>;

const en: LoginDataMessages = {
  password: {
    title: 'Change your password',
    titleOfFirst: 'Add a password',
    lead: 'Afterwards you are signed out on all other devices. Here you stay signed in.',
    current: 'Current password',
    button: 'Save the password',
    done: 'Your password has been saved. You are signed out on all other devices.',
    noName: {
      title: 'First you need a name to sign in with',
      text: 'A password is of use only with an e-mail address or a user name beside it.',
      link: 'Add an e-mail address',
    },
    fault: {
      currentEmpty: 'Enter your current password.',
      currentWrong: 'The current password is not right, or there were too many tries. In that case wait a few minutes.',
    },
  },

  email: {
    /** Word joiners: narrow screens do not break the heading after the hyphen. */
    title: 'Change your e-\u2060mail address',
    titleOfFirst: 'Add an e-\u2060mail address',
    lead: 'You sign in with this address, and we write to it when something about your account changes.',
    present: (p) => (
      <>
        Until now: <strong>{p.email}</strong>. We also write there that the address was changed.
      </>
    ),
    label: 'New e-mail address',
    hint: 'For example name@example.org',
    button: 'Send a code',
    done: 'Your e-mail address has been changed.',
    fault: {
      empty: 'Enter the new e-mail address.',
      notAnAddress: 'This is no e-mail address that we can write to. Check the spelling, for example name@example.org.',
      same: 'This is your present address. Enter another one.',
      tooMany:
        'E-mails to this address or from your connection were asked for only just now. Wait a few minutes, then try again.',
    },
    untilThen: 'Until then your present address counts.',
    undo: {
      title: 'Take back the change of your e-mail address',
      lead: 'Was it not you? Then your previous address counts again, and all devices are signed out. Set a new password afterwards.',
      button: 'Restore the previous address',
      doneTitle: 'Your previous address counts again',
      done: 'All devices are signed out. Now set a new password: somebody may know your old one.',
      reset: 'Set a new password',
      goneTitle: 'This link is no longer valid',
      gone: 'It is older than three days or was used already. If you think that somebody else uses your account, set a new password.',
    },
  },

  loginName: {
    title: 'User name',
    lead: 'Instead of your e-mail address you can also sign in with a user name. Both work.',
    label: 'User name',
    hint: 'At least 3 characters: letters, digits, full stop, hyphen or underscore. Capital and small letters are the same.',
    button: 'Save the user name',
    remove: 'Remove the user name',
    done: 'Your user name has been saved.',
    removed: 'Your user name has been removed.',
    fault: {
      empty: 'Enter a user name.',
      form: 'Use 3 to 60 characters: letters, digits, full stop, hyphen or underscore, no @ and no blanks.',
      taken: 'This user name exists already. Choose another one.',
      tooMany: 'There were too many tries. Wait a few minutes.',
    },
  },
};

export const loginDataTexts: Catalogues<LoginDataMessages> = { de, en };
