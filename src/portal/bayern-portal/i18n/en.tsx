import type { PortalMessages } from './messages.ts';

export const en: PortalMessages = {
  title: 'Start page',
  heading: 'Welcome to Bayern-Portal',
  lead: 'Start your dealings with the authorities online here: with the state of Bavaria, your county office and your municipality. All you need is one account, the Bayern-ID.',
  signIn: {
    heading: 'Sign in with Bayern-ID',
    what: 'Signing in once is enough for all services. You can look around without signing in.',
    how: 'You sign in with user name and password or with your Online-Ausweis (German eID). The portal needs no more than the basic registration.',
    button: 'Sign in',
  },
  person: {
    heading: 'Your sign-in',
    name: (p) => `Good day, ${p.name}.`,
    nameless: 'Good day.',
    level: 'This is how you are signed in at the moment:',
    stepUp: 'If a service needs more, it will ask you. You will stay signed in.',
  },
  services: {
    heading: 'Online services',
    fee: 'Fee',
    time: 'Time',
    needs: 'You need',
    open: 'Go to the certificate of good conduct',
  },
  fuehrungszeugnis: {
    name: 'Certificate of good conduct (Führungszeugnis)',
    what: 'The extract from the Federal Central Criminal Register, for instance for a new job or voluntary work.',
    time: 'about 1 to 2 weeks, by post',
    needs: 'your Online-Ausweis (German eID) with its PIN',
  },
};
