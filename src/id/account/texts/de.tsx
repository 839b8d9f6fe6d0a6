/** Mein Konto. The shape of both catalogues: a key that one of them lacks does not compile. */
export const de = {
  ended: {
    title: 'Die Anmeldung wurde beendet',
    text: 'Sie haben die Anmeldung abgebrochen, oder das nötige Niveau wurde nicht erreicht. Es wurde nichts geändert.',
    again: 'Zurück zu Mein Konto',
  },
};
