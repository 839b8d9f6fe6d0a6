import type { FlowMessages } from './index.ts';

export const en: FlowMessages = {
  backTo: (p) => `Back to “${p.service}”`,
  signingInAt: 'You are signing in to:',
  service: 'Service:',
  otherWay: 'Choose another way',
  whatIsEid: 'What is the Online-Ausweis?',
  tryAgain: 'Try again',
  account: 'Your account',

  start: {
    title: 'Your account for digital public services',
    lead: 'With Bayern-ID you sign in to public services in Bavaria: with user name and password or with the Online-Ausweis. Signing in once is enough for all of them.',
    servicesTitle: 'Start here',
    services: 'You can sign in to these services with Bayern-ID:',
  },
  login: {
    title: 'Sign in',
    lastUsed: 'Used last time',
    fresh: {
      title: 'Please sign in again',
      text: 'You are already signed in. The service wants to be sure that it is still you at this device.',
    },
    create: {
      title: 'Create an account',
      text: 'With your Online-Ausweis (German eID) you create an account within a few minutes. If you have one already, sign in here.',
    },
    linkExisting: {
      title: 'Sign in with the account you have',
      text: 'We will then ask whether you want to add the Online-Ausweis to that account.',
    },
    join: {
      title: 'Prove your other account',
      text: 'Use here the account that is to end, by its safest way of signing in. You stay signed in to the account you have now. Nothing is joined until you agree afterwards.',
    },
    eid: {
      heading: 'With Online-Ausweis (German eID)',
      text: 'The safest way. It opens every online service to you.',
      noAccount: 'No account yet? Then we create one with the data from your card.',
      need: 'You need:',
      needs: [
        'German identity card, eID card or residence permit',
        'Your 6-digit PIN',
        'The AusweisApp on your smartphone or computer',
      ],
      button: 'Sign in with Online-Ausweis',
    },
    password: {
      heading: 'With user name and password',
      badge: 'Level depends on your account',
      enough: (p) => `This is enough for “${p.service}”.`,
      maybe:
        'Whether that is enough for this service depends on your account. If not, we then ask for your Online-Ausweis.',
      tooWeakBadge: 'Not enough here',
      tooWeak: (p) =>
        `“${p.service}” asks for the level of assurance “${p.level}”. A password cannot reach it: somebody else may know it.`,
      tooWeakRemedy: 'Use your Online-Ausweis. If you have an account already, you can connect the two afterwards.',
      login: 'User name or e-mail address',
      password: 'Password',
      button: 'Sign in',
      forgot: 'Forgotten your password?',
    },
    passkey: {
      heading: 'With a passkey',
      text: 'With your fingerprint, your face or the PIN of your device. You need neither user name nor password.',
      button: 'Sign in with a passkey',
    },
    transfer: {
      summary: 'You have a new card and a transfer code?',
      text: 'If you made a transfer code with your old card, you can use it to connect the new one. You need no password then.',
      label: 'Transfer code',
      hint: '20 characters. Hyphens and blanks do not matter.',
      button: 'Continue with the transfer code',
    },
    noAccount: 'No account yet?',
    register: 'Register now',
    errorTitle: 'Signing in did not work',
    error: {
      credentials:
        'User name or password is wrong, or there were too many attempts. In that case wait a few minutes or use your Online-Ausweis.',
      credentialsBesideCard:
        'User name or password is wrong, or there were too many attempts. In that case wait a few minutes.',
      passkey: 'This passkey was not accepted. Try again, or sign in another way.',
      empty: 'Enter your user name and your password.',
      transferCode:
        'This transfer code is not valid, or no longer, or there were too many attempts. Check the characters, or wait a few minutes.',
    },
    testPersons: {
      summary: 'Test persons of this test environment',
      caption: 'Test persons and how they sign in',
      login: 'User name',
      password: 'Password',
      about: 'Who this is',
      use: 'Sign in',
      useFull: (p) => `Sign in as ${p.login}`,
    },
  },

  off: {
    passkey: {
      title: 'Signing in with a passkey does not work at the moment',
      text: 'We have switched this way off for a while. Please try again later.',
    },
    eid: {
      title: 'The Online-Ausweis does not work at the moment',
      text: 'We have switched this way off for a while. Please try again later.',
    },
    eidDown: {
      title: 'The Online-Ausweis is out of order at the moment',
      text: 'The server that checks cards does not answer us. It has nothing to do with your card. As soon as it answers, you can use this way again.',
    },
    password: {
      title: 'Signing in by password does not work at the moment',
      text: 'We have switched this way off for a while. Please try again later.',
    },
  },

  passkey: {
    failed: 'No passkey was used. Try again, or choose another way.',
    missing: 'This browser cannot use a passkey here. JavaScript has to be switched on for that.',
  },

  code: {
    title: 'Enter your security code',
    button: 'Continue',
    errorTitle: 'The code was not accepted',
    app: {
      heading: 'Code from your app',
      lead: 'Your password is right. Now open your authenticator app and enter the code that it shows for Bayern-ID.',
      label: 'Security code',
      hint: 'Six digits. Blanks do no harm.',
      other: 'Your app is not at hand? Use a recovery code',
      error: {
        wrong:
          'The code is wrong. Enter the one that the app shows now, and check whether the clock of your device is right.',
        empty: 'Enter the code from your app.',
      },
    },
    recovery: {
      heading: 'Recovery code',
      lead: 'Your password is right. Now enter one of your recovery codes. Each is good for one use. You are signed in as if you had the password alone.',
      label: 'Recovery code',
      hint: 'For instance 7K2M9-QX4HT-0ABCD-EFGHJ. Capital letters, hyphens and blanks do not matter.',
      other: 'Use the code from the app after all',
      error: {
        wrong: 'The code is wrong or was used before. Take another one from your list.',
        empty: 'Enter a recovery code.',
      },
    },
    error: {
      used: 'This code was used before. Wait until the app shows the next one.',
      throttled:
        'There were too many attempts. Wait a moment, longer after each further wrong code, at most a quarter of an hour. Or sign in another way.',
    },
  },

  stepUp: {
    confirms: 'Your card also confirms what you signed in with in this session:',
    leadAny: (p) =>
      `“${p.service}” needs a fresh proof at the level of assurance “${p.level}”. Please prove once more who you are.`,
    ways: {
      card: 'With a card',
      title: 'Without a card',
      passkey: 'Your passkey reaches the level that is needed.',
      passkeyButton: 'Use a passkey',
      password: 'Your password',
      passwordHint: 'If you have set up an authenticator app, we then ask for its code.',
      passwordButton: 'Continue with the password',
      errorTitle: 'This did not work',
      error: {
        password: 'The password is wrong, or there were too many attempts. In that case wait a few minutes.',
        passkey: 'This passkey was not accepted. Try again, or choose another way.',
        empty: 'Enter your password.',
      },
    },
    title: 'Please prove who you are',
    lead: (p) =>
      `“${p.service}” needs the level of assurance “${p.level}”. To reach it, show your Online-Ausweis once.`,
    leadOfJoining: (p) =>
      p.level === undefined
        ? 'This account has a safer way of signing in. To join it we need that one.'
        : `This account has a safer way of signing in. To join it we need that one, at the level of assurance “${p.level}”.`,
    whyOfJoining:
      'What you reach at services with this account passes to another one. Only somebody may do that who has more than, for example, a password that others may have learnt.',
    leadOfData: (p) =>
      `“${p.service}” needs data from your ID card that we have not read yet. Please use it once more.`,
    unread: 'These data are missing:',
    whyData:
      'From your card we only ever read what the service needs at which you are signing in. This service needs more than the one before.',
    expired: {
      title: 'Your proof has expired',
      text: 'You had proved who you are. For your protection this counts only for a short time.',
    },
    have: 'You have',
    need: 'You need',
    whyTitle: 'Why is this needed?',
    why: 'This service works with data that need special protection. It must be sure that nobody else acts in your name. Somebody may learn a password; your ID card and its PIN only you have.',
    whatTitle: 'What you need',
    howLong: 'It takes about two minutes.',
    kept: 'What you have entered is kept.',
    firstTime:
      'The first time we then ask you whether to add the card to your account and which data the service receives. After that you go on at the page from which you came.',
    loggedInAs: 'Signed in as',
    joining: 'The account that is to end:',
    ownCard: 'Use only your own card.',
    button: 'Show my Online-Ausweis',
  },

  leaving: {
    title: 'Your account will be deleted',
    lead: (p) => (
      <>
        The account <strong>{p.account}</strong> will be deleted on <strong>{p.date}</strong>. Until then you cannot use
        it to sign in to any service.
      </>
    ),
    question: 'Have you changed your mind?',
    keep: 'If you undo the deletion, everything is as it was before: your data, your ways to sign in and your consents. Then you go on to the service.',
    button: 'Undo the deletion',
    leave: 'Otherwise there is nothing you have to do. You can simply close this page.',
  },

  eid: {
    title: 'Sign in with Online-Ausweis',
    titleOfStepUp: 'Prove who you are with Online-Ausweis',
    announcement: (p) => `Signing in at ${p.service}`,
    ready: 'Have these at hand',
    readData: 'The data that we read from your card',
    readIntro:
      'You see this list once more before you enter your PIN. You can leave out optional data there. Some services need them.',
    open: 'Open the AusweisApp',
    openSimulator: 'Continue',
    openDesktop: 'Open the AusweisApp on this computer',
    openMobile: 'Open the AusweisApp on this smartphone',
    onMobile: 'Are you reading this page on a smartphone or tablet?',
    onDesktop: 'Are you reading this page on a computer?',
    simulated: {
      title: 'The eID simulator opens here',
      text: 'No real card is read in this test environment. You choose a test person; the PIN is 123456.',
      button: 'Open the eID simulator',
    },
    testPki: {
      title: 'Test PKI: nothing here is proved to be authentic',
      text: 'This test environment takes cards that are made for trying things out. A real card is not read here.',
    },
    afterwards: 'Keep this window open. When you have finished in the AusweisApp, it goes on here by itself.',
    opened: {
      title: 'Already open',
      goOn: 'Go on where your card is being read. After that it goes on here by itself.',
      failed: 'Did it not work there? Then start again here. Each start is good for one use.',
      button: 'Start again',
    },
    until: (p) => `You have until ${p.time}. After that you simply start again.`,
    notOpened: 'Did the AusweisApp not open?',
    notOpenedSteps: [
      'Install the AusweisApp. It is free of charge.',
      'Start the AusweisApp and leave it open.',
      'Come back to this page and open the AusweisApp once more with the button.',
    ],
    appSite: 'Download the AusweisApp (ausweisapp.bund.de)',
    hints: [
      'A private browser window can interrupt the process. An ordinary window works better.',
      'If your smartphone is the card reader of your computer, both must be in the same Wi-Fi.',
      'Begin and end on the same device. Never follow a link that somebody has sent you.',
    ],
    hintsTitle: 'Good to know',
    datum: {
      documentType: 'Kind of document',
      issuingState: 'Issuing state',
      dateOfExpiry: 'Valid until',
      givenNames: 'Given names',
      familyNames: 'Family name',
      artisticName: 'Religious or artistic name',
      academicTitle: 'Doctoral degree',
      dateOfBirth: 'Date of birth',
      placeOfBirth: 'Place of birth',
      nationality: 'Nationality',
      birthName: 'Name at birth',
      address: 'Address',
      communityId: 'Official municipality key',
      residencePermit: 'Conditions of the residence permit',
      pseudonym: 'A mark of this card for Bayern-ID (no name, no number)',
      age: 'Whether you have reached a certain age',
    },
  },

  pin: {
    title: 'PIN, CAN and PUK',
    points: [
      'The PIN has six digits. First replace the five-digit transport PIN from the letter in the AusweisApp.',
      'After two wrong PINs the AusweisApp asks for the CAN: six digits on the front of the card.',
      'After three wrong PINs the PIN is blocked. The ten-digit PUK from the PIN letter unblocks it.',
      'PIN or PUK lost? The citizens’ office (Bürgeramt) sets a new PIN.',
    ],
    more: 'More about PIN, CAN and PUK',
  },

  eidFailure: {
    title: 'The process has ended',
    remedies: 'What you can do',
    stillSafe: 'None of your data were used.',
    cause: {
      ended: {
        lead: 'The AusweisApp ended the process. It does not tell us why.',
        remedies: [
          'The card was taken away too early: leave it until the AusweisApp has finished.',
          'The PIN was not accepted or is blocked: the AusweisApp shows how many attempts are left.',
          'The process was cancelled: start it again.',
          'The online function of the card is switched off: the citizens’ office switches it on if you are 16 or older.',
        ],
      },
      connection: {
        lead: 'The connection between the AusweisApp and the eID server was lost.',
        remedies: [
          'Check your internet connection.',
          'Switch off a VPN for the moment.',
          'If your smartphone is the card reader, smartphone and computer must be in the same Wi-Fi.',
        ],
      },
      invalidDocument: {
        lead: 'The eID server did not accept this card. It may have expired, be blocked or not be genuine. We are not told which.',
        remedies: [
          'Look on the card whether it is still valid.',
          'If you reported the card lost and found it again, have the block lifted at the citizens’ office.',
          'If you have a new card, use the new one.',
        ],
      },
      deniedDocument: {
        lead: 'We cannot accept this kind of card here.',
        remedies: [
          'Use a German identity card, an electronic residence permit or an eID card.',
          'If your ID is stored on your smartphone (Smart-eID), use the card instead.',
        ],
      },
      expired: {
        lead: 'The time for this process is over.',
        remedies: ['Start again. Have card and PIN at hand before you open the AusweisApp.'],
      },
      server: {
        lead: 'The eID server did not answer properly. You did nothing wrong.',
        remedies: ['Try again in a few minutes.', 'If a password is enough for the service, use that meanwhile.'],
      },
      busy: {
        lead: 'Very many people are signing in with their Online-Ausweis right now.',
        remedies: ['Wait a minute and then try again.'],
      },
    },
  },

  assign: {
    title: 'Add the Online-Ausweis or create a new account?',
    lead: (p) => (
      <>
        Your card was read: <strong>{p.card}</strong>. It is not connected to any account yet.
      </>
    ),
    question: 'Do you have a Bayern-ID account already?',
    existing: 'Yes, I have an account',
    existingHint: 'You sign in with it and add the card. For your services you remain the same person.',
    new: 'No, create a new account',
    newHint: 'We create an account with the data from your card.',
    guest: 'Continue without an account',
    guestHint: 'The service gets your data this one time only. We store nothing, and next time nobody recognises you.',
    warning:
      'Do not create a second account if you have one: your applications and your mail would then lie in two accounts.',
    button: 'Continue',
    errorTitle: 'Please make a choice',
    error: 'Choose whether you have an account already.',
  },

  link: {
    title: 'Add the Online-Ausweis to your account?',
    lead: (p) => (
      <>
        This card is new to the account <strong>{p.account}</strong>.
      </>
    ),
    compare: 'Your card and your account',
    card: 'On the card',
    self: 'In your account',
    field: 'Detail',
    person: {
      givenNames: 'Given names',
      familyNames: 'Family name',
      birthName: 'Name at birth',
      dateOfBirth: 'Date of birth',
      placeOfBirth: 'Place of birth',
      address: 'Address',
    },
    namesDiffer: {
      title: 'The names are different',
      text: 'This happens, for instance after a marriage. Check whether both are you. If the card is another person’s, do not add it.',
    },
    effectsTitle: 'What changes?',
    effects: [
      'From now on you can also sign in with this card alone.',
      'The data from the card count as confirmed in your account.',
      'Services go on knowing you by the same account.',
    ],
    confirms: {
      password: (p) => `With your password you then reach the level of assurance “${p.level}”.`,
      password_totp: (p) =>
        `With your password and the code from the app you then reach the level of assurance “${p.level}”.`,
      passkey_synced: (p) => `With your passkey you then reach the level of assurance “${p.level}”.`,
      passkey_bound: (p) => `With your passkey on this device you then reach the level of assurance “${p.level}”.`,
    },
    unproved: {
      title: 'This leads into your account as well.',
      text: 'You did not use it today. What you do not tick we remove, and whoever is signed in by it is signed out: perhaps somebody else has set it up.',
      keep: 'This is mine and is to stay:',
      means: {
        password: (p) => `Password, since ${p.date}`,
        passkey: (p) => `Passkey “${p.name}”, since ${p.date}`,
        totp: (p) => `Authenticator app, since ${p.date}`,
        recovery_codes: (p) => `Recovery codes, since ${p.date}`,
      },
    },
    password: 'Your password',
    passwordHint:
      'Please confirm that the account is yours: you signed in more than ten minutes ago, or your account has a safer way than the one you used.',
    passkeyHint: 'Please confirm with a passkey that the account is yours. Then you decide whether the card is added.',
    passkey: 'Confirm with a passkey',
    button: 'Add the card',
    decline: (p) => `Do not add, back to “${p.service}”`,
    replace: {
      title: 'Connect the new card to your account?',
      lead: (p) => (
        <>
          Another card is already connected to the account <strong>{p.account}</strong>. If this is your new card, it
          takes its place.
        </>
      ),
      effects: [
        'Nobody gets into your account with the old card any more.',
        'Services still recognise you as the same account.',
        'The data on the new card replace the old ones.',
        'You are signed out on all other devices.',
        'Other ways of signing in that you did not use today are to be confirmed again later.',
      ],
      button: 'Connect the new card',
      decline: (p) => `Do not connect, back to “${p.service}”`,
    },
    errorTitle: 'The card has not been added yet',
    error: {
      credentials: 'The password is wrong, or there were too many attempts. In that case wait a few minutes.',
      passkey: 'This passkey was not accepted. Use one that belongs to this account.',
      empty: 'Enter your password.',
    },
  },

  refused: {
    todo: 'What you can do',
    nothing: 'Nothing was changed in your account or in your session.',
    otherCard: 'Try with another card',
    otherAccount: 'Sign in to another account',
    chooseAccount: 'If you signed in to the wrong account, choose another one.',
    logOutFirst: 'If you want to use another account, sign out first:',
    cause: {
      foreignCard: {
        title: 'This card belongs to another account',
        lead: 'You are signed in to one account; the card is connected to another. We never switch accounts by ourselves.',
        remedies: [
          'Use the card that belongs to your account.',
          'If both accounts are yours, you can join them in “My account”, at the ways to sign in.',
        ],
      },
      birthDate: {
        title: 'The dates of birth do not match',
        lead: 'The date of birth on the card differs from the one in your account. Therefore we do not connect them.',
        remedies: [
          'Check whether you used your own card.',
          'If the date of birth in the account is wrong, correct it in My account under “My data”. Then try again.',
        ],
      },
      otherCardLinked: {
        title: 'This card does not fit your account',
        lead: 'A card is already connected to your account. What this one says about your birth is different. So we do not replace it.',
        remedies: [
          'Check whether you used your own card.',
          'Use the card that is connected to your account.',
          'If your given names or birth date were changed officially: first disconnect the old card in “My account”.',
        ],
      },
      cardUnusable: {
        title: 'You cannot sign in with this card',
        lead: 'Signing in with this card was not accepted.',
        remedies: [
          'Check whether you used your own card.',
          'If it was your own, the operators find what happened by the error number. We cannot say more here.',
        ],
      },
      unreachable: {
        title: 'Your account cannot reach this level of assurance',
        lead: 'The service asks for more than you reach with your ways of signing in.',
        remedies: [
          'With an Online-Ausweis you reach every level of assurance.',
          'Ask the service for a way without signing in online.',
        ],
      },
      sameAccount: {
        title: 'This is the same account',
        lead: 'You have proved the account to which you are signed in already.',
        remedies: ['Use a way of signing in of your other account.'],
      },
      leavingAccount: {
        title: 'This account is being deleted',
        lead: 'Its deletion is planned. Until then it cannot be joined.',
        remedies: ['Sign in with that account and take the deletion back. Then begin anew.'],
      },
      unknownCard: {
        title: 'This card belongs to no account',
        lead: 'Therefore it cannot prove a second account.',
        remedies: [
          'Check whether you used the right card.',
          'If you want to connect this card to the account you have now, add it at “Ways to sign in”.',
        ],
      },
    },
  },

  consent: {
    title: 'Release data',
    lead: (p) => (
      <>
        <strong>{p.service}</strong> would like to receive these data about you.
      </>
    ),
    host: 'The data go to',
    account: 'From the account',
    purpose: 'Purpose',
    legalBasis: 'Legal basis',
    privacyPolicy: 'Privacy policy of the service',
    aboutTitle: 'Who receives the data and what for?',
    requiredTitle: 'These data are needed',
    optionalTitle: 'These data are optional',
    optionalHint: 'Tick what you want to send along. The service works without these data as well.',
    reveal: 'Show this value',
    missingTitle: 'We do not have these data',
    missing:
      'The service asked for them too. It does not receive them. Not every card holds all data, and optional ones can be left out.',
    withheldTitle: 'These data from your ID card stay hidden',
    withheld: (p) =>
      `The service asked for them. It receives them only when you sign in with at least the level of assurance “${p.level}”.`,
    accessTitle: 'Access in your name',
    access: (p) => `${p.service} would like to access these services in your name:`,
    offlineTitle: 'Even when you are not signed in',
    offline: 'The service would like to retrieve these data also while you are not signed in.',
    lasting: 'Your release also holds for later visits to this service. If it wants to know more, we ask you again.',
    postfachValue:
      'A random identifier that only this authority receives. With it, it can send you messages to Mein Postfach.',
    release: 'Release data',
    refuse: 'Do not release',
    refuseNote: 'If you release nothing, you return to the service without signing in.',
    claims: {
      name: 'Name',
      given_name: 'Given names',
      family_name: 'Family name',
      preferred_username: 'User name',
      birthdate: 'Date of birth',
      email: 'E-mail address',
      phone_number: 'Telephone number',
      address: 'Address',
      birth_family_name: 'Name at birth',
      place_of_birth: 'Place of birth',
      nationalities: 'Nationality',
      title: 'Doctoral degree',
      also_known_as: 'Religious or artistic name',
      date_of_expiry: 'Valid until',
      document_type: 'Kind of document',
      community_id: 'Official municipality key',
      postfach: 'Address of your mailbox for this authority',
      verified_claims: 'Proof that the data were checked',
    },
  },

  select: {
    title: 'Which account would you like to use?',
    lead: 'You are already signed in. The service wants to be sure that it is the right account.',
    continue: (p) => `Continue as ${p.account}`,
    other: 'Use another account',
  },

  formPost: {
    title: 'On to the service',
    lead: (p) => `You have finished signing in. You are being taken to ${p.service}.`,
    button: 'Continue',
  },

  logout: {
    title: 'Do you want to sign out?',
    text: (p) =>
      `You are signed out of “${p.service}”. Do you want to sign out of Bayern-ID and all other services, too?`,
    textAll: 'You will be signed out of Bayern-ID and of all services that you opened in this browser.',
    button: 'Sign out',
    stay: 'Stay signed in',
  },

  stillLoggedIn: {
    title: 'You stay signed in',
    text: 'You are still signed in to Bayern-ID and to your other services.',
    onlyThere: (p) => `You are signed out of “${p.service}” only.`,
    sharedDevice: 'On somebody else’s device it is better to sign out everywhere.',
    logOut: 'Sign out everywhere after all',
  },

  loggedOut: {
    title: 'You are signed out',
    text: 'Your session at Bayern-ID has ended.',
    services: 'We have told these services',
    state: { told: 'has confirmed', pending: 'has not confirmed yet' },
    pendingNote:
      'We go on telling the services until they confirm. You need not wait. On somebody else’s device it is best to close the browser.',
  },

  error: {
    what: 'What happened?',
    todo: 'What can you do?',
    relay: 'Nobody is signed in with your card',
    developer: {
      sent: 'redirect_uri, sent',
      registered: 'redirect_uri, registered',
      trailingSlash: 'Difference: trailing slash',
      differsAt: (p) => `Difference from character ${p.position}: sent ${p.sent}, registered ${p.registered}`,
      rest: (p) => `“${p.text}”`,
      nothing: 'nothing more',
    },
    code: {
      flow_expired: {
        title: 'This sign-in is no longer open',
        what: 'It is finished already or has expired. Perhaps you signed in and then went back. A sign-in stays open for 60 minutes, and only as long as your browser keeps its cookie.',
        todo: 'Go back to the service. If you are not signed in there, start again there.',
      },
      flow_foreign: {
        title: 'This sign-in belongs to another browser',
        what: 'A sign-in can only go on in the browser in which it began.',
        todo: 'Start again at the service. If somebody sent you this link, close the page.',
      },
      flow_finished: {
        title: 'This sign-in is finished already',
        what: 'You have finished signing in, perhaps in another tab or before you went back.',
        todo: 'Go back to the service. If you are not signed in there, start again.',
      },
      relay_warning: {
        title: 'Stopped for your safety',
        what: 'The process with the ID card was begun in another browser than this one. Somebody may have tried to sign in with your card. We have ended the process.',
        todo: 'If somebody sent you a link or is guiding you on the telephone, break off the contact. If you changed the browser yourself, start again at the service and stay in one browser.',
      },
      csrf: {
        title: 'The form is no longer valid',
        what: 'The form was open for too long or was not sent from our page. Nothing was saved.',
        todo: 'Go back, reload the page and send the form once more.',
      },
      too_many_requests: {
        title: 'Too many attempts',
        what: 'Very many requests came from your connection in a short time.',
        todo: 'Wait a few minutes and then try again.',
      },
      not_found: {
        title: 'Page not found',
        what: 'There is no page at this address.',
        todo: 'Check the address or start again at the service.',
      },
      method_not_allowed: {
        title: 'The page cannot be opened like this',
        what: 'This address is only there for sending a form.',
        todo: 'Go back to the page with the form.',
      },
      bad_request: {
        title: 'This request was incomplete',
        what: 'We could not use what was sent.',
        todo: 'Go back and try again.',
      },
      too_large: {
        title: 'Too much data',
        what: 'The data sent are larger than we accept.',
        todo: 'Shorten what you entered and send it again.',
      },
      unavailable: {
        title: 'Not available right now',
        what: 'Bayern-ID is overloaded or being maintained.',
        todo: 'Try again in a minute.',
      },
      internal: {
        title: 'Something went wrong',
        what: 'An error occurred on our side. You did nothing wrong.',
        todo: 'Try again in a few minutes.',
      },
      unknown_client: {
        title: 'We do not know this service',
        what: 'The site you come from is not registered with Bayern-ID. Therefore we do not send you on.',
        todo: 'Check the address of the service. If you followed a link in a message, close the page.',
      },
      redirect_uri: {
        title: 'The way back to the service is wrong',
        what: 'The service named an address that is not registered for it. Therefore we do not send you on.',
        todo: 'The operators of the service have to mend this. Give them the error number.',
      },
      logout: {
        title: 'Signing out did not work',
        what: 'The page for signing out was no longer current, for example because it was opened once more in another tab. Or the request of the service did not fit.',
        todo: 'Sign out here once more. If you are signed out already, the next page says so.',
      },
      oauth: {
        title: 'Signing in is not possible like this',
        what: 'The service sent us a request that we do not accept.',
        todo: 'Start again at the service. If the error stays, give its operators the error number.',
      },
    },
  },
};
