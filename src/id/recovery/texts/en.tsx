import type { RecoveryMessages } from './index.ts';

export const en: RecoveryMessages = {
  forgotten: {
    title: 'Reset your password',
    lead: 'We send you an e-mail with a link. With it you can set a new password.',
    login: 'E-mail address or user name',
    hint: 'The one you usually sign in with.',
    button: 'Ask for a link',
    card: 'Have you added your Online-Ausweis to the account? Then you need no password: sign in with the Online-Ausweis and change the password in My account.',
    back: 'Back to sign-in',
    fault: { empty: 'Enter your e-mail address or your user name.' },
  },

  sent: {
    title: 'Look into your e-mail',
    lead: 'If the account exists and has a confirmed e-mail address, the e-mail with the link is on its way.',
    life: 'The link is valid for 30 minutes and only once. Open it on this or another device.',
    nothing: 'No e-mail arrived?',
    points: [
      'It may take a few minutes. Look into your spam folder, too.',
      'Perhaps you registered with another e-mail address.',
      'For safety we send only few e-mails to one address in a row. Wait an hour before you try again.',
    ],
    again: 'Ask once more',
  },

  gone: {
    title: 'This link is no longer valid',
    lead: 'It is older than 30 minutes, was used already, or you have asked for a newer one since. Nothing about your account was changed.',
    again: 'Ask for a new link',
  },

  proof: {
    title: 'Show that it is you',
    lead: 'Your account is specially protected. Before you set a new password, we need one more proof.',
    choose: 'One of the two ways is enough.',
    code: {
      heading: 'Enter a code',
      text: 'Take the code from your authenticator app, or one of your recovery codes.',
      label: 'Code',
      button: 'Check the code',
    },
    card: {
      heading: 'With Online-Ausweis',
      text: 'Take the card that was added to this account.',
      button: 'Prove it with Online-Ausweis',
    },
    foreign: {
      title: 'That was not the card of this account',
      text: 'You have signed in to another account. Take the card that was added to the account whose password you want to change.',
    },
    fault: {
      empty: 'Enter the code.',
      wrong: 'This code is not right or was used already. Take the next one that the app shows.',
      throttled: 'There were too many tries. Wait a few minutes.',
    },
  },

  password: {
    title: 'Set a new password',
    lead: 'Afterwards you are signed out everywhere and sign in again with the new password.',
    button: 'Set the password',
  },

  done: {
    title: 'Your password has been changed',
    out: 'All other sessions have ended',
    lead: 'We have sent you an e-mail about it. Now sign in with the new password.',
    dropped: {
      title: 'We removed this as well',
      text: 'It led into your account, too, and had never been confirmed: perhaps somebody else had set it up. If it was yours, set it up again in My account.',
      passkey: (p) => `Passkey “${p.name}”`,
      means: { password: 'Password', totp: 'Authenticator app', recovery_codes: 'Recovery codes' },
    },
    login: 'Sign in now',
    back: 'Continue signing in',
  },
};
