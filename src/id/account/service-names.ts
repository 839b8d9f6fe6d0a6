import type { Locale } from '../../web/i18n/shape.ts';
import { localText, type RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';

/** What a service is called; one that is no client any more by its id, since nothing else is left of it. */
export const serviceName = ({ clients }: ClientSet, clientId: string, locale: Locale): string => {
  const party = clients.get(clientId);
  return party ? localText(party.file.client_name, locale) : clientId;
};

/** The same, as far as it is a client. */
export const knownServiceName = (set: ClientSet, clientId: string, locale: Locale): string | undefined =>
  set.clients.has(clientId) ? serviceName(set, clientId, locale) : undefined;

/** What an authority is called; one without a file any more by its id. */
export const authorityName = ({ authorities }: ClientSet, id: string, locale: Locale): string => {
  const authority = authorities.get(id);
  return authority ? localText(authority.name, locale) : id;
};

/** The host of a service: the one thing that it cannot forge. */
export const serviceHost = (party: RelyingParty | undefined): { readonly host?: string } => {
  const [uri] = party?.file.redirect_uris ?? [];
  return uri === undefined ? {} : { host: new URL(uri).host };
};
