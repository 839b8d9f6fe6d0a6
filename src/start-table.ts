import type { App } from './app.ts';

const row = (cells: readonly string[], widths: readonly number[]): string =>
  `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();

const titles: Readonly<Record<string, string>> = {
  id: 'Bayern-ID',
  'bayern-portal': 'Bayern-Portal',
  fuehrungszeugnis: 'Führungszeugnis',
  spielwiese: 'Playground for developers',
  'eid-simulator': 'eID simulator',
};

/** What a newcomer needs after `npm start`: where to go, as whom, and how to stop. */
export const startTable = (app: App, seconds: number): string => {
  const addresses = Object.entries(app.addresses).map(([part, address]) => [titles[part] ?? part, `${address}/`]);
  const accounts = (app.persons?.accounts ?? []).map(({ login, password, given_name: given, family_name: family }) => [
    `${given} ${family}`,
    login,
    password,
  ]);
  const cards = (app.persons?.cards ?? []).map(({ title, purpose }) => [title, purpose.en]);
  const widths = (rows: readonly (readonly string[])[]): number[] =>
    [0, 1].map((column) => Math.max(0, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const block = (heading: string, rows: readonly (readonly string[])[]): string[] => [
    '',
    heading,
    ...rows.map((cells) => row(cells, widths(rows))),
  ];
  return [
    `Bayern-ID is ready (${seconds.toFixed(1)} s). Test environment: use no real data.`,
    ...block('Addresses (begin at Bayern-Portal)', addresses),
    ...block('Accounts: user name and password', accounts),
    ...block('Cards in the eID simulator, PIN 123456', cards),
    '',
    'Stop with Ctrl+C. Accounts are kept in data/.',
  ].join('\n');
};
