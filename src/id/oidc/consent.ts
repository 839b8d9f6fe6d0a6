import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { CitizenRepository, Consent } from '../identity/repository.ts';
import { levelScopes } from '../../assurance/names.ts';
import { personalClaims } from './claims.ts';
import { parsePrincipal } from './principal.ts';
import { verifiable, verifiedNames } from './verified-claims.ts';

/** How a verified claim stands in a consent, apart from the plain claim of the same name. */
export const verifiedName = (claim: string): string => `verified:${claim}`;

/** Claims that a client's file allows; the claims parameter cannot widen them (CO-08). */
export const allowedClaims = (party: RelyingParty): ReadonlySet<string> => new Set(personalClaims(party.file.scope));

const allowedVerified = (party: RelyingParty, claim: string): boolean =>
  party.file.verified_claims.includes(claim) && (verifiable as readonly string[]).includes(claim);

/** Which verified claims may be passed on to this client: its file says so, and the citizen where consent is asked. */
export const releasedVerified = async (
  citizens: CitizenRepository,
  party: RelyingParty,
  accountId: string,
): Promise<(claim: string) => boolean> => {
  if (party.file.consent === 'none') return (claim) => allowedVerified(party, claim);
  const consent = await citizens.consent(accountId, party.file.client_id);
  return (claim) => allowedVerified(party, claim) && consent?.claims.includes(verifiedName(claim)) === true;
};

/** Which claims about the person may be passed on: those of the file, and where consent is asked, those of the consent. */
export const releasedClaims = async (
  citizens: CitizenRepository,
  party: RelyingParty,
  accountId: string,
): Promise<ReadonlySet<string>> => {
  const allowed = allowedClaims(party);
  if (party.file.consent === 'none') return allowed;
  const consent = await citizens.consent(accountId, party.file.client_id);
  return new Set(consent?.claims.filter((name) => allowed.has(name)) ?? []);
};

/** Scopes that release no data, so that nobody needs to be asked. */
const silentScopes = new Set(['openid', ...Object.keys(levelScopes)]);

type ClaimsRequest = { readonly [use in 'id_token' | 'userinfo']?: Readonly<Record<string, unknown>> | null };

export const claimsRequest = (claims: unknown): ClaimsRequest =>
  typeof claims === 'string' ? (JSON.parse(claims) as ClaimsRequest) : {};

/** What one request asks for, as names: claims of its scopes, of the claims parameter, and verified ones. */
export interface Wish {
  readonly scopes: readonly string[];
  readonly plain: readonly string[];
  readonly verified: readonly string[];
  /** Names that are requested as essential; scope claims count as essential too. */
  readonly essential: ReadonlySet<string>;
}

const isEssential = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && (request as { essential?: unknown }).essential === true;

/** What a request asks for, as far as the client's file allows it. */
export const wishOf = (party: RelyingParty, params: { readonly scope?: unknown; readonly claims?: unknown }): Wish => {
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
  return { scopes, plain: [...new Set([...fromScopes, ...named])], verified, essential };
};

/** Whether a consent has answered everything that is wished for, with yes or no. */
export const answers = (
  consent: Pick<Consent, 'claims' | 'refused'> | undefined,
  names: readonly string[],
): boolean => {
  const answered = new Set([...(consent?.claims ?? []), ...(consent?.refused ?? [])]);
  return names.every((name) => answered.has(name));
};

/** Claims about the login are no data of the person: nobody is asked, and nobody can take them out of the ID token. */
const aboutTheLogin = new Set(['sub', 'sid', 'iss', 'acr', 'amr', 'auth_time']);

const addMissing = (
  grant: Grant,
  wish: Wish,
  requested: readonly string[],
  consent: Consent | undefined,
  silent: boolean,
): boolean => {
  let changed = false;
  const encounteredScopes = new Set(grant.getOIDCScopeEncountered().split(' '));
  for (const scope of wish.scopes) {
    if (
      encounteredScopes.has(scope) ||
      !(
        silent ||
        silentScopes.has(scope) ||
        (consent?.scopes.includes(scope) === true && answers(consent, personalClaims([scope])))
      )
    )
      continue;
    grant.addOIDCScope(scope);
    changed = true;
  }
  const encounteredClaims = new Set(grant.getOIDCClaimsEncountered());
  const yes = (name: string): void => {
    grant.addOIDCClaims([name]);
    changed = true;
  };
  const no = (name: string): void => {
    grant.rejectOIDCClaims([name]);
    changed = true;
  };
  for (const name of requested) {
    if (encounteredClaims.has(name) || aboutTheLogin.has(name)) continue;
    if (name === 'verified_claims') {
      if (silent || answers(consent, wish.verified.map(verifiedName))) yes(name);
    } else if (!wish.plain.includes(name)) no(name);
    else if (silent || consent?.claims.includes(name)) yes(name);
    else if (consent?.refused.includes(name)) no(name);
  }
  return changed;
};

/**
 * Builds the library's grant from what the citizen has allowed, or from the legal basis where the client's file says so,
 * and reuses the session's. A later visit asks only for what is new; no page submits itself.
 */
export const createLoadExistingGrant =
  (citizens: CitizenRepository, set: ClientSet) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = ctx;
    const party = oidc.client && set.clients.get(oidc.client.clientId);
    const accountId = oidc.account?.accountId;
    const principal = accountId === undefined ? undefined : parsePrincipal(accountId);
    if (!party || accountId === undefined || !principal || !oidc.session) return undefined;
    const { client_id: clientId } = party.file;

    const known = oidc.session.grantIdFor(clientId);
    const existing = known === undefined ? undefined : await oidc.provider.Grant.find(known);
    const mine = existing?.accountId === accountId && existing.clientId === clientId ? existing : undefined;
    const grant = mine ?? new oidc.provider.Grant({ accountId, clientId });

    const silent = party.file.consent === 'none';
    const consent = silent ? undefined : await citizens.consent(principal.accountId, clientId);
    const changed = addMissing(grant, wishOf(party, oidc.params ?? {}), [...oidc.requestParamClaims], consent, silent);
    if (!mine && !changed) return undefined;
    if (changed) await grant.save();
    return grant;
  };
