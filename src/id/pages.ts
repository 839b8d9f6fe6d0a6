import type { Context } from 'koa';
import { localeOf } from '../web/page-context.ts';
import { allowFormAction } from '../web/security.ts';
import { webState } from '../web/state.ts';
import { localText, type RelyingParty } from './clients/client.ts';
import { ErrorPage, FormPostPage, LoggedOutPage, LogoutPage, show } from './interaction/pages/index.ts';
import type { ErrorView } from './interaction/views.ts';
import type { ProviderPages } from './oidc/oidc.ts';

/** Which of our error pages an error of the provider is told on. Everything else is plain OAuth, shown as text. */
const codeOf = (error: string, description: string | undefined, status: number): ErrorView['code'] => {
  if (status === 503) return 'unavailable';
  if (status >= 500) return 'internal';
  if (error === 'invalid_client') return 'unknown_client';
  if (description?.startsWith('redirect_uri') === true) return 'redirect_uri';
  if (description?.includes('session') === true || description?.includes('authorization request has expired') === true)
    return 'flow_expired';
  return 'oauth';
};

/** Parameter by parameter, what a developer needs to see why a redirect address was refused. */
const developerLines = (ctx: Context, parties: ReadonlyMap<string, RelyingParty>): ErrorView['developer'] => {
  const { client_id: clientId, redirect_uri: sent } = ctx.query;
  const party = typeof clientId === 'string' ? parties.get(clientId) : undefined;
  return [
    { label: 'client_id', value: String(clientId ?? '–') },
    { label: 'redirect_uri', value: String(sent ?? '–') },
    ...(party?.file.redirect_uris ?? []).map((value) => ({ label: 'redirect_uris', value })),
  ];
};

/** The provider's few pages, in our look and words. */
export const createProviderPages = (parties: () => ReadonlyMap<string, RelyingParty>): ProviderPages => {
  const nameOf = (ctx: Context, clientId: string | undefined): string | undefined => {
    const party = clientId === undefined ? undefined : parties().get(clientId);
    return party && localText(party.file.client_name, localeOf(ctx));
  };
  const names = (ctx: Context, clientIds: readonly string[]): string[] =>
    clientIds.map((id) => nameOf(ctx, id)).filter((name) => name !== undefined);
  return {
    error(ctx, { error, description, status }) {
      const { referenceId, environment, log } = webState(ctx);
      const code = codeOf(error, description, status);
      log.info('provider_refused', { referenceId, error, code });
      show(
        ctx,
        ErrorPage,
        {
          code,
          referenceId,
          ...(status >= 500 ? {} : { oauth: { error, ...(description === undefined ? {} : { description }) } }),
          ...(environment === 'production' || code !== 'redirect_uri'
            ? {}
            : { developer: developerLines(ctx, parties()) ?? [] }),
        },
        status,
      );
    },
    formPost(ctx, { action, fields, clientId }) {
      allowFormAction(ctx, action);
      const service = nameOf(ctx, clientId) ?? new URL(action, webState(ctx).origin).host;
      show(ctx, FormPostPage, { action, fields, service }, ctx.status);
    },
    logout(ctx, { action, xsrf, clientId, services }) {
      const service = nameOf(ctx, clientId);
      show(ctx, LogoutPage, {
        action,
        xsrf,
        services: names(ctx, services),
        ...(service === undefined ? {} : { service }),
      });
    },
    loggedOut(ctx, { services, clientId, stayed: _stayed }) {
      const party = clientId === undefined ? undefined : parties().get(clientId);
      const name = nameOf(ctx, clientId);
      show(ctx, LoggedOutPage, {
        services: services.flatMap(({ clientId: id, told }) => {
          const service = nameOf(ctx, id);
          return service === undefined
            ? []
            : [{ name: service, state: told ? ('told' as const) : ('pending' as const) }];
        }),
        ...(name !== undefined && party?.file.client_uri !== undefined
          ? { backTo: { name, href: party.file.client_uri } }
          : {}),
      });
    },
  };
};
