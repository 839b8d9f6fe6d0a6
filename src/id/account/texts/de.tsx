/** Mein Konto. The shape of both catalogues: a key that one of them lacks does not compile. */
export const de = {
  title: 'Mein Konto',
  lead: 'Hier sehen und ändern Sie, was Bayern-ID über Sie weiß und wie Sie sich anmelden.',
  level: 'Sie sind angemeldet auf dem Niveau',
  means: 'Anmeldemethoden: Passwort, Passkeys, Authenticator-App',
  ended: {
    title: 'Die Anmeldung wurde beendet',
    text: 'Sie haben die Anmeldung abgebrochen, oder das nötige Niveau wurde nicht erreicht. Es wurde nichts geändert.',
    again: 'Zurück zu Mein Konto',
  },
};
