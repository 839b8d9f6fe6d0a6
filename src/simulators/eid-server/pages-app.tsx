import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import type Koa from 'koa';
import type { Context } from 'koa';
import { eidOperations } from '../../id/authentication/eid/port.ts';
import { createWebApp } from '../../web/app.ts';
import { createCsrf } from '../../web/csrf.ts';
import { readForm, type Form } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Log } from '../../web/log.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { mountCommonPages } from '../../web/pages/mount.tsx';
import { renderPage } from '../../web/render.ts';
import { contentSecurityPolicy } from '../../web/security.ts';
import type { TestCard } from '../test-persons.ts';
import { isRun, type ClientEnd, type ClientRun, type EidClient } from './client.ts';
import { faultNames, loginFaults, type Fault } from './faults.ts';
import type { PageProps } from './pages/frame.tsx';
import { homePage } from './pages/home-page.tsx';
import { catalogues } from './pages/messages.ts';
import { simulatorStories } from './pages/stories.tsx';
import { blockedPage, noTokenPage, pinPage } from './pages/pin-page.tsx';
import { lateFaults, requestPage } from './pages/request-page.tsx';
import type { PinAnswer, PinPad } from './pin.ts';
import { NoTcToken } from './tc-token.ts';

export interface PagesOptions {
  readonly origin: string;
  readonly client: EidClient;
  readonly pins: PinPad;
  readonly planFault: (fault: Fault) => void;
  readonly cards: readonly TestCard[];
  readonly log: Log;
}

const props = (ctx: Context): PageProps => ({ page: pageContext(ctx), t: messages(ctx, catalogues) });

const seeOther = (ctx: Context, location: string): void => {
  ctx.status = 303;
  ctx.set('location', location);
  ctx.set('cache-control', 'no-store');
  ctx.body = '';
};

const leave = (ctx: Context, end: ClientEnd): void => seeOther(ctx, end.location);

const asFault = (name: string, known: readonly string[]): Fault | undefined => {
  const fault = faultNames.find((candidate) => candidate === name && known.includes(candidate));
  if (fault === undefined) return undefined;
  return fault === 'noResultYet' ? { name: fault, times: 2 } : { name: fault };
};

/** A query parameter that must be there once. */
const single = (ctx: Context, name: string): string => {
  const value = ctx.query[name];
  if (typeof value !== 'string' || value === '') throw new HttpError('bad_request', { reason: 'query' });
  return value;
};

/** The pages that play the eID client. A run's unguessable id stands for the citizen's screen; there are no cookies. */
export const createPagesApp = (options: PagesOptions): Koa => {
  const { client, pins, cards } = options;
  const csrf = createCsrf(randomBytes(32));
  const router = new Router();
  const home = 'home';
  const environment = 'development';

  const runOf = (ctx: Context): ClientRun => {
    const run = client.find(String((ctx['params'] as Record<string, string>)['id']), Date.now());
    if (run === undefined) throw new HttpError('gone', { reason: 'run' });
    return run;
  };
  const postedForm = async (ctx: Context, binding: string): Promise<Form> => {
    const form = await readForm(ctx);
    csrf.check(ctx, form.get('csrf'), binding);
    return form;
  };

  const showHome = (ctx: Context, done?: 'planned' | 'reset'): void =>
    renderPage(ctx, homePage({ ...props(ctx), cards, csrf: csrf.token(home), done }));

  router.get('/', (ctx) => {
    const done = (['planned', 'reset'] as const).find((word) => word === ctx.query['erledigt']);
    showHome(ctx, done);
  });

  router.post('/stoerung', async (ctx) => {
    const fault = asFault((await postedForm(ctx, home)).get('fault'), faultNames);
    if (fault === undefined) return seeOther(ctx, '/');
    options.planFault(fault);
    return seeOther(ctx, '/?erledigt=planned');
  });

  router.post('/entsperren', async (ctx) => {
    await postedForm(ctx, home);
    pins.reset();
    seeOther(ctx, '/?erledigt=reset');
  });

  router.get('/eID-Client', async (ctx) => {
    // koa-router answers HEAD with GET's handler; fetching a TC Token uses it up, so HEAD must not.
    if (ctx.method === 'HEAD') throw new HttpError('method_not_allowed');
    if ('Status' in ctx.query) {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body =
        'Implementation-Title: eID simulator\nImplementation-Vendor: Bayern-ID\nImplementation-Version: 1.26.2\n';
      return;
    }
    try {
      const begun = await client.begin(single(ctx, 'tcTokenURL'), Date.now());
      if (isRun(begun)) seeOther(ctx, `/vorgang/${begun.id}`);
      else leave(ctx, begun);
    } catch (error) {
      if (!(error instanceof NoTcToken)) throw error;
      options.log.warn('eid_client_no_token', { reason: error.message });
      renderPage(ctx, noTokenPage(props(ctx)), 400);
    }
  });

  const showRequest = (ctx: Context, run: ClientRun, cardMissing: boolean): void =>
    renderPage(
      ctx,
      requestPage({ ...props(ctx), run, cards, csrf: csrf.token(run.id), cardMissing }),
      cardMissing ? 422 : 200,
    );

  const showPin = (ctx: Context, run: ClientRun, answer: PinAnswer | undefined): void => {
    const { card } = run;
    if (card === undefined) return seeOther(ctx, `/vorgang/${run.id}`);
    const token = csrf.token(run.id);
    if (answer?.kind === 'blocked' || pins.attemptsLeft(card.id) <= 0) {
      return renderPage(ctx, blockedPage({ ...props(ctx), run, csrf: token }), answer === undefined ? 200 : 422);
    }
    const refusal = answer?.kind === 'wrong' || answer?.kind === 'canWrong' ? answer : undefined;
    const needsCan = pins.needsCan(card.id);
    return renderPage(
      ctx,
      pinPage({ ...props(ctx), run, card, csrf: token, needsCan, refusal }),
      refusal === undefined ? 200 : 422,
    );
  };

  router.get('/vorgang/:id', (ctx) => showRequest(ctx, runOf(ctx), false));

  router.post('/vorgang/:id', async (ctx) => {
    const run = runOf(ctx);
    const form = await postedForm(ctx, run.id);
    const card = cards.find(({ id }) => id === form.get('card'));
    run.deselected = new Set(eidOperations.filter((operation) => form.get(`optional-${operation}`) === ''));
    if (card === undefined) return showRequest(ctx, run, true);
    run.card = card;
    const fault = asFault(form.get('fault'), lateFaults);
    if (fault !== undefined) run.session.faults = loginFaults(fault);
    return seeOther(ctx, `/vorgang/${run.id}/pin`);
  });

  router.get('/vorgang/:id/pin', (ctx) => showPin(ctx, runOf(ctx), undefined));

  router.post('/vorgang/:id/pin', async (ctx) => {
    const run = runOf(ctx);
    const form = await postedForm(ctx, run.id);
    if (run.card === undefined) return seeOther(ctx, `/vorgang/${run.id}`);
    const answer = pins.verify(run.card.id, form.get('pin').trim(), form.get('can').trim());
    if (answer.kind !== 'right') return showPin(ctx, run, answer);
    return leave(ctx, client.finish(run, run.card, run.deselected ?? new Set(), Date.now()));
  });

  router.post('/vorgang/:id/abbrechen', async (ctx) => {
    const run = runOf(ctx);
    await postedForm(ctx, run.id);
    leave(ctx, client.cancel(run));
  });

  mountCommonPages(router, { environment, stories: simulatorStories(cards) });
  const app = createWebApp({
    part: 'eid-simulator',
    origin: options.origin,
    secureCookies: options.origin.startsWith('https:'),
    environment,
    log: options.log,
  });
  app.use(async (ctx, next) => {
    // A real client is no page: where Bayern-ID and the service send the browser afterwards is not ours to know.
    ctx.set('content-security-policy', contentSecurityPolicy(['http:', 'https:']));
    await next();
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
};
