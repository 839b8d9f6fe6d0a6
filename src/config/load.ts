import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseScalar } from 'yaml';
import type { z } from 'zod';
import { keysOf } from './keys.ts';
import { ConfigError, findingsOf, type Finding } from './report.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

export type Environment = 'production' | 'development';

/** `production` only when NODE_ENV says exactly that: everything else is a developer's machine and says so on each page. */
export const environmentOf = (env: NodeJS.ProcessEnv): Environment =>
  env['NODE_ENV'] === 'production' ? 'production' : 'development';

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const merge = (base: unknown, over: unknown): unknown => {
  if (!isTree(base) || !isTree(over)) return over;
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
};

const prefix = 'BAYERN_ID__';

/** Names that operators know from everywhere else; a list has commas. */
const wellKnown: Readonly<Record<string, { readonly path: readonly string[]; readonly list?: true }>> = {
  DATABASE_URL: { path: ['storage', 'database_url'] },
  REDIS_URL: { path: ['storage', 'redis', 'url'] },
  REDIS_SENTINELS: { path: ['storage', 'redis', 'sentinels'], list: true },
  REDIS_SENTINEL_NAME: { path: ['storage', 'redis', 'name'] },
  REDIS_CLUSTER: { path: ['storage', 'redis', 'cluster'], list: true },
};

const wrongVariable = (name: string, message: string): ConfigError =>
  new ConfigError([{ file: `environment ${name}`, line: 1, column: 1, key: '', severity: 'error', message }]);

const readSecretFile = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    throw wrongVariable(name, `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
};

const scalarOf = (name: string, text: string): unknown => {
  try {
    return parseScalar(text) as unknown;
  } catch {
    // The parser's message quotes the value, which may be a secret.
    throw wrongVariable(name, 'the value is not YAML; put it in quotes');
  }
};

interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Of the variable. */
  readonly name: string;
}

/**
 * Settings from the environment: `BAYERN_ID__ID__ISSUER` sets `id.issuer`; with the ending `__FILE` the value is read
 * from that file, so that secrets need not stand in the environment. Values are YAML scalars, but for the well-known
 * names, whose URLs are taken as they are.
 */
const fromEnvironment = (env: NodeJS.ProcessEnv): Override[] =>
  Object.entries(env).flatMap(([name, raw]) => {
    if (raw === undefined || raw === '') return [];
    const ending = name.startsWith(prefix) ? '__FILE' : '_FILE';
    const isFile = name.endsWith(ending);
    const bare = isFile ? name.slice(0, -ending.length) : name;
    const known = wellKnown[bare];
    const path =
      known?.path ?? (bare.startsWith(prefix) ? bare.slice(prefix.length).toLowerCase().split('__') : undefined);
    if (!path) return [];
    const text = isFile ? readSecretFile(name, raw) : raw;
    if (!known) return [{ name, path, value: scalarOf(name, text) }];
    return [{ name, path, value: known.list ? text.split(',').map((item) => item.trim()) : text }];
  });

const setAt = (tree: Tree, path: readonly string[], value: unknown): void => {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const child = isTree(tree[key]) ? { ...tree[key] } : {};
  tree[key] = child;
  setAt(child, rest, value);
};

const readFile = (file: string): YamlFile => {
  const yaml = parseYaml(file, readFileSync(file, 'utf8'));
  if (yaml.errors.length > 0)
    throw new ConfigError(yaml.errors.map((e) => ({ file, key: '', severity: 'error' as const, ...e })));
  return yaml;
};

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((found, key) => (isTree(found) ? found[String(key)] : undefined), value);

const hasAt = (value: unknown, path: readonly PropertyKey[]): boolean => {
  const parent = at(value, path.slice(0, -1));
  return path.length === 0 || (isTree(parent) && String(path.at(-1)) in parent);
};

/** Unknown keys of one mapping may come from a file and from the environment. */
const oneKeyEach = (issue: z.core.$ZodIssue): z.core.$ZodIssue[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];

/** Whether a variable made `place` a mapping by naming something below it, which no file has as one. */
const isBelow = (path: readonly string[], place: readonly PropertyKey[], files: readonly YamlFile[]): boolean =>
  path.length > place.length &&
  place.every((key, i) => path[i] === key) &&
  !files.some((yaml) => isTree(at(yaml.value, place)));

/**
 * Reads `bayern-id.yaml`, on a developer's machine `development.yaml` over it, then the environment, and checks the
 * whole against one schema. `overlay` is one more file of a developer's machine, named from `directory`.
 *
 * @throws ConfigError naming file, line and key of everything that is wrong, at once.
 */
export const loadSettings = <Schema extends z.ZodType>(
  directory: string,
  schema: Schema,
  env: NodeJS.ProcessEnv,
  overlay?: string,
): z.output<Schema> => {
  const base = join(directory, 'bayern-id.yaml');
  if (!existsSync(base))
    throw new ConfigError([
      { file: base, line: 1, column: 1, key: '', severity: 'error', message: 'this file is missing' },
    ]);
  const files = [readFile(base)];
  if (environmentOf(env) !== 'production') {
    const development = join(directory, 'development.yaml');
    if (existsSync(development)) files.push(readFile(development));
    if (overlay !== undefined) files.push(readFile(join(directory, overlay)));
  }
  const settings = files.reduce<unknown>((merged, yaml) => merge(merged, yaml.value ?? {}), {}) as Tree;
  const overrides = fromEnvironment(env);
  for (const { path, value } of overrides) setAt(settings, path, value);

  const result = schema.safeParse(settings, { reportInput: true });
  if (result.success) return result.data;
  const findings = result.error.issues.flatMap(oneKeyEach).flatMap((issue): Finding[] => {
    const place = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : issue.path;
    const over = overrides.find(({ path }) => path.every((key, i) => place[i] === key) || isBelow(path, place, files));
    const source = files.findLast((yaml) => hasAt(yaml.value, place)) ?? files[0];
    if (!source) return [];
    const found = findingsOf(source, [issue], (path) => keysOf(schema, path));
    return over ? found.map((f) => ({ ...f, file: `environment ${over.name}`, line: 1, column: 1 })) : found;
  });
  throw new ConfigError(findings);
};
