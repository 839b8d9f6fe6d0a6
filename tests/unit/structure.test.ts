import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Import {
  readonly from: string;
  /** A path in src, or the name of a package. */
  readonly to: string;
  /** Gone once compiled. */
  readonly typeOnly: boolean;
}

const files = globSync('src/**/*.{ts,tsx}').map((file) => normalize(file));
const text = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

const imports: readonly Import[] = [...text].flatMap(([from, source]) =>
  [...source.matchAll(/^(?:import|export)\b( type\b)?[^;]*?from '([^']+)';|^import '([^']+)';/gms)].map(
    ([, type, named, bare]) => {
      const to = named ?? bare ?? '';
      return {
        from,
        typeOnly: type !== undefined,
        to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*).*/, '$1'),
      };
    },
  ),
);

const inside = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const offending = (wrong: (found: Import) => boolean): string[] =>
  imports.filter(wrong).map(({ from, to }) => `${from} → ${to}`);

describe('dependencies point one way', () => {
  test('the reader sees what is there', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(500);
    expect(imports).toContainEqual({ from: 'src/id/oidc/provider.ts', to: 'oidc-provider', typeOnly: false });
    expect(imports).toContainEqual({ from: 'src/main.ts', to: 'src/cli.ts', typeOnly: false });
  });

  test('assurance imports nothing but itself', () =>
    expect(offending(({ from, to }) => inside(from, 'src/assurance') && !inside(to, 'src/assurance'))).toEqual([]));

  test('identity knows no koa, no store and no provider', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/id/identity') &&
          !inside(to, 'src/assurance', 'src/id/identity') &&
          !['src/id/audit/events.ts', 'src/mail/address.ts'].includes(to),
      ),
    ).toEqual([]));

  test('the grounds know no part', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/config', 'src/storage', 'src/web', 'src/mail') &&
          inside(to, 'src/id', 'src/portal', 'src/simulators'),
      ),
    ).toEqual([]));

  test('the services know nothing of Bayern-ID but its protocol', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/portal') && (inside(to, 'src/id', 'src/simulators') || to === 'oidc-provider'),
      ),
    ).toEqual([]));

  const services = ['bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'spielwiese'];
  const partOf = (path: string): string | undefined =>
    services.find((service) => inside(path, `src/portal/${service}`));

  test('services know one another by their APIs alone', () =>
    expect(
      offending(({ from, to }) => {
        const [one, other] = [partOf(from), partOf(to)];
        return other !== undefined && inside(from, 'src/portal') && one !== other;
      }),
    ).toEqual([]));

  test('one kit logs in at every service', () => {
    const kit = 'src/portal/relying-party';
    const users = imports.filter(({ to }) => to === `${kit}/module.ts`).map(({ from }) => from);
    for (const app of [...services.map((service) => `${service}/app.ts`), 'fuehrungszeugnis/office/app.ts'])
      expect(users).toContain(`src/portal/${app}`);
    expect(files.filter((file) => inside(file, kit)).length).toBeLessThan(40);
    // The playground shows the protocol step by step, so it speaks it itself; `module-api` gets a module's own tokens.
    expect(
      offending(
        ({ from, to }) =>
          to === 'openid-client' &&
          !inside(from, kit, 'src/portal/module-api', 'src/portal/spielwiese/conversation.ts'),
      ),
    ).toEqual([]);
    expect(offending(({ from, to }) => inside(from, kit) && inside(to, 'src/portal') && !inside(to, kit))).toEqual([]);
  });

  test('Bayern-ID knows neither services nor simulators', () =>
    expect(offending(({ from, to }) => inside(from, 'src/id') && inside(to, 'src/portal', 'src/simulators'))).toEqual(
      [],
    ));

  test('of Bayern-ID the simulators know the protocol of TR-03130 alone', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/simulators') &&
          inside(to, 'src/id', 'src/portal') &&
          !inside(to, 'src/id/authentication/eid/tr03130', 'src/id/authentication/eid/port.ts'),
      ),
    ).toEqual([]));

  test('only oidc/ sees the library', () =>
    expect(offending(({ from, to }) => to === 'oidc-provider' && !inside(from, 'src/id/oidc'))).toEqual([]));

  test('methods of logging in know no flow, no provider and no journal', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/id/authentication') &&
          inside(to, 'src/id/interaction', 'src/id/oidc', 'src/id/audit', 'src/id/records'),
      ),
    ).toEqual([]));

  test('the provider knows no flow and no page', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(from, 'src/id/oidc') && inside(to, 'src/id/interaction', 'src/id/records', 'src/id/authentication'),
      ),
    ).toEqual([]));

  test('nothing imports the composition root but what starts it', () =>
    expect(
      offending(
        ({ from, to }) =>
          inside(to, 'src/app.ts', 'src/main.ts') &&
          !['src/cli.ts', 'src/cli/serve.ts', 'src/start-table.ts', 'src/main.ts'].includes(from),
      ),
    ).toEqual([]));

  test('no ring of files', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports)
      if (inside(to, 'src') && !typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
    const rings: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) rings.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const next of graph.get(file) ?? []) {
          walk(next, [...path, file]);
        }
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);
    expect(rings).toEqual([]);
  });
});

describe('what no file may have', () => {
  const lines = (pattern: RegExp): string[] =>
    [...text].flatMap(([file, source]) =>
      source.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );

  test('no markup around the renderer’s escaping, no inline style or script', () =>
    expect(lines(/dangerouslySetInnerHTML|\sstyle=[{"]|\son(?:click|submit|load|change|input|error)=/i)).toEqual([]));
  test('nothing of Intl that is made for each page: each holds memory that V8 does not see (ADR 74)', () => {
    const once = /^(?:export )?const \w+ = new Intl\.|perLocale\(\(locale\) =>\s+new Intl\./gm;
    const each = /new Intl\.|\.toLocale(?:Date|Time)?String\(/;
    expect([...text.values()].filter((source) => source.search(once) >= 0).length).toBeGreaterThan(8);
    expect([...text].filter(([, source]) => each.test(source.replaceAll(once, ''))).map(([file]) => file)).toEqual([]);
  });
  test('no folder of leftovers', () =>
    expect(files.filter((file) => /\/(?:utils|helpers|common|interfaces|dto)\//.test(file))).toEqual([]));
  test('no file of more than 450 lines', () =>
    expect(
      [...text]
        .filter(([file, source]) => source.split('\n').length > 450 && !file.includes('/texts/'))
        .map(([file]) => file),
    ).toEqual([]));
});
