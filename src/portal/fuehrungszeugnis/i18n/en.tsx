import { enApplication } from './en-application.tsx';
import type { FuehrungszeugnisMessages } from './messages.ts';

export const en: FuehrungszeugnisMessages = {
  ...enApplication,
  toPortal: 'Go to Bayern-Portal',
  start: {
    title: 'The certificate of good conduct online',
    lead: 'A certificate of good conduct (Führungszeugnis) shows whether the Federal Central Criminal Register holds convictions against you. Employers, associations and authorities ask for it, for instance before they employ you.',
    who: {
      heading: 'Who can apply?',
      items: [
        'You yourself, from the age of 16: that is the age for the Online-Ausweis (German eID).',
        'Only for yourself. Nobody may apply on your behalf.',
      ],
      others: 'If you are 14 or 15 or have no Online-Ausweis, apply at your municipality.',
    },
    facts: {
      heading: 'Fee and time',
      fee: 'Fee',
      feeNote: 'Volunteers and people without means can be exempted.',
      time: 'Time',
      timeText: 'about 1 to 2 weeks',
      way: 'Delivery',
      wayText: 'by post to your address or directly to the authority',
    },
    needs: {
      heading: 'What you need',
      why: 'The law demands the Online-Ausweis (§ 30c of the Federal Central Criminal Register Act). User name and password are not enough here, even if you are signed in already.',
      items: [
        'your identity card, eID card or residence permit with the online function',
        'your six-digit PIN',
        'a smartphone or a card reader, and the AusweisApp',
      ],
      begin: 'Prove who you are and apply',
      mine: 'My applications',
    },
  },
  data: {
    title: 'Your data',
    lead: 'With your permission we received these data from your Online-Ausweis (German eID). They are verified. You cannot change them here.',
    heading: 'From your Online-Ausweis',
    labels: {
      given_name: 'Given names',
      family_name: 'Family name',
      birth_family_name: 'Name at birth',
      birthdate: 'Date of birth',
      place_of_birth: 'Place of birth',
      nationalities: 'Nationality',
      address: 'Address',
    },
    read: (p) => `${p.level}, read on ${p.date}`,
    missing: {
      heading: 'What your card does not have',
      given_name: 'Given names: your card has one name only.',
      family_name: 'Family name: your card has none.',
      birth_family_name:
        'Name at birth: a card has it only where it differs from the family name, and older cards lack it.',
      birthdate: 'Date of birth: your card has none.',
      place_of_birth: 'Place of birth: your card has none.',
      nationalities: 'Nationality: the chip of cards issued before November 2019 lacks it.',
      address: 'Address: your card has none.',
    },
    nothing: {
      title: 'We have received no verified data',
      text: 'Bayern-ID has sent no data from your Online-Ausweis. Without these data no application is possible.',
    },
    expiry:
      'For your protection the proof lasts 30 minutes, and only 5 minutes while you do nothing. After that we ask for your Online-Ausweis again, and you come back to this page.',
    toStart: 'Back to the overview',
  },
};
