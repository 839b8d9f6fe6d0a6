import { interactionPolicy, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import type { Level } from '../../assurance/levels.ts';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { CitizenRepository, Consent } from '../identity/repository.ts';
import { citizenOf } from './account.ts';
import { personalClaims } from './claims.ts';
import {
  allowedClaims,
  allowedVerified,
  disclosureTo,
  namesIn,
  releases,
  verifiedName,
  type Disclosure,
} from './release.ts';
import type { NoteService } from './sessions.ts';
import { verifiedNames } from './verified-claims.ts';
import { assessmentOf } from './policy.ts';

const { Check } = interactionPolicy;

type ClaimsRequest = { readonly [use in 'id_token' | 'userinfo']?: Readonly<Record<string, unknown>> | null };

/** The claims parameter, as it was sent or as the library keeps it with a code. */
const claimsRequest = (claims: unknown): ClaimsRequest =>
  typeof claims === 'string' ? (JSON.parse(claims) as ClaimsRequest) : ((claims as ClaimsRequest | undefined) ?? {});

/** What one request asks for, as names: claims of its scopes, of the claims parameter, and verified ones. */
export interface Wish {
  readonly scopes: readonly string[];
  readonly plain: readonly string[];
  readonly verified: readonly string[];
  /** What the service wants to do in the citizen's name at APIs of others, as scopes by audience. */
  readonly access: Readonly<Record<string, readonly string[]>>;
  /** Names that are requested as essential; scope claims count as essential too. */
  readonly essential: ReadonlySet<string>;
}

const isEssential = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && (request as { essential?: unknown }).essential === true;

/** What a request asks for, as far as the client's file allows it. */
export const wishOf = (
  party: RelyingParty,
  params: { readonly scope?: unknown; readonly claims?: unknown; readonly resource?: unknown },
): Wish => {
  const scopes = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  const allowed = allowedClaims(party);
  const request = claimsRequest(params.claims);
  const uses = [request.id_token ?? {}, request.userinfo ?? {}];
  const fromScopes = personalClaims(scopes);
  const named = uses.flatMap((use) => Object.keys(use)).filter((name) => allowed.has(name));
  const verifiedRequests = uses.map((use) => use['verified_claims']).filter((one) => one !== undefined && one !== null);
  const verified = [...new Set(verifiedRequests.flatMap(verifiedNames))].filter((name) => allowedVerified(party, name));
  const essential = new Set([
    ...fromScopes,
    ...uses.flatMap((use) =>
      Object.entries(use)
        .filter(([, wish]) => isEssential(wish))
        .map(([name]) => name),
    ),
    ...verifiedRequests
      .flatMap((one) => (Array.isArray(one) ? one : [one]))
      .flatMap((one) =>
        Object.entries((one as { claims?: Record<string, unknown> }).claims ?? {})
          .filter(([, wish]) => isEssential(wish))
          .map(([name]) => verifiedName(name)),
      ),
  ]);
  const resources = [params.resource].flat().filter((one) => typeof one === 'string');
  const access = Object.fromEntries(
    resources.map((one) => [one, (party.file.resources[one] ?? []).filter((scope) => scopes.includes(scope))]),
  );
  return { scopes, plain: [...new Set([...fromScopes, ...named])], verified, access, essential };
};

/**
 * What of a wish the citizen has to be asked: there is a value that could be passed on now, and no answer yet, neither
 * yes nor no. What is missing today is asked when it is there.
 */
export const openQuestions = (
  wish: Wish,
  disclosure: Disclosure,
  consent: Pick<Consent, 'claims' | 'refused' | 'scopes'> | undefined,
): Wish => {
  const known = namesIn(disclosure);
  const answered = new Set([...(consent?.claims ?? []), ...(consent?.refused ?? [])]);
  const isOpen = (name: string): boolean => known.has(name) && !answered.has(name);
  return {
    ...wish,
    plain: wish.plain.filter(isOpen),
    verified: wish.verified.filter((name) => isOpen(verifiedName(name))),
    access: Object.fromEntries(
      Object.entries(wish.access)
        .map(
          ([audience, scopes]) =>
            [audience, scopes.filter((scope) => consent?.scopes.includes(scope) !== true)] as const,
        )
        .filter(([, scopes]) => scopes.length > 0),
    ),
  };
};

/** Names of the data that an answer to this request really hands over, for the journal. */
export const releasedNames = async (
  citizens: CitizenRepository,
  party: RelyingParty,
  citizen: Citizen,
  login: { readonly level: Level; readonly scope?: string | undefined; readonly claims?: unknown },
): Promise<string[]> => {
  const { plain, verified } = wishOf(party, login);
  const known = namesIn(disclosureTo(party, citizen, login.level));
  const released = releases(party, await citizens.consent(citizen.account.id, party.file.client_id));
  return [...plain, ...verified.map(verifiedName)].filter((name) => known.has(name) && released(name));
};

/** Claims about the login are no data of the person: nobody is asked, and nobody can take them out of the ID token. */
const aboutTheLogin = new Set(['sub', 'sid', 'iss', 'acr', 'amr', 'auth_time']);

/** Adds what this request asks for to the library's grant. @returns whether anything was new. */
const addMissing = (
  grant: Grant,
  wish: Wish,
  { scope, claims: requested }: { readonly scope: Iterable<string>; readonly claims: Iterable<string> },
  allowed: ReadonlySet<string>,
): boolean => {
  const scopes = new Set(grant.getOIDCScopeEncountered().split(' '));
  const claims = new Set(grant.getOIDCClaimsEncountered());
  const newScopes = [...scope].filter((one) => !scopes.has(one));
  const newClaims = [...requested].filter((name) => !claims.has(name) && !aboutTheLogin.has(name));
  for (const one of newScopes) grant.addOIDCScope(one);
  for (const name of newClaims)
    if (name === 'verified_claims' || allowed.has(name)) grant.addOIDCClaims([name]);
    else grant.rejectOIDCClaims([name]);
  let changed = newScopes.length > 0 || newClaims.length > 0;
  for (const [audience, wanted] of Object.entries(wish.access)) {
    const known = new Set(grant.getResourceScopeEncountered(audience).split(' '));
    const fresh = wanted.filter((one) => !known.has(one));
    if (fresh.length === 0) continue;
    grant.addResourceScope(audience, fresh.join(' '));
    changed = true;
  }
  return changed;
};

/** The session's own grant for this client, if it still is one of this account. */
export const loadExistingGrant = async ({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> => {
  const known = oidc.client && oidc.session?.grantIdFor(oidc.client.clientId);
  const grant = known === undefined ? undefined : await oidc.provider.Grant.find(known);
  return grant?.accountId === oidc.account?.accountId && grant?.clientId === oidc.client?.clientId ? grant : undefined;
};

/**
 * Asks where there is something to ask; otherwise completes the grant, so that nothing more stands in the way. Which
 * data go out is decided when they go, from the consent itself (release.ts): the grant only ties tokens together. It
 * comes after the levels, since they decide what there is to ask.
 */
export const createReleaseCheck = (
  citizens: CitizenRepository,
  set: ClientSet,
  note: NoteService,
): interactionPolicy.Check =>
  new Check('release', 'the End-User has to release the requested data', 'consent_required', async (ctx) => {
    const { oidc } = ctx;
    const party = oidc.client && set.clients.get(oidc.client.clientId);
    const citizen = citizenOf(ctx);
    const level = assessmentOf(ctx)?.reached?.level;
    const grant = oidc.entities.Grant;
    if (!party || !citizen || level === undefined || !grant || !oidc.session) return Check.NO_NEED_TO_PROMPT;
    const wish = wishOf(party, oidc.params ?? {});
    if (party.file.consent === 'ask') {
      const consent = await citizens.consent(citizen.account.id, party.file.client_id);
      const { plain, verified, access } = openQuestions(wish, disclosureTo(party, citizen, level), consent);
      if (plain.length > 0 || verified.length > 0 || Object.keys(access).length > 0) return Check.REQUEST_PROMPT;
    }
    const asked = { scope: oidc.requestParamOIDCScopes, claims: oidc.requestParamClaims };
    if (addMissing(grant, wish, asked, allowedClaims(party))) {
      await grant.save();
      oidc.session.ensureClientContainer(party.file.client_id);
      const isNew = oidc.session.grantIdFor(party.file.client_id) !== grant.jti;
      oidc.session.grantIdFor(party.file.client_id, grant.jti);
      await note(oidc.session, party, citizen, { id: grant.jti, newToSession: isNew });
    }
    return Check.NO_NEED_TO_PROMPT;
  });
