import type { AccountMessages } from './index.ts';

export const en: AccountMessages = {
  title: 'My account',
  lead: 'Here you see and change what Bayern-ID knows about you and how you log in.',
  level: 'You are logged in at level',
  means: 'Ways to sign in: password, passkeys, authenticator app',
  ended: {
    title: 'The login was ended',
    text: 'You cancelled the login, or the necessary level was not reached. Nothing was changed.',
    again: 'Back to my account',
  },
};
