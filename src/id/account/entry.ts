import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { acrOf } from '../../assurance/names.ts';
import { reachedNow } from '../../assurance/policy.ts';
import type { Csrf } from '../../web/csrf.ts';
import { readForm, type Form } from '../../web/forms.ts';
import { localeOf } from '../../web/page-context.ts';
import { safePath } from '../../web/safe-path.ts';
import { seeOther } from '../../web/see-other.ts';
import { webState } from '../../web/state.ts';
import { displayName, effective } from '../identity/attribute.ts';
import { proofingOf } from '../identity/citizen.ts';
import { ownCallback, ownClientId } from '../oidc/own-client.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Visitor, Visitors } from '../oidc/visitor.ts';

/** What a page asks of whoever opens it, beside being logged in. */
export interface Demand {
  readonly level: Level;
  /** Seconds: only a login at most this old counts. */
  readonly maxAge: number;
}

/** What is asked may depend on who is there. */
export type Demanded = Demand | ((visitor: Visitor) => Promise<Demand>);

/** The age of a login that stands for a dangerous act, in seconds: the same as for adding a card (architecture.md 5). */
export const dangerousActAge = 10 * 60;

export interface EntryParts {
  readonly visitors: Visitors;
  readonly csrf: Csrf;
  readonly rules: LevelRules;
  readonly issuer: string;
}

/** How Bayern-ID's own pages learn who is there. */
export interface AccountEntry {
  /**
   * The visitor of a page, once at the level that is asked for. Undefined: the browser was sent to log in and comes
   * back to this page (or to `returnTo`), so there is nothing more to answer.
   */
  open(ctx: Context, demand?: Demanded, returnTo?: string): Promise<Visitor | undefined>;
  /** The same for a POST, with its form checked; who has to log in again comes back to `returnTo`, without the form. */
  posted(
    ctx: Context,
    returnTo: string,
    demand?: Demanded,
  ): Promise<{ readonly visitor: Visitor; readonly form: Form } | undefined>;
  /**
   * Sends the browser to log in, and back to `returnTo`: `login` asks anew whoever is logged in, who may be somebody else
   * afterwards; `create` begins with a new account.
   */
  logIn(ctx: Context, returnTo: string, prompt: 'login' | 'create', demand?: Demand): void;
  /** A token for the forms of this session. */
  csrf(visitor: Visitor): string;
}

/** The page of a reset to which a login by card comes back. */
export const resetPath = '/passwort-vergessen/neu';

/** The page of Mein Konto that an answer's `state` names, or that of a reset; anything else is its first page. */
export const returnPath = (state: unknown): string => {
  const path = safePath(typeof state === 'string' ? state : undefined, '/konto');
  if (path === resetPath) return path;
  return path === '/konto' || path.startsWith('/konto/') || path.startsWith('/konto?') ? path : '/konto';
};

type Reaching = { readonly reached: Pick<Visitor['reached'], 'level'> };

/** What a card says is shown to logins that could also pass it on: a stolen password must not yield an identity. */
export const cardLevel = 'substantial';

export const seesCard = ({ reached }: Reaching): boolean => satisfies(reached.level, cardLevel);

/** What the account is called where its citizen reads it; the card's name only in a session that may hand it out. */
export const accountLabel = ({ citizen, reached }: Pick<Visitor, 'citizen'> & Reaching): string => {
  const card = seesCard({ reached }) ? citizen.card?.attributes : undefined;
  return displayName(effective(citizen.self, card)) ?? citizen.loginName ?? citizen.email ?? '–';
};

export const createAccountEntry = ({ visitors, csrf, rules, issuer }: EntryParts): AccountEntry => {
  /** Our own client's request: like any other's, but nobody keeps the verifier, since the code is thrown away. */
  const loginAddress = (
    ctx: Context,
    returnTo: string,
    demand: Demand | undefined,
    prompt?: 'login' | 'create',
  ): string => {
    const query = new URLSearchParams({
      client_id: ownClientId,
      redirect_uri: `${issuer}${ownCallback}`,
      response_type: 'code',
      scope: 'openid',
      state: returnTo,
      code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
      code_challenge_method: 'S256',
      ui_locales: localeOf(ctx),
      ...(demand ? { acr_values: acrOf(demand.level), max_age: String(demand.maxAge) } : {}),
      ...(prompt === undefined ? {} : { prompt }),
    });
    return `/auth?${query.toString()}`;
  };

  const meets = ({ citizen, evidence }: Visitor, demand: Demand | undefined): boolean => {
    if (!demand) return true;
    const now = Date.now();
    const fresh = { notBefore: now - demand.maxAge * 1000, now, seen: now };
    const reached = reachedNow(evidence, { proofing: proofingOf(citizen), ...rules, ...fresh });
    return reached !== undefined && satisfies(reached.level, demand.level);
  };

  const binding = ({ sessionUid, citizen }: Visitor): string => `konto ${sessionUid} ${citizen.account.id}`;

  const open = async (ctx: Context, asked: Demanded | undefined, returnTo: string): Promise<Visitor | undefined> => {
    const visitor = await visitors.find(ctx);
    const demand = typeof asked !== 'function' ? asked : visitor && (await asked(visitor));
    if (!visitor || !meets(visitor, demand)) {
      seeOther(ctx, loginAddress(ctx, returnTo, demand));
      return undefined;
    }
    const name = accountLabel(visitor);
    const logout = { action: '/konto/abmelden', csrf: csrf.token(binding(visitor)) };
    webState(ctx).account = { name, href: '/konto', logout };
    // What one person saw must not be shown to the next by the back button.
    ctx.set('cache-control', 'no-store');
    return visitor;
  };

  return {
    open: (ctx, demand, returnTo = ctx.originalUrl) => open(ctx, demand, returnTo),
    async posted(ctx, returnTo, demand) {
      const form = await readForm(ctx);
      webState(ctx).returnPath = returnTo;
      const visitor = await open(ctx, demand, returnTo);
      if (!visitor) return undefined;
      csrf.check(ctx, form.get('csrf'), binding(visitor));
      return { visitor, form };
    },
    logIn: (ctx, returnTo, prompt, demand) => seeOther(ctx, loginAddress(ctx, returnTo, demand, prompt)),
    csrf: (visitor) => csrf.token(binding(visitor)),
  };
};
