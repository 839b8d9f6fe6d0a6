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

/** Names that operators know from everywhere else. */
const wellKnown: Readonly<Record<string, readonly string[]>> = {
  DATABASE_URL: ['storage', 'database_url'],
  REDIS_URL: ['storage', 'redis', 'url'],
};

const readSecretFile = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    throw new ConfigError([
      {
        file: `environment ${name}`,
        line: 1,
        column: 1,
        key: '',
        severity: 'error',
        message: `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      },
    ]);
  }
};

/**
 * Settings from the environment: `BAYERN_ID__ID__ISSUER` sets `id.issuer`; with the ending `__FILE` the value is read
 * from that file, so that secrets need not stand in the environment. Values are YAML scalars.
 */
const fromEnvironment = (env: NodeJS.ProcessEnv): { path: readonly string[]; value: unknown; name: string }[] =>
  Object.entries(env).flatMap(([name, raw]) => {
    if (raw === undefined || raw === '') return [];
    const ending = name.startsWith('BAYERN_ID__') ? '__FILE' : '_FILE';
    const isFile = name.endsWith(ending);
    const bare = isFile ? name.slice(0, -ending.length) : name;
    const path =
      wellKnown[bare] ?? (bare.startsWith(prefix) ? bare.slice(prefix.length).toLowerCase().split('__') : undefined);
    if (!path) return [];
    return [
      { name, path, value: isFile ? readSecretFile(name, raw) : wellKnown[bare] ? raw : (parseScalar(raw) as unknown) },
    ];
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

const hasAt = (value: unknown, path: readonly PropertyKey[]): boolean => {
  let at = value;
  for (const key of path) {
    if (!isTree(at) || !(String(key) in at)) return false;
    at = at[String(key)];
  }
  return true;
};

/**
 * Reads `bayern-id.yaml`, on a developer's machine `development.yaml` over it, then the environment, and checks the
 * whole against one schema.
 *
 * @throws ConfigError naming file, line and key of everything that is wrong, at once.
 */
export const loadSettings = <Schema extends z.ZodType>(
  directory: string,
  schema: Schema,
  env: NodeJS.ProcessEnv,
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
  }
  const settings = files.reduce<unknown>((merged, yaml) => merge(merged, yaml.value ?? {}), {}) as Tree;
  const overrides = fromEnvironment(env);
  for (const { path, value } of overrides) setAt(settings, path, value);

  const result = schema.safeParse(settings, { reportInput: true });
  if (result.success) return result.data;
  const findings = result.error.issues.flatMap((issue): Finding[] => {
    const over = overrides.find(({ path }) => path.every((key, i) => issue.path[i] === key));
    const source = files.findLast((yaml) => hasAt(yaml.value, issue.path)) ?? files[0];
    if (!source) return [];
    const found = findingsOf(source, [issue], (path) => keysOf(schema, path));
    return over ? found.map((f) => ({ ...f, file: `environment ${over.name}`, line: 1, column: 1 })) : found;
  });
  throw new ConfigError(findings);
};
