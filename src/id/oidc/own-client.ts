import type { RelyingParty } from '../clients/client.ts';
import { clientFile } from '../clients/schema.ts';
import { ownApiAudience, ownApiScopes } from './own-api.ts';

/** The client as which Bayern-ID's own pages log somebody in (architecture.md 20). No file may take its name. */
export const ownClientId = 'mein-konto';

/** Where its answers go. The code in them is thrown away: the session itself is what the pages read. */
export const ownCallback = '/konto/angemeldet';

/** Mein Konto as a relying party: like any other, but built in, so that it is there in every installation. Bayern-ID's own API is its API. */
export const ownClient = (issuer: string): RelyingParty => ({
  file: clientFile.parse({
    client_id: ownClientId,
    client_name: { de: 'Mein Konto', en: 'My account' },
    redirect_uris: [`${issuer}${ownCallback}`],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
    api: { audience: ownApiAudience(issuer), scopes: [...ownApiScopes] },
    consent: 'none',
    legal_basis: 'Art. 15 DSGVO',
  }),
  authority: 'bayern',
  sector: `bayern/${ownClientId}`,
});
