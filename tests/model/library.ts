import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'koa';
import { errors, type FindAccount, type interactionPolicy } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { ClientSet } from '../../src/id/clients/load.ts';
import { citizenOf } from '../../src/id/oidc/account.ts';
import type { NoteService } from '../../src/id/oidc/sessions.ts';
import type { OwnFlows } from '../../src/id/oidc/own-flows.ts';
import type { Artifacts, JsonObject } from '../../src/storage/artifacts.ts';

/** What a service gets: as much of an ID token as is about the login. */
export interface Answer {
  /** Account and epoch, as every code and token carries them. */
  readonly principal: string;
  readonly acr: string;
  readonly sessionUid: string;
}

export interface LibraryParts {
  readonly artifacts: Artifacts;
  readonly set: ClientSet;
  readonly policy: readonly interactionPolicy.Prompt[];
  readonly findAccount: FindAccount;
  readonly sessionLife: (ctx: unknown, session: never) => number;
  readonly note: NoteService;
  readonly ownFlows: OwnFlows;
  readonly answered: (ctx: Context, answer: Answer) => void;
}

/** What of oidc-provider our code stands on, without its keys and tokens: the same order of things, in a fraction of the time. */
export interface Library {
  /** As door and visitors use it. */
  readonly provider: Provider;
  /** /auth */
  authorize(ctx: Context): Promise<void>;
  /** /auth/:uid */
  resume(ctx: Context): Promise<void>;
  /** /session/end, confirmed. */
  logOut(ctx: Context): Promise<void>;
}

const newId = (): string => randomBytes(16).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1000);

interface Cookies {
  get(name: string): string | undefined;
  set(name: string, value: string, options?: { readonly path?: string }): void;
}

const cookiesOf = (request: IncomingMessage, response: ServerResponse): Cookies => ({
  get: (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1],
  set: (name, value, { path = '/' } = {}) => response.appendHeader('set-cookie', `${name}=${value}; Path=${path}`),
});

interface SessionPayload {
  uid: string;
  jti: string;
  accountId?: string;
  acr?: string;
  amr?: string[];
  loginTs?: number;
  authorizations?: Record<string, { sid?: string; grantId?: string }>;
}

const createSessions = (artifacts: Artifacts) => {
  class Session implements SessionPayload {
    uid = newId();
    jti = newId();
    accountId?: string;
    acr?: string;
    amr?: string[];
    loginTs?: number;
    authorizations?: Record<string, { sid?: string; grantId?: string }>;
    isNew = true;
    destroyed = false;
    #old: string | undefined;

    static async get({ cookies }: { readonly cookies: Cookies }): Promise<Session> {
      const id = cookies.get('session');
      const found = id === undefined ? undefined : (await artifacts.find('Session', id))?.payload;
      const session = new Session();
      return found ? Object.assign(session, found, { isNew: false }) : session;
    }

    async save(ttl: number): Promise<void> {
      if (this.#old !== undefined) await artifacts.remove('Session', this.#old);
      const { isNew: _, destroyed: __, ...payload } = this;
      await artifacts.save('Session', this.jti, payload as JsonObject, { ttl, alias: this.uid });
    }
    async destroy(): Promise<void> {
      this.destroyed = true;
      await artifacts.remove('Session', this.jti);
    }
    resetIdentifier(): void {
      this.#old = this.jti;
      this.jti = newId();
    }
    past(age: string): boolean {
      return this.loginTs === undefined || seconds() - this.loginTs > Number(age);
    }
    authorizationFor(clientId: string): { sid?: string; grantId?: string } {
      this.authorizations ??= {};
      return (this.authorizations[clientId] ??= {});
    }
    sidFor(clientId: string): string | undefined {
      return this.authorizations?.[clientId]?.sid;
    }
  }
  return Session;
};

interface StoredInteraction {
  readonly uid: string;
  readonly iat: number;
  readonly exp: number;
  readonly returnTo: string;
  readonly prompt: { readonly name: string; readonly reasons: string[]; readonly details: JsonObject };
  readonly params: Readonly<Record<string, string>>;
  readonly session?: { readonly uid: string; readonly accountId?: string; readonly acr?: string };
  readonly lastSubmission?: JsonObject;
  readonly result?: JsonObject;
}

const interactionLife = 3600;

export const createLibrary = (parts: LibraryParts): Library => {
  const { artifacts } = parts;
  const Session = createSessions(artifacts);
  type Session = InstanceType<typeof Session>;

  const interactionOf = async (cookies: Cookies, name: string): Promise<StoredInteraction> => {
    const uid = cookies.get(name);
    const found = uid === undefined ? undefined : await artifacts.find('Interaction', uid);
    if (!found) throw new errors.SessionNotFound('interaction session not found');
    return found.payload as unknown as StoredInteraction;
  };

  const createContext = (req: IncomingMessage, res: ServerResponse) => ({ req, res, cookies: cookiesOf(req, res) });

  const provider = {
    Session,
    createContext,
    cookieName: (name: string) => name,
    async interactionDetails(req: IncomingMessage, res: ServerResponse) {
      const interaction = await interactionOf(cookiesOf(req, res), 'interaction');
      const { session } = interaction;
      if (session) {
        const stored = await artifacts.findByAlias('Session', session.uid);
        if (!stored) throw new errors.SessionNotFound('session not found');
        if (session.accountId !== stored.payload['accountId'])
          throw new errors.SessionNotFound('session principal changed');
      }
      return {
        ...interaction,
        async save(this: StoredInteraction, ttl: number) {
          const { uid, iat, exp, returnTo, prompt, params, session: origin, lastSubmission, result } = this;
          const payload = { uid, iat, exp, returnTo, prompt, params, session: origin, lastSubmission, result };
          await artifacts.save('Interaction', uid, JSON.parse(JSON.stringify(payload)) as JsonObject, { ttl });
        },
      };
    },
  };

  /** Asks the prompts in turn, as the library does; the first that is not content asks the citizen. */
  const decide = async (
    ctx: Context,
    session: Session,
    params: Readonly<Record<string, string>>,
    result: JsonObject | undefined,
  ): Promise<void> => {
    const resumed = result !== undefined;
    const prompts = new Set((params['prompt'] ?? '').split(' ').filter((name) => name !== ''));
    const clientId = params['client_id'] ?? '';
    const oidc: Record<string, unknown> = {
      client: { clientId },
      session,
      params,
      result,
      entities: {},
      claims: {},
      prompts,
      promptPending: (name: string) => prompts.has(name) && !(resumed && Object.hasOwn(result, name)),
    };
    ctx['oidc'] = oidc;
    if (session.accountId !== undefined)
      oidc['account'] = await parts.findAccount(ctx as never, session.accountId, undefined);
    for (const { name, checks } of parts.policy) {
      // What is passed on, and its consent, has tests of its own; this service may have what it asks for.
      if (name === 'consent') continue;
      const asked: [string, JsonObject][] = [];
      for (const check of checks)
        if (await check.check(ctx as never))
          asked.push([check.reason, ((await check.details?.(ctx as never)) ?? {}) as JsonObject]);
      if (asked.length === 0) continue;
      if (prompts.has('none')) throw new errors.LoginRequired('asked for no page');
      const uid = newId();
      const interaction: StoredInteraction = {
        uid,
        iat: seconds(),
        exp: seconds() + interactionLife,
        returnTo: `/auth/${uid}`,
        prompt: {
          name,
          reasons: asked.map(([reason]) => reason),
          details: Object.assign({}, ...asked.map(([, details]) => details)) as JsonObject,
        },
        params,
        ...(session.accountId === undefined
          ? {}
          : {
              session: {
                uid: session.uid,
                accountId: session.accountId,
                ...(session.acr === undefined ? {} : { acr: session.acr }),
              },
            }),
        ...(result === undefined ? {} : { lastSubmission: result }),
      };
      await artifacts.save('Interaction', uid, interaction as unknown as JsonObject, { ttl: interactionLife });
      const cookies = cookiesOf(ctx.req, ctx.res);
      cookies.set('interaction', uid, { path: `/anmelden/${uid}` });
      cookies.set('resume', uid, { path: `/auth/${uid}` });
      parts.ownFlows.began(ctx, uid);
      ctx.redirect(`/anmelden/${uid}`);
      return;
    }
    const [citizen, party] = [citizenOf(ctx as never), parts.set.clients.get(clientId)];
    if (!citizen || !party || session.accountId === undefined)
      throw new errors.AccessDenied('resolved without an account');
    const authorization = session.authorizationFor(clientId);
    const newToSession = authorization.grantId === undefined;
    authorization.sid ??= newId();
    authorization.grantId ??= newId();
    await parts.note(session as never, party, citizen, { id: authorization.grantId, newToSession });
    parts.answered(ctx, { principal: session.accountId, acr: session.acr ?? '', sessionUid: session.uid });
    ctx.redirect(`${params['redirect_uri']}?code=1`);
  };

  /** What the library does around each of its requests: the session is written at the end, also after an error. */
  const withSession = async (ctx: Context, work: (session: Session) => Promise<void>): Promise<void> => {
    const session = await Session.get(createContext(ctx.req, ctx.res));
    try {
      await work(session);
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      ctx.status = 303;
      ctx.redirect(`/fehler?error=${error.error}`);
    } finally {
      if ((!session.isNew || session.accountId !== undefined) && !session.destroyed) {
        cookiesOf(ctx.req, ctx.res).set('session', session.jti);
        await session.save(parts.sessionLife(ctx, session as never));
      }
    }
  };

  return {
    provider: provider as unknown as Provider,
    authorize: (ctx) =>
      withSession(ctx, (session) => decide(ctx, session, ctx.query as Readonly<Record<string, string>>, undefined)),
    resume: (ctx) =>
      withSession(ctx, async (session) => {
        const interaction = await interactionOf(cookiesOf(ctx.req, ctx.res), 'resume');
        const { result, session: origin, params } = interaction;
        if (origin && origin.uid !== session.uid) throw new errors.SessionNotFound('another session');
        const login = result?.['login'] as { accountId: string; ts: number } | undefined;
        if (login && session.accountId !== undefined && session.accountId !== login.accountId)
          throw new errors.SessionNotFound('the library would log the other account out first');
        await artifacts.remove('Interaction', interaction.uid);
        if (typeof result?.['error'] === 'string') throw new errors.AccessDenied(result['error']);
        if (login) {
          session.accountId = login.accountId;
          session.loginTs = login.ts;
          delete session.acr;
          delete session.amr;
        }
        if (!session.isNew) session.resetIdentifier();
        await decide(ctx, session, params, result ?? {});
      }),
    logOut: async (ctx) => {
      const session = await Session.get(createContext(ctx.req, ctx.res));
      await session.destroy();
      cookiesOf(ctx.req, ctx.res).set('session', '');
      ctx.body = session.uid;
    },
  };
};
