import { strongest, weakest, type Level } from '../../assurance/levels.ts';
import { levelOf, levelScopes } from '../../assurance/names.ts';

/** An essential `acr` names only levels that nobody knows: it cannot be met (OpenID Connect Core 5.5.1.1). */
export const unknownEssential = Symbol('unknown essential acr');

interface AcrRequest {
  readonly essential?: unknown;
  readonly value?: unknown;
  readonly values?: unknown;
}

const namesIn = (request: AcrRequest): readonly string[] =>
  [request.value, ...(Array.isArray(request.values) ? request.values : [])].filter(
    (name): name is string => typeof name === 'string',
  );

/** Alternatives: the weakest known one satisfies; names that nobody knows ask for nothing. */
const weakestKnown = (names: readonly string[]): Level | undefined => {
  const known = names.map(levelOf).filter((level) => level !== undefined);
  return known.length > 0 ? weakest(...known) : undefined;
};

/**
 * The least level that a request may be answered with: the greatest of the client's own minimum, the level scopes,
 * `acr_values` and the claims parameter's `acr`. The claims are read from the request itself, since the library lets
 * `acr_values` overwrite them there, `essential` included.
 */
export const wantedLevel = (
  minimum: Level,
  params: {
    readonly scope?: string | undefined;
    readonly acr_values?: string | undefined;
    readonly claims?: string | undefined;
  },
): Level | typeof unknownEssential => {
  const wanted: Level[] = [minimum];
  for (const scope of params.scope?.split(' ') ?? []) {
    const level = Object.hasOwn(levelScopes, scope) ? levelScopes[scope] : undefined;
    if (level) wanted.push(level);
  }
  const voluntary = weakestKnown(params.acr_values?.split(' ') ?? []);
  if (voluntary) wanted.push(voluntary);
  const claims =
    params.claims === undefined
      ? {}
      : (JSON.parse(params.claims) as {
          id_token?: { acr?: AcrRequest | null };
          userinfo?: { acr?: AcrRequest | null };
        });
  for (const request of [claims.id_token?.acr, claims.userinfo?.acr]) {
    if (!request) continue;
    const names = namesIn(request);
    const level = weakestKnown(names);
    if (level) wanted.push(level);
    else if (request.essential === true && names.length > 0) return unknownEssential;
  }
  return strongest(...wanted);
};
