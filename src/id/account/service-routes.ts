import type { Router } from '@koa/router';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { localText } from '../clients/client.ts';
import { ownClientId } from '../oidc/own-client.ts';
import { claimsOf, connectedServices, consentState, heldHandles, released } from './connected-services.ts';
import { showKonto } from './pages/konto-frame.tsx';
import { ServicePage, type ServiceDetailsView } from './pages/ServicePage.tsx';
import { servicePath, ServicesPage } from './pages/ServicesPage.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';
import { authorityName, serviceHost, serviceName } from './service-names.ts';

/** Releases on one page. */
const perPage = 20;

/** /konto/dienste */
export const addServiceRoutes = (
  router: Router,
  parts: Pick<
    AccountRouteParts,
    'entry' | 'services' | 'postfachHandles' | 'sessions' | 'activities' | 'clients' | 'wake'
  >,
): void => {
  const { entry, services, postfachHandles, sessions, activities, clients, wake } = parts;

  router.get(paths.services, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { id } = visitor.citizen.account;
    showKonto(ctx, ServicesPage, { services: await connectedServices(parts, id, localeOf(ctx)) });
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
    const handle = (await heldHandles(postfachHandles, id)).get(clientId);
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
      ...consentState(party, mine),
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
