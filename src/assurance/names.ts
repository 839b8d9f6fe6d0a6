import { levels, type Level } from './levels.ts';

/** How a client wants levels to be spelt in `acr`: by eIDAS (the default) or as BundID's STORK names. */
export type AcrNaming = 'eidas' | 'stork';

const spelling: Readonly<Record<AcrNaming, Readonly<Record<Level, string>>>> = {
  eidas: {
    basic: 'urn:bayern-id:acr:basic',
    low: 'http://eidas.europa.eu/LoA/low',
    substantial: 'http://eidas.europa.eu/LoA/substantial',
    high: 'http://eidas.europa.eu/LoA/high',
  },
  stork: {
    basic: 'STORK-QAA-Level-1',
    low: 'STORK-QAA-Level-2',
    substantial: 'STORK-QAA-Level-3',
    high: 'STORK-QAA-Level-4',
  },
};

/** Scopes by which services of older portals ask for a level. */
export const levelScopes: Readonly<Record<string, Level>> = {
  level1: 'basic',
  level2: 'low',
  level3: 'substantial',
  level4: 'high',
};

const known = new Map<string, Level>([
  ...levels.map((level) => [level, level] as const),
  ...levels.map((level) => [spelling.eidas[level], level] as const),
  ...levels.map((level) => [spelling.stork[level], level] as const),
  ...Object.entries(levelScopes),
]);

/** The value of `acr` for a level under the client's naming. */
export const acrOf = (level: Level, naming: AcrNaming = 'eidas'): string => spelling[naming][level];

/** The level that a requested value names, in any accepted spelling; undefined for a name that nobody knows. */
export const levelOf = (value: string): Level | undefined => known.get(value);

/** Every spelling that a request may use, for `acr_values_supported`; level scopes are scopes, so they are not listed. */
export const acrValues: readonly string[] = [
  ...levels.map((level) => spelling.eidas[level]),
  ...levels.map((level) => spelling.stork[level]),
  ...levels,
];
