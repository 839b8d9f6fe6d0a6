import type { Context } from 'koa';
import type { Sealer } from '../storage/sealing.ts';
import { webState } from './state.ts';

/** Browsers keep at least 4096 bytes per cookie, name and attributes included. */
const longestValue = 3800;

export interface CookieOptions {
  /** Seconds; without it the cookie ends with the browser. */
  readonly maxAge?: number;
  /** A path other than `/` costs the `__Host-` prefix; it becomes `__Secure-`. */
  readonly path?: string;
}

/**
 * The cookie's name on the wire. Ports of localhost share one jar, hence the part is in the name; over https it
 * carries the prefix by which browsers enforce Secure (and, for `__Host-`, that no other host could have set it).
 */
export const cookieName = (part: string, name: string, secure: boolean, path: string = '/'): string =>
  `${secure ? (path === '/' ? '__Host-' : '__Secure-') : ''}${part}-${name}`;

/** The value of a cookie; undefined when it is missing, sent twice or of an odd form. */
export const parseCookie = (header: string, name: string): string | undefined => {
  let found: string | undefined;
  for (const pair of header.split(';')) {
    const split = pair.indexOf('=');
    if (split === -1 || pair.slice(0, split).trim() !== name) continue;
    if (found !== undefined) return undefined;
    found = pair.slice(split + 1).trim();
  }
  return found !== undefined && /^[A-Za-z0-9._~-]*$/.test(found) ? found : undefined;
};

/** The names that begin so, each once. */
export const parseCookieNames = (header: string, start: string): string[] => {
  const names = header
    .split(';')
    .map((pair) => pair.slice(0, Math.max(pair.indexOf('='), 0)).trim())
    .filter((name) => name.startsWith(start));
  return [...new Set(names)];
};

const nameFor = (ctx: Context, name: string, options: CookieOptions): string => {
  const { part, secureCookies } = webState(ctx);
  return cookieName(part, name, secureCookies, options.path);
};

/** The value of our cookie, read strictly: see parseCookie. */
export const readCookie = (ctx: Context, name: string, options: CookieOptions = {}): string | undefined =>
  parseCookie(ctx.get('cookie'), nameFor(ctx, name, options));

/** The names of our cookies that begin so, each once, as readCookie takes them. */
export const cookieNames = (ctx: Context, prefix: string): string[] => {
  const start = nameFor(ctx, '', {});
  return parseCookieNames(ctx.get('cookie'), start + prefix).map((name) => name.slice(start.length));
};

/** Sets a cookie: HttpOnly, SameSite=Lax, no Domain, Secure over https. `value` in the letters of base64url, `.` and `~`. */
export const writeCookie = (ctx: Context, name: string, value: string, options: CookieOptions = {}): void => {
  if (!/^[A-Za-z0-9._~-]*$/.test(value) || value.length > longestValue)
    throw new RangeError(`cookie ${name} does not fit`);
  const attributes = [
    `${nameFor(ctx, name, options)}=${value}`,
    `Path=${options.path ?? '/'}`,
    ...(options.maxAge === undefined ? [] : [`Max-Age=${Math.floor(options.maxAge)}`]),
    'HttpOnly',
    'SameSite=Lax',
    ...(webState(ctx).secureCookies ? ['Secure'] : []),
  ];
  ctx.append('set-cookie', attributes.join('; '));
};

export const clearCookie = (ctx: Context, name: string, options: Pick<CookieOptions, 'path'> = {}): void => {
  writeCookie(ctx, name, '', { ...options, maxAge: 0 });
};

/** A cookie whose content is sealed: unreadable and unchangeable outside, and bound to its name. */
export interface SealedCookie {
  /** Undefined when there is none or it was changed. */
  read(ctx: Context): string | undefined;
  /** The same of a value as it came. */
  open(value: string | undefined): string | undefined;
  write(ctx: Context, content: string): void;
  clear(ctx: Context): void;
}

export const sealedCookie = (sealer: Sealer, name: string, options: CookieOptions = {}): SealedCookie => {
  const open = (value: string | undefined): string | undefined => {
    if (value === undefined || value === '') return undefined;
    try {
      return sealer.open(Buffer.from(value, 'base64url'), `cookie:${name}`).toString('utf8');
    } catch {
      return undefined;
    }
  };
  return {
    open,
    read: (ctx) => open(readCookie(ctx, name, options)),
    write(ctx, content) {
      writeCookie(ctx, name, Buffer.from(sealer.seal(content, `cookie:${name}`)).toString('base64url'), options);
    },
    clear(ctx) {
      clearCookie(ctx, name, options);
    },
  };
};
