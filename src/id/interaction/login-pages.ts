import type { Context } from 'koa';
import { credentialsOf, type Means } from '../../assurance/evidence.ts';
import { satisfies, strongest, weakest, type Level } from '../../assurance/levels.ts';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { withReturn } from '../../web/safe-path.ts';
import { methodOf, type MethodName } from '../authentication/method.ts';
import type { PasskeyMethod, PasskeyRequest } from '../authentication/passkey/passkey.ts';
import { namesDiffer } from '../identity/linking.ts';
import { strongestOwnMeans } from '../identity/means.ts';
import { strongestLogins } from '../identity/strongest-means.ts';
import { unproved } from '../identity/unproved.ts';
import { attributesAsked } from '../oidc/card-data.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Entry } from './context.ts';
import {
  AssignPage,
  CodePage,
  LeavingPage,
  LinkPage,
  LoginPage,
  RefusedPage,
  SelectAccountPage,
  show,
  StepUpPage,
} from './pages/index.ts';
import { accountName, dataOf, personView } from './present.ts';
import { loginsPresent, unconfirmedLogins, waysAt } from './proofs.ts';
import type { Position, Steps } from './steps.ts';
import type { AssignView, CodeView, LinkView, LoginView, StepUpView } from './views.ts';

export interface LoginPageParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly passkey: PasskeyMethod;
  readonly rules: LevelRules;
  /** Whether the operator has switched a way off. */
  readonly isOff: (method: MethodName) => boolean;
  /** Whether the eID-Server cannot be used just now. */
  readonly eidDown: () => boolean;
  readonly testPersons: LoginView['testPersons'];
  readonly consentPage: (ctx: Context, position: Position) => Promise<void>;
  readonly registrationPages: (ctx: Context, position: Position) => void;
}

/** The pages of a login, and which of them comes next. The second argument of each says what the last try came to. */
export interface LoginPages {
  next(ctx: Context, position: Position): Promise<void>;
  login(ctx: Context, position: Position, failed: Pick<LoginView, 'error' | 'login'>): Promise<void>;
  code(ctx: Context, position: Position, how: Pick<CodeView, 'with' | 'error'>): void;
  stepUp(ctx: Context, position: Position, error: NonNullable<StepUpView['error']>): Promise<void>;
  link(ctx: Context, position: Position, error: NonNullable<LinkView['error']>): Promise<void>;
  assign(ctx: Context, position: Position, error: NonNullable<AssignView['error']>): void;
}

/** A form that was not filled in as it must be, or a secret that is wrong. */
const unprocessable = 422;

/** Whether a login of this level may see what the card says. */
const cardShown = ({ party }: Position['pending'], level: Level): boolean =>
  satisfies(level, party.file.verified_claims_minimum);

const isOwn = (means: Means): means is Exclude<Means, 'eid'> => means !== 'eid';

export const createLoginPages = (parts: LoginPageParts): LoginPages => {
  const { entry, steps, passkey, rules, isOff, eidDown } = parts;

  const offReason = (method: MethodName): LoginView['off'][number] | undefined => {
    if (isOff(method)) return method;
    return method === 'eid' && eidDown() ? 'eidDown' : undefined;
  };

  const passkeyRequest = (ctx: Context, position: Position, accountId?: string): Promise<PasskeyRequest> =>
    passkey.begin(entry.attempt(ctx, position), {
      interaction: position.pending.uid,
      ...(accountId === undefined ? {} : { accountId }),
    });

  /** How far a method leads here, before anybody is known: whose account it is decides the rest. */
  const reachOf = (position: Position, ...means: readonly Means[]): LoginView['methods'][number]['reach'] => {
    const { wanted, state } = position;
    if (wanted === 'basic' || state.card !== undefined) return 'enough';
    return satisfies(strongest(...means.map((one) => rules.table[one])), wanted) ? 'maybe' : 'tooWeak';
  };

  const loginPage = async (
    ctx: Context,
    position: Position,
    extra: Pick<LoginView, 'error' | 'login'> = {},
  ): Promise<void> => {
    const { pending, state, device, joining } = position;
    const linking = state.card !== undefined;
    const methods: LoginView['methods'] = [
      ...(linking ? [] : [{ method: 'eid', reach: 'enough', lastUsed: device.lastMethod === 'eid' } as const]),
      {
        method: 'password',
        reach: reachOf(position, 'password', 'password_totp'),
        lastUsed: device.lastMethod === 'password',
      },
      {
        method: 'passkey',
        reach: reachOf(position, 'passkey_synced', 'passkey_bound'),
        lastUsed: device.lastMethod === 'passkey',
      },
    ];
    const off = methods.flatMap(({ method }) => offReason(method) ?? []);
    const offered = methods.filter(({ method }) => offReason(method) === undefined);
    const byPasskey = offered.some(({ method, reach }) => method === 'passkey' && reach !== 'tooWeak');
    const hint = pending.params['login_hint'];
    const again = pending.session && pending.standing !== undefined ? 'fresh' : undefined;
    const reason = joining ? 'join' : linking ? 'linkExisting' : again;
    const registerHref = linking || joining ? {} : { registerHref: `/anmelden/${pending.uid}/registrieren` };
    const view: LoginView = {
      ...entry.frame(ctx, position),
      methods: offered,
      off,
      ...(byPasskey ? { passkey: await passkeyRequest(ctx, position) } : {}),
      ...(typeof hint === 'string' ? { login: hint.slice(0, 320) } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...registerHref,
      forgotHref: withReturn('/passwort-vergessen', `/anmelden/${pending.uid}`),
      ...(parts.testPersons && !off.includes('password') ? { testPersons: parts.testPersons } : {}),
      ...extra,
    };
    show(ctx, LoginPage, view, extra.error === undefined ? undefined : unprocessable);
  };

  const linkPage = async (ctx: Context, position: Position, error?: LinkView['error']): Promise<void> => {
    const { citizen, state, evidence, credentials, recentlyProved } = position;
    if (!citizen || !state.card) throw new HttpError('bad_request', { reason: 'step' });
    const { attributes, assured } = state.card.card;
    const by = strongestOwnMeans(credentials, rules, Date.now());
    const logins = loginsPresent(evidence, credentials);
    const ask = recentlyProved
      ? []
      : [...new Set(by.map((means) => methodOf[means]))].filter((method) => method !== 'eid');
    // A password that is asked for here will have been used when the card is added.
    const shown = [
      ...logins.flatMap(credentialsOf),
      ...credentials.filter(({ kind }) => kind === 'password' && ask.includes('password')).map(({ id }) => id),
    ];
    const confirmed = [...new Set([...logins.map(({ means }) => means), ...(recentlyProved ? [] : by)])].filter(isOwn);
    show(
      ctx,
      LinkPage,
      {
        ...entry.frame(ctx, position),
        account: accountName(citizen, false),
        card: personView(attributes, localeOf(ctx)),
        self: personView(citizen.self, localeOf(ctx)),
        namesDiffer: namesDiffer(citizen.self, attributes),
        confirms: confirmed.map((means) => ({ means, reaches: weakest(rules.table[means], assured) })),
        unproved: unproved(credentials, shown),
        ask,
        ...(ask.includes('passkey') ? { passkey: await passkeyRequest(ctx, position, citizen.account.id) } : {}),
        replaces: citizen.card !== undefined,
        blocked: !recentlyProved && ask.length === 0,
        ...(error === undefined ? {} : { error }),
      },
      error === undefined ? undefined : unprocessable,
    );
  };

  const assignPage = (ctx: Context, position: Position, error?: AssignView['error']): void => {
    const card = position.state.card?.card.attributes;
    show(
      ctx,
      AssignPage,
      {
        ...entry.frame(ctx, position),
        guests: position.pending.party.file.guests,
        cardName: [card?.given_name?.value, card?.family_name?.value].filter((part) => part !== undefined).join(' '),
        ...(error === undefined ? {} : { error }),
      },
      error === undefined ? undefined : unprocessable,
    );
  };

  const stepUpPage = async (ctx: Context, position: Position, error?: StepUpView['error']): Promise<void> => {
    const { pending, wanted, citizen, evidence } = position;
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    // Of a second account nothing is known but what was proved in this very flow.
    const standing = position.joining ? 'basic' : (pending.standing ?? 'basic');
    const have = strongest(standing, position.reached ?? 'basic');
    // Something that was strong enough is still known, only too old: then the page says why one is asked again.
    const wasEnough = evidence.some(({ means, ceiling }) => satisfies(weakest(rules.table[means], ceiling), wanted));
    const expired = wasEnough || satisfies(have, wanted);
    const off = offReason('eid');
    const unread = attributesAsked(pending.party, pending.params).filter((name) => !citizen.card?.asked.includes(name));
    const ways = waysAt(position, rules);
    const ceiling = citizen.card ? weakest(rules.table.eid, citizen.card.link.ceiling) : 'basic';
    const unconfirmed = unconfirmedLogins(evidence, citizen, rules, ceiling, Date.now()).map(({ means }) => means);
    show(
      ctx,
      StepUpPage,
      {
        ...entry.frame(ctx, position),
        have,
        account: accountName(citizen, cardShown(pending, have)),
        expired,
        ...(position.joining
          ? {
              joining: {
                card: strongestLogins(citizen, position.credentials, rules).some(({ means }) => means === 'eid'),
              },
            }
          : {}),
        ...(off === 'eid' || off === 'eidDown' ? { off } : {}),
        ...(pending.reasons.includes('card_data') ? { reads: dataOf(unread) } : {}),
        confirms: [...new Set(unconfirmed)]
          .filter(isOwn)
          .map((means) => ({ means, reaches: weakest(rules.table[means], ceiling) })),
        ways,
        ...(ways.includes('passkey') ? { passkey: await passkeyRequest(ctx, position, citizen.account.id) } : {}),
        ...(error === undefined ? {} : { error }),
      },
      error === undefined ? undefined : unprocessable,
    );
  };

  const codePage = (ctx: Context, position: Position, how: Pick<CodeView, 'with' | 'error'>): void =>
    show(ctx, CodePage, { ...entry.frame(ctx, position), ...how }, how.error === undefined ? undefined : unprocessable);

  return {
    login: loginPage,
    link: linkPage,
    assign: assignPage,
    stepUp: stepUpPage,
    code: codePage,
    async next(ctx, position) {
      const { step, state } = position;
      if ('act' in step) return steps.advance(ctx, position, state);
      switch (step.page) {
        case 'login':
          return loginPage(ctx, position);
        case 'code':
          return codePage(ctx, position, { with: ctx.query['mit'] === 'wiederherstellung' ? 'recovery' : 'app' });
        case 'stepUp':
          return stepUpPage(ctx, position);
        case 'assign':
          return assignPage(ctx, position);
        case 'link':
          return linkPage(ctx, position);
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
          return parts.registrationPages(ctx, position);
      }
    },
  };
};
