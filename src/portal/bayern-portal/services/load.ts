import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { publicAuthorityFields } from '../../../config/authority.ts';
import { inBothLanguages } from '../../../config/citizen-text.ts';
import { aboutFile, checkYaml, locate } from '../../../config/checked.ts';
import { createFiles, walk, type Reading, type Tree } from '../../../config/files.ts';
import { brandingWith, createLogos } from '../../../config/logo.ts';
import type { Finding, Issue } from '../../../config/report.ts';
import type { FilesLoader, LoadedFiles } from '../../module-api/files-reload.ts';
import type { Places } from '../places/places.ts';
import { createSearchIndex } from '../search/search-index.ts';
import type { Authority, Catalogue, Service } from './catalogue.ts';
import { serviceFile, type ServiceFile } from './service-file.ts';

/** Files directly in config/services belong to this authority. */
const stateAuthority = 'bayern';

/** Of an authority's file what citizens read; what it grants to clients is checked by Bayern-ID. */
const authorityFile = z.looseObject({ name: inBothLanguages, ...publicAuthorityFields });

const yamlFile = /\.ya?ml$/;
const largestFile = 64 * 1024;

export interface ServiceLoaderOptions {
  /** Holds authorities/ and services/. */
  readonly directory: string;
  /** What `${NAME}` stands for in the files. */
  readonly variables: Readonly<Record<string, string>>;
  readonly production: boolean;
  readonly places: Places;
}

export type ServiceLoader = FilesLoader<Catalogue>;

/** Whether a municipality is one that citizens can choose: else nobody would ever see its services. */
const areaIssues = ({ area }: z.output<typeof authorityFile>, places: Places): Issue[] => {
  if (area === undefined || area === 'bayern') return [];
  const path = ['area', 'municipality' in area ? 'municipality' : 'county'];
  if (places.countyName(area.county) === undefined)
    return [{ path: ['area', 'county'], message: `${area.county} is no county or independent city of Bavaria` }];
  return 'municipality' in area && places.named(area.municipality, area.county) === undefined
    ? [{ path, message: `${area.municipality} is no place in ${places.countyName(area.county)} that can be chosen` }]
    : [];
};

const serviceIssues = (path: string, file: ServiceFile, production: boolean): Issue[] => [
  ...(basename(path).replace(yamlFile, '') === file.service
    ? []
    : [{ path: ['service'], message: `the file must be named ${file.service}.yaml` }]),
  ...(file.documents.de.length === file.documents.en.length
    ? []
    : [{ path: ['documents'], message: 'the lists of both languages must have the same length' }]),
  ...(production && file.online.startsWith('http:') ? [{ path: ['online'], message: 'must be https' }] : []),
];

/**
 * Reads config/services and what citizens are shown of config/authorities. All or nothing: with one broken file there is
 * no catalogue, only findings.
 */
export const createServiceLoader = (options: ServiceLoaderOptions): ServiceLoader => {
  const { variables, production, places } = options;
  const folders = {
    authorities: join(options.directory, 'authorities'),
    services: join(options.directory, 'services'),
  };
  const files = createFiles(largestFile);
  const logos = createLogos();
  let before: ReadonlyMap<string, Reading> = new Map();

  const authorityOf = (path: string): string =>
    relative(folders.services, path).split(sep).slice(0, -1)[0] ?? stateAuthority;

  const readAuthorities = async (
    now: Map<string, Reading>,
    paths: readonly string[],
  ): Promise<{ readonly authorities: ReadonlyMap<string, Authority>; readonly findings: Finding[] }> => {
    const authorities = new Map<string, Authority>();
    const findings: Finding[] = [];
    for (const path of paths) {
      const reading = await files.read(path);
      now.set(path, reading);
      const { value, findings: wrong } = checkYaml(path, reading, authorityFile, variables);
      findings.push(...wrong);
      if (!value) continue;
      const logo = await logos.read(path, value.branding);
      if (logo && value.branding?.logo !== undefined) now.set(join(dirname(path), value.branding.logo), logo);
      const { branding, issues } = brandingWith(value.branding, logo);
      findings.push(...locate(path, reading, [...issues, ...areaIssues(value, places)]));
      const id = basename(path).replace(yamlFile, '');
      authorities.set(id, {
        id,
        name: value.name,
        area: value.area ?? 'bayern',
        ...(value.office ? { office: value.office } : {}),
        ...(branding ? { branding } : {}),
      });
    }
    return { authorities, findings };
  };

  const load = async (trees: {
    readonly authorities: Tree;
    readonly services: Tree;
  }): Promise<LoadedFiles<Catalogue>> => {
    const now = new Map<string, Reading>();
    const own = trees.authorities.files.filter((path) => dirname(path) === folders.authorities);
    const { authorities, findings } = await readAuthorities(now, own);
    const all = new Map<string, Service>();
    const paths = new Map<string, string>();
    for (const path of trees.services.files) {
      const reading = await files.read(path);
      now.set(path, reading);
      const { value, findings: wrong } = checkYaml(path, reading, serviceFile, variables);
      findings.push(...wrong);
      if (!value) continue;
      const authority = authorities.get(authorityOf(path));
      const id = `${authorityOf(path)}/${value.service}`;
      const issues = serviceIssues(path, value, production);
      if (!authority)
        issues.push({ path: [], message: `needs a valid file config/authorities/${authorityOf(path)}.yaml` });
      const other = paths.get(id);
      if (other !== undefined) issues.push({ path: ['service'], message: `${other} has this service already` });
      findings.push(...locate(path, reading, issues));
      paths.set(id, path);
      if (authority) all.set(id, { ...value, id, authority });
    }
    files.forgetUnread();
    logos.forgetUnread();
    const changed = now.size !== before.size || [...now].some(([path, reading]) => before.get(path) !== reading);
    before = now;
    const broken = findings.some(({ severity }) => severity === 'error');
    const offering = new Map([...all.values()].map(({ authority }) => [authority.id, authority]));
    return {
      ...(broken ? {} : { set: { all, authorities: offering, index: createSearchIndex([...all.values()]) } }),
      findings,
      changed,
      fileOf: (id) => paths.get(id),
      directories: new Map([...trees.authorities.directories, ...trees.services.directories]),
    };
  };

  return {
    async load() {
      try {
        const [authorities, services] = await Promise.all([
          walk(folders.authorities, yamlFile),
          walk(folders.services, yamlFile),
        ]);
        return await load({ authorities, services });
      } catch (error) {
        const fault = (error as NodeJS.ErrnoException).code;
        if (fault === undefined) throw error;
        return {
          findings: [aboutFile(options.directory, `cannot be read (${fault})`)],
          changed: true,
          directories: new Map(),
          fileOf: () => undefined,
        };
      }
    },
  };
};
