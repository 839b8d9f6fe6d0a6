import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import { effective } from '../identity/attribute.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ClientSet } from '../clients/load.ts';
import { releasedClaims, releasedVerified } from './consent.ts';
import { claimsFrom } from './claims.ts';
import { parsePrincipal, principalText } from './principal.ts';
import { verifiedClaims } from './verified-claims.ts';

/** The library's account with the citizen behind it, read once per request. */
export interface CitizenAccount extends Account {
  readonly citizen: Citizen;
}

export const citizenOf = (ctx: KoaContextWithOIDC): Citizen | undefined =>
  (ctx.oidc.account as CitizenAccount | undefined)?.citizen;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * Finds the citizen behind a session, code or token; undefined, and so refused, when the account is locked or when the
 * epoch has moved on since.
 */
export const createFindAccount =
  (citizens: CitizenRepository, set: ClientSet): FindAccount =>
  async (ctx, text) => {
    const principal = parsePrincipal(text);
    const citizen = principal && (await citizens.find(principal.accountId));
    if (!principal || citizen?.account.state !== 'active' || citizen.account.epoch !== principal.epoch)
      return undefined;
    const accountId = principalText(principal);
    const account: CitizenAccount = {
      accountId,
      citizen,
      async claims(_use, _scope, requested) {
        const party = ctx.oidc.client && set.clients.get(ctx.oidc.client.clientId);
        if (!party) return { sub: accountId };
        const released = await releasedClaims(citizens, party, principal.accountId);
        const known = Object.entries(claimsFrom(effective(citizen.self, citizen.card?.attributes)));
        const claims: Record<string, unknown> = Object.fromEntries(known.filter(([name]) => released.has(name)));
        const request = (requested as Record<string, unknown>)['verified_claims'];
        if (request !== undefined && citizen.card) {
          const { validUntil } = citizen.card.link;
          const verified = verifiedClaims(request, {
            card: citizen.card.attributes,
            ...(validUntil === undefined ? {} : { documentExpires: day(validUntil) }),
            released: await releasedVerified(citizens, party, principal.accountId),
            now: Date.now(),
          });
          if (verified !== undefined) claims['verified_claims'] = verified;
        }
        return { ...claims, sub: accountId };
      },
    };
    return account;
  };
