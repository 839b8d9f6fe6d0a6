import type { Locale } from '../../web/i18n/shape.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { Activity, ActivityView } from '../audit/view.ts';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { PostfachHandles, StoredHandle } from '../identity/postfach.ts';
import type { PastConsent, ServiceRepository } from '../identity/service-records.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { ConsentState, ServiceRow } from './pages/ServicesPage.tsx';
import { serviceHost, serviceName } from './service-names.ts';

export const released: readonly AuditEvent['type'][] = ['data.released'];

export const claimsOf = ({ event }: Activity): readonly string[] =>
  event.type === 'data.released' ? event.claims : [];

/** What a service may have of the account today. */
export const consentState = (
  party: RelyingParty | undefined,
  consents: readonly PastConsent[],
): { readonly state?: ConsentState } => {
  if (consents.some(({ endedAt }) => endedAt === undefined)) return { state: 'given' };
  if (party?.file.consent === 'none') return { state: 'byLaw' };
  return consents.length > 0 ? { state: 'withdrawn' } : {};
};

/** By client: the handle of the mailbox that it holds. A client that has changed its authority may hold two. */
export const heldHandles = async (
  handles: Pick<PostfachHandles, 'of'>,
  accountId: string,
): Promise<ReadonlyMap<string, StoredHandle>> =>
  new Map((await handles.of(accountId)).flatMap((handle) => handle.clients.map((one) => [one, handle] as const)));

/**
 * The services that know an account, the one that was used last first.
 *
 * @param releases how many of the last answers with data are looked at for what each has received
 */
export const connectedServices = async (
  {
    services,
    activities,
    clients,
    postfachHandles,
  }: {
    readonly services: ServiceRepository;
    readonly activities: ActivityView;
    readonly clients: () => ClientSet;
    readonly postfachHandles: Pick<PostfachHandles, 'of'>;
  },
  accountId: string,
  locale: Locale,
  releases = 1,
): Promise<ServiceRow[]> => {
  const consents = Map.groupBy(await services.consentsOf(accountId), ({ clientId }) => clientId);
  const summaries = new Map((await activities.releases(accountId)).map((release) => [release.clientId, release]));
  const held = await heldHandles(postfachHandles, accountId);
  const ids = [...new Set([...consents.keys(), ...summaries.keys(), ...held.keys()])].filter(
    (clientId) => clientId !== ownClientId,
  );
  const rows = await Promise.all(
    ids.map(async (clientId) => {
      const party = clients().clients.get(clientId);
      const mine = consents.get(clientId) ?? [];
      const times = [...mine.map(({ at }) => at), summaries.get(clientId)?.first, held.get(clientId)?.at].filter(
        (at) => at !== undefined,
      );
      const { activities: last } = await activities.page(accountId, { types: released, clientId, limit: releases });
      return {
        clientId,
        name: serviceName(clients(), clientId, locale),
        ...serviceHost(party),
        ...consentState(party, mine),
        since: Math.min(...times),
        last: summaries.get(clientId)?.last ?? Math.max(...times),
        received: [...new Set(last.flatMap(claimsOf))],
      };
    }),
  );
  return rows.sort((a, b) => b.last - a.last);
};
