import type { RelyingPartyMessages } from './messages.ts';

export const en: RelyingPartyMessages = {
  again: 'Try again',
  signIn: 'Sign in',
  toStart: 'Go to the start page',
  logOut: 'Sign out',
  nameless: 'Your account',
  failures: {
    ended: {
      title: 'The sign-in was ended',
      what: 'Bayern-ID has sent us no data. This happens when you cancel the sign-in or decline to release your data.',
      todo: 'You can start to sign in again at any time.',
    },
    level: {
      title: 'The level of assurance is not high enough yet',
      what: 'For this page we must know with more certainty who you are. Your sign-in did not reach the level that is needed.',
      todo: 'Try again and identify yourself with your Online-Ausweis (German eID).',
    },
    loginRequired: {
      title: 'Please sign in',
      what: 'At the moment you are not signed in to Bayern-ID.',
      todo: 'Sign in. You will then come back to this page.',
    },
    unavailable: {
      title: 'Bayern-ID cannot be reached right now',
      what: 'We could not complete your sign-in because Bayern-ID does not answer.',
      todo: 'Wait a minute and then try again.',
    },
    unknown: {
      title: 'This sign-in is no longer valid',
      what: 'The sign-in has expired, was completed already or was started in another browser.',
      todo: 'Start to sign in again. If you are signed in already, go on from the start page.',
    },
    otherPerson: {
      title: 'That was another account',
      what: 'You are signed in here with one account, but Bayern-ID told us that another account has signed in. We have changed nothing.',
      todo: 'Would you like to use the other account? Then sign out here first.',
    },
    loggedOut: {
      title: 'You have been signed out meanwhile',
      what: 'Your session at Bayern-ID ended while you were still signing in here.',
      todo: 'Please sign in again.',
    },
    refused: {
      title: 'The sign-in did not work',
      what: 'The answer from Bayern-ID did not fit your sign-in. For your protection we have not accepted it.',
      todo: 'Start to sign in again. If the error comes back, it is not your fault.',
    },
  },
  kept: {
    title: 'What you entered is still here',
    text: 'It has not been sent yet, because your proof had run out. Check it and send it once more.',
  },
  loggedOut: {
    title: 'You are signed out',
    here: (p) => `Your session at ${p.service} has ended.`,
    sharedDevice: 'On a device that is not yours, please close the browser as well.',
    onlyHereTitle: 'Bayern-ID could not be reached',
    onlyHere: 'You may still be signed in there. Sign out there too, above all on a device that is not yours.',
    toProvider: 'Go to Bayern-ID',
    stillTitle: 'You are signed in',
    still: 'To sign out, use “Sign out” at the top of the page.',
  },
};
