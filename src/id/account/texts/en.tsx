import type { AccountMessages } from './index.ts';

export const en: AccountMessages = {
  ended: {
    title: 'The login was ended',
    text: 'You cancelled the login, or the necessary level was not reached. Nothing was changed.',
    again: 'Back to my account',
  },
};
