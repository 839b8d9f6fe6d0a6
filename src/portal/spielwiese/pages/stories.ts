import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { faults } from '../faults.ts';
import { catalogues } from '../i18n/messages.ts';
import { emptyWish } from '../request.ts';
import { checks, steps, type Run } from '../runs.ts';
import { builderPage, type BuilderView } from './builder-page.tsx';
import { runPage } from './run-page.tsx';

const builder = (more: Partial<BuilderView>) => (page: PageContext) =>
  builderPage(
    { wish: emptyWish, wrong: [], csrf: 'token', developers: 'https://id.example/entwickler', ...more },
    page,
    catalogues[page.locale],
  );

const run = (more: Partial<Run>) => (page: PageContext) =>
  runPage(
    {
      run: {
        wish: emptyWish,
        nonce: 'n',
        verifier: 'v',
        address: 'https://id.example/auth?client_id=spielwiese',
        messages: [{ step: 'authorization', text: 'GET https://id.example/auth\n\nclient_id = spielwiese' }],
        checks: [],
        outcome: 'open',
        ...more,
      },
      change: '/?lauf=x',
      logout: 'https://id.example/session/end',
      csrf: 'token',
    },
    page,
    catalogues[page.locale],
  );

const all = checks.map((name) => ({ name, passed: true, detail: `${name}-`.repeat(30) }));

/** Every state of the playground's pages. */
export const playgroundStories: Stories = {
  'spielwiese-anfrage': builder({}),
  'spielwiese-anfrage-falsch': builder({
    wish: { ...emptyWish, claims: '{', maxAge: 'morgen', par: true, fault: 'nonce', level: 'high', prompt: 'login' },
    wrong: ['claims', 'max_age'],
  }),
  'spielwiese-bereit': run({}),
  'spielwiese-gelungen': run({
    outcome: 'accepted',
    level: 'low',
    checks: all,
    messages: steps.map((step) => ({ step, text: `${step} <&> ${'x'.repeat(300)}` })),
  }),
  'spielwiese-hoch': run({ outcome: 'accepted', level: 'high', wish: { ...emptyWish, level: 'high' } }),
  ...Object.fromEntries(
    faults.map((fault) => [
      `spielwiese-fehler-${fault.replaceAll('_', '-')}`,
      run({
        wish: { ...emptyWish, fault },
        outcome: fault === 'code' ? 'error' : 'refused',
        ...(fault === 'code' ? { error: 'invalid_grant: grant request is invalid' } : {}),
        checks: all.map((check, i) => ({ ...check, passed: i % 2 === 0 })),
      }),
    ]),
  ),
};
