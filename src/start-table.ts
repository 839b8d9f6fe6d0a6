import { createHash, X509Certificate } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { App } from './app.ts';
import type { AusweisAppGuide } from './simulators/ausweisapp.ts';

const row = (cells: readonly string[], widths: readonly number[]): string =>
  `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();

const titles: Readonly<Record<string, string>> = {
  id: 'Bayern-ID',
  'bayern-portal': 'Bayern-Portal',
  'mein-postfach': 'Mein Postfach',
  bezahlsystem: 'Bezahlsystem',
  fuehrungszeugnis: 'Führungszeugnis',
  registerbehoerde: 'Registerbehörde',
  spielwiese: 'Playground for developers',
  'eid-simulator': 'eID simulator',
  'payment-simulator': 'Payment simulator',
};

/** The public key of a certificate (PEM), as Chromium wants to be told what to trust. */
const keyHash = (certificate: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

/** A path for the shell, from wherever it is. */
const shellPath = (path: string): string => {
  const whole = resolve(path);
  return /[^\w./-]/.test(whole) ? `'${whole.replaceAll("'", "'\\''")}'` : whole;
};

/** What to do for a login with the real client, or why it cannot be done here. */
const ausweisAppSteps = (guide: AusweisAppGuide, begin: string): string[] => {
  const { state, directory, prepared } = guide;
  if (state.kind === 'missing')
    return ['The AusweisApp is not installed: apt-get install ausweisapp2 (Debian 12), then start again.'];
  if (state.kind === 'unfit')
    return [
      `AusweisApp ${state.version} is installed, but only the card built into 1.26 (Debian 12) can be used:`,
      'later ones check Terminal Authentication against an authority whose key is not public.',
    ];
  if (prepared === undefined) return [];
  return [
    `1. Start the client, AusweisApp ${state.version}, from the copy that trusts the test PKI:`,
    `     XDG_CONFIG_HOME=${shellPath(prepared.configHome)} ${shellPath(prepared.program)}`,
    '2. Open a browser that trusts the development certificate, with a profile of its own:',
    `     chromium --user-data-dir=${shellPath(join(directory, 'browser'))} \\`,
    `       --ignore-certificate-errors-spki-list=${keyHash(guide.tlsCertificate)} ${begin}`,
    '3. Log in with the Online-Ausweis. The card, Erika Mustermann, is in the simulated reader. The client asks whether',
    '   you know the PIN: say yes and proceed to PIN entry; then nobody asks for it.',
  ];
};

/** What a newcomer needs after `npm start`: where to go, as whom, and how to stop. */
export const startTable = (app: App, seconds: number, ausweisApp?: AusweisAppGuide): string => {
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
    ...(ausweisApp
      ? block(
          'The real AusweisApp (Test-PKI, no authenticity)',
          ausweisAppSteps(ausweisApp, `${app.addresses['bayern-portal'] ?? ''}/`).map((step) => [step]),
        )
      : block('Cards in the eID simulator, PIN 123456', cards)),
    '',
    'Stop with Ctrl+C. Accounts are kept in data/.',
  ].join('\n');
};
