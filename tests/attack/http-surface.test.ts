import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Router } from '@koa/router';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { createWebApp } from '../../src/web/app.ts';
import { createCsrf } from '../../src/web/csrf.ts';
import { readForm } from '../../src/web/forms.ts';
import { createHealth } from '../../src/web/health.ts';
import { createLog } from '../../src/web/log.ts';
import { mountCommonPages } from '../../src/web/pages/mount.tsx';
import { allowFormAction } from '../../src/web/security.ts';
import { listen, PortTaken, type Listening } from '../../src/web/server.ts';

const secret = 'erika@example.org';
const lines: string[] = [];
const log = createLog({ write: (line) => lines.push(line) });
const csrf = createCsrf(Buffer.alloc(32, 1));

let storeAsked = 0;

const start = async (options: { environment?: 'production' | 'development' | 'test'; origin?: string } = {}) => {
  const environment = options.environment ?? 'test';
  const origin = options.origin ?? 'http://localhost:3000';
  const app = createWebApp({ part: 'id', origin, secureCookies: origin.startsWith('https:'), environment, log });
  const router = new Router();
  const health = createHealth(
    {
      store: () => {
        storeAsked += 1;
        throw new Error(secret);
      },
    },
    log,
  );
  router.get('/ok', (ctx) => {
    ctx.body = 'ok';
  });
  router.get('/token', (ctx) => {
    ctx.body = csrf.token('flow');
  });
  router.get('/leads-on', (ctx) => {
    allowFormAction(ctx, 'https://service.example/cb');
    ctx.body = 'ok';
  });
  router.post('/form', async (ctx) => {
    const form = await readForm(ctx);
    csrf.check(ctx, form.get('csrf'), 'flow');
    ctx.body = form.get('name');
  });
  router.get('/boom', () => {
    throw new Error(secret);
  });
  router.get('/store', () => {
    throw new StorageUnavailable(secret);
  });
  router.get('/health/live', (ctx) => health.live(ctx));
  router.get('/health/ready', (ctx) => health.ready(ctx));
  mountCommonPages(router, { environment });
  app.use(router.routes()).use(router.allowedMethods());
  return listen({ name: 'id', port: 0, knownHosts: ['localhost:3000', 'id.example'], handler: app.callback(), log });
};

/** Everything that comes back on one connection until the other side closes it. */
const raw = async (port: number, text: string | Buffer): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.setTimeout(8000, () => socket.destroy());
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
};

const request = (
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body: string = '',
): Promise<string> => {
  const all = { Host: 'localhost:3000', Connection: 'close', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return raw(port, `${method} ${target} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
};

const post = (port: number, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  request(
    port,
    'POST',
    '/form',
    {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  );

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);
const html = { Accept: 'text/html' };

let server: Listening;
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server.close(0);
});

describe('HT-01, HT-02: whom a request is meant for', () => {
  test.each([
    ['another host', 'GET /ok HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421],
    ['credentials', 'GET /ok HTTP/1.1\r\nHost: id.example:80@evil.example\r\n\r\n', 400],
    ['two hosts', 'GET /ok HTTP/1.1\r\nHost: id.example\r\nHost: evil.example\r\n\r\n', 400],
    ['no host', 'GET /ok HTTP/1.1\r\n\r\n', 400],
    ['absolute target', 'GET http://evil.example/ok HTTP/1.1\r\nHost: id.example\r\n\r\n', 400],
    ['double slash', 'GET //evil.example/ok HTTP/1.1\r\nHost: id.example\r\n\r\n', 400],
    ['forwarded host', 'GET /ok HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: id.example\r\n\r\n', 421],
    ['tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 405],
  ])('%s', async (_, text, status) => {
    lines.length = 0;
    const answer = await raw(server.port, text);
    expect(statusOf(answer)).toBe(status);
    expect(answer + lines.join('')).not.toContain('evil');
  });
});

describe('HT-03: headers that pretend', () => {
  test.each([
    { 'X-Forwarded-Host': 'evil.example' },
    { 'X-Forwarded-Proto': 'https' },
    { Forwarded: 'host=evil.example' },
    { 'X-Original-URL': '/boom' },
    { 'X-Rewrite-URL': '/boom' },
    { 'X-HTTP-Method-Override': 'POST' },
  ])('%j has no effect', async (headers) => {
    const answer = await request(server.port, 'GET', '/ok', headers as unknown as Record<string, string>);
    expect(statusOf(answer)).toBe(200);
    expect(bodyOf(answer)).toBe('ok');
    expect(answer).not.toContain('evil');
  });
});

describe('HT-05: smuggling', () => {
  const head = 'POST /form HTTP/1.1\r\nHost: id.example\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  test.each([
    [
      'both lengths',
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /boom HTTP/1.1\r\n\r\n`,
    ],
    ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ['signed length', `${head}Content-Length: +5\r\n\r\na=b&c`],
    ['chunked twice', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['bare line feeds', 'GET /ok HTTP/1.1\nHost: id.example\n\n'],
    ['a blank before the colon', 'GET /ok HTTP/1.1\r\nHost : id.example\r\n\r\n'],
  ])('%s is a 400', async (_, text) => {
    expect(statusOf(await raw(server.port, text))).toBe(400);
  });
});

describe('HT-06, SE-08, SE-15: headers of every answer', () => {
  test.each(['/ok', '/nowhere', '/boom', '/hilfe'])('%s', async (path) => {
    const answer = await request(server.port, 'GET', path, html);
    expect(answer).toMatch(/content-security-policy: default-src 'none'; style-src 'self'; .*frame-ancestors 'none'/i);
    expect(answer).toMatch(/x-frame-options: DENY/i);
    expect(answer).toMatch(/x-content-type-options: nosniff/i);
    expect(answer).toMatch(/referrer-policy: no-referrer/i);
    expect(answer).toMatch(/cross-origin-opener-policy: same-origin/i);
    expect(answer).toMatch(/permissions-policy: /i);
    expect(answer).not.toMatch(/^(server|x-powered-by|strict-transport-security):|unsafe-/im);
  });

  test('pages are not kept by caches', async () => {
    expect(await request(server.port, 'GET', '/hilfe', html)).toMatch(/cache-control: no-store/i);
  });

  test('SE-09: HSTS and strict cookies in production over https, and no stories there', async () => {
    const production = await start({ environment: 'production', origin: 'https://id.example' });
    const answer = await request(production.port, 'GET', '/hilfe', { ...html, Host: 'id.example' });
    expect(answer).toMatch(/strict-transport-security: max-age=(3153[6-9]|[4-9]\d{4})\d{3}/i);
    expect(answer).not.toContain('Testumgebung');
    const stories = await request(production.port, 'GET', '/entwickler/bausteine', { ...html, Host: 'id.example' });
    expect(statusOf(stories)).toBe(404);
    const cookie = await request(production.port, 'GET', '/sprache/en', { Host: 'id.example' });
    expect(cookie).toMatch(
      /set-cookie: __Host-id-lang=en\.[a-z0-9]+; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure\r/i,
    );
    await production.close(0);
  });

  test('a form may lead to the service of its flow, and only there', async () => {
    expect(await request(server.port, 'GET', '/leads-on')).toContain("form-action 'self' https://service.example\r\n");
    expect(await request(server.port, 'GET', '/ok')).toContain("form-action 'self'\r\n");
  });
});

describe('HT-08, HT-09: methods', () => {
  test.each([
    ['TRACE', '/ok'],
    ['PUT', '/ok'],
    ['DELETE', '/ok'],
    ['PATCH', '/ok'],
    ['POST', '/ok'],
    ['GET', '/form'],
  ])('%s %s is a 405', async (method, path) => {
    const answer = await request(server.port, method, path, html);
    expect(statusOf(answer)).toBe(405);
    expect(answer).toMatch(/allow: /i);
  });
});

describe('HT-10: what is not there', () => {
  test.each([
    '/.env',
    '/.git/config',
    '/metrics',
    '/assets/',
    '/assets/../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/x/site.css',
    '/assets/x/../../site.css',
    '/assets/site.css.map',
    '/entwickler/bausteine/__proto__',
    '/sprache/__proto__',
    '/darstellung/constructor',
  ])('%s', async (path) => {
    expect(statusOf(await request(server.port, 'GET', path, html))).toBe(404);
  });
});

describe('HT-11, AZ-23: parameters that break out', () => {
  test.each([
    ['//evil.example', '/'],
    ['/%5Cevil.example', '/'],
    ['%2F%2Fevil.example', '/'],
    ['/%0d%0aSet-Cookie:%20a=b', '/'],
    ['https://evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/anmelden/x?y=1', '/anmelden/x?y=1'],
  ])('the language switch returns from %s to %s', async (target, expected) => {
    const answer = await request(server.port, 'GET', `/sprache/en?zurueck=${target}`);
    expect(statusOf(answer)).toBe(303);
    expect(/location: (.*)\r/i.exec(answer)?.[1]).toBe(expected);
    expect(answer.match(/^set-cookie:/gim)).toHaveLength(1);
  });

  test('two ways back are none', async () => {
    expect(await request(server.port, 'GET', '/sprache/en?zurueck=/a&zurueck=/b')).toMatch(/location: \/\r/i);
  });
});

describe('HT-13: errors tell nothing', () => {
  test.each([
    ['/boom', 500],
    ['/store', 503],
    ['/nowhere', 404],
  ])('%s', async (path, status) => {
    for (const accept of ['text/html', 'application/json', '*/*']) {
      lines.length = 0;
      const answer = await request(server.port, 'GET', path, { Accept: accept });
      expect(statusOf(answer)).toBe(status);
      expect(answer).not.toMatch(/node_modules|\.ts:|Error:| at /);
      expect(answer + lines.join('')).not.toContain(secret);
      const [line] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
      const id = String(line?.['referenceId']);
      expect(id).toMatch(/^[0-9a-z]{10}$/);
      expect(bodyOf(answer).replaceAll(' ', '')).toContain(id);
      expect(answer).toMatch(
        accept === 'text/html' ? /content-type: text\/html/i : /content-type: application\/problem\+json/i,
      );
    }
  });

  test('a store that does not answer says when to come back', async () => {
    expect(await request(server.port, 'GET', '/store')).toMatch(/retry-after: 5/i);
  });

  test('RL-07: health says one word', async () => {
    expect(bodyOf(await request(server.port, 'GET', '/health/live'))).toBe('ok\n');
    const ready = await request(server.port, 'GET', '/health/ready');
    expect(statusOf(ready)).toBe(503);
    expect(bodyOf(ready)).toBe('not ready\n');
  });
});

test('RL-07: a thousand questions for readiness are one for the stores in a second, and tell nothing', async () => {
  const began = performance.now();
  const before = storeAsked;
  const ask = async (): Promise<string> => {
    const answer = await request(server.port, 'GET', '/health/ready');
    return `${statusOf(answer)} ${bodyOf(answer)}`;
  };
  const answers = await Promise.all(Array.from({ length: 1000 }, ask));
  expect(new Set(answers)).toEqual(new Set(['503 not ready\n']));
  expect(storeAsked - before).toBeLessThanOrEqual(Math.ceil((performance.now() - began) / 1000));
});

test('DS-03: names of the prototype, as headers and in the address, are names like any other', async () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString']) {
    expect(statusOf(await request(server.port, 'GET', '/ok', { [`${name} `.trim()]: 'polluted' }))).toBe(200);
    const query = `?${name}=a&${name}[polluted]=b&constructor[prototype][polluted]=c`;
    expect(statusOf(await request(server.port, 'GET', `/ok${query}`))).toBe(200);
  }
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(statusOf(await request(server.port, 'GET', '/ok'))).toBe(200);
});

describe('DS-01, DS-03, DS-09: bodies', () => {
  const token = async (): Promise<string> => bodyOf(await request(server.port, 'GET', '/token'));

  test('a form with its token arrives', async () => {
    const answer = await post(server.port, `csrf=${await token()}&name=J%C3%B6rg`);
    expect(statusOf(answer)).toBe(200);
    expect(Buffer.from(bodyOf(answer), 'latin1').toString('utf8')).toBe('Jörg');
  });

  test.each([
    ['another type', { 'Content-Type': 'application/json' }, 'a=b', 415],
    ['another charset', { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-7' }, 'a=b', 415],
    ['compressed', { 'Content-Encoding': 'gzip' }, 'a=b', 415],
    ['broken UTF-8', {}, 'csrf=%ff', 400],
    ['NUL', {}, 'csrf=%00', 400],
    ['10^5 fields', {}, 'a&'.repeat(20_000), 400],
    ['field twice', {}, 'csrf=a&csrf=b', 400],
    ['no token', {}, 'name=a', 403],
    ['prototype', {}, '__proto__=a&csrf[__proto__]=b', 403],
  ])('%s', async (_, headers, body, status) => {
    expect(statusOf(await post(server.port, body, headers as unknown as Record<string, string>))).toBe(status);
  });

  test('10 MB are refused at once', async () => {
    const started = performance.now();
    const answer = await post(server.port, '', { 'Content-Length': '10000000' });
    expect(statusOf(answer)).toBe(413);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('chunks without end are refused at the limit', async () => {
    const chunk = `2000\r\n${'a'.repeat(0x2000)}\r\n`;
    const head =
      'POST /form HTTP/1.1\r\nHost: id.example\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(statusOf(await raw(server.port, head + chunk.repeat(20)))).toBe(413);
  });

  test('headers over the limit', async () => {
    expect(statusOf(await request(server.port, 'GET', '/ok', { Cookie: 'a'.repeat(20_000) }))).toBe(431);
  });

  test('SE-04: a form of another site, though its token is right', async () => {
    const body = `csrf=${await token()}&name=a`;
    expect(statusOf(await post(server.port, body, { Origin: 'https://evil.example' }))).toBe(403);
    expect(statusOf(await post(server.port, body, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }))).toBe(403);
    expect(statusOf(await post(server.port, body, { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }))).toBe(200);
    expect(statusOf(await post(server.port, body, { Origin: 'http://localhost:3000' }))).toBe(200);
  });
});

describe('listening', () => {
  test('a taken port is named, with the part', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const attempt = listen({ name: 'id', port, knownHosts: [], handler: () => {}, log });
    await expect(attempt).rejects.toThrow(PortTaken);
    await expect(attempt).rejects.toThrow(`id cannot listen on port ${port}`);
    taken.close();
  });

  test('an address that this machine lacks is left out', async () => {
    const options = { name: 'id', port: 0, knownHosts: (port: number) => [`localhost:${port}`], log };
    const handler = (_: unknown, response: { end(text: string): void }) => response.end('ok');
    const one = await listen({ ...options, hosts: ['127.0.0.1', '2001:db8::1'], handler });
    expect(statusOf(await request(one.port, 'GET', '/', { Host: `localhost:${one.port}` }))).toBe(200);
    await one.close(0);
    await expect(listen({ ...options, hosts: ['2001:db8::1'], handler })).rejects.toThrow('none of its addresses');
  });

  test('RL-03: closing lets a running request end and takes no new one', async () => {
    const held: (() => void)[] = [];
    let arrive: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const draining = await listen({
      name: 'id',
      port: 0,
      knownHosts: ['localhost:3000'],
      log,
      handler: (_, response) => {
        held.push(() => response.end('done'));
        arrive();
      },
    });
    const running = request(draining.port, 'GET', '/', { Connection: 'keep-alive' });
    await arrived;
    const closed = draining.close(5000);
    await expect(
      new Promise((resolve, reject) => {
        connect(draining.port, '127.0.0.1').on('connect', resolve).on('error', reject);
      }),
    ).rejects.toThrow('ECONNREFUSED');
    for (const end of held) end();
    expect(bodyOf(await running)).toContain('done');
    await closed;
  });
});
