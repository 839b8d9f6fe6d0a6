import { decodeJwt } from 'jose';
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { credentialsOf, type Evidence, type MeansTable } from '../../assurance/evidence.ts';
import { satisfies, strongest, type Level } from '../../assurance/levels.ts';
import { acrOf } from '../../assurance/names.ts';
import { agedEvidence, reachedNow, type Ageing, type Reached } from '../../assurance/policy.ts';
import type { ClientSet } from '../clients/load.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import { citizenOf } from './account.ts';
import { mergeEvidence, seenPrecision, type EvidenceStore, type SessionEvidence } from './evidence-store.ts';
import { unknownEssential, wantedLevel } from './wanted-level.ts';

const { Check, Prompt, base } = interactionPolicy;

export interface LevelRules {
  readonly table: MeansTable;
  readonly ageing: Ageing;
  /** Whether a login counts at all: not while its method is switched off. */
  readonly counts: (evidence: Evidence) => boolean;
}

/** What an interaction hands over when it is done, beside the library's own `login`. */
export interface EvidenceResult {
  readonly login?: { readonly accountId: string };
  readonly evidence?: readonly Evidence[];
  readonly confirmed?: { readonly credentialIds: readonly string[]; readonly ceiling: Level };
}

/** What this request needs and has; kept for the prompts that follow and for the interaction's pages. */
export interface Assessment {
  readonly wanted: Level;
  readonly reached?: Reached;
  /** The best that the session gives when freshness is left aside, for words such as "has run out". */
  readonly standing?: Level;
}

const assessments = new WeakMap<KoaContextWithOIDC, Assessment>();

export const assessmentOf = (ctx: KoaContextWithOIDC): Assessment | undefined => assessments.get(ctx);

/** Told of every login that a session has just got, once it counts. */
export type NoteLogin = (login: {
  readonly sessionUid: string;
  readonly citizen: Citizen;
  readonly evidence: Evidence;
  readonly userAgent: string | undefined;
}) => Promise<void>;

export interface PolicyParts {
  readonly rules: LevelRules;
  readonly set: ClientSet;
  readonly store: EvidenceStore;
  readonly subjectOf: (accountId: string, clientId: string) => Promise<string>;
  readonly release: interactionPolicy.Check;
  readonly cardData: interactionPolicy.Check;
  readonly noteLogin: NoteLogin;
}

const unmet = (): never => {
  throw new errors.UnmetAuthenticationRequirements('the requested level of assurance cannot be reached');
};

/** What a prompt for a login tells the interaction, in which form `door.ts` reads it. */
export const levelDetails = (ctx: KoaContextWithOIDC): Record<string, Level> => {
  const { wanted, reached, standing } = assessments.get(ctx) ?? unmet();
  return { wanted, ...(reached ? { reached: reached.level } : {}), ...(standing ? { standing } : {}) };
};

/** A card confirms the credentials used in the session: their earlier logins count for more from now on. */
export const lift = (items: readonly Evidence[], confirmed: EvidenceResult['confirmed']): readonly Evidence[] =>
  confirmed
    ? items.map((item) =>
        credentialsOf(item).every((id) => confirmed.credentialIds.includes(id))
          ? { ...item, ceiling: strongest(item.ceiling, confirmed.ceiling) }
          : item,
      )
    : items;

/**
 * A login that an interaction just handed over answers the request's wish for a fresh one, also when a question for
 * consent came in between; but not for as long as an interaction may lie open. In ms.
 */
const handoverLife = 10 * 60_000;

/** Evidence that may count where freshness is asked for (`prompt=login`, `max_age`, `max_evidence_age`). */
const fresh = (
  record: SessionEvidence,
  handedOver: readonly Evidence[],
  params: { readonly prompt?: unknown; readonly max_age?: unknown },
  maxEvidenceAge: number | undefined,
  now: number,
): readonly Evidence[] => {
  const isNew = (item: Evidence): boolean =>
    now - item.at <= handoverLife &&
    handedOver.some((other) => other.credentialId === item.credentialId && other.at === item.at);
  const login = typeof params.prompt === 'string' && params.prompt.split(' ').includes('login');
  // Text as it was sent; the library has refused whatever is no number of seconds.
  const maxAge = params.max_age === undefined ? undefined : Number(params.max_age);
  return record.items.filter(
    (item) =>
      (!login || isNew(item)) &&
      (maxAge === undefined || isNew(item) || now - item.at <= maxAge * 1000) &&
      (maxEvidenceAge === undefined || now - item.at <= maxEvidenceAge * 1000),
  );
};

/**
 * The policy by which the library asks for logins. Levels are decided here and nowhere else: a prompt that never asks
 * comes first, takes over what an interaction proved, and sets `acr`, `amr` and `auth_time` from one piece of evidence;
 * then the login prompt's check `level` compares by order, not by equality.
 */
export const createPolicy = (parts: PolicyParts): interactionPolicy.Prompt[] => {
  const { rules, set, store, subjectOf, release, cardData } = parts;
  const assess = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { oidc } = ctx;
    const party = oidc.client && set.clients.get(oidc.client.clientId);
    if (!party || !oidc.session) throw new errors.InvalidClient('client is invalid');
    const params = (oidc.params ?? {}) as Record<string, string | undefined>;
    const { response_mode: mode } = params;
    if (mode !== undefined && !(party.file.response_modes as readonly string[]).includes(mode))
      throw new errors.UnsupportedResponseMode();
    // There is no default; without any scope the answer would be a refusal that says nothing.
    if ((params['scope'] ?? '') === '') throw new errors.InvalidRequest("missing required parameter 'scope'");
    const wanted = wantedLevel(party.file.minimum_level, params);
    if (wanted === unknownEssential || !satisfies(rules.table.eid, wanted)) return unmet();

    const { session } = oidc;
    const citizen = citizenOf(ctx);
    const foreignGuest = citizen?.guestOf !== undefined && citizen.guestOf !== party.file.client_id;
    if (session.accountId === undefined || !citizen || foreignGuest) {
      assessments.set(ctx, { wanted });
      return undefined;
    }
    const now = Date.now();
    const result = oidc.result as EvidenceResult | undefined;
    const mine = result?.login?.accountId === session.accountId ? result : undefined;
    const handedOver = mine?.evidence ?? [];
    const stored = await store.load(session.uid);
    const old = stored?.principal === session.accountId ? stored : undefined;
    // Before its first visit a session was last seen when somebody logged in for it.
    const seen = old?.seen ?? handedOver.at(-1)?.at ?? now;
    const items = mergeEvidence(lift(old?.items ?? [], mine?.confirmed), handedOver);
    const record: SessionEvidence = {
      principal: session.accountId,
      items: agedEvidence(items, { seen, now }, rules.ageing),
      seen,
    };
    const circumstances = { proofing: proofingOf(citizen), ...rules, now, seen: record.seen };
    // What does not count is kept all the same: idle and longest life go on, and the switch may be turned again.
    const counting: SessionEvidence = { ...record, items: record.items.filter(rules.counts) };
    const reached = reachedNow(fresh(counting, handedOver, params, party.file.max_evidence_age, now), circumstances);
    const standing = reachedNow(counting.items, circumstances)?.level;
    assessments.set(ctx, { wanted, ...(reached ? { reached } : {}), ...(standing ? { standing } : {}) });
    if (reached) {
      session.acr = acrOf(reached.level, party.file.acr_names);
      session.amr = [...reached.evidence.amr];
      session.loginTs = Math.floor(reached.evidence.at / 1000);
    }
    if (standing && (handedOver.length > 0 || now - record.seen > seenPrecision))
      await store.save(session.uid, { ...record, seen: now });
    const made = handedOver.at(-1);
    if (standing && made) {
      const userAgent = ctx.req.headers['user-agent'];
      await parts.noteLogin({ sessionUid: session.uid, citizen, evidence: made, userAgent });
    }
    return undefined;
  };

  const evidence = new Prompt(
    { name: 'evidence', requestable: false },
    new Check('evidence', 'never asks', async (ctx) => {
      await assess(ctx);
      return Check.NO_NEED_TO_PROMPT;
    }),
  );

  /** A session whose account has moved on, or of which nothing counts any more, is none: `login_required` with `prompt=none`. */
  const spent = new Check('spent', 'End-User authentication is required', 'login_required', (ctx) => {
    if (ctx.oidc.session?.accountId === undefined || (ctx.oidc.result as EvidenceResult | undefined)?.login)
      return Check.NO_NEED_TO_PROMPT;
    return assessments.get(ctx)?.reached ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  });

  const level = new Check(
    'level',
    'the requested level of assurance could not be obtained',
    'unmet_authentication_requirements',
    (ctx) => {
      const { oidc } = ctx;
      if (oidc.session?.accountId === undefined) return Check.NO_NEED_TO_PROMPT;
      const { wanted, reached } = assessments.get(ctx) ?? unmet();
      if (reached && satisfies(reached.level, wanted)) return Check.NO_NEED_TO_PROMPT;
      // A login that was just made and still is not enough would be asked for again without end.
      if ((oidc.result as EvidenceResult | undefined)?.login) return unmet();
      return Check.REQUEST_PROMPT;
    },
    levelDetails,
  );

  /** The library compares the hint with the session when a request comes in, but not with the login that it led to. */
  const hinted = new Check(
    'hinted',
    'the End-User of the id_token_hint is not the one who logged in',
    'login_required',
    async ({ oidc }) => {
      const hint = oidc.params?.['id_token_hint'];
      const { accountId } = (oidc.result as EvidenceResult | undefined)?.login ?? {};
      if (typeof hint !== 'string' || accountId === undefined || !oidc.client) return Check.NO_NEED_TO_PROMPT;
      // Its signature was checked with the request that is being resumed.
      if (decodeJwt(hint).sub === (await subjectOf(accountId, oidc.client.clientId))) return Check.NO_NEED_TO_PROMPT;
      throw new errors.LoginRequired('the End-User of the id_token_hint is not the one who logged in');
    },
  );

  const prompts = base();
  const login = prompts.get('login');
  if (!login) throw new Error('the library has no login prompt');
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');
  login.checks.add(spent);
  login.checks.add(level);
  login.checks.add(hinted);
  login.checks.add(cardData);
  const consent = prompts.get('consent');
  if (!consent) throw new Error('the library has no consent prompt');
  consent.checks.remove('op_scopes_missing');
  consent.checks.remove('op_claims_missing');
  consent.checks.remove('rs_scopes_missing');
  consent.checks.add(release);
  // Whoever wants a new account, or to be asked whose it is, is asked before anything is judged.
  prompts.add(new Prompt({ name: 'create', requestable: true }), 0);
  prompts.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  prompts.add(evidence, 0);
  return prompts;
};
