import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { weakest, type Level } from '../../assurance/levels.ts';
import { sealedCookie } from '../../web/cookies.ts';
import type { Csrf } from '../../web/csrf.ts';
import { readForm, type Form } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { safePath } from '../../web/safe-path.ts';
import { seeOther } from '../../web/see-other.ts';
import { webState } from '../../web/state.ts';
import type { Sealer } from '../../storage/sealing.ts';
import { dangerousActAge, resetPath, type AccountEntry } from '../account/entry.ts';
import type { Journal } from '../audit/journal.ts';
import { Busy, type AttemptContext } from '../authentication/method.ts';
import type { ResetTicket, ResetTickets } from '../authentication/password/reset-tickets.ts';
import type { SecondFactor } from '../authentication/second-factor.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { CredentialRepository, Dropped } from '../identity/credentials.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { passwordContext, type ChoosePassword } from '../new-password/choice.ts';
import type { Door } from '../oidc/door.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Visitors } from '../oidc/visitor.ts';
import { ForgottenPage, GonePage, SentPage } from './pages/ForgottenPage.tsx';
import { show } from './pages/frame.ts';
import { ProofPage, ResetDonePage, ResetPasswordPage } from './pages/ResetPages.tsx';
import type { RequestReset } from './requests.ts';
import { resetStep, type ResetStep } from './steps.ts';
import type { ProofView, ResetPasswordView } from './views.ts';

export interface RecoveryRouteParts {
  readonly request: RequestReset;
  readonly tickets: ResetTickets;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly secondFactor: SecondFactor;
  readonly choose: ChoosePassword;
  readonly visitors: Visitors;
  readonly entry: AccountEntry;
  readonly door: Pick<Door, 'began'>;
  readonly rules: LevelRules;
  readonly journal: Journal;
  readonly csrf: Csrf;
  readonly sealer: Sealer;
  readonly attempt: (ctx: Context, clientId: string) => AttemptContext;
}

/** What this browser has of a reset. The token leaves the address at once; a proof counts only where it was given. */
interface Kept {
  readonly token?: string;
  /** A second factor was shown here for this token. */
  readonly proved?: boolean;
  /** It was a recovery code. */
  readonly byCode?: boolean;
  /** Over: the login that waits, if any. */
  readonly from?: string;
  /** Over: what went because nobody had shown whose it is. */
  readonly dropped?: readonly Dropped[];
}

/** Where a reset stands, for one request. */
interface Standing {
  readonly step: ResetStep;
  readonly kept: Kept;
  readonly ticket?: ResetTicket;
  readonly citizen?: Citizen;
  readonly needs: ProofView['needs'];
  /** Somebody is logged in here with a fresh card, and it is another account. */
  readonly foreign: boolean;
  readonly secondFactor: boolean;
  /** What a password set now may reach (architecture.md 2): a mail is no means, a card shown beside it is one. */
  readonly ceiling: Level;
}

const life = 30 * 60;

/** A cookie holds 4 KB, and an account up to 20 passkeys with names of 60 characters. */
const shortened = ({ kind, name }: Dropped): Dropped =>
  name === undefined ? { kind } : { kind, name: Array.from(name).slice(0, 20).join('') };

/** The address of a login; anything else is nowhere to go back to. */
const loginPath = (text: string | undefined): string | undefined => {
  const path = safePath(text, '');
  return /^\/anmelden\/[\w-]+$/.test(path) ? path : undefined;
};

export const addRecoveryRoutes = (router: Router, parts: RecoveryRouteParts): void => {
  const { tickets, citizens, credentials, secondFactor, visitors, entry, rules, csrf } = parts;
  const cookie = sealedCookie(parts.sealer, 'reset', { maxAge: life });
  const keep = (ctx: Context, kept: Kept): void => cookie.write(ctx, JSON.stringify(kept));
  const kept = (ctx: Context): Kept => JSON.parse(cookie.read(ctx) ?? '{}') as Kept;

  /** The first form changes nothing that others could not ask for as well; later ones belong to their link. */
  const firstForm = 'passwort-vergessen';
  const bindingOf = ({ token }: Kept): string => `${firstForm} ${token ?? ''}`;

  const hasUsableCard = (citizen: Citizen, now: number): boolean => {
    const { level, until } = proofingOf(citizen);
    return level !== 'basic' && (until === undefined || now <= until);
  };

  const stand = async (ctx: Context): Promise<Standing> => {
    const mine = kept(ctx);
    const ticket = mine.token === undefined ? undefined : await tickets.find(mine.token);
    const citizen = ticket && (await citizens.find(ticket.account.id));
    const open = citizen?.account.state === 'active' && citizen.account.epoch === ticket?.account.epoch;
    if (!ticket || !open)
      return { step: 'gone', kept: mine, needs: [], foreign: false, secondFactor: false, ceiling: 'basic' };
    const now = Date.now();
    const hasFactor = await secondFactor.isSet(citizen.account.id);
    const card = hasUsableCard(citizen, now);
    const visitor = card ? await visitors.find(ctx) : undefined;
    const fresh = visitor?.evidence.some(({ means, at }) => means === 'eid' && now - at <= dangerousActAge * 1000);
    const sameCard = fresh === true && visitor?.citizen.account.id === citizen.account.id;
    const needs = [...(hasFactor ? (['secondFactor'] as const) : []), ...(card ? (['card'] as const) : [])];
    return {
      step: resetStep({ open: true, needs, proved: mine.proved === true || sameCard }),
      kept: mine,
      ticket,
      citizen,
      needs,
      foreign: fresh === true && !sameCard,
      secondFactor: hasFactor,
      ceiling: sameCard && visitor ? visitor.reached.level : 'basic',
    };
  };

  const showGone = (ctx: Context): void => show(ctx, GonePage, {}, 410);

  const showProof = (ctx: Context, at: Standing, fault?: ProofView['fault']): void => {
    const { needs, foreign } = at;
    const view = { csrf: csrf.token(bindingOf(at.kept)), needs, foreign, ...(fault === undefined ? {} : { fault }) };
    show(ctx, ProofPage, view, fault === undefined ? undefined : 422);
  };

  const showPassword = (ctx: Context, at: Standing, fault?: ResetPasswordView['fault']): void => {
    const { citizen } = at;
    const view = {
      csrf: csrf.token(bindingOf(at.kept)),
      login: citizen?.email ?? citizen?.loginName ?? '',
      secondFactor: at.secondFactor,
      ...(fault === undefined ? {} : { fault }),
    };
    show(ctx, ResetPasswordPage, view, fault === undefined ? undefined : 422);
  };

  const showStep = (ctx: Context, at: Standing): void => {
    if (at.step === 'gone') return showGone(ctx);
    return at.step === 'proof' ? showProof(ctx, at) : showPassword(ctx, at);
  };

  /** A form of a step that has not been reached, or lies behind: what comes next is shown instead, nothing is done. */
  const posted = async (ctx: Context, step: ResetStep): Promise<{ at: Standing; form: Form } | undefined> => {
    const form = await readForm(ctx);
    webState(ctx).returnPath = resetPath;
    const at = await stand(ctx);
    if (at.step === 'gone') {
      showGone(ctx);
      return undefined;
    }
    csrf.check(ctx, form.get('csrf'), bindingOf(at.kept));
    if (at.step !== step) throw new HttpError('bad_request', { reason: 'step' });
    return { at, form };
  };

  router.get('/passwort-vergessen', (ctx) => {
    const back = ctx.query['zurueck'];
    const from = loginPath(typeof back === 'string' ? back : undefined);
    show(ctx, ForgottenPage, { csrf: csrf.token(firstForm), login: '', ...(from === undefined ? {} : { from }) });
  });

  router.post('/passwort-vergessen', async (ctx) => {
    const form = await readForm(ctx);
    webState(ctx).returnPath = '/passwort-vergessen';
    csrf.check(ctx, form.get('csrf'), firstForm);
    const login = form.get('login').trim().slice(0, 320);
    const path = loginPath(form.get('zurueck'));
    const from = path === undefined ? {} : { from: path };
    if (login === '') {
      show(ctx, ForgottenPage, { csrf: csrf.token(firstForm), login, fault: 'empty', ...from }, 422);
      return;
    }
    const { address, referenceId } = parts.attempt(ctx, ownClientId);
    await parts.request(login, { address, referenceId, locale: localeOf(ctx), ...from });
    seeOther(ctx, '/passwort-vergessen/gesendet');
  });

  router.get('/passwort-vergessen/gesendet', (ctx) => show(ctx, SentPage, {}));

  /** The link in the mail. Opening it uses nothing up: scanners do so before people. */
  router.get('/passwort-vergessen/:token', async (ctx, next) => {
    const { token = '' } = ctx.params as { token?: string };
    if (!/^[\w-]{43}$/.test(token)) return next();
    if ((await tickets.find(token)) === undefined) return showGone(ctx);
    keep(ctx, { token });
    return seeOther(ctx, resetPath);
  });

  router.get(resetPath, async (ctx) => showStep(ctx, await stand(ctx)));

  router.post('/passwort-vergessen/code', async (ctx) => {
    const found = await posted(ctx, 'proof');
    if (!found) return undefined;
    const { at, form } = found;
    const accountId = at.citizen?.account.id;
    if (accountId === undefined || !at.secondFactor) throw new HttpError('bad_request', { reason: 'step' });
    const typed = form.get('code').trim();
    if (typed === '') return showProof(ctx, at, 'empty');
    const context = parts.attempt(ctx, ownClientId);
    const outcome = await secondFactor.check(context, accountId, typed).catch((error: unknown) => {
      if (error instanceof Busy)
        throw new HttpError('unavailable', { reason: 'busy', retryAfter: error.retryAfter, cause: error });
      throw error;
    });
    if (outcome === 'wrong' || outcome === 'throttled') {
      const { referenceId } = context;
      const reason = outcome === 'wrong' ? 'wrong_code' : 'throttled';
      parts.journal.record({ type: 'login.failed', method: 'totp', reason, accountId, referenceId });
      return showProof(ctx, at, outcome);
    }
    if (outcome === 'recovery_code') {
      const all = await credentials.credentialsOf(accountId);
      const left = all.find(({ kind }) => kind === 'recovery_codes')?.left ?? 0;
      parts.journal.record({ type: 'recovery_code.used', left, accountId });
    }
    keep(ctx, { ...at.kept, proved: true, byCode: outcome === 'recovery_code' });
    return seeOther(ctx, resetPath);
  });

  /** Through the login of Mein Konto, asked for anew, so that whoever's session this browser has does not matter. */
  router.post('/passwort-vergessen/ausweis', async (ctx) => {
    const found = await posted(ctx, 'proof');
    if (!found) return;
    const { citizen } = found.at;
    if (!citizen?.card) throw new HttpError('bad_request', { reason: 'step' });
    const level = weakest(rules.table.eid, citizen.card.link.ceiling);
    entry.logIn(ctx, resetPath, 'login', { level, maxAge: dangerousActAge });
  });

  /** Of what a reset might take away: recovery codes, where one was the proof. */
  const shownBy = async ({ kept: { byCode }, citizen }: Standing): Promise<readonly string[]> => {
    const all = byCode === true && citizen ? await credentials.credentialsOf(citizen.account.id) : [];
    return all.filter(({ kind }) => kind === 'recovery_codes').map(({ id }) => id);
  };

  router.post(resetPath, async (ctx) => {
    const found = await posted(ctx, 'password');
    if (!found) return undefined;
    const { at, form } = found;
    const { citizen, ticket } = at;
    if (!citizen || !ticket) return showGone(ctx);
    const context = passwordContext(citizen);
    const chosen = await parts.choose(form.get('password'), { context, secondFactor: at.secondFactor });
    if ('fault' in chosen) return showPassword(ctx, at, chosen.fault);
    if (!(await tickets.use(at.kept.token ?? ''))) return showGone(ctx);
    const { ceiling } = at;
    const set = await credentials.setPassword(
      ticket.account,
      { hash: chosen.hash, ceiling },
      [{ type: 'password.changed', by: 'recovery' }],
      { shown: await shownBy(at) },
    );
    if (set.kind === 'stale') return showGone(ctx);
    keep(ctx, { dropped: set.dropped.map(shortened), ...(ticket.from === undefined ? {} : { from: ticket.from }) });
    return seeOther(ctx, '/passwort-vergessen/fertig');
  });

  router.get('/passwort-vergessen/fertig', (ctx) => {
    const { from, dropped = [] } = kept(ctx);
    const waits = from !== undefined && parts.door.began(ctx, from.slice('/anmelden/'.length));
    show(ctx, ResetDonePage, { dropped, ...(waits ? { from } : {}) });
  });
};
