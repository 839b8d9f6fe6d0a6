import type { Router } from '@koa/router';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { Activity } from '../audit/view.ts';
import { localText, type RelyingParty } from '../clients/client.ts';
import type { StoredHandle } from '../identity/postfach.ts';
import type { PastConsent } from '../identity/service-records.ts';
import { ownClientId } from '../oidc/own-client.ts';
import { showKonto } from './pages/konto-frame.tsx';
import { ServicePage, type ServiceDetailsView } from './pages/ServicePage.tsx';
import { servicePath, ServicesPage, type ConsentState } from './pages/ServicesPage.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';
import { authorityName, serviceHost, serviceName } from './service-names.ts';

/** Releases on one page. */
const perPage = 20;

const claimsOf = ({ event }: Activity): readonly string[] => (event.type === 'data.released' ? event.claims : []);

const released: readonly AuditEvent['type'][] = ['data.released'];

const stateOf = (
  party: RelyingParty | undefined,
  consents: readonly PastConsent[],
): { readonly state?: ConsentState } => {
  if (consents.some(({ endedAt }) => endedAt === undefined)) return { state: 'given' };
  if (party?.file.consent === 'none') return { state: 'byLaw' };
  return consents.length > 0 ? { state: 'withdrawn' } : {};
};

/** /konto/dienste */
export const addServiceRoutes = (
  router: Router,
  parts: Pick<
    AccountRouteParts,
    'entry' | 'services' | 'postfachHandles' | 'sessions' | 'activities' | 'clients' | 'wake'
  >,
): void => {
  const { entry, services, postfachHandles, sessions, activities, clients, wake } = parts;

  /** By client: the handle of the mailbox that it holds. A client that has changed its authority may hold two. */
  const heldBy = async (accountId: string): Promise<ReadonlyMap<string, StoredHandle>> =>
    new Map(
      (await postfachHandles.of(accountId)).flatMap((handle) => handle.clients.map((one) => [one, handle] as const)),
    );

  router.get(paths.services, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { id } = visitor.citizen.account;
    const locale = localeOf(ctx);
    const consents = Map.groupBy(await services.consentsOf(id), ({ clientId }) => clientId);
    const held = await heldBy(id);
    const releases = new Map((await activities.releases(id)).map((release) => [release.clientId, release]));
    const ids = [...new Set([...consents.keys(), ...releases.keys(), ...held.keys()])].filter(
      (clientId) => clientId !== ownClientId,
    );
    const rows = await Promise.all(
      ids.map(async (clientId) => {
        const party = clients().clients.get(clientId);
        const mine = consents.get(clientId) ?? [];
        const times = [...mine.map(({ at }) => at), releases.get(clientId)?.first, held.get(clientId)?.at].filter(
          (at) => at !== undefined,
        );
        const { activities: last } = await activities.page(id, { types: released, clientId, limit: 1 });
        return {
          clientId,
          name: serviceName(clients(), clientId, locale),
          ...serviceHost(party),
          ...stateOf(party, mine),
          since: Math.min(...times),
          last: releases.get(clientId)?.last ?? Math.max(...times),
          received: last.flatMap(claimsOf),
        };
      }),
    );
    showKonto(ctx, ServicesPage, { services: rows.sort((a, b) => b.last - a.last) });
  });

  router.get(`${paths.services}/:clientId`, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { id } = visitor.citizen.account;
    const clientId = ctx.params['clientId'] ?? '';
    const locale = localeOf(ctx);
    const mine = (await services.consentsOf(id)).filter((consent) => consent.clientId === clientId);
    const before = typeof ctx.query['vor'] === 'string' ? ctx.query['vor'] : undefined;
    const page = await activities.page(id, {
      types: released,
      clientId,
      limit: perPage,
      ...(before === undefined ? {} : { before }),
    });
    const handle = (await heldBy(id)).get(clientId);
    // Somebody else's service, or none: the account knows nothing of it.
    const unknown = mine.length === 0 && !handle && page.activities.length === 0 && before === undefined;
    if (clientId === ownClientId || unknown) throw new HttpError('not_found');
    const party = clients().clients.get(clientId);
    const valid = mine.find(({ endedAt }) => endedAt === undefined);
    const basis = party?.file.consent === 'none' ? party.file.legal_basis : undefined;
    const apis = [...clients().clients.values()].filter(({ file }) =>
      valid?.scopes.some((scope) => file.api?.scopes.includes(scope) === true),
    );
    const view: ServiceDetailsView = {
      clientId,
      name: serviceName(clients(), clientId, locale),
      ...serviceHost(party),
      ...stateOf(party, mine),
      ...(basis === undefined ? {} : { legalBasis: localText(basis, locale) }),
      ...(valid
        ? {
            consent: {
              at: valid.at,
              claims: valid.claims,
              refused: valid.refused,
              access: apis.map(({ file }) => localText(file.client_name, locale)),
            },
          }
        : {}),
      ...(handle
        ? {
            mailbox: {
              authority: authorityName(clients(), handle.authority, locale),
              since: handle.at,
              others: handle.clients
                .filter((other) => other !== clientId && clients().clients.has(other))
                .map((other) => serviceName(clients(), other, locale)),
            },
          }
        : {}),
      withdrawable: valid !== undefined || (handle !== undefined && basis === undefined),
      past: mine.flatMap(({ at, endedAt, claims }) =>
        endedAt === undefined ? [] : [{ from: at, to: endedAt, claims }],
      ),
      releases: page.activities.map((activity) => ({ at: activity.at, claims: claimsOf(activity) })),
      ...(page.next === undefined ? {} : { older: `${servicePath(clientId)}?vor=${page.next}` }),
      csrf: entry.csrf(visitor),
      withdrawn: ctx.query['widerrufen'] === '1',
    };
    showKonto(ctx, ServicePage, view);
  });

  router.post(`${paths.services}/:clientId/widerrufen`, async (ctx) => {
    const clientId = ctx.params['clientId'] ?? '';
    const posted = await entry.posted(ctx, servicePath(clientId));
    if (!posted) return;
    const { id } = posted.visitor.citizen.account;
    const set = clients().clients;
    const byLaw = set.get(clientId)?.file.consent === 'none';
    const consents = byLaw ? await services.consentsOf(id) : [];
    // What the law lets a service have is not the citizen's to take back, unless she once agreed to it.
    const mayWithdraw = !byLaw || consents.some((one) => one.clientId === clientId && one.endedAt === undefined);
    const events = [{ type: 'consent.withdrawn', clientId }] as const;
    const withdrawn = mayWithdraw && (await services.withdrawConsent(id, clientId, events, (one) => set.has(one)));
    // Also when it was withdrawn a moment ago: what was issued must be gone when this answers.
    await sessions.endService(id, clientId);
    wake();
    if (!withdrawn) return seeOther(ctx, servicePath(clientId));
    seeOther(ctx, `${servicePath(clientId)}?widerrufen=1`);
  });
};
