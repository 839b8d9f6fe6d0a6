import { interactionPolicy } from 'oidc-provider';
import { satisfies } from '../../assurance/levels.ts';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import { cardAttributes, type CardAttribute } from '../identity/attribute.ts';
import { citizenOf } from './account.ts';
import { wishOf } from './consent.ts';
import { assessmentOf, levelDetails, type EvidenceResult } from './policy.ts';
import { allowedClaims, allowedVerified } from './release.ts';

const { Check } = interactionPolicy;

/** A service that may read the full name needs both of its parts. */
const among = (claims: ReadonlySet<string>): CardAttribute[] =>
  cardAttributes.filter(
    (name) => claims.has(name) || (claims.has('name') && (name === 'given_name' || name === 'family_name')),
  );

/** What of a card this request of a service asks for, as far as the service's file allows it. */
export const attributesAsked = (party: RelyingParty, params: Parameters<typeof wishOf>[1]): CardAttribute[] => {
  const { plain, verified } = wishOf(party, params);
  return among(new Set([...plain, ...verified]));
};

/** What of a card any request of a service could ask for. */
export const attributesAllowed = (party: RelyingParty): CardAttribute[] =>
  among(
    new Set([...allowedClaims(party), ...party.file.verified_claims.filter((name) => allowedVerified(party, name))]),
  );

/**
 * Only what a service needs is read from a card, so the next service may need what was never asked. Then the card is read
 * once more, of those who came by their card; whoever came by another way is asked for nothing, and the service gets what
 * is known. What the citizen deselected or the chip does not have was asked, and is not asked for again.
 */
export const createCardDataCheck = (set: ClientSet): interactionPolicy.Check =>
  new Check(
    'card_data',
    'the service asks for data that were not read from the card yet',
    'interaction_required',
    (ctx) => {
      const { oidc } = ctx;
      const party = oidc.client && set.clients.get(oidc.client.clientId);
      const citizen = citizenOf(ctx);
      const reached = assessmentOf(ctx)?.reached;
      // Not right after a login, which would be asked for without end.
      if (!party || !citizen?.card || !reached || (oidc.result as EvidenceResult | undefined)?.login)
        return Check.NO_NEED_TO_PROMPT;
      const { asked } = citizen.card;
      const passedOn = reached.evidence.means === 'eid' && satisfies(reached.level, party.file.verified_claims_minimum);
      return passedOn && attributesAsked(party, oidc.params ?? {}).some((name) => !asked.includes(name))
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT;
    },
    levelDetails,
  );
