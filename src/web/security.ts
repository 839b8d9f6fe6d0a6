import type { Context } from 'koa';
import type { Environment } from './parts.ts';
import { webState } from './state.ts';

const permissions = [
  'accelerometer=()',
  'autoplay=()',
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'magnetometer=()',
  'microphone=()',
  'midi=()',
  'payment=()',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
  'screen-wake-lock=()',
  'usb=()',
  'xr-spatial-tracking=()',
].join(', ');

/** What a form may lead to: the origin of a web address, or the scheme of an app's own address. */
export const formActionSource = (address: string): string => {
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : url.protocol;
};

/** `data:` is for the icons of KERN, which are masks in its style sheet. */
export const contentSecurityPolicy = (formActions: readonly string[]): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...new Set(formActions)].join(' ')}`,
  ].join('; ');

/**
 * Lets the forms of this response lead to other sites as well: Chromium applies `form-action` to the whole chain of
 * redirects after a post, so the page of a flow names the service's redirect URI or post-logout URI here.
 */
export const allowFormAction = (ctx: Context, ...addresses: readonly string[]): void => {
  const state = webState(ctx);
  state.formActions = [...state.formActions, ...addresses.map(formActionSource)];
  ctx.set('content-security-policy', contentSecurityPolicy(state.formActions));
};

const ordinaryPolicy = contentSecurityPolicy([]);

const fixedHeaders = Object.entries({
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': permissions,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

export interface SecurityHeaderOptions {
  readonly environment: Environment;
  readonly origin: string;
}

const transportSecurity = ({ environment, origin }: SecurityHeaderOptions): [string, string][] =>
  environment === 'production' && origin.startsWith('https:')
    ? [['strict-transport-security', 'max-age=63072000; includeSubDomains']]
    : [];

/** The headers of an answer that is made outside of koa, and whose forms lead nowhere else. */
export const plainSecurityHeaders = (options: SecurityHeaderOptions): [string, string][] => [
  ['content-security-policy', ordinaryPolicy],
  ...fixedHeaders,
  ...transportSecurity(options),
];

/** Headers that every answer carries, also one that fails. Set past koa, whose `set` costs several times as much. */
export const setSecurityHeaders = (ctx: Context): void => {
  const state = webState(ctx);
  const { formActions } = state;
  const { res } = ctx;
  res.setHeader(
    'content-security-policy',
    formActions.length === 0 ? ordinaryPolicy : contentSecurityPolicy(formActions),
  );
  for (const [name, value] of fixedHeaders) res.setHeader(name, value);
  for (const [name, value] of transportSecurity(state)) res.setHeader(name, value);
};
