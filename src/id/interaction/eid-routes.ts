import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { localeOf, messages } from '../../web/page-context.ts';
import { seeOther } from '../../web/see-other.ts';
import { localText } from '../clients/client.ts';
import type { Journal } from '../audit/journal.ts';
import { requestFor, type EidPurpose } from '../authentication/eid/attributes.ts';
import type { EidMethod } from '../authentication/eid/eid.ts';
import type { StartLimit } from '../authentication/guard.ts';
import { attributesAsked } from '../oidc/card-data.ts';
import { InteractionGone, type Door } from '../oidc/door.ts';
import { refuseDuplicates, uidOf, type Entry } from './context.ts';
import { backToFlow } from './login-routes.ts';
import { EidFailurePage, EidPage, ErrorPage, show } from './pages/index.ts';
import { readsOf } from './present.ts';
import { flowTexts } from './texts/index.ts';
import type { IdSettings } from '../settings.ts';
import { withoutOutcome } from './state.ts';
import type { FlowStore } from './store.ts';
import type { Position, Steps } from './steps.ts';
import type { EidFailureCause } from './views.ts';

export interface EidRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly door: Door;
  readonly flows: FlowStore;
  readonly eid: EidMethod;
  readonly starts: StartLimit;
  readonly journal: Journal;
  /** Whether the operator has switched the Online-Ausweis off. */
  readonly isOff: () => boolean;
  /** Whether the eID-Server cannot be used: nothing begins, what has begun goes on. */
  readonly isDown: () => boolean;
  /** Where the eID client listens: the AusweisApp on the citizen's device, or the simulator. */
  readonly client: IdSettings['eid']['client'];
}

/** What the citizen is told for each thing that the eID-Server, or its silence, says. */
const causes: Readonly<Record<string, EidFailureCause>> = {
  ended: 'ended',
  invalidDocument: 'invalidDocument',
  deniedDocument: 'deniedDocument',
  sessionExpired: 'expired',
  serverError: 'server',
  unreachable: 'server',
  busy: 'busy',
  connection: 'connection',
};

/** What this service gets to know, and so all that is asked of the card. */
const purposeOf = (ctx: Context, { pending: { party, params }, wanted }: Position): EidPurpose => ({
  announcement: messages(ctx, flowTexts).eid.announcement({
    service: localText(party.file.client_name, localeOf(ctx)),
  }),
  attributes: attributesAsked(party, params),
  level: wanted,
});

const isMobile = (ctx: Context): boolean =>
  ctx.get('sec-ch-ua-mobile') === '?1' || /Android|iPhone|iPad/.test(ctx.get('user-agent'));

/** Where there is a choice of ways in; in a step-up the Online-Ausweis is the only one. */
const leadsToLogin = ({ step }: Position): boolean =>
  'page' in step && (step.page === 'login' || step.page === 'register');

/** A new account is being made by the card: another try must not forget it. */
const isRegistering = ({ state }: Position): boolean => state.registration?.way === 'card';

export const addEidRoutes = (router: Router, parts: EidRouteParts): void => {
  const { entry, steps, door, flows, eid, starts, journal, isOff, isDown } = parts;

  const link = (address: string, tcTokenUrl: string): string =>
    `${address}?tcTokenURL=${encodeURIComponent(tcTokenUrl)}`;

  /** However often the browser asks, at once or one after the other: one reference, and one event. */
  const fail = async (ctx: Context, position: Position, why: string): Promise<void> => {
    const { pending, state, citizen } = position;
    const cause = causes[why] ?? 'server';
    const told = state.eid && (await eid.tell(state.eid.transactionId, String(ctx.state['referenceId'])));
    if (!told) return backToFlow(ctx, position);
    const { referenceId } = told;
    if (told.first)
      journal.record({
        type: 'eid.failed',
        cause,
        clientId: pending.party.file.client_id,
        referenceId,
        ...(citizen ? { accountId: citizen.account.id } : {}),
      });
    await flows.keep(pending, { ...state, failure: { cause, referenceId } });
    return seeOther(ctx, `/anmelden/${pending.uid}/eid/fehler`);
  };

  router.post('/anmelden/:uid/eid', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    const { pending, step, state } = position;
    if ('page' in step && step.page === 'consent') throw new HttpError('bad_request', { reason: 'step' });
    if (isOff() || isDown()) return backToFlow(ctx, position);
    const attempt = entry.attempt(ctx, position);
    const wait = await starts.count(attempt);
    if (wait !== undefined) throw new HttpError('too_many_requests', { reason: 'eid_starts', retryAfter: wait });
    const begun = await eid.begin(attempt, {
      interaction: pending.uid,
      purpose: purposeOf(ctx, position),
    });
    const { transactionId, tcTokenUrl, expiresAt } = begun;
    // A new try forgets the card of the last one: what counts is what is read now.
    const { card: _card, intent: _intent, registration: _registration, ...rest } = withoutOutcome(state);
    const registration = form.get('registrieren') === '1' ? { registration: { way: 'card' } as const } : {};
    await flows.keep(pending, { ...rest, ...registration, eid: { transactionId, tcTokenUrl, expiresAt } });
    journal.record({ type: 'eid.started', clientId: pending.party.file.client_id });
    return seeOther(ctx, `/anmelden/${pending.uid}/eid`);
  });

  router.get('/anmelden/:uid/eid', async (ctx) => {
    const position = await entry.open(ctx);
    const { eid: use, failure } = position.state;
    if (failure) return seeOther(ctx, `/anmelden/${position.pending.uid}/eid/fehler`);
    if (!use || isOff()) return backToFlow(ctx, position);
    const left = use.expiresAt - Date.now();
    if (left < 0) await eid.broken(use.transactionId, 'sessionExpired');
    // The client may have ended on a page of its own: who comes back here is told, or can begin anew.
    const standing = await eid.standing(use.transactionId);
    if (standing === undefined) return backToFlow(ctx, position);
    if (typeof standing === 'object') return fail(ctx, position, standing.cause);
    // Without a script: who waits too long is told so, and not by the client's own error page.
    ctx.set('refresh', String(Math.ceil(left / 1000) + 1));
    const frame = entry.frame(ctx, position);
    return show(ctx, EidPage, {
      ...frame,
      stepUp: !leadsToLogin(position),
      registering: isRegistering(position),
      opened: standing === 'opened',
      reads: readsOf(requestFor(purposeOf(ctx, position))),
      desktopLink: link(parts.client.desktop, use.tcTokenUrl),
      mobileLink: link(parts.client.mobile, use.tcTokenUrl),
      mobileFirst: isMobile(ctx),
      simulated: parts.client.simulated,
      testPki: parts.client.test_pki,
      expiresAt: use.expiresAt,
    });
  });

  router.post('/anmelden/:uid/eid/andere', async (ctx) => {
    const { position } = await entry.posted(ctx);
    const { eid: _use, ...rest } = withoutOutcome(position.state);
    await steps.advance(ctx, position, rest);
  });

  /** The eID client's own request: no cookies, once. */
  router.get('/eid/tctoken/:token', async (ctx) => {
    if (ctx.method === 'HEAD') {
      ctx.status = 405;
      ctx.set('allow', 'GET');
      return;
    }
    const { token } = (ctx as unknown as { params: { token: string } }).params;
    const answer = isOff() ? undefined : await eid.token(token);
    if (answer === undefined) throw new HttpError('not_found', { reason: 'tctoken' });
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/xml; charset=utf-8';
    ctx.body = answer;
  });

  /** R without the cookie that belongs to it: the card was used for somebody else's login (eid.md 7, relay). */
  const warn = async (
    ctx: Context,
    refresh: string,
    reason: 'foreign_browser' | 'no_cookie',
    own?: Position,
  ): Promise<void> => {
    const burned = await eid.burn(refresh, own?.pending.uid);
    const use = own?.state.eid;
    if (burned === undefined && own && use && use.expiresAt <= Date.now()) {
      // Nobody else's R: this browser's own use of the card took too long.
      const why = await eid.broken(use.transactionId, 'sessionExpired');
      if (why !== undefined) return fail(ctx, own, why);
    }
    const referenceId = String(ctx.state['referenceId']);
    if (burned === 'now') journal.record({ type: 'eid.burned', reason, referenceId });
    return show(ctx, ErrorPage, { code: burned ? 'relay_warning' : 'flow_finished', referenceId }, 400);
  };

  router.get('/anmelden/:uid/eid/zurueck/:refresh', async (ctx) => {
    // The address holds R: no answer to it may be kept, redirects and the empty one included.
    ctx.set('cache-control', 'no-store');
    refuseDuplicates(ctx);
    const { refresh } = (ctx as unknown as { params: { refresh: string } }).params;
    const cookies = ctx.get('cookie') !== '';
    if (!door.holdsCookie(ctx, uidOf(ctx))) {
      // The client program may look at the address itself before it sends the browser there: no answer, no effect.
      if (!cookies && ctx.get('user-agent').startsWith('AusweisApp')) {
        ctx.status = 200;
        ctx.type = 'text/plain';
        ctx.body = '';
        return undefined;
      }
      return warn(ctx, refresh, cookies ? 'foreign_browser' : 'no_cookie');
    }
    // R is good for one use, and a HEAD is none.
    if (ctx.method === 'HEAD') throw new HttpError('method_not_allowed', { reason: 'head' });
    const position = await entry.open(ctx);
    const { pending, state } = position;
    if (isOff()) return backToFlow(ctx, position);
    const outcome = await eid.complete(entry.attempt(ctx, position), { interaction: pending.uid, refresh });
    if (outcome.kind === 'unbound') return warn(ctx, refresh, 'foreign_browser', position);
    if (outcome.kind === 'failed') return fail(ctx, position, outcome.cause);
    const { eid: _use, ...rest } = withoutOutcome(state);
    return steps.advance(ctx, position, { ...rest, card: { card: outcome.card, at: outcome.at } });
  });

  /** CommunicationErrorAddress: no secret in it, so it only helps. What the server knows is told; else it was the connection. */
  router.get('/anmelden/:uid/eid/hilfe', async (ctx) => {
    refuseDuplicates(ctx);
    let position: Position;
    try {
      position = await entry.open(ctx);
    } catch (error) {
      if (!(error instanceof InteractionGone)) throw error;
      return seeOther(ctx, '/hilfe/online-ausweis');
    }
    const use = position.state.eid;
    const why = use && (await eid.broken(use.transactionId, 'connection'));
    return why === undefined ? backToFlow(ctx, position) : fail(ctx, position, why);
  });

  router.get('/anmelden/:uid/eid/fehler', async (ctx) => {
    const position = await entry.open(ctx);
    const { failure } = position.state;
    if (!failure) return seeOther(ctx, `/anmelden/${position.pending.uid}`);
    const stepUp = !leadsToLogin(position);
    const registering = isRegistering(position);
    return show(ctx, EidFailurePage, { ...entry.frame(ctx, position), ...failure, stepUp, registering });
  });
};
