import { isAbsolute, relative, resolve, sep } from 'node:path';
import { levels, satisfies } from '../../assurance/levels.ts';
import type { Issue } from '../../config/report.ts';
import { covers, isLoopback } from './addresses.ts';
import type { Authority } from './authority.ts';
import type { ClientFile } from './schema.ts';

export interface FileAddress {
  readonly path: readonly (string | number)[];
  readonly address: string;
  /** redirect: the browser goes there with an answer · call: Bayern-ID itself or tokens go there · link: stands on pages. */
  readonly use: 'redirect' | 'call' | 'link';
}

/** Every address of a file that is somebody's host; audiences of APIs are granted one by one instead. */
export const addressesOf = (file: ClientFile): FileAddress[] => {
  const all = (key: 'redirect_uris' | 'post_logout_redirect_uris' | 'allowed_cors_origins'): FileAddress[] =>
    file[key].map((address, i) => ({ path: [key, i], address, use: 'redirect' }));
  const one = (
    key:
      | 'jwks_uri'
      | 'backchannel_logout_uri'
      | 'security_events_uri'
      | 'initiate_login_uri'
      | 'client_uri'
      | 'policy_uri',
    use: FileAddress['use'],
  ): FileAddress[] => (file[key] === undefined ? [] : [{ path: [key], address: file[key], use }]);
  return [
    ...all('redirect_uris'),
    ...all('post_logout_redirect_uris'),
    ...all('allowed_cors_origins'),
    ...one('jwks_uri', 'call'),
    ...one('backchannel_logout_uri', 'call'),
    ...one('security_events_uri', 'call'),
    ...one('initiate_login_uri', 'call'),
    ...one('client_uri', 'link'),
    ...one('policy_uri', 'link'),
  ];
};

const namesOf = (name: ClientFile['client_name']): readonly [string, string] =>
  typeof name === 'string' ? [name, name] : [name.de, name.en];

const nameFits = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const isWithin = (file: string, folder: string): boolean => {
  const inside = relative(resolve(folder), resolve(file));
  return inside !== '' && inside.split(sep)[0] !== '..' && !isAbsolute(inside);
};

/** What a client's file says beyond what its authority grants, each with what would have to be granted. */
export const beyondLimits = (file: ClientFile, authority: Authority, production: boolean): Issue[] => {
  const issues: Issue[] = [];
  const needs = (path: Issue['path'], what: string, grant: string): void => {
    issues.push({
      path,
      message: `${what}; ask for ${grant} in config/authorities/${authority.id}.yaml`,
    });
  };

  const prefix = authority.client_id_prefix ?? `${authority.id}-`;
  if (!file.client_id.startsWith(prefix))
    issues.push({
      path: ['client_id'],
      message: `client ids of ${authority.id} begin with "${prefix}" (client_id_prefix in config/authorities/${authority.id}.yaml)`,
    });

  const [de, en] = namesOf(file.client_name);
  const { client_names: names } = authority;
  const granted =
    names === 'any' ||
    names.map(namesOf).some(([inGerman, inEnglish]) => nameFits(de, inGerman) && nameFits(en, inEnglish));
  if (!granted)
    needs(
      ['client_name'],
      `${authority.id} has no service of this name`,
      `client_names: [${JSON.stringify(file.client_name)}]`,
    );

  for (const { path, address } of addressesOf(file)) {
    const { hostname } = new URL(address);
    const own = isLoopback(address) && (!production || file.application_type === 'native');
    if (authority.hosts !== 'any' && !own && !covers(authority.hosts, hostname))
      needs(path, `${hostname} is no host of ${authority.id}`, `hosts: [${hostname}]`);
  }

  for (const scope of file.scope)
    // level1 to level4 ask for more and give nothing.
    if (!authority.scopes.includes(scope) && !scope.startsWith('level'))
      needs(['scope'], `services of ${authority.id} may not ask for ${scope}`, `scopes: [${scope}]`);
  file.verified_claims.forEach((claim, i) => {
    if (authority.verified_claims !== 'any' && !(authority.verified_claims as readonly string[]).includes(claim))
      needs(
        ['verified_claims', i],
        `services of ${authority.id} may not ask for ${claim}`,
        `verified_claims: [${claim}]`,
      );
  });

  for (const key of ['minimum_level', 'verified_claims_minimum'] as const) {
    const lowest = authority[`lowest_${key}`];
    if (satisfies(file[key], lowest)) continue;
    const enough = levels.filter((level) => satisfies(level, lowest)).join(' or ');
    needs([key], `must be ${enough} for services of ${authority.id}`, `lowest_${key}: ${file[key]}`);
  }

  if (file.consent === 'none' && authority.consent !== 'none')
    needs(['consent'], `services of ${authority.id} ask for consent`, 'consent: none');
  if (file.pkce === 'optional' && authority.pkce !== 'optional')
    needs(['pkce'], `services of ${authority.id} use PKCE`, 'pkce: optional');
  if (!authority.subject_types.includes(file.subject_type))
    needs(
      ['subject_type'],
      `services of ${authority.id} see pairwise subjects`,
      `subject_types: [${file.subject_type}]`,
    );

  const lacking = (grants: Authority['api'], audience: string, scopes: readonly string[]): string | undefined => {
    if (grants === 'any') return undefined;
    const missing = scopes.filter((scope) => grants[audience]?.includes(scope) !== true);
    return missing.length === 0 ? undefined : `{ ${audience}: [${missing.join(', ')}] }`;
  };
  for (const [audience, scopes] of Object.entries(file.resources)) {
    const missing = lacking(authority.resources, audience, scopes);
    if (missing !== undefined)
      needs(['resources', audience], `services of ${authority.id} may not call this API so`, `resources: ${missing}`);
  }
  if (file.api) {
    const missing = lacking(authority.api, file.api.audience, file.api.scopes);
    if (missing !== undefined) needs(['api'], `services of ${authority.id} may not offer this API`, `api: ${missing}`);
  }

  const { files, environment } = authority;
  for (const key of ['jwks_file', 'client_secret_file', 'client_secret_previous_file'] as const) {
    const named = file[key];
    if (named !== undefined && files !== 'any' && !files.some((folder) => isWithin(named, folder)))
      needs([key], `${authority.id} has no files there`, 'files with its folder');
  }
  for (const key of ['client_secret_env', 'client_secret_previous_env'] as const) {
    const named = file[key];
    if (named !== undefined && environment !== 'any' && !environment.some((prefix) => named.startsWith(prefix)))
      needs([key], `${authority.id} has no variable of this name`, `environment: [${named}]`);
  }
  return issues;
};
