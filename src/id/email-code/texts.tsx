import type { Catalogues, Shape } from '../../web/i18n/shape.ts';

const de = {
  title: 'Code eingeben',
  lead: (p: { email: string }) => (
    <>
      Wir haben eine E-Mail an <strong>{p.email}</strong> geschickt. Geben Sie den Code aus der E-Mail ein.
    </>
  ),
  validUntil: (p: { time: string }) => `Der Code gilt bis ${p.time} Uhr.`,
  again: 'Wir haben Ihnen einen neuen Code geschickt. Der vorige gilt nicht mehr.',
  label: 'Code',
  hint: '6 Ziffern',
  button: 'Code bestätigen',
  nothing: 'Keine E-Mail angekommen?',
  nothingText:
    'Das kann einige Minuten dauern. Sehen Sie auch im Ordner für Spam nach, und prüfen Sie, ob die Adresse stimmt.',
  resend: 'Neuen Code schicken',
  change: 'Andere E-Mail-Adresse',
  notSent: 'Wir haben noch keinen neuen Code geschickt',
  fault: {
    empty: 'Geben Sie den Code aus der E-Mail ein.',
    wrong: 'Dieser Code stimmt nicht. Prüfen Sie die Ziffern, und nehmen Sie den Code aus der neuesten E-Mail.',
    spent: 'Der Code wurde zu oft falsch eingegeben und gilt nicht mehr. Fordern Sie einen neuen an.',
    gone: 'Der Code ist abgelaufen. Fordern Sie einen neuen an.',
    tooMany:
      'An diese Adresse haben wir gerade erst eine E-Mail geschickt. Warten Sie einige Minuten, bevor Sie noch einen Code anfordern.',
  },
};

export type EmailCodeMessages = Shape<typeof de>;

const en: EmailCodeMessages = {
  title: 'Enter the code',
  lead: (p) => (
    <>
      We have sent an e-mail to <strong>{p.email}</strong>. Enter the code that is in it.
    </>
  ),
  validUntil: (p) => `The code is valid until ${p.time}.`,
  again: 'We have sent you a new code. The previous one is no longer valid.',
  label: 'Code',
  hint: '6 digits',
  button: 'Confirm the code',
  nothing: 'No e-mail arrived?',
  nothingText: 'It may take a few minutes. Look into your spam folder, too, and check whether the address is right.',
  resend: 'Send a new code',
  change: 'Another e-mail address',
  notSent: 'We have not sent a new code yet',
  fault: {
    empty: 'Enter the code that is in the e-mail.',
    wrong: 'This code is not right. Check the digits, and take the code from the newest e-mail.',
    spent: 'The code was entered wrongly too often and is no longer valid. Ask for a new one.',
    gone: 'The code has expired. Ask for a new one.',
    tooMany:
      'We have sent an e-mail to this address only just now. Wait a few minutes before you ask for another code.',
  },
};

export const emailCodeTexts: Catalogues<EmailCodeMessages> = { de, en };
