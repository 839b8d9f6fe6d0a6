import type { Stories } from '../../../web/pages/stories.tsx';
import type { CodeView, StepUpView } from '../views.ts';
import { CodePage, LinkPage, LoginPage, StepUpPage } from './index.ts';
import { each, flow, highFlow, link, login, stepUp, story, withoutPasskey } from './stories.tsx';

const passkey = { challenge: 'aGVyYXVzZm9yZGVydW5n', rpId: 'id.example', userVerification: 'required' } as const;
const stepUpAnyhow: StepUpView = {
  ...stepUp,
  service: { ...highFlow.service, name: 'Mein Konto', wanted: 'substantial' },
  confirms: [],
  ways: ['passkey', 'password'],
  passkey,
};
const code: CodeView = { ...flow, with: 'app' };

/** The states that passkeys and codes bring to the pages of a flow. */
export const meansFlowStories: Stories = {
  'anmelden-passkey-zuletzt': story(LoginPage, {
    ...login,
    methods: login.methods.map((entry) => ({ ...entry, lastUsed: entry.method === 'passkey' })),
  }),
  'anmelden-passkey-fehler': story(LoginPage, { ...login, error: 'passkey' }),
  'anmelden-ohne-passkey': story(LoginPage, {
    ...withoutPasskey,
    methods: login.methods.slice(0, 2),
    off: ['passkey'],
  }),
  'niveau-andere-wege': story(StepUpPage, stepUpAnyhow),
  'niveau-passkey': story(StepUpPage, { ...stepUpAnyhow, ways: ['passkey'], expired: true }),
  ...each('niveau-fehler', ['password', 'passkey', 'empty'], (error) => story(StepUpPage, { ...stepUpAnyhow, error })),
  'niveau-zusammenlegen': story(StepUpPage, {
    ...stepUp,
    service: { ...highFlow.service, name: 'Mein Konto' },
    joining: { card: true },
  }),
  'niveau-zusammenlegen-ohne-ausweis': story(StepUpPage, {
    ...stepUpAnyhow,
    ways: ['passkey'],
    joining: { card: false },
  }),
  code: story(CodePage, code),
  ...each('code-fehler', ['wrong', 'used', 'throttled', 'empty'], (error) => story(CodePage, { ...code, error })),
  'code-wiederherstellung': story(CodePage, { ...code, with: 'recovery' }),
  ...each('code-wiederherstellung-fehler', ['wrong', 'throttled', 'empty'], (error) =>
    story(CodePage, { ...code, with: 'recovery', error }),
  ),
  'verbinden-passkey': story(LinkPage, { ...link, ask: ['passkey'], passkey }),
  'verbinden-passkey-fehler': story(LinkPage, { ...link, ask: ['passkey'], passkey, error: 'passkey' }),
  'verbinden-passkey-oder-passwort': story(LinkPage, {
    ...link,
    confirms: [
      { means: 'passkey_synced', reaches: 'substantial' },
      { means: 'password_totp', reaches: 'substantial' },
    ],
    ask: ['passkey', 'password'],
    passkey,
  }),
};
