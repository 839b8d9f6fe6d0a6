import type { PostfachMessages } from './messages.ts';

export const enSettings: PostfachMessages['settings'] = {
  title: 'Mailbox settings',
  notices: {
    heading: 'Notice by e-mail',
    what: 'When a letter comes, we send you an e-mail. It says only that there is a letter: not from whom, not what about.',
    address:
      'We send it to the confirmed e-mail address of your Bayern-ID. You can change the address there, in “Mein Konto”.',
    on: 'On',
    off: 'Off',
    offNote: 'Without notices you have to look yourself regularly: time limits run even if you do not notice a letter.',
    turnOn: 'Turn notices on',
    turnOff: 'Turn notices off',
  },
  consents: {
    heading: 'Consents',
    lead: 'Both are voluntary, separate from each other, and you can withdraw them for future letters at any time. Without consent authorities send such documents on paper.',
    bekanntgabe: {
      heading: 'Electronic notification of decisions (Bekanntgabe)',
      what: 'Authorities may put decisions into this mailbox instead of your letter box (Art. 24 BayDiG).',
      consequences: [
        'A decision counts as received on the third day after our notice by e-mail, even if you do not read it.',
        'From that day time limits run, for instance for an objection. Once the time is over, the decision becomes final.',
        'So look into the mailbox regularly, and leave the notices on.',
      ],
    },
    zustellung: {
      heading: 'Electronic formal service (Zustellung)',
      what: 'Authorities may also send here what otherwise comes with a certificate of service, the yellow letters (Art. 25 BayDiG).',
      consequences: [
        'These are especially important documents: with service time limits begin that are often short.',
        'The mailbox records when a document was served. These times count as proof.',
        'If you miss a time limit, you may lose rights.',
      ],
    },
    given: (p) => `Consented on ${p.when}`,
    notGiven: 'Not consented',
    understood: 'I have read the consequences and consent.',
    understoodError: 'Tick the box if you have read the consequences and consent.',
    consequencesHeading: 'This has consequences:',
    give: { bekanntgabe: 'Consent to notification', zustellung: 'Consent to service' },
    withdraw: { bekanntgabe: 'Withdraw notification', zustellung: 'Withdraw service' },
    withdrawNote: 'The withdrawal holds for letters that come from now on.',
    history: 'Consents so far',
    events: {
      bekanntgabe: { consent_given: 'Notification: consented', consent_withdrawn: 'Notification: withdrawn' },
      zustellung: { consent_given: 'Service: consented', consent_withdrawn: 'Service: withdrawn' },
    },
  },
  senders: {
    heading: 'Who may write to you',
    what: 'Only those can write to you to whom you have released your mailbox with an application. Whom you block is refused and writes to you on paper.',
    none: 'Nobody has written to you so far.',
    allowed: 'may write',
    blocked: (p) => `blocked since ${p.date}`,
    block: 'Block',
    unblock: 'Allow again',
    blockOf: (p) => `Block ${p.name}`,
    unblockOf: (p) => `Allow again: ${p.name}`,
    consent: 'You see and withdraw releases at Bayern-ID under “Mein Konto”, “Dienste”.',
  },
  deletion: {
    heading: 'What happens when something is deleted',
    trash: (p) => `A letter in the trash stays for ${p.days} days. Then it is gone for good, with its attachments.`,
    items: [
      'The authority learns that you have deleted a letter.',
      'If you delete your account at Bayern-ID, the key of this mailbox is destroyed. No letter can be read then, not from backups either. Save before what you need.',
      'Deleting changes no time limits.',
    ],
  },
  done: {
    'hinweise-an': 'Notices by e-mail are on.',
    'hinweise-aus': 'Notices by e-mail are off.',
    einwilligen: 'Your consent has been saved.',
    widerrufen: 'Your withdrawal has been saved.',
    sperren: 'The sender is blocked.',
    zulassen: 'The sender may write to you again.',
  },
};
