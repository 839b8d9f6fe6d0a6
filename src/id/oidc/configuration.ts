import { errors, type ClientAuthMethod, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { acrValues } from '../../assurance/names.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { ClientSet } from '../clients/load.ts';
import { contentEncryptions, encryptionAlgorithms, scopeNames, signingAlgorithms } from '../clients/schema.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { citizenOf, createAccountCheck, createFindAccount } from './account.ts';
import { createAdapter, type Replayed } from './adapter.ts';
import { claimsOfScope } from './claims.ts';
import { createClientAdapter } from './client-adapter.ts';
import { createCardDataCheck } from './card-data.ts';
import { createReleaseCheck, loadExistingGrant } from './consent.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { features } from './features.ts';
import { cookieSigner } from './cookie-signer.ts';
import { providerCookies } from './held-cookie.ts';
import type { KeySet } from './keys.ts';
import { createPolicy, type LevelRules, type NoteLogin } from './policy.ts';
import { parsePrincipal } from './principal.ts';
import { assertClientAssertion } from './request-rules.ts';
import { apisOf } from './resources.ts';
import type { SessionRegister } from './session-register.ts';
import { createNoteService } from './sessions.ts';
import { verifiedClaimsMetadata } from './verified-claims.ts';

export const lifetimeSettings = z.strictObject({
  interaction: z
    .int()
    .min(600)
    .max(7200)
    .default(3600)
    .describe('Seconds that a login may take from its first page to its last.'),
  authorization_code: z.int().min(10).max(60).default(60).describe('Seconds.'),
  access_token: z.int().min(60).max(3600).default(600).describe('Seconds.'),
  api_access_token: z
    .int()
    .min(30)
    .max(600)
    .default(60)
    .describe('Seconds. Tokens for APIs are checked by the API alone and cannot be taken back.'),
  id_token: z.int().min(60).max(3600).default(600).describe('Seconds.'),
  refresh_token: z
    .int()
    .min(3600)
    .max(30 * 86400)
    .default(14 * 86400)
    .describe('Seconds to the absolute end of a refresh token.'),
});

export type Lifetimes = z.output<typeof lifetimeSettings>;

export interface ProviderParts {
  readonly issuer: string;
  readonly secureCookies: boolean;
  readonly lifetimes: Lifetimes;
  readonly rules: LevelRules;
  readonly set: ClientSet;
  readonly keys: KeySet;
  readonly artifacts: Artifacts;
  readonly evidence: EvidenceStore;
  readonly citizens: CitizenRepository;
  readonly handles: PostfachHandles;
  readonly sessions: SessionRegister;
  readonly services: ServiceRepository;
  readonly noteLogin: NoteLogin;
  readonly pages: Pick<Required<Configuration>, 'renderError'> & {
    logout(ctx: KoaContextWithOIDC, form: string): Promise<void>;
    loggedOut(ctx: KoaContextWithOIDC): Promise<void>;
  };
  readonly fetch: NonNullable<Configuration['fetch']>;
  /** Origin at which clients come with a certificate; undefined when there is no such listener. */
  readonly mutualTls?: string;
  readonly replayed: Replayed;
}

/** Seconds that a session may go on: the smaller of the idle time and what is left of the longest life. */
export const sessionLife =
  ({ ageing }: LevelRules) =>
  (_ctx: unknown, session: { loginTs?: number | undefined }): number => {
    const elapsed = session.loginTs === undefined ? 0 : Math.floor(Date.now() / 1000) - session.loginTs;
    return Math.max(1, Math.min(ageing.basic.idle, ageing.basic.longest - elapsed));
  };

/**
 * Every switch and value of the library that matters, written down also where it equals the default: an update may
 * change a default silently, and one test asserts this whole page.
 */
export const providerConfiguration = (parts: ProviderParts): Configuration => {
  const { lifetimes, set, rules, citizens } = parts;
  const party = (clientId: string) => set.clients.get(clientId);
  const findAccount = createFindAccount(citizens, parts.handles, set);
  const subjectOf = async (accountId: string, clientId: string, known?: Citizen): Promise<string> => {
    const principal = parsePrincipal(accountId);
    const sector = party(clientId)?.sector;
    if (!principal || sector === undefined) throw new errors.InvalidClient('client is invalid');
    return known?.account.id === principal.accountId && known.subject?.sector === sector
      ? known.subject.value
      : citizens.subject(principal.accountId, sector);
  };
  const apis = apisOf(set);
  const grantLife = Math.max(lifetimes.refresh_token, rules.ageing.basic.longest) + lifetimes.access_token;
  const { artifacts, sessions: register, services } = parts;
  const note = createNoteService({ artifacts, register, services, citizens, ageing: rules.ageing, grantLife });
  const release = createReleaseCheck(citizens, set, note);
  const tokenLife = (
    _ctx: unknown,
    token: { readonly resourceServer?: { accessTokenTTL?: number | undefined } | undefined },
  ): number => token.resourceServer?.accessTokenTTL ?? lifetimes.access_token;

  return {
    acrValues: [...acrValues],
    adapter: (model: string) =>
      model === 'Client' ? createClientAdapter(set) : createAdapter(parts.artifacts, model, parts.replayed),
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header) =>
      Promise.resolve(assertClientAssertion(parts.issuer, claims, header)),
    claims: Object.fromEntries([
      ...Object.entries(claimsOfScope).map(([scope, names]) => [scope, [...names]]),
      ['verified_claims', null],
    ]) as Configuration['claims'] & object,
    clientAuthMethods: [
      'private_key_jwt',
      ...(parts.mutualTls === undefined ? [] : (['tls_client_auth', 'self_signed_tls_client_auth'] as const)),
      'client_secret_basic',
      'client_secret_post',
      'none',
    ] satisfies ClientAuthMethod[],
    clientBasedCORS: (_ctx, origin, client) =>
      party(client.clientId)?.file.allowed_cors_origins.includes(origin) === true,
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      subject_type: 'pairwise',
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
    // Seconds by which clocks may differ (JO-10).
    clockTolerance: 15,
    conformIdTokenClaims: true,
    cookies: {
      keys: cookieSigner(parts.keys.cookie) as unknown as string[],
      names: { ...providerCookies(parts.secureCookies) },
      long: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true, secure: parts.secureCookies, path: '/' },
      short: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true, secure: parts.secureCookies },
    },
    discovery: {
      ...verifiedClaimsMetadata,
      service_documentation: `${parts.issuer}/entwickler`,
      ui_locales_supported: ['de', 'en'],
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'],
      requestObjectSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'],
      idTokenSigningAlgValues: [...signingAlgorithms],
      userinfoSigningAlgValues: [...signingAlgorithms],
      introspectionSigningAlgValues: [...signingAlgorithms],
      authorizationSigningAlgValues: [...signingAlgorithms],
      dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
      idTokenEncryptionAlgValues: [...encryptionAlgorithms],
      userinfoEncryptionAlgValues: [...encryptionAlgorithms],
      introspectionEncryptionAlgValues: [...encryptionAlgorithms],
      authorizationEncryptionAlgValues: [...encryptionAlgorithms],
      // Requests come signed, not encrypted: who reads the address sees what PAR would keep to itself.
      requestObjectEncryptionAlgValues: [],
      idTokenEncryptionEncValues: [...contentEncryptions],
      userinfoEncryptionEncValues: [...contentEncryptions],
      introspectionEncryptionEncValues: [...contentEncryptions],
      authorizationEncryptionEncValues: [...contentEncryptions],
      requestObjectEncryptionEncValues: [],
    },
    enableHttpPostMethods: false,
    expiresWithSession: (_ctx, token) => Promise.resolve(!token.scopes.has('offline_access')),
    extraParams: [],
    // What the access token's login was: resource servers judge by it (RFC 9068, RFC 9470), and so does userinfo.
    extraTokenClaims: (ctx) => {
      const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
      const { acr, amr, authTime } = code ?? refresh ?? {};
      return acr === undefined ? undefined : { acr, amr, auth_time: authTime };
    },
    features: features(parts, createAccountCheck(citizens)),
    fetch: parts.fetch,
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
    findAccount,
    interactions: {
      policy: createPolicy({
        rules,
        set,
        store: parts.evidence,
        subjectOf,
        release,
        cardData: createCardDataCheck(set),
        noteLogin: parts.noteLogin,
      }),
      url: (_ctx, interaction) => `/anmelden/${interaction.uid}`,
    },
    // Without offline_access it ends with the session: for tokens of APIs, which live for a minute each.
    issueRefreshToken: (ctx, client, code) =>
      Promise.resolve(
        client.grantTypeAllowed('refresh_token') &&
          (code.scopes.has('offline_access') || [code.resource].flat().some((one) => one !== undefined)) &&
          // What lasts longer than the guest would be worth nothing.
          citizenOf(ctx)?.guestOf === undefined,
      ),
    jwks: { keys: [...parts.keys.signing] },
    loadExistingGrant,
    formats: {
      customizers: {
        // The citizen's subject at the API, not at the service that calls it: the API must know whose data it gives.
        async jwt(_ctx, token, parts) {
          const audience = typeof token.aud === 'string' ? token.aud : undefined;
          const api = audience === undefined ? undefined : apis.get(audience);
          const { accountId } = token as { accountId?: string };
          if (api && accountId !== undefined && parts.payload)
            parts.payload['sub'] = await subjectOf(accountId, api.file.client_id);
        },
      },
    },
    // An API that asks about a token learns the citizen's subject at the API; the library would name the caller's.
    pairwiseIdentifier: (ctx, accountId, client) =>
      subjectOf(
        accountId,
        ctx?.oidc?.route === 'introspection' && ctx.oidc.client ? ctx.oidc.client.clientId : client.clientId,
        ctx?.oidc && citizenOf(ctx),
      ),
    pkce: { required: (_ctx, client) => party(client.clientId)?.file.pkce !== 'optional' },
    renderError: parts.pages.renderError,
    responseTypes: ['code'],
    revokeGrantPolicy: () => true,
    // One that ends with the session and is of use only to a client that authenticates needs no rotation: it could not be
    // used by two pages at once.
    rotateRefreshToken: ({ oidc: { entities, client } }) =>
      entities.RefreshToken?.isSenderConstrained() !== true &&
      !(entities.RefreshToken?.expiresWithSession === true && client?.clientAuthMethod !== 'none'),
    scopes: [...scopeNames],
    subjectTypes: ['pairwise'],
    ttl: {
      AccessToken: tokenLife,
      AuthorizationCode: lifetimes.authorization_code,
      ClientCredentials: tokenLife,
      Grant: grantLife,
      IdToken: lifetimes.id_token,
      Interaction: lifetimes.interaction,
      // Rotation does not prolong: the family ends when its first token would have (RF-11).
      RefreshToken: (ctx) =>
        (ctx.oidc.entities as { RotatedRefreshToken?: { remainingTTL: number } }).RotatedRefreshToken?.remainingTTL ??
        lifetimes.refresh_token,
      Session: sessionLife(rules),
    },
  };
};
