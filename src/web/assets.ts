import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context, Middleware } from 'koa';
import { HttpError } from './http-error.ts';

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };
const require = createRequire(import.meta.url);

/** From dist/web as well as from src/web this is the folder in the source tree: tsc copies no assets. */
const ours = (file: string): string => fileURLToPath(new URL(`../../src/web/assets/${file}`, import.meta.url));
const packaged = (file: string): string => require.resolve(file);

const font = (weight: number): string => packaged(`@fontsource/fira-sans/files/fira-sans-latin-${weight}-normal.woff2`);

/** Everything that is served, and nothing else from disk. KERN's style sheet goes out as its package has it (EUPL-1.2). */
const sources = {
  'kern.css': { file: () => packaged('@kern-ux/native/dist/kern.min.css'), type: 'text/css; charset=utf-8' },
  'site.css': { file: () => ours('site.css'), type: 'text/css; charset=utf-8' },
  'portal.css': { file: () => ours('portal.css'), type: 'text/css; charset=utf-8' },
  'bezahlen.css': { file: () => ours('bezahlen.css'), type: 'text/css; charset=utf-8' },
  'postfach.css': { file: () => ours('postfach.css'), type: 'text/css; charset=utf-8' },
  'site.js': { file: () => ours('site.js'), type: 'text/javascript; charset=utf-8' },
  'passkey.js': { file: () => ours('passkey.js'), type: 'text/javascript; charset=utf-8' },
  'sign.svg': { file: () => ours('sign.svg'), type: 'image/svg+xml' },
  'fira-sans-400.woff2': { file: () => font(400), type: 'font/woff2' },
  'fira-sans-600.woff2': { file: () => font(600), type: 'font/woff2' },
  'fira-sans-700.woff2': { file: () => font(700), type: 'font/woff2' },
} as const;

export type AssetName = keyof typeof sources;

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly url: string;
  readonly compressed: Map<string, Promise<Buffer>>;
}

const loaded = new Map<AssetName, Asset>();
const names = Object.keys(sources) as AssetName[];

const ownStyles: ReadonlySet<AssetName> = new Set(['site.css', 'postfach.css', 'bezahlen.css', 'portal.css']);

/**
 * Our style sheets name their fonts as `asset:<name>`; they get their content-hashed addresses here. Comments and
 * indentation are for who reads the file: a first visit has a budget of bytes.
 */
const forBrowsers = (css: Buffer): Buffer =>
  Buffer.from(
    css
      .toString('utf8')
      .replaceAll(/\/\*[^]*?\*\//g, '')
      .replaceAll(/\s*\n\s*/g, '\n')
      .replaceAll(/asset:([a-z0-9.-]+)/g, (whole, name: string) => {
        const known = names.find((candidate) => candidate === name);
        return known === undefined ? whole : assetUrl(known);
      }),
  );

const load = (name: AssetName): Asset => {
  const present = loaded.get(name);
  if (present !== undefined) return present;
  const source = sources[name];
  const file = readFileSync(source.file());
  const body = ownStyles.has(name) ? forBrowsers(file) : file;
  const hash = createHash('sha256').update(body).digest('base64url').replaceAll(/[-_]/g, '').slice(0, 12);
  const asset = { body, type: source.type, url: `/assets/${hash}/${name}`, compressed: new Map() };
  loaded.set(name, asset);
  return asset;
};

/** The address of an asset; it changes with the content, so browsers may keep what they have for ever. */
export const assetUrl = (name: AssetName): string => load(name).url;

/** Whether there is an asset at this path: one that answers from memory. */
export const isAsset = (path: string): boolean =>
  path.startsWith('/assets/') && names.some((name) => path.endsWith(`/${name}`) && load(name).url === path);

/** Compressed once, at the first request, and kept; fonts are compressed already. */
const encoded = (asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> => {
  const present = asset.compressed.get(encoding);
  if (present !== undefined) return present;
  const made =
    encoding === 'br'
      ? compress.br(asset.body, {
          params: {
            [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
            [constants.BROTLI_PARAM_QUALITY]: 10,
            [constants.BROTLI_PARAM_SIZE_HINT]: asset.body.length,
          },
        })
      : compress.gzip(asset.body, { level: 9 });
  asset.compressed.set(encoding, made);
  return made;
};

const answer = async (ctx: Context, name: AssetName): Promise<void> => {
  const asset = load(name);
  if (ctx.path !== asset.url) throw new HttpError('not_found', { reason: 'asset' });
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new HttpError('method_not_allowed');
  ctx.set('cache-control', 'public, max-age=31536000, immutable');
  ctx.type = asset.type;
  if (name.endsWith('.woff2')) {
    ctx.body = asset.body;
    return;
  }
  ctx.vary('Accept-Encoding');
  // Browsers name gzip first; at equal weight ours is the smaller one.
  const encoding = (['br', 'gzip'] as const).find((known) => ctx.acceptsEncodings(known) === known);
  if (encoding !== undefined) {
    ctx.set('content-encoding', encoding);
    ctx.body = await encoded(asset, encoding);
  } else {
    ctx.body = asset.body;
  }
};

/** Serves `/assets/…`; createWebApp has it in. */
export const serveAssets: Middleware = async (ctx, next) => {
  if (!ctx.path.startsWith('/assets/')) {
    await next();
    return;
  }
  const name = names.find((candidate) => ctx.path.endsWith(`/${candidate}`));
  if (name === undefined) throw new HttpError('not_found', { reason: 'asset' });
  await answer(ctx, name);
};
