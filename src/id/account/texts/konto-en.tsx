import type { KontoMessages } from './konto.ts';

export const kontoEn: KontoMessages = {
  title: 'My account',
  nav: {
    label: 'My account',
    open: 'Pages of my account',
    back: 'Back to the overview',
    items: {
      home: 'Overview',
      data: 'My data',
      means: 'Ways to sign in',
      sessions: 'Devices and sessions',
      services: 'Connected services',
      activities: 'Activities',
      notices: 'Notifications',
      language: 'Language and appearance',
      export: 'Download my data',
      deletion: 'Delete my account',
    },
  },
  saved: 'Saved',
  change: 'Change',
  cancel: 'Cancel',
  method: {
    password: 'with a password',
    password_totp: 'with a password and a code from an app',
    passkey_synced: 'with a passkey',
    passkey_bound: 'with a passkey',
    eid: 'with the Online-Ausweis',
  },
  hidden: {
    value: 'hidden',
    title: 'What we read from your ID card is hidden',
    text: 'You signed in by a simple means. Whoever has stolen a password must not learn from it who you are.',
    show: 'Prove who you are and show it',
  },

  home: {
    greeting: (p) => `Hello, ${p.name}`,
    level: 'Signed in now:',
    lastTitle: 'Your sign-in',
    last: (p) => `Signed in before that: ${p.when}, ${p.method}.`,
    first: 'No earlier sign-in is recorded.',
    lastMore: 'See all activities',
    todoTitle: 'What you should still do',
    nothing: 'All is well. There is nothing to do at the moment.',
    todo: {
      secondFactor: {
        title: 'Set up a second factor',
        text: 'So far only a password protects your account. With a passkey or an app nobody gets in who has guessed it.',
        link: 'Set up a second factor',
      },
      email: {
        title: 'Give us an e-mail address',
        text: 'We write to it when something changes in your account. Without it we cannot warn you.',
        link: 'Give an e-mail address',
      },
      cardExpires: {
        title: (p) => `Your ID card expires on ${p.date}`,
        text: 'Apply for a new one in good time and exchange it here. Your services will still recognise you.',
        link: 'To the Online-Ausweis',
      },
      cardExpired: {
        title: 'Your ID card has expired',
        text: 'Without a valid card you only reach basic registration. If you have a new one, exchange it here.',
        link: 'To the Online-Ausweis',
      },
      recoveryCodes: {
        title: (p) =>
          p.left === 0
            ? 'You have no recovery codes left'
            : p.left === 1
              ? 'You have only one recovery code left'
              : `You have only ${p.left} recovery codes left`,
        text: 'They let you into your account when your phone is lost. Make new ones in good time.',
        link: 'Make new codes',
      },
    },
    pagesTitle: 'What would you like to do?',
    tiles: {
      data: 'See and change what we know about you',
      means: 'Password, passkey, app and Online-Ausweis',
      sessions: 'See where you are signed in, and sign devices out',
      services: 'See who received which data, and withdraw consent',
      activities: 'Read what has happened with your account',
      notices: 'Which e-mails we send you',
      language: 'German or English, light or dark',
      export: 'Everything we have stored, as a file',
      deletion: 'Delete the account with all its data',
    },
  },

  data: {
    title: 'My data',
    lead: 'This is what we know about you, where we have it from, and since when.',
    cardTitle: 'From your ID card',
    cardWhy:
      'You cannot change these: we have read them from your Online-Ausweis, and services rely on them. If something changes, after a move for instance, we take it over as soon as you use the card again.',
    readOn: (p) => `read on ${p.date}`,
    assumed: 'Not on the card, but may be assumed.',
    validUntil: 'Card valid until',
    ownTitle: 'Given by yourself',
    ownText: 'Nobody has checked these. You can change them at any time.',
    ownOn: (p) => `given on ${p.date}`,
    none: 'not given',
    locked: 'What your ID card says counts.',
    groups: {
      name: 'Name',
      birthdate: 'Date of birth',
      address: 'Address',
      phone: 'Telephone number',
      email: 'E-mail address',
      loginName: 'User name',
    },
    changeGroup: (p) => (
      <>
        Change<span class="kern-sr-only">: {p.what}</span>
      </>
    ),
    emailConfirmed: 'confirmed',
    emailWhere: 'You change e-mail address and user name under “Ways to sign in”.',
    historyTitle: 'What your ID card said before',
    historyText: 'Earlier contents of your card. We keep them for 24 months.',
    until: (p) => `Until ${p.date}`,
    edit: {
      name: {
        title: 'Change your name',
        lead: 'If you have only one name, leave the other field empty.',
        given: 'Given names',
        family: 'Family name',
      },
      birthdate: {
        title: 'Change your date of birth',
        lead: 'If your papers show no day or no month, leave the field empty.',
        why: 'The date of birth helps to decide which ID card fits your account.',
        day: 'Day',
        month: 'Month',
        year: 'Year',
        example: 'For example 12 8 1964',
        legend: 'Your date of birth',
      },
      address: {
        title: 'Change your address',
        lead: 'Leave everything empty to delete the address.',
        street: 'Street and number',
        postcode: 'Postal code',
        town: 'Town',
        country: 'Country',
      },
      phone: {
        title: 'Change your telephone number',
        lead: 'Leave it empty to delete the number.',
        phone: 'Telephone number',
        hint: 'With area code, for example 089 123456 or +43 1 234567',
      },
      save: 'Save',
      errors: {
        nameEmpty: 'Enter given names or a family name.',
        tooLong: 'This is too long. Shorten it.',
        dateYear: 'Enter the year with four digits.',
        dateParts: 'Enter day and month as numbers, or leave both empty.',
        dateUnreal: 'There is no such date.',
        dateFuture: 'This date is in the future.',
        postcode: 'A German postal code has five digits.',
        addressPart: 'Enter at least the town.',
        phone: 'Enter a telephone number with its area code.',
        locked: 'This comes from your ID card and cannot be changed here.',
      },
    },
  },

  sessions: {
    title: 'Devices and sessions',
    lead: 'You are signed in here at the moment. If something looks strange to you, sign it out and change your password.',
    current: 'This device',
    unknown: 'Unknown device',
    device: (p) => `${p.browser} on ${p.system}`,
    began: 'Signed in since',
    how: 'Signed in',
    seen: 'Last used',
    level: 'Level of assurance',
    services: 'Used for',
    noServices: 'my account only',
    justNow: 'just now',
    lately: 'less than an hour ago',
    end: 'Sign out',
    endFull: (p) => `Sign out: ${p.device}`,
    othersTitle: 'Sign out everywhere else',
    others:
      'Signs all other devices out. The services that you used there are told, too. You stay signed in on this device.',
    endOthers: 'Sign out all other devices',
    noOthers: 'You are not signed in on any other device.',
    ended: 'The device is signed out',
    endedOthers: 'All other devices are signed out',
    gone: 'This device was signed out already',
    privacy: 'We remember browser and operating system only. We do not know where you are.',
  },

  services: {
    title: 'Connected services',
    lead: 'These services have received data about you. You see which and when, and can withdraw your consent.',
    emptyTitle: 'No service yet',
    empty: 'As soon as you sign in to a service with Bayern-ID, it is listed here.',
    gone: 'no longer connected',
    since: 'Connected since',
    last: 'Last used',
    received: 'Has received',
    nothing: 'no personal data',
    more: (p) => (
      <>
        Details<span class="kern-sr-only"> about {p.service}</span>
      </>
    ),
    state: {
      given: 'Consent is valid',
      withdrawn: 'Consent withdrawn',
      byLaw: 'Without consent, by law',
    },
    byLaw: (p) => `This service may receive the data without your consent: ${p.basis}.`,
    consentTitle: 'Your consent',
    consentSince: 'Given on',
    consentData: 'You agreed to',
    refused: 'Not released',
    access: 'Also allowed',
    withdrawTitle: 'Withdraw your consent',
    consequences: [
      'From now on the service receives no more data from us. Access that it has now ends at once.',
      'At your next visit we ask you again whether you want to release data.',
      'What the service has received already we cannot take back. Please turn to the service for that.',
      'Applications that are under way at this service remain.',
    ],
    withdraw: 'Withdraw consent',
    withdrawn: 'The consent is withdrawn',
    releasesTitle: 'What the service has received',
    releasesNone: 'No data so far.',
    pastTitle: 'Earlier consents',
    past: (p) => `${p.from} to ${p.to}`,
    back: 'All connected services',
  },

  activities: {
    title: 'Activities',
    lead: 'What has happened with your account, the newest first. What did not work, too.',
    filter: 'Show',
    groups: {
      all: 'Everything',
      logins: 'Sign-ins',
      failures: 'Failures',
      data: 'Data passed on',
      changes: 'Changes',
    },
    emptyTitle: 'Nothing recorded',
    empty: 'There are no entries for this choice.',
    older: 'Older entries',
    newest: 'Back to the newest',
    notMe: (p) => (
      <>
        That was not me<span class="kern-sr-only">: {p.what}</span>
      </>
    ),
    at: (p) => `Service: ${p.service}`,
    data: (p) => `Data: ${p.names}`,
    reason: (p) => `Reason given by the operators: ${p.reason}`,
    level: (p) => `Level of assurance: ${p.level}`,
    means: {
      password: 'password',
      eid: 'Online-Ausweis',
      passkey: 'passkey',
      totp: 'code from an app',
      recovery_codes: 'recovery codes',
      email: 'e-mail',
    },
    what: {
      loginSucceeded: (p) => `Signed in with: ${p.means}`,
      loginFailed: {
        wrong_password: 'Sign-in failed: wrong password',
        wrong_code: 'Sign-in failed: wrong code',
        wrong_passkey: 'Sign-in failed: passkey not accepted',
        throttled: 'Sign-in failed: too many attempts',
        locked: 'Sign-in failed: the account is locked',
      },
      accountCreated: {
        card: 'Account created with the Online-Ausweis',
        registration: 'Account created',
        seed: 'Account created for this test installation',
      },
      passwordChanged: {
        citizen: 'Password changed',
        recovery: 'Password set anew by “Forgot your password”',
      },
      credentialAdded: (p) => `Way to sign in added: ${p.means}`,
      credentialRemoved: (p) => `Way to sign in removed: ${p.means}`,
      recoveryCodeUsed: (p) => `Recovery code used, left: ${p.left}`,
      recoveryRequested: 'New password requested',
      emailChanged: 'E-mail address changed',
      loginNameChanged: 'User name changed',
      dataChanged: 'Own data changed',
      dataExported: 'Data downloaded',
      consentGiven: 'Agreed to the release of data',
      consentRefused: 'Refused the release of data',
      consentWithdrawn: 'Consent withdrawn',
      dataReleased: 'Data passed on',
      loginConfirmed: 'Sign-in confirmed, no personal data passed on',
      notMe: '“That was not me” reported: signed out everywhere',
      deletionPlanned: (p) => `Deletion of the account planned for ${p.date}`,
      deletionCancelled: 'Deletion of the account undone',
      cardLinked: 'Online-Ausweis connected with the account',
      cardRefused: {
        foreign_card: 'ID card refused: it belongs to another account',
        birth_date: 'ID card refused: the date of birth does not match',
        other_card_linked: 'ID card refused: another one is connected already',
        taken: 'ID card refused: it belongs to another account',
        locked: 'ID card refused: nobody can sign in with it at the moment',
      },
      cardUpdated: 'Data taken over from the ID card',
      linkDeclined: 'ID card not added',
      eidFailed: 'Online-Ausweis not completed',
      eidBurned: 'Online-Ausweis ended for security reasons',
      sessionEnded: {
        logout: 'Signed out',
        switch: 'Signed out because another account signed in in the same browser',
        expiry: 'Session expired',
        epoch: 'Session ended for security reasons',
        citizen: 'Device signed out',
      },
      tokenReplayed: 'The access of a service was used twice and therefore blocked',
      operator: {
        locked: 'Account locked by the operators',
        unlocked: 'Account unlocked by the operators',
        loggedOut: 'Signed out everywhere by the operators',
        toBeDeleted: 'Deletion of the account begun by the operators',
      },
      other: 'Other event',
    },
  },

  notMe: {
    title: 'Was that not you?',
    lead: 'Then we secure your account right now.',
    effectsTitle: 'What happens when you press the button',
    effects: [
      'All devices are signed out, this one too. Whoever is in your account is out.',
      'All services at which you are signed in are told.',
      'Then you set a new password. Only then is your account safe again.',
    ],
    button: 'Sign out everywhere',
    doneTitle: 'Signed out everywhere',
    done: 'All devices are signed out, and nobody is in your account any more. One step is still missing:',
    nextTitle: 'Set a new password now',
    next: 'Whoever knows your password could sign in again otherwise.',
    recover: 'Set a new password',
    next2: 'After that, check in My account whether all ways to sign in are yours.',
    means: 'Check the ways to sign in',
    invalidTitle: 'This link is no longer valid',
    invalid: 'Such a link works for seven days and only once. You can secure your account all the same:',
    invalidOwn: 'Sign out everywhere in My account',
  },

  notices: {
    title: 'Notifications',
    lead: 'These are the e-mails we send you. There is never any advertising.',
    to: (p) => (
      <>
        We send them to <strong>{p.email}</strong>.
      </>
    ),
    noAddressTitle: 'We have no e-mail address of yours',
    noAddress:
      'So we cannot warn you when something changes in your account, nor remind you before an unused account is deleted.',
    add: 'Give an e-mail address',
    alwaysTitle: 'For your security, always',
    always: [
      'Sign-in on a new device',
      'New, changed or removed ways to sign in',
      'New e-mail address and new password',
      'New data from your ID card',
      'Planned deletion of your account',
    ],
    alwaysWhy:
      'They cannot be switched off: that is the first thing somebody who breaks into an account would do. Each has a link “That was not me”.',
    inactiveTitle: 'Before an unused account is deleted',
    inactive:
      'If nobody signs in for 24 months, we delete the account. Six and three months before, we remind you. Signing in once is enough, and the account stays.',
    languageTitle: 'Language of the e-mails',
    language: (p) => `We write e-mails to you in ${p.language}.`,
    languageLink: 'Change the language',
  },

  language: {
    title: 'Language and appearance',
    lead: 'The language applies to these pages on this device and to all e-mails to you.',
    languageLegend: 'Language',
    names: { de: 'Deutsch (German)', en: 'English' },
    themeLegend: 'Appearance on this device',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    save: 'Save',
    error: 'Choose a language and an appearance.',
  },

  export: {
    title: 'Download my data',
    lead: 'You have a right to know what we store about you (Art. 15 GDPR), and to take it with you (Art. 20 GDPR).',
    contentTitle: 'What the file contains',
    content: [
      'Your data with source, level of assurance and date, and earlier contents of your ID card',
      'Your ways to sign in, without secret keys and passwords',
      'Devices on which you are signed in',
      'Your consents, withdrawn ones too, and which service received which data when',
      'Everything that has happened with your account',
    ],
    fresh:
      'The file says everything about you. So we ask you to sign in at the highest level of your account first, if that was more than ten minutes ago. Then the download begins.',
    pdf: 'Download as PDF',
    pdfHint: 'To read and print',
    json: 'Download as JSON',
    jsonHint: 'For use with other programs',
    paper: {
      title: 'Your data at Bayern-ID',
      created: (p) => `Information under Art. 15 GDPR, made on ${p.when}`,
      none: 'none',
      account: 'Your account',
      accountSince: 'Created on',
      consents: 'Consents',
      identifiers: 'Identifiers by which services know you',
      added: (p) => `added on ${p.date}`,
      used: (p) => `last used on ${p.date}`,
      ceiling: (p) => `at most ${p.level}`,
      left: (p) => `left: ${p.left}`,
    },
    informationTitle: 'What else you should know',
    information: {
      purpose: {
        label: 'Purpose',
        value: 'Signing in to services of the administration and knowing surely who you are',
      },
      basis: { label: 'Legal basis', value: 'Sections 3 and 8 of the Online Access Act (OZG)' },
      recipients: { label: 'Recipients', value: 'Only the services listed under “Connected services”' },
      duration: {
        label: 'Duration',
        value:
          'Until you delete the account or do not use it for 24 months; earlier contents of your ID card for 24 months',
      },
      rights: {
        label: 'Your rights',
        value: 'Rectification, erasure, restriction, objection, and a complaint to the data protection authority',
      },
    },
  },

  deletion: {
    title: 'Delete my account',
    lead: 'You can delete your account at any time. After that, Bayern-ID holds no data about you.',
    effectsTitle: 'What happens',
    effects: [
      'You are signed out everywhere at once.',
      'For 14 days you can change your mind: sign in and undo the deletion.',
      'After that we delete all data and the key that protected them. This cannot be undone.',
      'If you create a new account later, services will not recognise you.',
    ],
    servicesTitle: 'These services are affected',
    services:
      'After that you can no longer sign in to them with this account. First check whether applications are under way there, or messages that you still need. Data that a service has received already can only be deleted by the service itself.',
    noServices: 'Your account is connected with no service.',
    exportTitle: 'Download first?',
    export: 'After the deletion we can give you nothing any more.',
    exportLink: 'Download my data',
    fresh: 'In the next step we ask you to sign in at the highest level of your account.',
    next: 'Continue to the deletion',
    confirm: {
      title: 'Confirm the deletion',
      lead: (p) => (
        <>
          Your account will be deleted on <strong>{p.date}</strong>.
        </>
      ),
      label: 'Type the word DELETE to confirm',
      word: 'DELETE',
      button: 'Delete my account',
      error: 'Type the word DELETE.',
    },
    planned: {
      title: 'Your account will be deleted',
      lead: 'You are signed out everywhere. We delete your account in 14 days.',
      undo: 'If you change your mind, simply sign in before then. You can undo the deletion then.',
      link: 'To the start page',
    },
  },
};
