import type { VNode } from 'preact';
import type { PageContext } from '../../web/page-context.ts';
import type { Stories } from '../../web/pages/stories.tsx';
import { ForgottenPage, GonePage, SentPage } from './pages/ForgottenPage.tsx';
import type { Frame } from './pages/frame.ts';
import { ProofPage, ResetDonePage, ResetPasswordPage } from './pages/ResetPages.tsx';
import { recoveryTexts } from './texts/index.ts';
import type { ProofView } from './views.ts';

const csrf = 'token';
const login = 'erika.mustermann@post.example';

const story =
  <View extends object>(Page: (props: View & Frame) => VNode, view: View) =>
  (page: PageContext): VNode =>
    Page({ ...view, t: recoveryTexts[page.locale], page });

const proof: ProofView = { csrf, needs: ['secondFactor', 'card'], foreign: false };

/** Every state of every page of a reset. */
export const recoveryStories: Stories = {
  'passwort-vergessen': story(ForgottenPage, { csrf, login: '', from: '/anmelden/beispiel' }),
  'passwort-vergessen-leer': story(ForgottenPage, { csrf, login: '', fault: 'empty' }),
  'passwort-vergessen-gesendet': story(SentPage, {}),
  'passwort-vergessen-link-alt': story(GonePage, {}),
  'passwort-vergessen-nachweis': story(ProofPage, proof),
  'passwort-vergessen-nachweis-ausweis': story(ProofPage, { ...proof, needs: ['card'] }),
  'passwort-vergessen-nachweis-fremd': story(ProofPage, { ...proof, needs: ['card'], foreign: true }),
  'passwort-vergessen-nachweis-code': story(ProofPage, { ...proof, needs: ['secondFactor'] }),
  'passwort-vergessen-nachweis-code-leer': story(ProofPage, { ...proof, needs: ['secondFactor'], fault: 'empty' }),
  'passwort-vergessen-nachweis-code-falsch': story(ProofPage, { ...proof, fault: 'wrong' }),
  'passwort-vergessen-nachweis-code-zu-oft': story(ProofPage, { ...proof, fault: 'throttled' }),
  'passwort-vergessen-neu': story(ResetPasswordPage, { csrf, login, secondFactor: false }),
  'passwort-vergessen-neu-zweiter-faktor': story(ResetPasswordPage, { csrf, login, secondFactor: true }),
  'passwort-vergessen-neu-fehler': story(ResetPasswordPage, { csrf, login, secondFactor: false, fault: 'common' }),
  'passwort-vergessen-fertig': story(ResetDonePage, { dropped: [] }),
  'passwort-vergessen-fertig-anmeldung': story(ResetDonePage, { dropped: [], from: '/anmelden/beispiel' }),
  'passwort-vergessen-fertig-entfernt': story(ResetDonePage, {
    dropped: [{ kind: 'passkey', name: 'Mein Telefon' }, { kind: 'recovery_codes' }],
  }),
};
