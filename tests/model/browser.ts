import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { BayernId } from './bayern-id.ts';

export const browserHeader = 'x-browser';

export interface Reply {
  readonly status: number;
  /** Path of a redirect, or the whole address when it leads elsewhere. */
  readonly location?: string;
  /** JSON, where it is some. */
  readonly body: string;
}

/** A browser's jar and its way to Bayern-ID, without a network. */
export interface Browser {
  get(path: string): Promise<Reply>;
  post(path: string, form: Readonly<Record<string, string>>): Promise<Reply>;
  clear(): void;
}

/** @param index the browser's number, told in a header of its own */
export const createBrowser = (index: number, current: () => BayernId, before: () => void): Browser => {
  const jar = new Map<string, { readonly name: string; readonly value: string; readonly path: string }>();

  const keep = (line: string): void => {
    const [pair = '', ...attributes] = line.split('; ');
    const split = pair.indexOf('=');
    const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
    const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice(5) ?? '/';
    if (value === '' || attributes.includes('Max-Age=0')) jar.delete(`${name} ${path}`);
    else jar.set(`${name} ${path}`, { name, value, path });
  };

  const send = async (method: 'GET' | 'POST', url: string, body = ''): Promise<Reply> => {
    before();
    const request = new IncomingMessage(new Socket());
    const cookies = [...jar.values()].filter(
      ({ path }) => url === path || url.startsWith(path === '/' ? '/' : `${path}/`),
    );
    Object.assign(request, {
      method,
      url,
      headers: {
        host: 'id.test',
        accept: 'application/json',
        [browserHeader]: String(index),
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        ...(method === 'POST'
          ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }
          : {}),
      },
    });
    request.push(body === '' ? null : body);
    if (body !== '') request.push(null);
    const response = new ServerResponse(request);
    let text = '';
    response.end = ((chunk?: unknown) => {
      if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) text = chunk.toString();
      return response;
    }) as typeof response.end;
    await current().handle(request, response);
    for (const line of [response.getHeader('set-cookie') ?? []].flat()) keep(String(line));
    const location = response.getHeader('location');
    return {
      status: response.statusCode,
      body: text,
      ...(location === undefined ? {} : { location: String(location) }),
    };
  };

  return {
    get: (path) => send('GET', path),
    post: (path, form) => send('POST', path, new URLSearchParams(form).toString()),
    clear: () => jar.clear(),
  };
};
