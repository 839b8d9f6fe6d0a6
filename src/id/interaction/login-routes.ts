import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { satisfies, strongest, weakest, type Level } from '../../assurance/levels.ts';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { Busy, type Completion, type MethodName } from '../authentication/method.ts';
import type { StartLimit } from '../authentication/guard.ts';
import type { PasswordMethod } from '../authentication/password/password.ts';
import type { Journal } from '../audit/journal.ts';
import type { LifecycleRepository } from '../identity/lifecycle.ts';
import { canonicalWrittenCode } from '../authentication/written-code.ts';
import { namesDiffer } from '../identity/linking.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { attributesAsked } from '../oidc/card-data.ts';
import type { Door } from '../oidc/door.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Entry } from './context.ts';
import {
  AssignPage,
  LeavingPage,
  LinkPage,
  LoginPage,
  RefusedPage,
  SelectAccountPage,
  show,
  StepUpPage,
} from './pages/index.ts';
import { accountName, dataOf, personView } from './present.ts';
import type { FlowState } from './state.ts';
import type { Position, Steps } from './steps.ts';
import type { AssignView, LinkView, LoginView } from './views.ts';

export interface LoginRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly door: Door;
  readonly password: PasswordMethod;
  readonly citizens: Pick<CitizenRepository, 'findByTransferCode'>;
  /** How often transfer codes may be tried from one address. */
  readonly transferCodes: StartLimit;
  readonly journal: Journal;
  readonly lifecycle: Pick<LifecycleRepository, 'cancelDeletion'>;
  readonly rules: LevelRules;
  /** Whether the operator has switched a way off. */
  readonly isOff: (method: MethodName) => boolean;
  /** Whether the eID-Server cannot be used just now. */
  readonly eidDown: () => boolean;
  readonly testPersons: LoginView['testPersons'];
  readonly consentPage: (ctx: Context, position: Position) => Promise<void>;
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

/** Whether a login of this level may see what the card says. */
const cardShown = ({ party }: Position['pending'], level: Level): boolean =>
  satisfies(level, party.file.verified_claims_minimum);

/** A form from before a way was switched off is not looked at; the page that comes next says what there is. */
export const backToFlow = (ctx: Context, { pending }: Position): void => {
  ctx.status = 303;
  ctx.redirect(`/anmelden/${pending.uid}`);
  ctx.status = 303;
};

export const addLoginRoutes = (router: Router, parts: LoginRouteParts): void => {
  const { entry, steps, door, password, citizens, journal, rules, isOff, eidDown } = parts;

  const offReason = (method: MethodName): LoginView['off'][number] | undefined => {
    if (isOff(method)) return method;
    return method === 'eid' && eidDown() ? 'eidDown' : undefined;
  };

  const loginView = (
    ctx: Context,
    position: Position,
    extra: Partial<Pick<LoginView, 'error' | 'login'>> = {},
  ): LoginView => {
    const { pending, state, device } = position;
    const linking = state.card !== undefined;
    const reach =
      pending.wanted === 'basic' || linking
        ? 'enough'
        : satisfies(rules.table.password, pending.wanted)
          ? 'maybe'
          : 'tooWeak';
    const methods = [
      ...(linking ? [] : [{ method: 'eid' as const, reach: 'enough' as const, lastUsed: device.lastMethod === 'eid' }]),
      { method: 'password' as const, reach, lastUsed: device.lastMethod === 'password' } as const,
    ];
    const off = methods.flatMap(({ method }) => offReason(method) ?? []);
    const hint = pending.params['login_hint'];
    const again = pending.session && pending.standing !== undefined ? 'fresh' : undefined;
    const reason = linking ? 'linkExisting' : pending.prompt === 'create' ? 'create' : again;
    return {
      ...entry.frame(ctx, position),
      methods: methods.filter(({ method }) => offReason(method) === undefined),
      off,
      ...(typeof hint === 'string' ? { login: hint.slice(0, 320) } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(parts.testPersons && !off.includes('password') ? { testPersons: parts.testPersons } : {}),
      ...extra,
    };
  };

  const linkView = (ctx: Context, position: Position, error?: LinkView['error']): LinkView => {
    const { citizen, state, evidence, recentlyProved } = position;
    if (!citizen || !state.card) throw new HttpError('bad_request', { reason: 'step' });
    const { attributes, assured } = state.card.card;
    const byPassword = evidence.some((item) => item.means === 'password') || !recentlyProved;
    return {
      ...entry.frame(ctx, position),
      account: accountName(citizen, false),
      card: personView(attributes, localeOf(ctx)),
      self: personView(citizen.self, localeOf(ctx)),
      namesDiffer: namesDiffer(citizen.self, attributes),
      confirms: byPassword ? [{ means: 'password', reaches: weakest(rules.table.password, assured) }] : [],
      replaces: citizen.card !== undefined,
      askPassword: !recentlyProved,
      passwordOff: isOff('password'),
      ...(error === undefined ? {} : { error }),
    };
  };

  const assignView = (ctx: Context, position: Position, error?: AssignView['error']): AssignView => {
    const card = position.state.card?.card.attributes;
    return {
      ...entry.frame(ctx, position),
      guests: position.pending.party.file.guests,
      cardName: [card?.given_name?.value, card?.family_name?.value].filter((part) => part !== undefined).join(' '),
      ...(error === undefined ? {} : { error }),
    };
  };

  const stepUpPage = (ctx: Context, position: Position): void => {
    const { pending, citizen, evidence } = position;
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    const have = strongest(pending.standing ?? 'basic', position.reached ?? 'basic');
    // Something that was strong enough is still known, only too old: then the page says why one is asked again.
    const wasEnough = evidence.some(({ means, ceiling }) =>
      satisfies(weakest(rules.table[means], ceiling), pending.wanted),
    );
    const expired = wasEnough || satisfies(have, pending.wanted);
    const off = offReason('eid');
    const unread = attributesAsked(pending.party, pending.params).filter((name) => !citizen.card?.asked.includes(name));
    show(ctx, StepUpPage, {
      ...entry.frame(ctx, position),
      have,
      account: accountName(citizen, cardShown(pending, have)),
      expired,
      ...(off === 'eid' || off === 'eidDown' ? { off } : {}),
      ...(pending.reasons.includes('card_data') ? { reads: dataOf(unread) } : {}),
    });
  };

  const showNext = async (ctx: Context, position: Position): Promise<void> => {
    const { step, state } = position;
    if ('act' in step) return steps.advance(ctx, position, state);
    switch (step.page) {
      case 'login':
        return show(ctx, LoginPage, loginView(ctx, position));
      case 'stepUp':
        return stepUpPage(ctx, position);
      case 'assign':
        return show(ctx, AssignPage, assignView(ctx, position));
      case 'link':
        return show(ctx, LinkPage, linkView(ctx, position));
      case 'refused':
        return show(
          ctx,
          RefusedPage,
          {
            ...entry.frame(ctx, position),
            cause: step.cause,
            referenceId: state.refusal?.referenceId ?? '',
            otherAccount: !position.pinned,
          },
          403,
        );
      case 'leaving': {
        const { citizen, reached } = position;
        if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
        return show(ctx, LeavingPage, {
          ...entry.frame(ctx, position),
          account: accountName(citizen, cardShown(position.pending, reached ?? 'basic')),
          deletedOn: citizen.account.leavesAt ?? Date.now(),
        });
      }
      case 'consent':
        return parts.consentPage(ctx, position);
      case 'select': {
        const { citizen } = position;
        if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
        return show(ctx, SelectAccountPage, {
          ...entry.frame(ctx, position),
          account: accountName(citizen, cardShown(position.pending, position.pending.level)),
        });
      }
      default:
        return undefined;
    }
  };

  router.get('/anmelden/:uid', async (ctx) => showNext(ctx, await entry.open(ctx)));

  const proved = (state: FlowState, { accountId, epoch, evidence }: Completion & { kind: 'proved' }): FlowState => {
    const { proofs } = state;
    const before = proofs?.accountId === accountId && proofs.epoch === epoch ? proofs.evidence : [];
    return { ...state, proofs: { accountId, epoch, evidence: [...before, evidence] } };
  };

  /** Failures for a name that nobody has, and refusals without end, are counted by the guard: written down, they would bury the rest. */
  const journalRefusal = (
    position: Position,
    { reason, accountId, again }: Completion & { kind: 'refused' },
    referenceId: string,
  ): void => {
    if (accountId === undefined || again === true) return;
    journal.record({
      type: 'login.failed',
      method: 'password',
      reason: reason === 'wrong' ? 'wrong_password' : reason,
      accountId,
      clientId: position.pending.party.file.client_id,
      referenceId,
    });
  };

  router.post('/anmelden/:uid/passwort', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'login');
    if (isOff('password')) return backToFlow(ctx, position);
    const [login, typed] = [form.get('login').trim(), form.get('password')];
    if (login === '' || typed === '') {
      show(ctx, LoginPage, loginView(ctx, position, { error: 'empty', login: login.slice(0, 320) }), 422);
      return undefined;
    }
    const completion = await orUnavailable(password.complete(entry.attempt(ctx, position), { login, password: typed }));
    if (completion.kind !== 'proved') {
      if (completion.kind === 'refused') journalRefusal(position, completion, String(ctx.state['referenceId']));
      show(ctx, LoginPage, loginView(ctx, position, { error: 'credentials', login: login.slice(0, 320) }), 422);
      return undefined;
    }
    return steps.advance(ctx, position, proved(position.state, completion));
  });

  router.post('/anmelden/:uid/zuordnen', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'assign');
    const answer = form.get('answer');
    const asGuest = answer === 'guest' && position.pending.party.file.guests;
    if (answer !== 'existing' && answer !== 'new' && !asGuest) {
      show(ctx, AssignPage, assignView(ctx, position, 'empty'), 422);
      return;
    }
    await steps.advance(ctx, position, { ...position.state, intent: asGuest ? 'guest' : answer });
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
    requirePage(position, 'link');
    const { citizen } = position;
    if (!citizen || form.get('answer') !== 'add') throw new HttpError('bad_request', { reason: 'answer' });
    if (position.recentlyProved) return steps.link(ctx, position, []);
    if (isOff('password')) return backToFlow(ctx, position);
    const typed = form.get('password');
    if (typed === '') return show(ctx, LinkPage, linkView(ctx, position, 'empty'), 422);
    const completion = await orUnavailable(password.confirm(entry.attempt(ctx, position), citizen.account.id, typed));
    if (completion.kind !== 'proved') {
      if (completion.kind === 'refused') journalRefusal(position, completion, String(ctx.state['referenceId']));
      return show(ctx, LinkPage, linkView(ctx, position, 'credentials'), 422);
    }
    return steps.link(ctx, position, [completion.evidence]);
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
    const attempt = entry.attempt(ctx, position);
    if ((await parts.transferCodes.count(attempt)) !== undefined)
      return show(ctx, LoginPage, loginView(ctx, position, { error: 'transferCode' }), 422);
    const code = canonicalWrittenCode(form.get('transfercode'));
    const citizen = code === undefined ? undefined : await citizens.findByTransferCode(code);
    if (code === undefined || citizen?.account.state !== 'active')
      return show(ctx, LoginPage, loginView(ctx, position, { error: 'transferCode' }), 422);
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
