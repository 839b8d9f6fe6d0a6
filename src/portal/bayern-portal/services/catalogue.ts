import type { Area } from '../../../config/authority.ts';
import type { InBoth } from '../../../config/citizen-text.ts';
import type { Branding } from '../../../config/branding.ts';
import type { Place } from '../places/places.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { ServiceFile } from './service-file.ts';

/** An authority as far as citizens are concerned. */
export interface Authority {
  readonly id: string;
  readonly name: InBoth;
  /** Whose authority it is; the state's when its file says nothing. */
  readonly area: Area;
  readonly office?: { readonly address: readonly string[]; readonly hours?: InBoth | undefined };
  readonly branding?: Branding;
}

export interface Service extends ServiceFile {
  /** `<authority>/<service>`, also its path below /leistungen. */
  readonly id: string;
  readonly authority: Authority;
}

/** Everything that is offered, as the files say at one moment. */
export interface Catalogue {
  readonly all: ReadonlyMap<string, Service>;
  /** Those that offer something. */
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly index: SearchIndex;
}

/** Whether an authority is there for a place: the place's own, its county's, or the state's. */
export const covers = ({ area }: Authority, place: Place): boolean => {
  if (area === 'bayern') return true;
  if (area.county !== place.county) return false;
  return !('municipality' in area) || area.municipality === place.name;
};

/** How near an authority is: the town hall before the county, the county before the state. */
export const nearness = ({ area }: Authority): 0 | 1 | 2 => {
  if (area === 'bayern') return 2;
  return 'municipality' in area ? 0 : 1;
};
