import type { Shape } from '../../../web/i18n/shape.ts';
import type { deOverview } from './de-overview.tsx';

export const enOverview: Shape<typeof deOverview> = {
  heading: 'Your overview',
  name: (p) => `Good day, ${p.name}.`,
  nameless: 'Good day.',
  login: {
    heading: 'Your sign-in',
    level: 'Your sign-in here at the portal:',
    stepUp: 'If a service needs more, it will ask you.',
  },
  letters: {
    heading: 'New letters',
    none: 'No new letters.',
    some: (p) => (p.count === 1 ? '1 new letter is waiting for you.' : `${p.count} new letters are waiting for you.`),
  },
  applications: {
    heading: 'Your applications',
    none: 'You have made no application yet that appears here.',
    since: (p) => `since ${p.date}`,
    all: (p) => `All ${p.count} applications`,
    open: 'Go to my applications',
    locked: (p) => (p.count === 1 ? '1 protected application.' : `${p.count} protected applications.`),
    lockedText: 'Mein Postfach shows more after a stronger sign-in.',
    state: {
      INITIATED: 'Begun',
      SUBMITTED: 'Sent',
      RECEIVED: 'Received',
      PROCESSING: 'Being worked on',
      ACTION_REQUIRED: 'It is your turn',
      COMPLETED: 'Finished',
    },
  },
  payments: {
    heading: 'Open payments',
    none: 'No open payments.',
    to: (p) => `${p.amount} to ${p.payee}`,
    until: (p) => `to be paid by ${p.when}`,
    checking: 'Being checked: please do not pay again',
    all: (p) => `All ${p.count} open payments are under “My payments”.`,
    open: 'Go to my payments',
  },
  away: 'We cannot get this right now. Nothing is lost; load the page again in a few minutes.',
  loginAgain: 'Please sign in once more for this.',
  loginAgainButton: 'Sign in again',
};
