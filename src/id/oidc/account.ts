import type { Account as LibraryAccount, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Account, Citizen } from '../identity/citizen.ts';
import { postfachClaim, type PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ClientSet } from '../clients/load.ts';
import { claimsFrom } from './claims.ts';
import { parsePrincipal, principalText, type Principal } from './principal.ts';
import { disclosureTo, levelOfAnswer, releases, verifiedName } from './release.ts';
import { documentExpiry, verifiedClaims } from './verified-claims.ts';

/** The library's account with the citizen behind it, read once per request. */
export interface CitizenAccount extends LibraryAccount {
  readonly citizen: Citizen;
}

export const citizenOf = (ctx: KoaContextWithOIDC): Citizen | undefined =>
  (ctx.oidc.account as CitizenAccount | undefined)?.citizen;

const counts = (account: Pick<Account, 'epoch' | 'state'> | undefined, { epoch }: Principal): boolean =>
  account?.state === 'active' && account.epoch === epoch;

/** Whether what names this account still counts, as `findAccount` decides it, without the citizen behind it. */
export const createAccountCheck =
  (citizens: Pick<CitizenRepository, 'standing'>) =>
  async (text: string): Promise<boolean> => {
    const principal = parsePrincipal(text);
    return principal !== undefined && counts(await citizens.standing(principal.accountId), principal);
  };

/**
 * Finds the citizen behind a session, code or token; undefined, and so refused, when the account is locked or when the
 * epoch has moved on since.
 */
export const createFindAccount =
  (citizens: CitizenRepository, handles: PostfachHandles, set: ClientSet): FindAccount =>
  async (ctx, text) => {
    const principal = parsePrincipal(text);
    const asking = ctx.oidc.client && set.clients.get(ctx.oidc.client.clientId);
    const citizen = principal && (await citizens.find(principal.accountId, asking?.sector));
    if (!principal || !citizen || !counts(citizen.account, principal)) return undefined;
    const accountId = principalText(principal);
    const account: CitizenAccount = {
      accountId,
      citizen,
      async claims(_use, scope, requested) {
        const party = ctx.oidc.client && set.clients.get(ctx.oidc.client.clientId);
        if (!party) return { sub: accountId };
        const consent =
          party.file.consent === 'none' ? undefined : await citizens.consent(principal.accountId, party.file.client_id);
        const released = releases(party, consent);
        const { plain, card, documentExpires, mailbox } = disclosureTo(party, citizen, levelOfAnswer(ctx));
        const known = Object.entries(claimsFrom(plain, citizen.email));
        const claims: Record<string, unknown> = Object.fromEntries(known.filter(([name]) => released(name)));
        const wantsMailbox = scope.split(' ').includes(postfachClaim) || postfachClaim in requested;
        if (wantsMailbox && mailbox && released(postfachClaim)) {
          const { client_id: clientId, consent: rule } = party.file;
          const client = { clientId, authority: party.authority, consented: rule === 'ask' };
          const handle = await handles.release(principal.accountId, client);
          if (handle !== undefined) claims[postfachClaim] = handle;
        }
        const request = (requested as Record<string, unknown>)['verified_claims'];
        if (request !== undefined) {
          const documentType = citizen.card?.link.documentType;
          const verified = verifiedClaims(request, {
            card,
            ...(documentType === undefined ? {} : { documentType }),
            ...(documentExpires !== undefined && released(verifiedName(documentExpiry)) ? { documentExpires } : {}),
            released: (name) => released(verifiedName(name)),
            now: Date.now(),
          });
          if (verified !== undefined) claims['verified_claims'] = verified;
        }
        return { ...claims, sub: accountId };
      },
    };
    return account;
  };
