import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { seeOther } from '../../web/see-other.ts';
import { webState } from '../../web/state.ts';
import { Busy, type MethodName } from '../authentication/method.ts';
import type { StartLimit } from '../authentication/guard.ts';
import { canonicalWrittenCode } from '../authentication/written-code.ts';
import { isHasty } from '../authentication/password/hasty.ts';
import type { PasswordMethod } from '../authentication/password/password.ts';
import type { Journal } from '../audit/journal.ts';
import type { LifecycleRepository } from '../identity/lifecycle.ts';
import { strongestOwnMeans } from '../identity/means.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { Door } from '../oidc/door.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Entry } from './context.ts';
import type { LoginPages } from './login-pages.ts';
import { afterProof, journalRefusal, waysAt } from './proofs.ts';
import type { Position, Steps } from './steps.ts';

export interface LoginRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly door: Door;
  readonly pages: LoginPages;
  readonly password: PasswordMethod;
  readonly citizens: Pick<CitizenRepository, 'findByTransferCode'>;
  /** How often transfer codes may be tried from one address. */
  readonly transferCodes: StartLimit;
  readonly journal: Journal;
  readonly lifecycle: Pick<LifecycleRepository, 'cancelDeletion'>;
  readonly rules: LevelRules;
  /** Whether the operator has switched a way off. */
  readonly isOff: (method: MethodName) => boolean;
  /** Whether there is time for a password that came sooner than anybody types. */
  readonly admitsHasty: (ctx: Context) => boolean;
  /** Answers that there is none; when the browser comes again it is not hasty any more. */
  readonly sendAway: (ctx: Context) => void;
}

/** A hash that has to wait too long is no wrong password: the citizen is asked to come back in a moment. */
export const orUnavailable = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Busy)
      throw new HttpError('unavailable', { reason: 'busy', retryAfter: error.retryAfter, cause: error });
    throw error;
  }
};

/** A page that is not what comes next is not served: its step has not been reached, or lies behind. */
export const requirePage = (position: Position, ...pages: readonly string[]): void => {
  if (!('page' in position.step) || !pages.includes(position.step.page))
    throw new HttpError('bad_request', { reason: 'step' });
};

/**
 * What was read from a card is kept for ten minutes: whoever thinks about the question for longer made no mistake, and
 * goes on where the flow stands now.
 */
const cardIsGone = ({ state, pending }: Position): boolean =>
  state.card === undefined && pending.state['hasCard'] === true;

/** Where somebody may log in: also in place of a registration. */
export const loginPages = ['login', 'register', 'registerTaken'] as const;

/** A form from before a way was switched off is not looked at; the page that comes next says what there is. */
export const backToFlow = (ctx: Context, { pending }: Position, query = ''): void => {
  seeOther(ctx, `/anmelden/${pending.uid}${query}`);
};

/** What an event says of where it happened. */
export const whereOf = (ctx: Context, { pending }: Position): { clientId: string; referenceId: string } => ({
  clientId: pending.party.file.client_id,
  referenceId: webState(ctx).referenceId,
});

export const addLoginRoutes = (router: Router, parts: LoginRouteParts): void => {
  const { entry, steps, door, pages, password, citizens, journal, rules, isOff } = parts;

  router.get('/anmelden/:uid', async (ctx) => pages.next(ctx, await entry.open(ctx)));

  /** The ways to log in, for whoever has an account after all. */
  router.get('/anmelden/:uid/konto-vorhanden', async (ctx) => {
    const position = await entry.open(ctx);
    requirePage(position, ...loginPages);
    await pages.login(ctx, position, {});
  });

  /** Somebody is known and proves more: the name is not asked again. */
  const passwordAgain = async (ctx: Context, position: Position, typed: string): Promise<void> => {
    const { citizen } = position;
    if (!citizen || !waysAt(position, rules).includes('password'))
      throw new HttpError('bad_request', { reason: 'step' });
    if (typed === '') return pages.stepUp(ctx, position, 'empty');
    const completion = await orUnavailable(password.confirm(entry.attempt(ctx, position), citizen.account.id, typed));
    if (completion.kind === 'proved' || completion.kind === 'half')
      return steps.advance(ctx, position, afterProof(position.state, completion));
    if (completion.kind === 'refused') journalRefusal(journal, 'password', completion, whereOf(ctx, position));
    return pages.stepUp(ctx, position, 'password');
  };

  router.post('/anmelden/:uid/passwort', async (ctx) => {
    const posted = await entry.postedIf(ctx, (shownAt) => !isHasty(shownAt) || parts.admitsHasty(ctx));
    if (!posted) return parts.sendAway(ctx);
    const { position, form } = posted;
    requirePage(position, ...loginPages, 'stepUp');
    if (isOff('password')) return backToFlow(ctx, position);
    const [name, typed] = [form.get('login').trim(), form.get('password')];
    if ('page' in position.step && position.step.page === 'stepUp') return passwordAgain(ctx, position, typed);
    const login = name.slice(0, 320);
    if (name === '' || typed === '') return pages.login(ctx, position, { error: 'empty', login });
    const attempt = password.complete(entry.attempt(ctx, position), { login: name, password: typed });
    const completion = await orUnavailable(attempt);
    if (completion.kind === 'proved' || completion.kind === 'half') {
      const { registration: _registration, ...state } = position.state;
      return steps.advance(ctx, position, afterProof(state, completion));
    }
    if (completion.kind === 'refused') journalRefusal(journal, 'password', completion, whereOf(ctx, position));
    return pages.login(ctx, position, { error: 'credentials', login });
  });

  router.post('/anmelden/:uid/zuordnen', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    if (cardIsGone(position)) return backToFlow(ctx, position);
    requirePage(position, 'assign');
    const answer = form.get('answer');
    const asGuest = answer === 'guest' && position.pending.party.file.guests;
    if (answer !== 'existing' && answer !== 'new' && !asGuest) return pages.assign(ctx, position, 'empty');
    return steps.advance(ctx, position, { ...position.state, intent: asGuest ? 'guest' : answer });
  });

  /** After a refused card: whoever is not held by a session may begin anew, as if nothing had been proved. */
  router.post('/anmelden/:uid/anderes-konto', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'refused');
    if (position.pinned) throw new HttpError('bad_request', { reason: 'step' });
    const { otherAccount } = position.state;
    await steps.advance(ctx, position, otherAccount === undefined ? {} : { otherAccount });
  });

  router.post('/anmelden/:uid/ausweis-hinzufuegen', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    if (cardIsGone(position)) return backToFlow(ctx, position);
    requirePage(position, 'link');
    const { citizen, credentials } = position;
    if (!citizen || form.get('answer') !== 'add') throw new HttpError('bad_request', { reason: 'answer' });
    const keep = credentials.filter(({ id }) => form.get(`keep-${id}`) === '1').map(({ id }) => id);
    if (position.recentlyProved) return steps.link(ctx, position, [], keep);
    // Asked for is what the page asks for; a weaker means is no proof here, however right.
    const by = strongestOwnMeans(credentials, rules, Date.now());
    if (!by.some((means) => means === 'password' || means === 'password_totp')) return backToFlow(ctx, position);
    const typed = form.get('password');
    if (typed === '') return pages.link(ctx, position, 'empty');
    const completion = await orUnavailable(password.confirm(entry.attempt(ctx, position), citizen.account.id, typed));
    // The code comes first; then this page comes again and asks for nothing but the decision.
    if (completion.kind === 'half') return steps.advance(ctx, position, afterProof(position.state, completion));
    if (completion.kind === 'proved') return steps.link(ctx, position, [completion.evidence], keep);
    if (completion.kind === 'refused') journalRefusal(journal, 'password', completion, whereOf(ctx, position));
    return pages.link(ctx, position, 'credentials');
  });

  /** The owner of an account that is to be deleted keeps it, and goes on as after any login. */
  router.post('/anmelden/:uid/konto-behalten', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'leaving');
    const { citizen, pending } = position;
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    const clientId = pending.party.file.client_id;
    const kept = await parts.lifecycle.cancelDeletion(citizen.account.id, [{ type: 'deletion.cancelled', clientId }]);
    if (!kept) throw new HttpError('gone', { reason: 'deletion' });
    return steps.advance(ctx, position, position.state);
  });

  /** A new card, and the old one is gone: the code that was made with the old one stands for a login. */
  router.post('/anmelden/:uid/transfercode', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'login');
    if (!position.state.card) throw new HttpError('bad_request', { reason: 'step' });
    const refused = (): Promise<void> => pages.login(ctx, position, { error: 'transferCode' });
    if ((await parts.transferCodes.count(entry.attempt(ctx, position))) !== undefined) return refused();
    const code = canonicalWrittenCode(form.get('transfercode'));
    const citizen = code === undefined ? undefined : await citizens.findByTransferCode(code);
    if (code === undefined || citizen?.account.state !== 'active') return refused();
    const { id: accountId, epoch } = citizen.account;
    return steps.advance(ctx, position, { ...position.state, transfer: { accountId, epoch, code, at: Date.now() } });
  });

  router.post('/anmelden/:uid/konto', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'select');
    const answer = form.get('answer');
    if (answer === 'continue') return door.resolved(ctx, position.pending);
    if (answer !== 'other') throw new HttpError('bad_request', { reason: 'answer' });
    return steps.advance(ctx, position, { ...position.state, otherAccount: true });
  });

  router.post('/anmelden/:uid/abbrechen', async (ctx) => {
    const { position } = await entry.posted(ctx);
    const { pending, step, citizen, state } = position;
    const clientId = pending.party.file.client_id;
    const account = citizen ? { accountId: citizen.account.id } : {};
    if ('page' in step && step.page === 'link') journal.record({ type: 'link.declined', clientId, ...account });
    if ('page' in step && step.page === 'consent') journal.record({ type: 'consent.refused', clientId, ...account });
    if (state.refusal)
      return door.refuse(
        ctx,
        pending,
        'unmet_authentication_requirements',
        'the requested level of assurance was not reached',
      );
    return door.refuse(ctx, pending, 'access_denied', 'the citizen ended the login');
  });
};
