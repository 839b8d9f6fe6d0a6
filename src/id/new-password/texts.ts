import type { Catalogues, Shape } from '../../web/i18n/shape.ts';

const de = {
  label: 'Neues Passwort',
  hint: (p: { shortest: number }) =>
    `Mindestens ${p.shortest} Zeichen, zum Beispiel vier Wörter, die nichts miteinander zu tun haben. Alle Zeichen und Leerzeichen sind erlaubt, Einfügen und Passwort-Manager funktionieren.`,
  errorTitle: 'Dieses Passwort geht nicht',
  fault: {
    empty: 'Geben Sie ein Passwort ein.',
    tooShort: (p: { shortest: number }) =>
      `Das Passwort ist zu kurz. Nehmen Sie mindestens ${p.shortest} Zeichen, zum Beispiel noch ein Wort dazu.`,
    tooLong: 'Das Passwort ist zu lang. Nehmen Sie höchstens 1.000 Zeichen.',
    common:
      'Dieses Passwort steht auf Listen gestohlener oder häufiger Passwörter. Nehmen Sie andere Wörter, die nur Ihnen einfallen.',
    pattern:
      'Dieses Passwort ist leicht zu erraten: Es besteht fast nur aus Wiederholungen oder Tastenfolgen. Nehmen Sie zum Beispiel vier Wörter.',
    personal:
      'Dieses Passwort enthält Ihren Namen, Ihre Adresse, Ihr Geburtsdatum oder „Bayern-ID“. Das probieren andere zuerst. Nehmen Sie Wörter, die nichts mit Ihnen zu tun haben.',
  },
};

export type NewPasswordMessages = Shape<typeof de>;

const en: NewPasswordMessages = {
  label: 'New password',
  hint: (p) =>
    `At least ${p.shortest} characters, for example four words that have nothing to do with each other. All characters and blanks are allowed; pasting and password managers work.`,
  errorTitle: 'This password cannot be used',
  fault: {
    empty: 'Enter a password.',
    tooShort: (p) =>
      `The password is too short. Use at least ${p.shortest} characters, for example by adding another word.`,
    tooLong: 'The password is too long. Use at most 1,000 characters.',
    common:
      'This password is on lists of stolen or common passwords. Choose other words, which only you would think of.',
    pattern:
      'This password is easy to guess: it consists almost only of repetitions or rows of keys. Take four words, for example.',
    personal:
      'This password contains your name, your address, your date of birth or “Bayern-ID”. That is what others try first. Choose words that have nothing to do with you.',
  },
};

export const newPasswordTexts: Catalogues<NewPasswordMessages> = { de, en };
