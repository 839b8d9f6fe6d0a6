import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From dist/id/developers as well as from src/id/developers this is the folder in the source tree. */
const text = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/quickstarts/${file}`, import.meta.url)), 'utf8');

/** The programs that the tests run. Names of languages are the same in every language. */
const programs = {
  node: { name: 'Node', file: 'node/server.js', command: 'node' },
  python: { name: 'Python', file: 'python/server.py', command: '/usr/bin/python3' },
  go: { name: 'Go', file: 'go/main.go', command: 'GO111MODULE=off GOPATH=/usr/share/gocode /usr/bin/go run' },
} as const;

export type Language = keyof typeof programs;
export const languages = Object.keys(programs) as Language[];

export interface QuickStart {
  readonly language: Language;
  readonly name: string;
  /** In the folder of the project. */
  readonly file: string;
  /** What starts it from there. */
  readonly command: string;
  readonly program: string;
}

export interface QuickStarts {
  readonly starts: readonly QuickStart[];
  /** The client's file that goes with every program. */
  readonly clientFile: string;
}

/** Reads the programs that the pages show. Throws when one is missing, so that a start and not a visitor notices. */
export const loadQuickStarts = (): QuickStarts => ({
  starts: languages.map((language) => {
    const { name, file, command } = programs[language];
    return { language, name, file: `docs/quickstarts/${file}`, command, program: text(file) };
  }),
  clientFile: text('mein-dienst.yaml'),
});
