import type { PortalMessages } from './messages.ts';

export const en: PortalMessages = {
  title: 'Start page',
  heading: 'Welcome to Bayern-Portal',
  lead: 'See here how you deal with the authorities by one single account, the Bayern-ID. The first service is the certificate of good conduct: it takes no applications yet, but shows the data of your card.',
  signIn: {
    heading: 'Sign in with Bayern-ID',
    what: 'Signing in once is enough for the portal and the services. You can read here without signing in, too.',
    how: 'You sign in with user name and password or with your Online-Ausweis (German eID). The portal needs no more than the basic registration.',
    button: 'Sign in',
  },
  person: {
    heading: 'Your sign-in',
    name: (p) => `Good day, ${p.name}.`,
    nameless: 'Good day.',
    level: 'Your sign-in here at the portal:',
    stepUp: 'If a service needs more, it will ask you. Your sign-in at the portal stays as it is.',
  },
  services: {
    fee: 'Fee',
    time: 'Time',
    needs: 'You need',
    open: 'Go to the certificate of good conduct',
  },
  postfach: {
    name: 'My mailbox (Mein Postfach)',
    what: 'Here are the letters that authorities send you digitally, and how far your applications have got.',
    how: 'As safe as a letter: important ones open only with your Online-Ausweis (German eID).',
    open: 'Go to my mailbox',
  },
  fuehrungszeugnis: {
    name: 'Certificate of good conduct (Führungszeugnis)',
    what: 'The extract from the Federal Central Criminal Register, for instance for a new job or voluntary work.',
    time: 'about 1 to 2 weeks, by post',
    needs: 'your Online-Ausweis (German eID) with its PIN',
  },
};
