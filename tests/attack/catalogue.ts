import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

/**
 * A row of the catalogue of attacks: what is tried, what must come of it, and the files below tests/ in which it is
 * proved, without `.test.ts`; those without a folder are in tests/attack. A row names its tests by their titles, which
 * begin with its id or hold it.
 */
export type CatalogueRow = readonly [id: string, attack: string, expected: string, ...files: readonly string[]];

/** A test, and the suite of the same name that it runs. */
const pathsOf = (file: string): readonly string[] =>
  globSync(`tests/${file.includes('/') ? file : `attack/${file}`}.{test,suite}.ts`);

/** `EI-05 to EI-11` covers what lies between. */
const covers = (title: string, id: string): boolean => {
  const [group = '', number] = id.split('-');
  const range = new RegExp(`${group}-(\\d\\d) to ${group}-(\\d\\d)`).exec(title);
  return (
    title.includes(id) || (range !== null && Number(range[1]) <= Number(number) && Number(number) <= Number(range[2]))
  );
};

/** Titles of tests and describes, and the first words in the rows of their tables. */
const proves = (text: string, id: string): boolean =>
  [...text.matchAll(/(?:(?:test|describe|\))(?:\.each[^\n]*)?\(|describeIf\([^\n]*, )\s*[`'"]([^\n]*)/g)].some(
    ([, title]) => covers(title ?? '', id),
  ) || new RegExp(`(?:\\[|^|\\? )\\s*['"\`][^'"\`\\n]*${id}`, 'm').test(text);

/**
 * Holds rows and tests together: no row without a test, no test of the groups in a file that its row does not name.
 *
 * @param outside beside tests/attack, folders whose tests see the whole from outside: of each row one must be in such a one.
 */
export const testCatalogue = (
  counts: Readonly<Record<string, number>>,
  rows: readonly CatalogueRow[],
  outside: readonly string[] = ['flow/'],
): void => {
  const groups = Object.keys(counts).join('|');
  describe(`groups ${groups.replaceAll('|', ', ')}: each row has its tests`, () => {
    test('the rows are all there', () => {
      expect(rows.map(([id]) => id)).toEqual(
        Object.entries(counts).flatMap(([group, count]) =>
          Array.from({ length: count }, (_, i) => `${group}-${String(i + 1).padStart(2, '0')}`),
        ),
      );
    });

    test.each(rows)('%s: %s → %s', (id, _attack, _expected, ...files) => {
      expect(
        files.filter((file) => !file.includes('/') || outside.some((folder) => file.startsWith(folder))),
      ).not.toEqual([]);
      for (const file of files) {
        const proved = pathsOf(file).some((path) => proves(readFileSync(path, 'utf8'), id));
        expect([file, proved]).toEqual([file, true]);
      }
    });

    test('no test of a row is in another file of tests/attack than the table says', () => {
      const unlisted = globSync('tests/attack/*.{test,suite}.ts').flatMap((path) => {
        const text = readFileSync(path, 'utf8');
        const ids = path.endsWith('catalogue.test.ts')
          ? []
          : [...text.matchAll(new RegExp(`(?<!to)['"\`(\\[ ]((?:${groups})-\\d\\d)(?!\\d)`, 'g'))].map(
              ([, id = '']) => id,
            );
        return [...new Set(ids)]
          .filter(
            (id) =>
              !rows.some(([row, , , ...files]) => row === id && files.some((file) => pathsOf(file).includes(path))),
          )
          .map((id) => `${id} in ${path}`);
      });
      expect(unlisted).toEqual([]);
    });
  });
};
