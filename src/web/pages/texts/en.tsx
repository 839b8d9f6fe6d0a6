import type { CommonPageMessages } from './index.ts';

export const en: CommonPageMessages = {
  help: {
    title: 'Help',
    signIn: {
      title: 'Signing in',
      body: () => (
        <>
          <p>
            You sign in with your Online-Ausweis, with a passkey or with user name and password. The Online-Ausweis
            opens every service. A password alone opens the services that need to know little about you.
          </p>
          <p>You sign in only once. After that all connected services recognise you until you sign out.</p>
        </>
      ),
    },
    level: {
      title: 'What is the level of assurance?',
      body: () => (
        <>
          <p>The level of assurance says how sure we are who you are. There are four steps:</p>
          <ul>
            <li>
              <strong>basic registration</strong> (Basisregistrierung): you gave your details yourself.
            </li>
            <li>
              <strong>low</strong> (niedrig): your identity is confirmed, you sign in with a password.
            </li>
            <li>
              <strong>substantial</strong> (substantiell): your identity is confirmed, you sign in with two proofs.
            </li>
            <li>
              <strong>high</strong> (hoch): you show your Online-Ausweis.
            </li>
          </ul>
          <p>
            Every service says which step it needs. A high step lasts only a short time; then you show your card once
            more. What you have entered is kept.
          </p>
        </>
      ),
    },
    trouble: {
      title: 'Signing in does not work',
      body: () => (
        <ul>
          <li>Check capital and small letters of user name and password.</li>
          <li>
            After several wrong attempts you have to wait before the next: seconds at first, longer after each further
            one, at most a quarter of an hour. Even then you can sign in with your Online-Ausweis.
          </li>
          <li>Allow cookies for this site. Without them we cannot tell who sent the form.</li>
          <li>Start again at the service if a page was open for too long.</li>
        </ul>
      ),
    },
    forgotten: {
      title: 'Password forgotten',
      body: () => (
        <>
          <p>
            Choose “Forgotten your password?” on the sign-in page. We send you an e-mail with a link, with which you set
            a new password. It is valid for 30 minutes.
          </p>
          <ul>
            <li>
              If your Online-Ausweis is connected to the account, or if you have a passkey, it opens your account
              without a password.
            </li>
            <li>
              If you gave no e-mail address and have no other way in, the account cannot be opened any more. With the
              Online-Ausweis you can create a new one.
            </li>
          </ul>
        </>
      ),
    },
    contact: {
      title: 'Contact',
      none: 'This demonstration has no address to which you could turn: nobody answers questions here.',
      mail: 'Write to:',
      body: () => (
        <p>
          By the error number that some pages show, the operators find in their log what happened. Never tell anybody
          your password or your PIN.
        </p>
      ),
    },
    eidLink: 'Help with the Online-Ausweis, PIN, CAN and PUK',
  },
  eidHelp: {
    title: 'Help with the Online-Ausweis',
    allHelp: 'All of the help: signing in, level of assurance, password',
    what: {
      title: 'What is the Online-Ausweis?',
      body: () => (
        <p>
          The German identity card has a chip. With it you can prove who you are on the internet. The electronic
          residence permit and the eID card for citizens of the European Union can do the same. You need the AusweisApp,
          which is free of charge, and a smartphone or a card reader.
        </p>
      ),
    },
    how: {
      title: 'How it works',
      steps: [
        'Install and start the AusweisApp.',
        'Open the AusweisApp with the button on our page.',
        'Read who would like to have which data.',
        'Hold the card to your smartphone or put it on the reader.',
        'Enter your six-digit PIN and wait until the browser goes on.',
      ],
    },
    pin: {
      title: 'PIN',
      body: () => (
        <p>
          The PIN has six digits and only you know it. The letter that follows your application contains a five-digit
          transport PIN. Replace it once with your own PIN in the AusweisApp.
        </p>
      ),
    },
    can: {
      title: 'CAN',
      body: () => (
        <p>
          The CAN is the six-digit number on the front of the card. The AusweisApp asks for it after two wrong PINs, so
          that nobody can block your PIN from afar.
        </p>
      ),
    },
    puk: {
      title: 'PUK',
      body: () => (
        <p>
          After three wrong PINs the PIN is blocked. The ten-digit PUK from the PIN letter unblocks it, ten times at
          most. The PIN stays the same.
        </p>
      ),
    },
    lost: {
      title: 'PIN or PUK forgotten',
      body: () => (
        <p>
          Go to your citizens’ office (Bürgeramt) with the card and set a new PIN there. The free letter for resetting
          the PIN no longer exists.
        </p>
      ),
    },
    lostCard: {
      title: 'Card lost',
      body: () => (
        <p>
          Have the online function blocked at once: at the citizens’ office or at any hour by telephone,{' '}
          <a href="tel:116116">116 116</a>.
        </p>
      ),
    },
  },
  imprint: {
    title: 'Legal notice',
    body: () => (
      <p>
        These pages belong to a demonstration project. They are not a service of the Free State of Bavaria, and no
        public body is behind them.
      </p>
    ),
    operator: 'Operated by',
    noOperator: 'Whoever runs this installation has not given any details here yet.',
  },
  privacy: {
    title: 'Privacy',
    controller: {
      title: 'Who is responsible',
      body: () => (
        <p>
          Whoever runs this installation is the controller for your account and for signing in. For the data that a
          service receives, the service is the controller from then on.
        </p>
      ),
    },
    stored: {
      title: 'What we store',
      body: () => (
        <ul>
          <li>Details that you give yourself or release from your card, encrypted and for your account only.</li>
          <li>When and by which means you signed in.</li>
          <li>Which data you released to which service, and which service received which.</li>
        </ul>
      ),
    },
    periods: {
      title: 'How long we store it',
      body: () => (
        <ul>
          <li>Your account and what you released: until the account is deleted.</li>
          <li>A sign-in: 12 hours at most, and only one hour while you do nothing.</li>
          <li>
            What was read from a card and belongs to no account yet: 10 minutes at most. After that it is kept only if
            you added the card to an account.
          </li>
          <li>Access that a service may have while you are not signed in: 14 days.</li>
          <li>
            The record of sign-ins and releases: without a limit. It holds neither names nor addresses, only an
            identifier of the account.
          </li>
        </ul>
      ),
    },
    shared: {
      title: 'What services learn',
      body: () => (
        <>
          <p>
            A service receives only data that are meant for it. Mostly we ask you first, and you release them. Some
            services receive them without asking because a law permits it: Bayern-Portal, for instance, learns your name
            in this way.
          </p>
          <p>
            Every service knows you by a mark of its own, by which two authorities cannot tell that it is the same
            person.
          </p>
        </>
      ),
    },
    cookies: {
      title: 'Cookies',
      body: () => (
        <>
          <p>We set only these cookies:</p>
          <ul>
            <li>Cookies for signing in and out: 12 hours at most, or until you close the browser.</li>
            <li>
              A cookie by which we recognise your device, for 180 days. So nobody elsewhere can lock your sign-in, and
              the way that you used last comes first.
            </li>
            <li>Your choice of language and appearance, for one year.</li>
          </ul>
          <p>There is no advertising, no analysis of what you do and nothing from other sites.</p>
        </>
      ),
    },
    rights: {
      title: 'Your rights',
      body: () => (
        <p>
          You can ask for access to your data, for their correction and erasure (Articles 15 to 17 of the General Data
          Protection Regulation). Only invented persons are meant to be used in this test environment. Do not enter real
          data. The German text is binding.
        </p>
      ),
    },
  },
  accessibility: {
    title: 'Accessibility statement',
    scope: {
      title: 'What this statement covers',
      body: () => (
        <p>
          The pages at this address. The yardsticks are the Web Content Accessibility Guidelines (WCAG) 2.2, level AA,
          and the European standard EN 301 549.
        </p>
      ),
    },
    state: {
      title: 'How accessible the pages are',
      body: () => (
        <>
          <p>
            Every page is checked automatically with axe and html-validate at every change: in German and English, light
            and dark, on large and small screens. All pages work with the keyboard and without scripts.
          </p>
          <p>
            A test by people with disabilities and with screen readers is still to come. Therefore we do not call the
            pages “fully accessible”. As of November 2026, self-assessment.
          </p>
        </>
      ),
    },
    gaps: {
      title: 'What is still missing',
      body: () => (
        <ul>
          <li>Texts in checked easy German (Leichte Sprache)</li>
          <li>Videos in German sign language</li>
        </ul>
      ),
    },
    contact: {
      title: 'Reporting a barrier, and enforcement',
      body: (p) => (
        <p>
          Did you meet an obstacle? <a href={p.report}>Please report it</a>. For public bodies in Bavaria the
          enforcement body is the{' '}
          <span lang="de">Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik</span>. This
          demonstration project is no public body.
        </p>
      ),
    },
  },
  report: {
    title: 'Report a barrier',
    body: () => (
      <>
        <p>Please tell us:</p>
        <ul>
          <li>on which page you are stuck (its address or heading),</li>
          <li>what you wanted to do and what happened instead,</li>
          <li>what you work with, for example browser, screen reader, magnification.</li>
        </ul>
      </>
    ),
    mail: 'Write to:',
    noContact: 'Whoever runs this installation has not given an address here yet.',
  },
  easyLanguage: {
    title: 'Leichte Sprache (easy German)',
    placeholder: 'The text in easy German will follow.',
    body: () => (
      <p>
        Texts in easy German must be checked by people with learning difficulties. That has not been done here yet, so
        we show no text that only looks like one.
      </p>
    ),
  },
  signLanguage: {
    title: 'German sign language',
    placeholder: 'The video will follow.',
    body: () => <p>A video in German sign language will explain here what these pages do and how you sign in.</p>,
  },
  licences: {
    title: 'Licences',
    intro: 'These pages use free works of others. Thank you.',
    kern: {
      title: 'KERN design system',
      body: (p) => (
        <p>
          The appearance is based on <strong>@kern-ux/native {p.version}</strong>, licensed under the EUPL, version 1.2.
          We serve the file unmodified. The source is at{' '}
          <a href="https://gitlab.opencode.de/kern-ux/kern-ux-plain">gitlab.opencode.de/kern-ux/kern-ux-plain</a>.
        </p>
      ),
    },
    fira: { title: 'Fira Sans typeface', body: () => <p>Licensed under the SIL Open Font License, version 1.1.</p> },
    dejavu: {
      title: 'DejaVu Sans typeface',
      body: () => <p>For rare letters in PDF files. Licensed under the Bitstream Vera licence.</p>,
    },
    passwords: {
      title: 'List of common passwords',
      body: (p) => (
        <p>
          We compare new passwords with the about 49,000 most common ones of known data thefts. The list comes from{' '}
          <strong>@zxcvbn-ts/language-common {p.version}</strong>, licensed under the MIT licence. They are compared on
          our server; no password is sent anywhere for it.
        </p>
      ),
    },
    preact: { title: 'Preact', body: () => <p>Licensed under the MIT licence.</p> },
    text: (p) => `Licence text: ${p.name}`,
  },
  stories: {
    title: 'Building blocks',
    intro: 'Every building block and every state of a page, each at its own address.',
  },
};
