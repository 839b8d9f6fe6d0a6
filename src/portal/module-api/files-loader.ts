import type { z } from 'zod';
import { aboutFile, checkYaml, locate } from '../../config/checked.ts';
import { createFiles, walk, type Reading } from '../../config/files.ts';
import type { Finding, Issue } from '../../config/report.ts';
import type { FilesLoader } from './files-reload.ts';

const yamlFile = /\.ya?ml$/;
const largestFile = 64 * 1024;

/** What a file is called, without folder and ending. */
export const fileName = (path: string): string => path.replace(/^.*[\\/]/, '').replace(yamlFile, '');

/**
 * Reads a folder of YAML files of one kind.
 *
 * @param options.variables what `${NAME}` stands for in the files.
 * @param options.begin made anew for every reading: tells what is wrong with a file beside those that came before, and makes the set.
 */
export const createYamlFilesLoader = <Schema extends z.ZodType, All>(options: {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly schema: Schema;
  readonly idOf: (file: z.output<Schema>) => string;
  readonly begin: () => {
    check(path: string, file: z.output<Schema>): readonly Issue[];
    set(files: ReadonlyMap<string, z.output<Schema>>): All;
  };
}): FilesLoader<All> => {
  const { directory, variables, schema, idOf } = options;
  const files = createFiles(largestFile);
  let before: ReadonlyMap<string, Reading> = new Map();

  return {
    async load() {
      let tree;
      try {
        tree = await walk(directory, yamlFile);
      } catch (error) {
        const fault = (error as NodeJS.ErrnoException).code ?? 'error';
        return {
          findings: [aboutFile(directory, `cannot be read (${fault})`)],
          changed: true,
          directories: new Map(),
          fileOf: () => undefined,
        };
      }
      const now = new Map<string, Reading>();
      for (const path of tree.files) now.set(path, await files.read(path));
      files.forgetUnread();
      const changed = now.size !== before.size || [...now].some(([path, reading]) => before.get(path) !== reading);
      before = now;

      const findings: Finding[] = [];
      const all = new Map<string, z.output<Schema>>();
      const paths = new Map<string, string>();
      const reading = options.begin();
      for (const [path, read] of now) {
        const { value, findings: wrong } = checkYaml(path, read, schema, variables);
        findings.push(...wrong);
        if (value === undefined) continue;
        findings.push(...locate(path, read, reading.check(path, value)));
        all.set(idOf(value), value);
        paths.set(idOf(value), path);
      }
      const broken = findings.some(({ severity }) => severity === 'error');
      return {
        ...(broken ? {} : { set: reading.set(all) }),
        findings,
        fileOf: (id) => paths.get(id),
        changed,
        directories: tree.directories,
      };
    },
  };
};
