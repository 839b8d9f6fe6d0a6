import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Branding } from '../config/branding.ts';
import { HttpError } from './http-error.ts';

/** What a page needs of an authority's look. */
export interface BrandView {
  readonly styles: string;
  readonly logo?: string;
}

const path = (authority: string, { hash }: Branding, file: string): string =>
  `/behoerden/${authority}/marke/${hash}/${file}`;

/** Addresses of an authority's style and logo at the part that `addBrandingRoutes` was called for. */
export const brandView = (authority: string, branding: Branding | undefined): BrandView | undefined =>
  branding && {
    styles: path(authority, branding, 'stil.css'),
    ...(branding.logo ? { logo: path(authority, branding, 'logo') } : {}),
  };

/** Serves style and logo of authorities, each under an address that changes with its content. */
export const addBrandingRoutes = (router: Router, find: (authority: string) => Branding | undefined): void => {
  const current = (ctx: Context): Branding => {
    const { authority = '', hash } = (ctx as Context & { params: Record<string, string | undefined> }).params;
    const branding = find(authority);
    if (branding?.hash !== hash || branding === undefined) throw new HttpError('not_found', { reason: 'branding' });
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    return branding;
  };
  router.get('/behoerden/:authority/marke/:hash/stil.css', (ctx) => {
    const { styles } = current(ctx);
    ctx.type = 'text/css; charset=utf-8';
    ctx.body = styles;
  });
  router.get('/behoerden/:authority/marke/:hash/logo', (ctx) => {
    const { logo } = current(ctx);
    if (!logo) throw new HttpError('not_found', { reason: 'logo' });
    ctx.type = logo.type;
    ctx.body = logo.body;
  });
};
