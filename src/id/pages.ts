import type { Context } from 'koa';
import { localeOf, messages } from '../web/page-context.ts';
import { safePath } from '../web/safe-path.ts';
import { allowFormAction } from '../web/security.ts';
import { webState } from '../web/state.ts';
import { localText, type RelyingParty } from './clients/client.ts';
import {
  ErrorPage,
  FormPostPage,
  LoggedOutPage,
  LogoutPage,
  show,
  StillLoggedInPage,
} from './interaction/pages/index.ts';
import { flowTexts, type FlowMessages } from './interaction/texts/index.ts';
import type { ErrorView } from './interaction/views.ts';
import type { ProviderPages } from './oidc/provider-pages.ts';
import { redirectDifference } from './redirect-difference.ts';

/** Which of our error pages an error of the provider is told on. Everything else is plain OAuth. */
const codeOf = (path: string, error: string, description: string | undefined, status: number): ErrorView['code'] => {
  if (status === 503) return 'unavailable';
  if (status >= 500) return 'internal';
  if (path.startsWith('/session/end')) return 'logout';
  if (error === 'invalid_client') return 'unknown_client';
  if (description?.startsWith('redirect_uri') === true) return 'redirect_uri';
  if (description?.includes('session') === true || description?.includes('authorization request has expired') === true)
    return 'flow_expired';
  return 'oauth';
};

type DeveloperLines = NonNullable<ErrorView['developer']>;

const differenceNote = (t: FlowMessages['error']['developer'], sent: string, registered: string): { note?: string } => {
  const difference = redirectDifference(sent, registered);
  if (difference === undefined) return {};
  if (difference.kind === 'trailingSlash') return { note: t.trailingSlash };
  const shown = (text: string): string => (text === '' ? t.nothing : t.rest({ text }));
  const { position } = difference;
  return { note: t.differsAt({ position, sent: shown(difference.sent), registered: shown(difference.registered) }) };
};

/** What a developer needs to see why a redirect address was refused. */
const redirectLines = (ctx: Context, party: RelyingParty | undefined): DeveloperLines => {
  const t = messages(ctx, flowTexts).error.developer;
  const sent = String(ctx.query['redirect_uri'] ?? '–');
  const registered = party?.file.redirect_uris ?? [];
  return [
    { label: t.sent, value: sent },
    ...registered.map((value) => ({ label: t.registered, value, ...differenceNote(t, sent, value) })),
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
      const code = codeOf(ctx.path, error, description, status);
      log.info('provider_refused', { referenceId, error, code, reason: description });
      const { client_id: clientId } = ctx.query;
      const developer: DeveloperLines = [
        { label: 'error', value: error },
        ...(description === undefined ? [] : [{ label: 'error_description', value: description }]),
        ...(typeof clientId === 'string' ? [{ label: 'client_id', value: clientId }] : []),
        ...(code === 'redirect_uri' ? redirectLines(ctx, parties().get(String(clientId))) : []),
      ];
      show(ctx, ErrorPage, { code, referenceId, ...(environment === 'production' ? {} : { developer }) }, status);
    },
    formPost(ctx, { action, fields, clientId }) {
      allowFormAction(ctx, action);
      const service = nameOf(ctx, clientId) ?? new URL(action, webState(ctx).origin).host;
      show(ctx, FormPostPage, { action, fields, service }, ctx.status);
    },
    logout(ctx, { action, xsrf, clientId, services }) {
      const service = nameOf(ctx, clientId);
      // What was posted, or is too long to be carried along, is lost to the switches; the question itself must not be.
      webState(ctx).returnPath = safePath(ctx.method === 'GET' ? ctx.originalUrl : undefined, ctx.path);
      show(ctx, LogoutPage, {
        action,
        xsrf,
        services: names(ctx, services),
        ...(service === undefined ? {} : { service }),
      });
    },
    loggedOut(ctx, { services, clientId, stayed }) {
      const party = clientId === undefined ? undefined : parties().get(clientId);
      const name = nameOf(ctx, clientId);
      const backTo =
        name !== undefined && party?.file.client_uri !== undefined
          ? { backTo: { name, href: party.file.client_uri } }
          : {};
      if (stayed) return show(ctx, StillLoggedInPage, backTo);
      return show(ctx, LoggedOutPage, {
        services: services.flatMap(({ clientId: id, told }) => {
          const service = nameOf(ctx, id);
          return service === undefined
            ? []
            : [{ name: service, state: told ? ('told' as const) : ('pending' as const) }];
        }),
        ...backTo,
      });
    },
  };
};
