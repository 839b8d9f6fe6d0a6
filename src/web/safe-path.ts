/**
 * A path on our own origin out of what came from outside (`?zurueck=`), else the fallback. Backslashes, control
 * characters, other origins and paths that become `//host` by normalising are not ours.
 */
export const safePath = (path: string | undefined, fallback: string = '/'): string => {
  if (path === undefined || path.length > 2000 || !/^\/(?!\/)[!-[\]-~]*$/.test(path)) return fallback;
  const base = 'http://same.invalid';
  if (!URL.canParse(path, base)) return fallback;
  const url = new URL(path, base);
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : fallback;
};

/** The origin of a web address. Undefined for any other: `blob:https://a.example/x` would have that of who made it. */
export const webOrigin = (address: string): string | undefined => {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.origin : undefined;
};

/** The address of a page that leads back to `returnTo`, which is checked there again. */
export const withReturn = (path: string, returnTo: string): string =>
  `${path}?zurueck=${encodeURIComponent(safePath(returnTo))}`;

/**
 * A link whose target is not a constant. Web addresses without credentials and paths of our own pass, as do the
 * schemes that the caller names (`eid:`); for anything else undefined, so that no link is shown.
 */
export const safeHref = (href: string, schemes: readonly string[] = []): string | undefined => {
  if (href.startsWith('/') || href.startsWith('#')) {
    return href.startsWith('#') || safePath(href, '') !== '' ? href : undefined;
  }
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  const web = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  return web || schemes.includes(url.protocol) ? url.href : undefined;
};
