import type { Context } from 'koa';
import type { Session } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Evidence } from '../../assurance/evidence.ts';
import { agedEvidence, reachedNow, type Reached } from '../../assurance/policy.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { seenPrecision, type EvidenceStore } from './evidence-store.ts';
import type { LevelRules } from './policy.ts';
import { parsePrincipal, principalText } from './principal.ts';

/** Who is logged in in the browser that asks for one of Bayern-ID's own pages. */
export interface Visitor {
  readonly citizen: Citizen;
  readonly sessionUid: string;
  /** The logins of this session that count. */
  readonly evidence: readonly Evidence[];
  /** What they give now. */
  readonly reached: Reached;
}

export interface Visitors {
  /**
   * The visitor of a request; undefined when nobody is logged in, or nothing of the login is left. A visit keeps the
   * session from idling out.
   */
  find(ctx: Context): Promise<Visitor | undefined>;
  /**
   * Lets this one browser's session go on after an act that ended all others by raising the epoch (RF-10). What the
   * services had from it is void all the same, and so is a copy of its cookie.
   *
   * @param evidence what counts from now on: logins by means that are still there
   */
  keep(ctx: Context, visitor: Visitor, epoch: number, evidence: readonly Evidence[]): Promise<void>;
  /** Gives this browser's session another id, so that a copy of its cookie is worth nothing from now on (SE-01). */
  renew(ctx: Context): Promise<void>;
  /** Replaces the logins of this session, for a credential that counts for more from now on. */
  update(visitor: Visitor, evidence: readonly Evidence[]): Promise<void>;
}

export interface VisitorParts {
  readonly provider: () => Provider;
  readonly citizens: CitizenRepository;
  readonly evidence: EvidenceStore;
  readonly rules: LevelRules;
  /** Seconds that a session may go on from now. */
  readonly sessionLife: (ctx: unknown, session: Session) => number;
  readonly secureCookies: boolean;
}

export const createVisitors = (parts: VisitorParts): Visitors => {
  const { provider, citizens, evidence, rules } = parts;
  const sessionOf = (ctx: Context): Promise<Session> =>
    provider().Session.get(provider().createContext(ctx.req, ctx.res));

  /** As the library does at its own addresses: the record and the cookie end together. */
  const prolong = async (ctx: Context, session: Session): Promise<void> => {
    const life = parts.sessionLife(ctx, session);
    await session.save(life);
    const { cookies } = provider().createContext(ctx.req, ctx.res);
    cookies.set(provider().cookieName('session'), session.jti, {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      overwrite: true,
      secure: parts.secureCookies,
      path: '/',
      expires: new Date(Date.now() + life * 1000),
    });
  };

  return {
    async find(ctx) {
      const session = await sessionOf(ctx);
      const principal = session.accountId === undefined ? undefined : parsePrincipal(session.accountId);
      const citizen = principal && (await citizens.find(principal.accountId));
      if (!principal || citizen?.guestOf !== undefined) return undefined;
      if (citizen?.account.state !== 'active' || citizen.account.epoch !== principal.epoch) return undefined;
      const stored = await evidence.load(session.uid);
      if (!stored || stored.principal !== session.accountId) return undefined;
      const now = Date.now();
      const items = agedEvidence(stored.items, { seen: stored.seen, now }, rules.ageing);
      const counting = items.filter(rules.counts);
      const circumstances = { proofing: proofingOf(citizen), ...rules, now, seen: stored.seen };
      const reached = reachedNow(counting, circumstances);
      if (!reached) return undefined;
      if (now - stored.seen > seenPrecision) {
        await evidence.save(session.uid, { principal: stored.principal, items, seen: now });
        await prolong(ctx, session);
      }
      return { citizen, sessionUid: session.uid, evidence: counting, reached };
    },

    async keep(ctx, { citizen, sessionUid }, epoch, items) {
      const session = await sessionOf(ctx);
      // Ended from elsewhere while the act was under way, or another login's by now: nothing of it goes on.
      if (session.uid !== sessionUid) return;
      session.accountId = principalText({ accountId: citizen.account.id, epoch });
      session.authorizations = {};
      session.resetIdentifier();
      await evidence.save(session.uid, { principal: session.accountId, items, seen: Date.now() });
      await prolong(ctx, session);
    },

    async renew(ctx) {
      const session = await sessionOf(ctx);
      session.resetIdentifier();
      await prolong(ctx, session);
    },

    async update({ citizen, sessionUid }, items) {
      const principal = principalText({ accountId: citizen.account.id, epoch: citizen.account.epoch });
      await evidence.save(sessionUid, { principal, items, seen: Date.now() });
    },
  };
};
