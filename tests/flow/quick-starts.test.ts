import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { goOn } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { erika, max } from '../support/journey.ts';
import { describeIf, needFile } from '../support/lack.ts';
import { startLyingProvider, type Lies, type LyingProvider } from '../support/lying-provider.ts';
import { freePort } from '../support/free-port.ts';
import { run, type Run } from '../support/process.ts';

const folder = resolve('docs/quickstarts');
const secret = randomBytes(32).toString('hex');

let app: TestApp;
let liar: LyingProvider;
const ports: Record<string, number> = {};

const languages = ['node', 'python', 'go'] as const;
type Language = (typeof languages)[number];

beforeAll(async () => {
  app = await startTestApp();
  liar = await startLyingProvider();
  for (const language of languages) ports[language] = await freePort();
  // The client's file as the page shows it, with the ports and the folder of this run.
  const shown = readFileSync(join(folder, 'mein-dienst.yaml'), 'utf8');
  const callbacks = languages.map((language) => `http://localhost:${String(ports[language])}/callback`).join(', ');
  const file = shown
    .replace('http://localhost:8080/callback', callbacks)
    .replace('data/secrets/', `${app.settings.storage.directory}/secrets/`);
  writeFileSync(join(app.settings.storage.directory, 'secrets', 'mein-dienst.secret'), `${secret}\n`);
  writeFileSync(join(app.config, 'clients', 'mein-dienst.yaml'), file);
  expect((await app.app.reloadClients()).findings).toEqual([]);
});
afterAll(async () => {
  await liar.close();
  await app.stop();
});

const debianPython = '/usr/bin/python3';
const debianGo = '/usr/bin/go';
const goPath = '/usr/share/gocode';
const goLibrary = (name: string): string => `${goPath}/src/${name}`;

const has = (...needed: readonly [path: string, debianPackage: string][]): boolean =>
  needed.map(([path, debianPackage]) => needFile(path, debianPackage)).every((path) => path !== undefined);

const available: Readonly<Record<Language, boolean>> = {
  node: true,
  python: has(
    [debianPython, 'python3'],
    ['/usr/lib/python3/dist-packages/authlib', 'python3-authlib'],
    ['/usr/lib/python3/dist-packages/requests', 'python3-requests'],
  ),
  go: has(
    [debianGo, 'golang-go'],
    [goLibrary('github.com/coreos/go-oidc'), 'golang-github-coreos-go-oidc-dev'],
    [goLibrary('golang.org/x/oauth2'), 'golang-golang-x-oauth2-dev'],
  ),
};

/** Debian's Go finds Debian's libraries, and nothing is fetched. */
const buildGo = (): string => {
  const program = join(app.data, 'mein-dienst');
  execFileSync(debianGo, ['build', '-o', program, join(folder, 'go/main.go')], {
    env: {
      PATH: '/usr/bin:/bin',
      HOME: app.data,
      GO111MODULE: 'off',
      GOPATH: goPath,
      GOPROXY: 'off',
      CGO_ENABLED: '0',
      GOCACHE: join(app.data, 'go-cache'),
    },
  });
  return program;
};

const commands: Readonly<Record<Language, () => readonly [string, ...string[]]>> = {
  node: () => [process.execPath, join(folder, 'node/server.js')],
  python: () => [debianPython, join(folder, 'python/server.py')],
  go: () => [buildGo()],
};

for (const language of languages)
  describeIf(available[language], `the quick start for ${language}`, () => {
    let command: readonly [string, ...string[]];
    const running: Run[] = [];
    beforeAll(() => {
      command = commands[language]();
    }, 120_000);
    afterAll(async () => {
      for (const { child } of running) child.kill();
      await Promise.all(running.map(({ ended }) => ended));
    });

    const start = async (issuer: string, port: number): Promise<{ origin: string; output: () => string }> => {
      const [program, ...args] = command;
      const started = run(program, args, {
        cwd: app.data,
        env: { ISSUER: issuer, CLIENT_SECRET: secret, PORT: String(port), PYTHONPATH: undefined },
      });
      running.push(started);
      await started.says('Mein Dienst: ');
      return { origin: `http://localhost:${port}`, output: started.output };
    };

    test('logs somebody in with user name and password, then with the card at a higher level', async () => {
      const { origin } = await start(app.issuer, ports[language] ?? 0);
      const person = createPerson();
      const before = await person.visit(`${origin}/`);
      expect(textOf(before)).toContain('Niemand ist angemeldet.');
      const page = await goOn(app, person, await person.follow(before, '/login'), { login: max });
      expect(page.url.href).toBe(`${origin}/`);
      expect(textOf(page)).toContain('Angemeldet: Max Beispiel. Niveau: urn:bayern-id:acr:basic');

      const withCard = createPerson();
      const asked = await withCard.visit(`${origin}/ausweis`);
      const proved = await goOn(app, withCard, asked, { login: erika, card: 'erika' });
      expect(textOf(proved)).toContain('Angemeldet: ERIKA MUSTERMANN. Niveau: http://eidas.europa.eu/LoA/high');

      const refused = await person.submit(await person.visit(`${origin}/ausweis`), '/abbrechen');
      expect([refused.url.origin, refused.status]).toEqual([origin, 400]);
      expect(textOf(refused)).toContain('Die Anmeldung hat nicht geklappt.');
    });

    test('believes a login that is sound and refuses one that is not', async () => {
      const { origin, output } = await start(liar.issuer, await freePort());
      const tryIt = async (lies: Lies): Promise<string> => {
        liar.lies = lies;
        return textOf(await createPerson().visit(`${origin}/login`));
      };
      expect(await tryIt({})).toContain('Angemeldet: Erika Mustermann.');
      const now = Math.floor(Date.now() / 1000);
      const lies: Readonly<Record<string, Lies>> = {
        'a foreign key': { signature: 'foreign' },
        'no signature': { signature: 'none' },
        'another issuer': { claims: { iss: 'https://other.example' } },
        'another audience': { claims: { aud: 'other' } },
        'another nonce': { claims: { nonce: 'other' } },
        'no nonce': { claims: { nonce: undefined } },
        'a token that has expired': { claims: { iat: now - 7200, exp: now - 3600 } },
        'another state': { answer: { state: 'other' } },
        'the answer of another provider': { answer: { iss: 'https://other.example' } },
        'userinfo of somebody else': { userinfoSub: 'other' },
      };
      const believed: string[] = [];
      for (const [name, lie] of Object.entries(lies)) {
        const text = await tryIt(lie);
        if (!text.includes('Die Anmeldung hat nicht geklappt.')) believed.push(`${name}: ${text}`);
      }
      expect({ believed, output: believed.length > 0 ? output() : '' }).toEqual({ believed: [], output: '' });
    });
  });
