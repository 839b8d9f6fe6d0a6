/** What a browser would have got, with its redirects followed. */
export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly body: string;
  readonly headers: Headers;
  /** Every address on the way, the first and the last included. */
  readonly trail: readonly string[];
}

export interface VisitOptions {
  readonly form?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  /** A form with files, in place of `form`. */
  readonly multipart?: FormData;
  /** Stops before the first address for which this says so. */
  readonly until?: (url: URL) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CookieBrowser {
  /** Cookies by name and path. As in a real browser, all ports of localhost share them. */
  readonly cookies: Map<string, { readonly value: string; readonly path: string }>;
  visit(address: string, options?: VisitOptions): Promise<Page>;
}

const longestTrail = 20;

/**
 * A browser without pages: keeps cookies by path, follows redirects as GET, sends what a browser sends with it.
 *
 * @param added what a proxy in front of the servers adds to each request.
 * @param over its network.
 */
export const createCookieBrowser = (
  added: Readonly<Record<string, string>> = {},
  over: typeof fetch = fetch,
): CookieBrowser => {
  const cookies: CookieBrowser['cookies'] = new Map();

  const remember = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const split = pair.indexOf('=');
      const name = pair.slice(0, split);
      const attribute = (key: string): string | undefined =>
        attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const path = attribute('path') ?? '/';
      const expires = attribute('expires');
      const gone = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
      if (gone) cookies.delete(`${name} ${path}`);
      else cookies.set(`${name} ${path}`, { value: pair.slice(split + 1), path });
    }
  };

  const cookieHeader = (url: URL): string =>
    [...cookies]
      .filter(
        ([, { path }]) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`)
      .join('; ');

  const send = async (url: URL, options: VisitOptions): Promise<Response> => {
    const response = await over(url, {
      method: options.form === undefined && options.multipart === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: cookieHeader(url), ...added, ...options.headers },
      ...(options.multipart === undefined ? {} : { body: options.multipart }),
      ...(options.form === undefined ? {} : { body: new URLSearchParams(options.form as Record<string, string>) }),
    });
    remember(response);
    return response;
  };

  return {
    cookies,
    async visit(address, options = {}) {
      let url = new URL(address);
      let current = options;
      const trail = [url.href];
      for (;;) {
        const response = await send(url, current);
        const location = response.headers.get('location');
        const following = location === null ? undefined : new URL(location, url);
        const ends = following === undefined || response.status < 300 || response.status > 399;
        if (ends || options.until?.(following) === true || trail.length >= longestTrail) {
          if (following !== undefined) trail.push(following.href);
          return { status: response.status, url, body: await response.text(), headers: response.headers, trail };
        }
        await response.arrayBuffer();
        url = following;
        trail.push(url.href);
        current = options.headers === undefined ? {} : { headers: options.headers };
      }
    },
  };
};
