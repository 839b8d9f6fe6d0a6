import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { failures } from '../answer.ts';
import { catalogues } from '../i18n/messages.ts';
import { failurePage } from './failure-page.tsx';
import { loggedOutPage, type LoggedOutView } from './logged-out-page.tsx';

const states: readonly LoggedOutView['state'][] = ['onlyHere', 'here', 'loggedIn'];

/** Every state of the pages that all relying parties have, for `/entwickler/bausteine` and the browser gate. */
export const relyingPartyStories: Stories = Object.fromEntries([
  ...failures.map((failure) => [
    `anmeldung-${failure}`,
    (page: PageContext) => failurePage({ failure, retry: '/login', csrf: 'x' }, page, catalogues[page.locale]),
  ]),
  ...states.map((state) => [
    `abgemeldet-${state}`,
    (page: PageContext) => loggedOutPage({ state, issuer: 'https://id.example' }, page, catalogues[page.locale]),
  ]),
]) as Stories;
