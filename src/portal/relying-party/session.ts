import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { levels, weakest, type Level } from '../../assurance/levels.ts';
import { agedLevel, type Ageing } from '../../assurance/policy.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import type { LogoutNotice } from './logout-token.ts';
import type { MarkedSecrets } from './marked-secret.ts';

/** What a checked login at the provider brought. */
export interface Login {
  readonly sub: string;
  /** The provider's name of its session for this client; absent if it gives none. */
  readonly sid: string | undefined;
  readonly level: Level;
  /** When the person logged in at the provider, in ms since the epoch. */
  readonly authTime: number;
  /** When the ID token was issued, in seconds since the epoch. */
  readonly issuedAt: number;
  readonly amr: readonly string[];
  /** Userinfo, as released to this client. */
  readonly claims: JsonObject;
  /** Kept for logout only (`id_token_hint`). */
  readonly idToken: string;
  /** For tokens of other modules' APIs. Good as long as the provider's session, and for this client alone. */
  readonly refreshToken?: string;
}

/** The session of a browser, with what is left of its level at this moment. */
export interface Session extends Omit<Login, 'level' | 'sid' | 'issuedAt' | 'refreshToken'> {
  /** What is left now. */
  readonly level: Level;
  /** What the login reached. */
  readonly reached: Level;
}

export interface Sessions {
  /** Starts a session and returns the new cookie value; undefined when the provider has ended its session meanwhile. */
  start(login: Login, previous: string | undefined): Promise<string | undefined>;
  /** The session of a cookie value; a visit keeps it from idling out. Undefined when none is left. */
  visit(cookie: string | undefined): Promise<Session | undefined>;
  /** The refresh token of a session that `visit` has just found; undefined when its login brought none. */
  refreshToken(cookie: string | undefined): Promise<string | undefined>;
  /** Ends the session of a cookie value and returns it as it was, for the logout at the provider. */
  end(cookie: string | undefined): Promise<{ readonly idToken: string } | undefined>;
  /** Ends what a checked logout token names. */
  endNoticed(notice: LogoutNotice): Promise<void>;
  /** Whether a logout token was acted on before. */
  wasSeen(jti: string): Promise<boolean>;
  markSeen(jti: string): Promise<void>;
}

const kinds = { session: 'rp-session', visit: 'rp-visit', ended: 'rp-ended', logoutToken: 'rp-logout-token' } as const;

/** Seconds that the end of a session is remembered: longer than any login that is under way while it ends. */
const endedLife = 15 * 60;
/** Seconds; beyond it the token's own window refuses it. */
const logoutTokenLife = 10 * 60;
/** A visit is written down at most this often (ms). */
const visitGranularity = 1000;

const digest = (value: string): string => createHash('sha256').update(value).digest('base64url');

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** What forms of a session are bound to: it stays the same when a step-up changes the cookie's secret. */
export const formBinding = (cookie: string): string => cookie.split('.')[0] ?? '';

const cookieForm = /^([\w-]{43})\.([\w-]{43})$/u;

/** What the mark of a session's cookie is bound to. */
const markBinding = (id: string): string => `session ${id}`;

/** Seconds after which nothing is left of any session. */
export const longestLife = (ageing: Ageing): number => Math.max(...levels.map((level) => ageing[level].longest));

/**
 * The id of the session that a cookie value is of, by its mark alone: the session may be over.
 *
 * @param life seconds since the login
 */
export const markedSession = (marks: MarkedSecrets, cookie: string, life: number): string | undefined => {
  const [, id, secret] = cookieForm.exec(cookie) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const madeAt = marks.madeAt(secret, markBinding(id));
  return madeAt !== undefined && Date.now() - madeAt < life * 1000 ? id : undefined;
};

interface Stored extends Omit<Login, 'sid'> {
  /** Hash of the cookie's secret. */
  readonly secret: string;
  /** ms since the epoch: before the first visit, the browser was last seen at the login. */
  readonly startedAt: number;
}

/**
 * The sessions of one relying party. The store's id of a session is made from the provider's `sid`, so that there is
 * one session per `sid` by construction and a logout token finds it without an index; the cookie adds a secret that is
 * new at each login, so that a cookie from before the login is worth nothing (fixation).
 *
 * A session is written only at login: what changes later, the last visit, is a record of its own. So no request that
 * is under way can bring back a session that a logout has just removed.
 */
export const createSessions = (
  artifacts: Artifacts,
  ageing: Ageing,
  marks: MarkedSecrets,
  onEnd: (sub: string) => void = () => {},
): Sessions => {
  const longest = longestLife(ageing);

  const find = async (
    cookie: string | undefined,
  ): Promise<{ id: string; visitId: string; stored: Stored } | undefined> => {
    const [, id, secret] = cookieForm.exec(cookie ?? '') ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const artifact = await artifacts.find(kinds.session, id);
    if (artifact === undefined) return undefined;
    const stored = artifact.payload as unknown as Stored;
    return equal(stored.secret, digest(secret)) ? { id, visitId: stored.secret, stored } : undefined;
  };

  const remove = async (id: string, visitId?: string): Promise<void> => {
    await artifacts.remove(kinds.session, id);
    if (visitId !== undefined) await artifacts.remove(kinds.visit, visitId);
  };

  const endedSince = async (name: string, issuedAt: number): Promise<boolean> => {
    const ended = await artifacts.find(kinds.ended, name);
    return ended !== undefined && Number(ended.payload['issuedAt']) >= issuedAt;
  };

  return {
    async start({ sid, ...login }, previous) {
      const id = digest(sid ?? randomBytes(32).toString('base64url'));
      const secret = marks.create(markBinding(id));
      const stored: Stored = { ...login, secret: digest(secret), startedAt: Date.now() };
      const before = await find(previous);
      await artifacts.save(kinds.session, id, { ...stored }, { ttl: longest, group: login.sub });
      if (before !== undefined && before.id !== id) await remove(before.id, before.visitId);
      // Looked up after saving, while a logout marks before removing: in either order the session is gone.
      const ended =
        (sid !== undefined && (await endedSince(`sid ${sid}`, login.issuedAt))) ||
        (await endedSince(`sub ${login.sub}`, login.issuedAt));
      if (!ended) return `${id}.${secret}`;
      await remove(id);
      return undefined;
    },

    async visit(cookie) {
      const found = await find(cookie);
      if (found === undefined) return undefined;
      const { secret: _, startedAt, issuedAt: __, refreshToken: ___, level: reached, ...login } = found.stored;
      const now = Date.now();
      const last = (await artifacts.find(kinds.visit, found.visitId))?.payload;
      const seen = typeof last?.['at'] === 'number' ? last['at'] : startedAt;
      // A level that idled away stays away: the visit that finds it gone must not refresh it for the next one.
      const kept = weakest(reached, (last?.['level'] as Level | undefined) ?? reached);
      const level = agedLevel(kept, { at: login.authTime, seen, now }, ageing);
      if (level === undefined) {
        await remove(found.id, found.visitId);
        return undefined;
      }
      if (now - seen >= visitGranularity || level !== kept) {
        await artifacts.save(kinds.visit, found.visitId, { at: now, level }, { ttl: longest });
      }
      return { ...login, reached, level };
    },

    async refreshToken(cookie) {
      return (await find(cookie))?.stored.refreshToken;
    },

    async end(cookie) {
      const found = await find(cookie);
      if (found === undefined) return undefined;
      await remove(found.id, found.visitId);
      onEnd(found.stored.sub);
      return { idToken: found.stored.idToken };
    },

    async endNoticed({ sid, sub, issuedAt }) {
      if (sid !== undefined) {
        await artifacts.save(kinds.ended, `sid ${sid}`, { issuedAt }, { ttl: endedLife });
        const id = digest(sid);
        const whose = (await artifacts.find(kinds.session, id))?.payload['sub'];
        await remove(id);
        if (typeof whose === 'string') onEnd(whose);
      } else if (sub !== undefined) {
        await artifacts.save(kinds.ended, `sub ${sub}`, { issuedAt }, { ttl: endedLife });
        await artifacts.removeGroup(kinds.session, sub);
        onEnd(sub);
      }
    },

    async wasSeen(jti) {
      return (await artifacts.find(kinds.logoutToken, jti)) !== undefined;
    },

    async markSeen(jti) {
      await artifacts.saveNew(kinds.logoutToken, jti, {}, { ttl: logoutTokenLife });
    },
  };
};
