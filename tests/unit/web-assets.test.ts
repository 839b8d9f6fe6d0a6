import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createWebApp } from '../../src/web/app.ts';
import { assetUrl } from '../../src/web/assets.ts';
import { silentLog } from '../../src/web/log.ts';
import { listen, type Listening } from '../../src/web/server.ts';

let server: Listening;
beforeAll(async () => {
  const app = createWebApp({
    part: 'id',
    origin: 'http://localhost:3000',
    secureCookies: false,
    environment: 'test',
    log: silentLog,
  });
  server = await listen({
    name: 'id',
    port: 0,
    knownHosts: ['localhost:3000'],
    handler: app.callback(),
    log: silentLog,
  });
});
afterAll(async () => {
  await server.close(0);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const fetchAsset = (path: string, encoding: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { host: 'localhost:3000', 'accept-encoding': encoding };
    get({ host: '127.0.0.1', port: server.port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    }).on('error', reject);
  });

const everything = [
  'kern.css',
  'site.css',
  'postfach.css',
  'site.js',
  'passkey.js',
  'sign.svg',
  'fira-sans-400.woff2',
  'fira-sans-600.woff2',
  'fira-sans-700.woff2',
] as const;

describe('assets', () => {
  test.each(everything)('%s may be kept for ever', async (name) => {
    const answer = await fetchAsset(assetUrl(name), 'identity');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  test('KERN goes out unmodified, in every encoding', async () => {
    const original = readFileSync(createRequire(import.meta.url).resolve('@kern-ux/native/dist/kern.min.css'));
    const url = assetUrl('kern.css');
    expect(original.equals((await fetchAsset(url, 'identity')).body)).toBe(true);
    expect(original.equals(brotliDecompressSync((await fetchAsset(url, 'gzip, br')).body))).toBe(true);
    expect(original.equals(gunzipSync((await fetchAsset(url, 'gzip')).body))).toBe(true);
  });

  test('the style sheet names the fonts by their addresses', async () => {
    const css = (await fetchAsset(assetUrl('site.css'), 'identity')).body.toString();
    expect(css).toContain(`url('${assetUrl('fira-sans-400.woff2')}')`);
    expect(css).not.toContain('asset:');
    expect(css).not.toMatch(/https?:\/\//);
  });

  test('a first visit stays below 120 kB', async () => {
    const sizes = await Promise.all(
      everything.map(async (name) => (await fetchAsset(assetUrl(name), 'br')).body.length),
    );
    const html = 12_000;
    expect(sizes.reduce((sum, size) => sum + size, html)).toBeLessThan(120_000);
  });
});
