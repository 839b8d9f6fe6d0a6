import type { OfficeMessages } from './messages.ts';

export const en: OfficeMessages = {
  list: {
    title: 'Applications for a certificate of good conduct',
    open: 'Open applications',
    done: 'Answered applications',
    empty: 'There is no application here',
    older: 'More applications',
    received: (p) => `received on ${p.when}`,
  },
  states: { filed: 'new', processing: 'in progress', answered: 'answered' },
  application: {
    back: 'To the applications',
    title: (p) => `Application ${p.reference}`,
    takeUp: 'Take up',
    documents: 'Documents',
    exemption: 'An exemption from the fee is claimed. Issuing the certificate grants it.',
    paid: 'The fee is paid.',
  },
  answer: {
    heading: 'Answer the application',
    legend: 'Decision',
    outcomes: { issued: 'Certificate issued', refused: 'Application refused' },
    text: 'Message to the applicant',
    textHint: 'It stands in the letter. A refusal needs its reasons. At most 4000 characters.',
    send: 'Send answer',
    given: 'Answer',
    late: 'The application has been answered already',
    errors: {
      outcome: 'Choose the decision.',
      text: 'Give the reasons for the refusal, in at most 4000 characters.',
    },
  },
  own: {
    title: 'This is your own application',
    text: 'Nobody decides on her or his own application (§ 20 of the Administrative Procedure Act, VwVfG). Somebody else at the register authority works on it.',
  },
  denied: {
    title: 'No access',
    text: 'Your account has no role in the register authority. The role belongs to a confirmed e-mail address; the operator grants it.',
  },
};
