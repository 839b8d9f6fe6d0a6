import type { z } from 'zod';
import type { YamlFile } from './yaml.ts';

/** One thing that is wrong with a file, in words that name the place and, where there is one, the nearest right word. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path of the key. */
  readonly key: string;
  readonly message: string;
  /** The known word that is nearest to a mistyped one; the message names it too. */
  readonly nearest?: string;
  /** A warning does not keep the file from being used. */
  readonly severity: 'error' | 'warning';
}

/** Something about one key of a file, before anybody has looked where the key stands. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly nearest?: string;
  readonly severity?: 'warning';
}

/** Thrown at start: nothing runs on a configuration that is not understood to the last key. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    super(findings.map(formatFinding).join('\n'));
    this.findings = findings;
  }
}

export const formatFinding = (f: Finding): string =>
  `${f.file}:${f.line}:${f.column}: ${f.severity}: ${f.key === '' ? '' : `${f.key}: `}${f.message}`;

/** Edit distance in which two letters in the wrong order count as one mistake, as they do for people (Damerau). */
const distance = (a: string, b: string): number => {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const simple = Math.min(at(i - 1, j - 1) + (same ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1);
      row.push(swapped ? Math.min(simple, at(i - 2, j - 2) + 1) : simple);
    }
  }
  return at(a.length, b.length);
};

/** The known word nearest to a mistyped one, if it is near enough to be meant (a third of its letters). */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, d: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.d - b.d);
  const best = ranked[0];
  return best && best.d <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
};

/** Message and `nearest` of a finding about a word that is not known. */
export const unknownWord = (
  message: string,
  word: string,
  known: readonly string[],
): Pick<Finding, 'message' | 'nearest'> => {
  const near = nearest(word, known);
  return near === undefined ? { message } : { message: `${message}; did you mean "${near}"?`, nearest: near };
};

/** Turns zod's issues into findings at their place in the file. `keysAt` names the keys that a mapping may have. */
export const findingsOf = (
  yaml: YamlFile,
  issues: readonly z.core.$ZodIssue[],
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): Finding[] =>
  issues.flatMap((issue): Finding[] => {
    const at = (path: readonly PropertyKey[], what: Pick<Finding, 'message' | 'nearest'>): Finding => ({
      file: yaml.file,
      ...yaml.locate(path),
      key: path.map(String).join('.'),
      ...what,
      severity: 'error',
    });
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => at([...issue.path, key], unknownWord('unknown key', key, keysAt(issue.path))));
    if (issue.code === 'invalid_value' && typeof issue.input === 'string')
      return [at(issue.path, unknownWord(issue.message, issue.input, issue.values.map(String)))];
    const missing = issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
    return [at(issue.path, { message: missing ? 'is missing' : issue.message })];
  });
