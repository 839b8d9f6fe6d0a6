import type { PageContext } from '../../../../web/page-context.ts';
import type { Stories } from '../../../../web/pages/stories.tsx';
import { meansTexts } from '../../texts/means.ts';
import { AppPage, type AppView } from './AppPage.tsx';
import { CodesPage, type CodesView } from './CodesPage.tsx';
import type { MeansPageOf } from './frame.ts';
import { MeansPage, type MeansView } from './MeansPage.tsx';
import { AddPasskeyPage, PasskeyPage, type AddPasskeyView } from './PasskeyPage.tsx';

const account = {
  name: 'Erika Mustermann',
  href: '/konto',
  logout: { action: '/konto/abmelden', csrf: 'token' },
} as const;

const story =
  <View extends object>(Page: MeansPageOf<View>, view: View) =>
  (page: PageContext) =>
    Page({ ...view, t: meansTexts[page.locale], page: { ...page, account } });

const day = Date.UTC(2026, 10, 23, 14, 30);
const phone = { id: 'eins', name: 'Mein Telefon', synced: true, createdAt: day, level: 'substantial' } as const;

const all: MeansView = {
  email: 'erika.mustermann@post.example',
  password: { changedAt: day, level: 'substantial' },
  passkeys: [
    { ...phone, usedAt: day },
    { ...phone, id: 'zwei', name: 'Sicherheitsschlüssel am Schlüsselbund', synced: false, level: 'basic' },
  ],
  app: { createdAt: day, usedAt: day },
  codes: { createdAt: day, left: 8 },
  card: { linkedAt: day, validUntil: Date.UTC(2034, 9, 31), level: 'high' },
};

const adding: AddPasskeyView = {
  csrf: 'token',
  name: 'Windows-Computer',
  off: false,
  order: {
    challenge: 'aGVyYXVzZm9yZGVydW5n',
    rp: { id: 'id.example', name: 'Bayern-ID' },
    user: { id: 'a29udG8', name: 'erika', displayName: 'Erika Mustermann' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
    excludeCredentials: [],
  },
};

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const setup: AppView = {
  csrf: 'token',
  setup: { secret, uri: `otpauth://totp/Bayern-ID%3Aerika?secret=${secret}&issuer=Bayern-ID` },
};

const fresh: CodesView = {
  csrf: 'token',
  needsApp: false,
  fresh: Array.from({ length: 10 }, (_, i) => `7K2M9-QX4HT-0ABCD-EFGH${i}`),
};

/** Every state of the pages about the ways in, for `/entwickler/bausteine` and the browser gate. */
export const meansStories: Stories = {
  zugaenge: story(MeansPage, all),
  'zugaenge-nur-passwort': story(MeansPage, {
    loginName: 'erika',
    password: { changedAt: day, level: 'basic' },
    passkeys: [],
  }),
  'zugaenge-ohne-passwort': story(MeansPage, { passkeys: [phone] }),
  'zugaenge-kein-code': story(MeansPage, { ...all, codes: { createdAt: day, left: 0 } }),
  'zugaenge-getan': story(MeansPage, { ...all, done: 'passkey-hinzugefuegt' }),
  'passkey-hinzufuegen': story(AddPasskeyPage, adding),
  'passkey-hinzufuegen-abgeschaltet': story(AddPasskeyPage, { ...adding, off: true }),
  'passkey-hinzufuegen-ohne-name': story(AddPasskeyPage, { ...adding, name: '', error: 'name' }),
  'passkey-hinzufuegen-abgelehnt': story(AddPasskeyPage, { ...adding, error: 'refused' }),
  'passkey-hinzufuegen-schon-da': story(AddPasskeyPage, { ...adding, error: 'taken' }),
  'passkey-hinzufuegen-zu-viele': story(AddPasskeyPage, { ...adding, error: 'many' }),
  passkey: story(PasskeyPage, { csrf: 'token', passkey: phone }),
  'passkey-ohne-name': story(PasskeyPage, { csrf: 'token', passkey: phone, error: 'name' }),
  'passkey-letzter': story(PasskeyPage, { csrf: 'token', passkey: phone, error: 'last' }),
  app: story(AppPage, setup),
  'app-falsch': story(AppPage, { ...setup, error: 'wrong' }),
  'app-leer': story(AppPage, { ...setup, error: 'empty' }),
  'app-ohne-passwort': story(AppPage, { csrf: 'token' }),
  'app-eingerichtet': story(AppPage, { csrf: 'token', app: { createdAt: day } }),
  codes: story(CodesPage, { csrf: 'token', needsApp: false, set: { createdAt: day, left: 8 } }),
  'codes-erste': story(CodesPage, { csrf: 'token', needsApp: false, done: 'app-hinzugefuegt' }),
  'codes-neue': story(CodesPage, fresh),
  'codes-ohne-app': story(CodesPage, { csrf: 'token', needsApp: true }),
};
