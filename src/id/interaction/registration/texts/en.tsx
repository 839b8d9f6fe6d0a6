import type { RegistrationMessages } from './index.ts';

export const en: RegistrationMessages = {
  step: (p) => `Step ${p.step} of ${p.of}`,
  next: 'Continue',

  register: {
    title: 'Create an account',
    lead: 'With an account you sign in to all public services in Bavaria. It is free of charge.',
    needsCard: (p) =>
      `“${p.service}” requires the level of assurance “${p.level}”. For that you need your Online-Ausweis in any case, also if you create the account with an e-mail address.`,
    email: {
      heading: 'With an e-\u2060mail address',
      text: 'To begin with. You can add the Online-Ausweis later.',
      needs: ['An e-mail address whose mail you can read now', 'A new password', 'About five minutes'],
      button: 'Begin with an e-mail address',
    },
    card: {
      heading: 'With Online-Ausweis',
      text: 'The safest way. We read your data from the card, and you can use all online services with it.',
      button: 'Begin with Online-Ausweis',
    },
    need: 'You need:',
    privacy: 'How we treat your data',
    have: 'Do you have an account already?',
    login: 'Sign in now',
  },

  email: {
    title: 'Enter your e-\u2060mail address',
    lead: 'We send you a code, so that we know that the address is yours. You will sign in with this address later.',
    byCard: {
      title: 'Add an e-\u2060mail address',
      lead: 'Your account has been created. With an e-mail address we can write to you when something about your account changes, and you get access if you lose your card.',
      read: 'We have read these data from your card',
      readNote: 'They cannot be changed here: what the card says counts.',
    },
    label: 'E-mail address',
    hint: 'For example name@example.org',
    button: 'Send a code',
    skip: 'Continue without an e-mail address',
    back: 'Back',
    fault: {
      empty: 'Enter your e-mail address.',
      notAnAddress: 'This is no e-mail address that we can write to. Check the spelling, for example name@example.org.',
      tooMany:
        'E-mails to this address or from your connection were asked for only just now. Wait a few minutes, then try again.',
    },
  },

  elsewhere: {
    title: 'Your code',
    lead: 'You have opened the link in another browser than the one you began in. Enter this code there:',
    warning: 'Do not give the code to anybody, not even on the telephone.',
  },

  person: {
    title: 'About yourself',
    lead: 'You state these data yourself. Services see that they do not come from a card. You can change them later.',
    given: 'Given names',
    givenHint: 'All of them, as they stand on your card. If you have a single name, leave one of the two fields empty.',
    family: 'Family name',
    birth: {
      legend: 'Date of birth (optional)',
      hint: 'For example 31 3 1980. Leave empty what you do not know.',
      day: 'Day',
      month: 'Month',
      year: 'Year',
    },
    addressTitle: 'Address',
    street: 'Street and house number',
    postal: 'Postal code',
    locality: 'Town',
    fault: {
      noName: 'Enter your name. If you have a single name, one of the two fields is enough.',
      tooLong: 'These are too many characters. At most 120 are possible.',
      notText: 'There are characters here that we cannot accept, such as angle brackets.',
      day: 'Enter the day as a number from 1 to 31, or leave the field empty.',
      month: 'Enter the month as a number from 1 to 12, or leave the field empty.',
      year: 'Enter the year with four digits, or leave the field empty.',
      noSuchDay: 'There is no such day. Check day, month and year.',
      future: 'This day lies in the future. Check the year.',
    },
  },

  password: {
    title: 'Choose a password',
    lead: 'With it and your e-mail address you will sign in from now on.',
    byCard:
      'For days on which you do not have your card with you. You do not need one: you can always sign in with the Online-Ausweis.',
    button: 'Create the account',
    buttonByCard: 'Save the password',
    skip: 'Continue without a password',
  },

  taken: {
    title: 'There is an account for this address',
    lead: (p) =>
      `An account with the address ${p.email} has been created in the meantime. Sign in with it. If you do not know the password, you can set a new one.`,
    login: 'Go to sign-in',
    other: 'Another e-mail address',
  },

  registered: {
    title: 'Your account has been created',
    ready: 'You can use it at once',
    passkey:
      'A passkey is quicker: then unlocking your device is enough, for example by fingerprint, face or PIN. You make one in My account.',
    login: (p) => (
      <>
        From now on you sign in with <strong>{p.email}</strong> and your password. You can choose a user name in My
        account.
      </>
    ),
    card: 'From now on you sign in with your Online-Ausweis. You can add other ways in My account.',
    button: (p) => `Continue to “${p.service}”`,
  },
};
