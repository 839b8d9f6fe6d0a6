import { satisfies } from '../../assurance/levels.ts';
import { unknownWord, type Issue } from '../../config/report.ts';
import { isInternal, isLoopback } from './addresses.ts';
import { addressesOf } from './limits.ts';
import { verifiedClaimNames, type ClientFile } from './schema.ts';

/** Client ids that Bayern-ID itself goes by, or would be taken for. */
export const reservedIds: readonly string[] = ['bayern-id', 'id', 'mein-konto'];

/** Scopes whose claims come from a card alone. */
const cardScopes: readonly string[] = ['identity'];

/**
 * What no authority can allow, and what is allowed but worth a second look. In production no address leads to this
 * machine or into a private network: what they name is called by Bayern-ID, or is where answers go in plain text.
 */
export const soundness = (file: ClientFile, production: boolean): Issue[] => {
  const issues: Issue[] = [];
  const warn = (path: Issue['path'], message: string): void => {
    issues.push({ path, message, severity: 'warning' });
  };
  if (reservedIds.includes(file.client_id))
    issues.push({ path: ['client_id'], message: `${file.client_id} is reserved for Bayern-ID itself` });

  const called = file.api ? [{ path: ['api', 'audience'], address: file.api.audience, use: 'call' as const }] : [];
  if (production)
    for (const { path, address, use } of [...addressesOf(file), ...called]) {
      const nativeRedirect = use === 'redirect' && file.application_type === 'native' && isLoopback(address);
      if (use === 'call' && isInternal(address))
        issues.push({ path, message: 'leads to this machine or into a private network: name a public https address' });
      else if (address.startsWith('http:') && !nativeRedirect)
        issues.push({ path, message: 'must be https: http to this machine is for development and for native apps' });
    }

  if (file.application_type === 'native')
    for (const { path, address, use } of addressesOf(file))
      if (use === 'redirect' && address.startsWith('https:') && isLoopback(address))
        issues.push({ path, message: 'an app listens on this machine by http (RFC 8252, 7.3)' });
  if (file.pkce === 'optional') warn(['pkce'], 'without PKCE a stolen code can be redeemed: leave it out if you can');
  file.verified_claims.forEach((claim, i) => {
    const known: readonly string[] = verifiedClaimNames;
    if (!known.includes(claim))
      issues.push({
        path: ['verified_claims', i],
        severity: 'warning',
        ...unknownWord(`${claim} is no claim that a card proves, so it is never released`, claim, known),
      });
  });
  const fromCard = file.verified_claims.length > 0 || file.scope.some((scope) => cardScopes.includes(scope));
  if (fromCard && !satisfies(file.minimum_level, file.verified_claims_minimum))
    warn(
      ['minimum_level'],
      `${file.minimum_level} lets people in without the claims asked for: those come from ${file.verified_claims_minimum} on`,
    );
  return issues;
};
