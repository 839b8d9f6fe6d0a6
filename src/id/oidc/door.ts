import type { Context } from 'koa';
import { errors, type Interaction, type InteractionResults } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Evidence } from '../../assurance/evidence.ts';
import type { Level } from '../../assurance/levels.ts';
import { levelOf } from '../../assurance/names.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import { mergeEvidence, type EvidenceStore } from './evidence-store.ts';
import type { OwnFlows } from './own-flows.ts';
import { parsePrincipal, principalText, type Principal } from './principal.ts';
import type { SessionRegister } from './session-register.ts';
import { endSession } from './sessions.ts';
import { unknownEssential, wantedLevel } from './wanted-level.ts';

/** Why an interaction cannot go on. Normal life: a second tab, the back button, a double click, an hour's pause. */
export class InteractionGone extends Error {
  override readonly name = 'InteractionGone';
  readonly why: 'expired' | 'foreign';
  constructor(why: 'expired' | 'foreign') {
    super(`the interaction is ${why}`);
    this.why = why;
  }
}

/** One login, or one question for consent, in flight. */
export interface Pending {
  readonly uid: string;
  readonly prompt: string;
  readonly reasons: readonly string[];
  readonly party: RelyingParty;
  readonly params: Readonly<Record<string, unknown>>;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly wanted: Level;
  /** What the session still gives, freshness aside; undefined when there is no session or nothing of it is left. */
  readonly standing?: Level;
  /** What the session states in its answer to this request: `basic` before there is a login. */
  readonly level: Level;
  readonly session?: { readonly principal: Principal; readonly uid: string };
  /** Our own state, as `keep` left it. */
  readonly state: JsonObject;
}

export interface LoginOutcome {
  readonly principal: Principal;
  /** Logins made in this interaction. */
  readonly evidence: readonly Evidence[];
  /** Credentials of earlier logins of the session that count for more from now on. */
  readonly confirmed?: { readonly credentialIds: readonly string[]; readonly ceiling: Level };
}

/** What the pages of a flow may ask of the provider. Nothing outside `oidc/` sees the library. */
export interface Door {
  /** @throws InteractionGone when cookie, address and session do not belong together. */
  pending(ctx: Context, uid: string): Promise<Pending>;
  /** Whether this browser began that interaction and holds its cookie, without looking at anything else. */
  holdsCookie(ctx: Context, uid: string): boolean;
  /** Whether this browser began that interaction, asked where its cookie is not sent. */
  began(ctx: Context, uid: string): boolean;
  keep(pending: Pending, state: JsonObject): Promise<void>;
  /** Ends the interaction with a login. Another account than the session's ends that session first. */
  login(ctx: Context, pending: Pending, outcome: LoginOutcome): Promise<void>;
  /** Ends a question that was no login: for consent, whose record is written, or for the account. */
  resolved(ctx: Context, pending: Pending): Promise<void>;
  /** Ends it without a login and without an answer: who is logged in stays so, and the browser goes to a page of ours. */
  dissolve(ctx: Context, pending: Pending, path: string): Promise<void>;
  /** Ends it with an OAuth error that the service gets. */
  refuse(
    ctx: Context,
    pending: Pending,
    error: 'access_denied' | 'unmet_authentication_requirements',
    description: string,
  ): Promise<void>;
  /** Live evidence of the session that this interaction belongs to. */
  evidenceOf(pending: Pending): Promise<readonly Evidence[]>;
}

export interface DoorParts {
  readonly provider: () => Provider;
  readonly set: () => ClientSet;
  readonly artifacts: Artifacts;
  readonly evidence: EvidenceStore;
  readonly register: SessionRegister;
  readonly ownFlows: OwnFlows;
  /** Called when one account's session made way for another's. */
  readonly switched: (accountId: string) => void;
}

const isLevel = (value: unknown): value is Level =>
  value === 'basic' || value === 'low' || value === 'substantial' || value === 'high';

export const createDoor = (parts: DoorParts): Door => {
  const interactions = new WeakMap<Pending, Interaction>();

  const open = async (ctx: Context): Promise<Interaction> => {
    try {
      return await parts.provider().interactionDetails(ctx.req, ctx.res);
    } catch (error) {
      if (error instanceof errors.SessionNotFound) throw new InteractionGone('expired');
      throw error;
    }
  };

  const interactionOf = (pending: Pending): Interaction => {
    const interaction = interactions.get(pending);
    if (!interaction) throw new TypeError('this interaction was not opened here');
    return interaction;
  };

  const remaining = (interaction: Interaction): number => Math.max(1, interaction.exp - Math.floor(Date.now() / 1000));

  /** As the library's own `interactionFinished`, without reading the interaction twice more. */
  const finish = async (ctx: Context, interaction: Interaction, result: InteractionResults): Promise<void> => {
    interaction.result = result;
    await interaction.save(remaining(interaction));
    ctx.status = 303;
    ctx.redirect(interaction.returnTo);
    ctx.status = 303;
  };

  return {
    async pending(ctx, uid) {
      const interaction = await open(ctx);
      if (interaction.uid !== uid || !parts.ownFlows.has(ctx, uid)) throw new InteractionGone('foreign');
      const clientId = interaction.params['client_id'];
      const party = typeof clientId === 'string' ? parts.set().clients.get(clientId) : undefined;
      if (!party) throw new InteractionGone('expired');
      const { details } = interaction.prompt;
      const { session } = interaction;
      const wanted = wantedLevel(party.file.minimum_level, interaction.params);
      const principal = session?.accountId === undefined ? undefined : parsePrincipal(session.accountId);
      const pending: Pending = {
        uid,
        prompt: interaction.prompt.name,
        reasons: interaction.prompt.reasons,
        party,
        params: interaction.params,
        startedAt: interaction.iat * 1000,
        wanted: wanted === unknownEssential ? party.file.minimum_level : wanted,
        level: (session?.acr === undefined ? undefined : levelOf(session.acr)) ?? 'basic',
        ...(isLevel(details['standing']) ? { standing: details['standing'] } : {}),
        ...(principal && session?.uid !== undefined ? { session: { principal, uid: session.uid } } : {}),
        state: (interaction.result as { flow?: JsonObject } | undefined)?.flow ?? {},
      };
      interactions.set(pending, interaction);
      return pending;
    },

    holdsCookie(ctx, uid) {
      const provider = parts.provider();
      const cookies = provider.createContext(ctx.req, ctx.res).cookies;
      return parts.ownFlows.has(ctx, uid) && cookies.get(provider.cookieName('interaction'), { signed: true }) === uid;
    },

    began: (ctx, uid) => parts.ownFlows.has(ctx, uid),

    async keep(pending, state) {
      const interaction = interactionOf(pending);
      interaction.result = { flow: state } as unknown as InteractionResults;
      await interaction.save(remaining(interaction));
    },

    async login(ctx, pending, { principal, evidence, confirmed }) {
      const interaction = interactionOf(pending);
      const accountId = principalText(principal);
      const provider = parts.provider();
      // The browser's session now: another tab may have logged somebody in since this flow began.
      const present = await provider.Session.get(provider.createContext(ctx.req, ctx.res));
      if (present.accountId !== undefined && present.accountId !== accountId) {
        // The library would log the old account out by a page that submits itself; here it is gone before that. So is
        // the account's own session of before its epoch was raised, which nobody else has ended.
        delete interaction.session;
        await endSession(present, parts);
        const previous = parsePrincipal(present.accountId);
        if (previous && previous.accountId !== principal.accountId) parts.switched(previous.accountId);
      }
      const at = evidence.at(-1)?.at ?? Date.now();
      const result = {
        // What was asked beside the login (`create`, `select_account`) is answered by it.
        ...(pending.prompt === 'login' ? {} : { [pending.prompt]: {} }),
        login: { accountId, ts: Math.floor(at / 1000) },
        evidence,
        ...(confirmed ? { confirmed } : {}),
      } as unknown as InteractionResults;
      await finish(ctx, interaction, result);
    },

    async resolved(ctx, pending) {
      const interaction = interactionOf(pending);
      // What was proved before this question still belongs to the same request.
      const { flow: _ours, ...before } = (interaction.lastSubmission ?? {}) as Record<string, unknown>;
      await finish(ctx, interaction, { ...before, [pending.prompt]: {} });
    },

    async dissolve(ctx, pending, path) {
      await interactionOf(pending).destroy();
      ctx.status = 303;
      ctx.redirect(path);
      ctx.status = 303;
    },

    async refuse(ctx, pending, error, description) {
      await finish(ctx, interactionOf(pending), { error, error_description: description });
    },

    async evidenceOf({ session }) {
      if (!session) return [];
      const stored = await parts.evidence.load(session.uid);
      return stored?.principal === principalText(session.principal) ? mergeEvidence(stored.items, []) : [];
    },
  };
};
