import type { z } from 'zod';
import type { Reading } from './files.ts';
import { keysOf } from './keys.ts';
import { findingsOf, type Finding, type Issue } from './report.ts';
import { parseYaml } from './yaml.ts';

export interface Checked<Value> {
  /** Absent when anything is wrong. */
  readonly value?: Value;
  readonly findings: readonly Finding[];
}

/** A finding about a file as a whole. */
export const aboutFile = (file: string, message: string): Finding => ({
  file,
  line: 1,
  column: 1,
  key: '',
  message,
  severity: 'error',
});

/** Parses a file again to say where its keys stand: places are needed so rarely that none are kept. */
export const locate = (path: string, reading: Reading, issues: readonly Issue[]): Finding[] => {
  if (issues.length === 0 || !('text' in reading)) return [];
  const yaml = parseYaml(path, reading.text);
  return issues.map(({ path: at, severity, ...what }): Finding => ({
    file: path,
    ...yaml.locate(at),
    key: at.join('.'),
    severity: severity ?? 'error',
    ...what,
  }));
};

/** `${NAME}` in texts and keys, so that one file serves every installation. */
const expand = (
  value: unknown,
  variables: Readonly<Record<string, string>>,
  path: readonly string[],
  issues: Issue[],
): unknown => {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => {
      const known = variables[name];
      if (known === undefined)
        issues.push({ path, message: `\${${name}} is not known; known are ${Object.keys(variables).join(', ')}` });
      return known ?? whole;
    });
  if (Array.isArray(value)) return value.map((item, i) => expand(item, variables, [...path, String(i)], issues));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        expand(key, variables, path, issues) as string,
        expand(item, variables, [...path, key], issues),
      ]),
    );
  return value;
};

/**
 * A YAML file against its schema.
 *
 * @param variables what `${NAME}` stands for in it.
 */
export const checkYaml = <S extends z.ZodType>(
  path: string,
  reading: Reading,
  schema: S,
  variables: Readonly<Record<string, string>>,
): Checked<z.output<S>> => {
  if (!('text' in reading)) return { findings: [aboutFile(path, `cannot be read (${reading.fault})`)] };
  const yaml = parseYaml(path, reading.text);
  if (yaml.errors.length > 0)
    return { findings: yaml.errors.map((e) => ({ file: path, key: '', severity: 'error' as const, ...e })) };
  const issues: Issue[] = [];
  const value = expand(yaml.value ?? {}, variables, [], issues);
  if (issues.length > 0) return { findings: locate(path, reading, issues) };
  const result = schema.safeParse(value, { reportInput: true });
  return result.success
    ? { value: result.data, findings: [] }
    : { findings: findingsOf(yaml, result.error.issues, (at) => keysOf(schema, at)) };
};
