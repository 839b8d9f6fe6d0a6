import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { addBrandingRoutes } from '../../web/branding.ts';
import { HttpError } from '../../web/http-error.ts';
import { localeOf, messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import type { RelyingParty } from '../relying-party/relying-party.ts';
import { profileName } from '../relying-party/profile-name.ts';
import { catalogues } from './i18n/messages.ts';
import { keepsBack, readOverview, type OverviewDeps } from './overview/overview.ts';
import type { Sources } from './overview/sources.ts';
import { authorityPage } from './pages/authority-page.tsx';
import type { Frame } from './pages/frame.ts';
import { listPage } from './pages/list-page.tsx';
import { placePage } from './pages/place-page.tsx';
import { servicePage } from './pages/service-page.tsx';
import { startPage } from './pages/start-page.tsx';
import { readListQuery } from './paths.ts';
import type { Place, Places } from './places/places.ts';
import type { Catalogue } from './services/catalogue.ts';
import { listServices, offersOf, oftenWanted } from './services/listing.ts';
import type { BayernPortalSettings } from './settings.ts';

export interface PortalParts {
  readonly settings: BayernPortalSettings;
  readonly catalogue: () => Catalogue;
  readonly places: Places;
  readonly sources: Sources;
  readonly overview: OverviewDeps;
}

const parameter = (ctx: Context, name: string): string =>
  (ctx as Context & { params: Record<string, string | undefined> }).params[name] ?? '';

/** Bayern-Portal's own pages: open to everybody, and a little more for who is logged in. */
export const addPortalRoutes = (router: Router, relyingParty: RelyingParty, parts: PortalParts): void => {
  const { settings, catalogue, places } = parts;

  const show = (ctx: Context, page: (frame: Frame) => VNode, status?: number): void =>
    renderPage(ctx, page({ page: pageContext(ctx), t: messages(ctx, catalogues), places: places.size }), status);

  /** What an address says about the place: an id, or what somebody typed. */
  const placesFor = (text: string): readonly Place[] => {
    const known = places.byId(text);
    return known ? [known] : places.find(text);
  };

  addBrandingRoutes(router, (authority) => catalogue().authorities.get(authority)?.branding);

  router.get('/', async (ctx) => {
    const session = await relyingParty.session(ctx);
    const person = session && {
      name: profileName(session),
      level: session.level,
      overview: await readOverview(parts.sources, (audience) => relyingParty.apiToken(ctx, audience), parts.overview),
    };
    // Perhaps she has shown her card elsewhere meanwhile.
    if (person && keepsBack(person.overview) && (await relyingParty.renew(ctx))) return;
    const view = {
      person,
      often: oftenWanted(catalogue(), localeOf(ctx)),
      fuehrungszeugnis: `${settings.fuehrungszeugnis_origin}/fuehrungszeugnis`,
      modules: { postfach: settings.mein_postfach_origin, bezahlsystem: settings.bezahlsystem_origin },
    };
    show(ctx, (frame) => startPage(view, frame));
  });

  router.get('/leistungen', (ctx) => {
    const asked = readListQuery(ctx.querystring);
    // Who types a postal code into the one field that is seen first means the place.
    const typedPlace = asked.place === '' && /^\d{5}$/.test(asked.search) ? asked.search : asked.place;
    const query = typedPlace === asked.place ? asked : { ...asked, search: '', place: typedPlace };
    const found = query.place === '' ? [] : placesFor(query.place);
    if (found.length > 1) return show(ctx, (frame) => placePage({ query, found }, frame));
    const [place] = found;
    const locale = localeOf(ctx);
    const wanted = { ...query, place };
    const listing = listServices(catalogue(), wanted, locale);
    const nothing = query.search !== '' && listing.groups.length === 0 && listing.guesses.length === 0;
    const view = {
      query,
      place,
      unknownPlace: query.place !== '' && place === undefined,
      ...listing,
      ...(nothing
        ? {
            similar: catalogue().index.similar(query.search, locale),
            elsewhere: place ? listServices(catalogue(), { ...wanted, place: undefined }, locale).groups.length : 0,
          }
        : {}),
    };
    return show(ctx, (frame) => listPage(view, frame));
  });

  router.get('/leistungen/:authority/:service', async (ctx) => {
    const service = catalogue().all.get(`${parameter(ctx, 'authority')}/${parameter(ctx, 'service')}`);
    if (!service) throw new HttpError('not_found', { reason: 'service' });
    const place = places.byId(readListQuery(ctx.querystring).place);
    const session = await relyingParty.session(ctx);
    show(ctx, (frame) => servicePage({ service, place, level: session?.level }, frame));
  });

  router.get('/behoerden/:id', (ctx) => {
    const authority = catalogue().authorities.get(parameter(ctx, 'id'));
    if (!authority) throw new HttpError('not_found', { reason: 'authority' });
    const services = offersOf(catalogue(), authority, localeOf(ctx));
    const { area } = authority;
    const county = area === 'bayern' ? undefined : places.countyName(area.county);
    show(ctx, (frame) => authorityPage({ authority, services, county }, frame));
  });
};
