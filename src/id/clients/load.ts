import { basename, dirname, join, relative, sep } from 'node:path';
import { aboutFile, checkYaml, locate, type Checked } from '../../config/checked.ts';
import { addDirectory, createFiles, walk, type Reading, type Tree } from '../../config/files.ts';
import { brandingWith, createLogos } from '../../config/logo.ts';
import type { Finding } from '../../config/report.ts';
import { createSlices } from '../../config/slices.ts';
import { authorityFile, type Authority, type AuthorityFile } from './authority.ts';
import type { RelyingParty } from './client.ts';
import { collisions, type ClientEntry } from './collisions.ts';
import { beyondLimits } from './limits.ts';
import { credentialsOf, fileKeys, type References } from './references.ts';
import { clientFile, identifier, type ClientFile } from './schema.ts';
import { soundness } from './soundness.ts';

/** Files directly in config/clients belong to this authority. */
export const stateAuthority = 'bayern';

/** Clients with public subjects share one sector; no authority can have its name. */
export const publicSector = '*';

export interface ClientSet {
  /** A client whose file, authority, keys and secrets are unchanged is the same object from set to set. */
  readonly clients: ReadonlyMap<string, RelyingParty>;
  readonly authorities: ReadonlyMap<string, Authority>;
}

export interface LoadedClients {
  /** Absent when anything is wrong: a set is used whole or not at all. */
  readonly set?: ClientSet;
  readonly findings: readonly Finding[];
  /** Whether anything differs from what the same loader loaded before. */
  readonly changed: boolean;
  /** Where changes would show: the folders of the files and of what they refer to, as `watchDirectories` takes them. */
  readonly directories: ReadonlyMap<string, string>;
  /** The file in which a client stands. */
  fileOf(clientId: string): string | undefined;
}

export interface ClientLoaderOptions {
  /** Holds authorities/ and clients/. */
  readonly directory: string;
  /** What `${NAME}` stands for in the files, such as BAYERN_PORTAL_ORIGIN. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly production: boolean;
  /** Opens nothing that the files refer to: for a check where secrets and keys are not at hand. */
  readonly withoutSecrets?: boolean;
}

export interface ClientLoader {
  /** Reads what has changed since the last time, in slices. One call at a time. Never rejects because of a file. */
  load(): Promise<LoadedClients>;
}

/** Bytes of a client's file, and of each that it refers to: parsing more at once would hold up requests. */
const largestFile = 32 * 1024;

/** Files that are read side by side. */
const batch = 64;

const yamlFile = /\.ya?ml$/;

/** A client's file with all that was found out about it, and from what. */
interface Entry extends ClientEntry {
  readonly checked: Checked<ClientFile>;
  readonly authority: Authority | undefined;
  /** What file and authority come to by themselves. With an error among it nothing is opened that the file refers to. */
  readonly judged: readonly Finding[];
  readonly references: References;
  readonly findings: readonly Finding[];
}

/** An authority's file, and with its logo the authority. */
interface AuthorityEntry {
  readonly reading: Reading;
  readonly file: Checked<AuthorityFile>;
  readonly logo: Reading | undefined;
  readonly checked: Checked<Authority>;
}

const broken = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === 'error');

const authorityId = (path: string): string => basename(path).replace(yamlFile, '');

const sectorOf = (file: ClientFile, authority: Authority): string =>
  file.subject_type === 'public' ? publicSector : `${authority.id}/${file.sector ?? file.client_id}`;

/**
 * Reads config/authorities and config/clients, the first time all of it and then only what has changed. All or nothing:
 * with one broken file there is no set, only findings.
 */
export const createClientLoader = (options: ClientLoaderOptions): ClientLoader => {
  const { variables, production, env, withoutSecrets = false } = options;
  const authorityFolder = join(options.directory, 'authorities');
  const clientFolder = join(options.directory, 'clients');
  const files = createFiles(largestFile);
  const logos = createLogos();
  let authorities: ReadonlyMap<string, AuthorityEntry> = new Map();
  let entries: ReadonlyMap<string, Entry> = new Map();

  const authorityOf = (path: string): string =>
    relative(clientFolder, path).split(sep).slice(0, -1)[0] ?? stateAuthority;

  const checkAuthority = (path: string, reading: Reading): Checked<AuthorityFile> => {
    if (!identifier.safeParse(authorityId(path)).success)
      return { findings: [aboutFile(path, 'the name must be of small letters, digits and hyphens')] };
    return checkYaml(path, reading, authorityFile, variables);
  };

  const withLogo = (
    path: string,
    reading: Reading,
    { value, findings }: Checked<AuthorityFile>,
    logo: Reading | undefined,
  ): Checked<Authority> => {
    if (!value) return { findings };
    const { branding: look, ...file } = value;
    const { branding, issues } = brandingWith(look, logo);
    const authority = { ...file, id: authorityId(path), ...(branding ? { branding } : {}) };
    return { value: authority, findings: [...findings, ...locate(path, reading, issues)] };
  };

  const readAuthorities = async (paths: readonly string[]): Promise<typeof authorities> => {
    const read = new Map<string, AuthorityEntry>();
    for (const path of paths) {
      const reading = await files.read(path);
      const before = authorities.get(path);
      const file = before?.reading === reading ? before.file : checkAuthority(path, reading);
      const logo = await logos.read(path, file.value?.branding);
      const unchanged = before?.file === file && before.logo === logo;
      read.set(path, unchanged ? before : { reading, file, logo, checked: withLogo(path, reading, file, logo) });
    }
    logos.forgetUnread();
    return read;
  };

  const judge = (path: string, reading: Reading, file: ClientFile, authority: Authority | undefined): Finding[] => {
    if (authority)
      return locate(path, reading, [...beyondLimits(file, authority, production), ...soundness(file, production)]);
    const id = authorityOf(path);
    return locate(path, reading, [{ path: [], message: `needs a valid file config/authorities/${id}.yaml` }]);
  };

  type Judged = Pick<Entry, 'reading' | 'checked' | 'authority' | 'judged'>;

  const judgedFile = (path: string, reading: Reading, of: ReadonlyMap<string, Authority>): Judged => {
    const before = entries.get(path);
    const checked = before?.reading === reading ? before.checked : checkYaml(path, reading, clientFile, variables);
    const authority = of.get(authorityOf(path));
    if (before?.checked === checked && before.authority === authority) return before;
    const judged = checked.value ? judge(path, reading, checked.value, authority) : [];
    return { reading, checked, authority, judged };
  };

  const referredBy = ({ checked: { value }, judged }: Judged): string[] =>
    value === undefined || broken(judged) || withoutSecrets
      ? []
      : fileKeys.flatMap((key) => (value[key] === undefined ? [] : [value[key]]));

  const finished = (path: string, half: Judged, references: References): Entry => {
    const before = entries.get(path);
    const unchanged = [...references].every(([name, reading]) => before?.references.get(name) === reading);
    if (before === half && unchanged) return before;
    const { reading, checked, authority, judged } = half;
    const { value: file } = checked;
    const entry = { reading, checked, authority, judged, references, ...(file ? { file } : {}) };
    if (!file || !authority || broken(judged)) return { ...entry, findings: [...checked.findings, ...judged] };
    const { credentials, issues } = credentialsOf(file, references, withoutSecrets ? undefined : env, Date.now());
    const { id, name, branding } = authority;
    const look = branding && { name, branding };
    const party = { file, authority: id, sector: sectorOf(file, authority), ...(look ? { look } : {}), ...credentials };
    return { ...entry, party, findings: [...judged, ...locate(path, reading, issues)] };
  };

  const readClients = async (
    paths: readonly string[],
    of: ReadonlyMap<string, Authority>,
    pause: () => Promise<void>,
  ): Promise<Map<string, Entry>> => {
    const read = new Map<string, Entry>();
    for (let from = 0; from < paths.length; from += batch) {
      const some = paths.slice(from, from + batch);
      const readings = await Promise.all(some.map((path) => files.read(path)));
      const halves: Judged[] = [];
      for (const [i, path] of some.entries()) {
        halves.push(judgedFile(path, readings[i] as Reading, of));
        await pause();
      }
      const named = [...new Set(halves.flatMap(referredBy))];
      const found = new Map(await Promise.all(named.map(async (name) => [name, await files.read(name)] as const)));
      for (const [i, path] of some.entries()) {
        const half = halves[i] as Judged;
        read.set(
          path,
          finished(path, half, new Map(referredBy(half).map((name) => [name, found.get(name) as Reading]))),
        );
        await pause();
      }
    }
    return read;
  };

  const sameIn = <Value>(before: ReadonlyMap<string, Value>, now: ReadonlyMap<string, Value>): boolean =>
    before.size === now.size && [...now].every(([key, value]) => before.get(key) === value);

  const load = async ([authorityTree, clientTree]: readonly [Tree, Tree]): Promise<LoadedClients> => {
    const pause = createSlices();
    const own = authorityTree.files.filter((path) => dirname(path) === authorityFolder);
    const nowAuthorities = await readAuthorities(own);
    const valid = new Map<string, Authority>();
    for (const { checked } of nowAuthorities.values()) if (checked.value) valid.set(checked.value.id, checked.value);
    const now = await readClients(clientTree.files, valid, pause);
    files.forgetUnread();
    const changed = !sameIn(authorities, nowAuthorities) || !sameIn(entries, now);
    authorities = nowAuthorities;
    entries = now;

    const findings = [...nowAuthorities.values()].flatMap(({ checked }) => checked.findings);
    const clients = new Map<string, RelyingParty>();
    const paths = new Map<string, string>();
    const directories = new Map([...authorityTree.directories, ...clientTree.directories]);
    for (const [path, entry] of now) {
      findings.push(...entry.findings);
      if (entry.party) clients.set(entry.party.file.client_id, entry.party);
      if (entry.file) paths.set(entry.file.client_id, path);
      for (const name of entry.references.keys()) await addDirectory(directories, dirname(name));
      await pause();
    }
    findings.push(...(await collisions(now, pause)));
    return {
      ...(broken(findings) ? {} : { set: { clients, authorities: valid } }),
      findings,
      changed,
      directories,
      fileOf: (clientId) => paths.get(clientId),
    };
  };

  return {
    async load() {
      let trees: readonly [Tree, Tree];
      try {
        trees = await Promise.all([walk(authorityFolder, yamlFile), walk(clientFolder, yamlFile)]);
      } catch (error) {
        const fault = (error as NodeJS.ErrnoException).code ?? 'error';
        const findings = [aboutFile(options.directory, `cannot be read (${fault})`)];
        return { findings, changed: true, directories: new Map(), fileOf: () => undefined };
      }
      return load(trees);
    },
  };
};
