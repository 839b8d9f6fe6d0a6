import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findAusweisApp } from '../../src/simulators/ausweisapp.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import {
  cpuSeconds,
  endAll,
  freshCheckout,
  ownPorts,
  residentMemory,
  run,
  type PortSettings,
  type Run,
} from '../support/process.ts';

let checkout: ReturnType<typeof freshCheckout>;
let ports: PortSettings;
let runs: Run[];

beforeEach(async () => {
  checkout = freshCheckout();
  ports = await ownPorts();
  runs = [];
});
afterEach(async () => {
  await endAll(runs);
  checkout.remove();
});

const start = (env: Readonly<Record<string, string | undefined>> = {}, args: readonly string[] = ['start']): Run => {
  const started = run('npm', args, { cwd: checkout.directory, env: { ...ports.env, NODE_ENV: undefined, ...env } });
  runs.push(started);
  return started;
};

/** Tells the command itself, as whoever looks after processes does: nothing that it has started may outlive it. */
const stop = async ({ child, ended }: Run): Promise<number | null> => {
  child.kill('SIGTERM');
  return ended;
};

/** What Bayern-ID says itself: npm repeats the script that it runs, and says that it failed. */
const ownLines = (started: Run): string[] =>
  started
    .output()
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:npm (?:warn|notice|error)|> )/.test(line));

describe('npm start on a fresh checkout', () => {
  test('is ready, small and quiet; a second start keeps accounts and sessions (SR-08)', async () => {
    const connections = join(checkout.directory, 'connections');
    const first = start({
      NODE_OPTIONS: `--require ${resolve('tests/support/record-connections.cjs')}`,
      BAYERN_ID_TEST_CONNECTIONS: connections,
    });
    await first.says('Ctrl+C');
    expect(residentMemory(first.tree())).toBeLessThan(300);
    expect(ownLines(first).join('\n')).not.toMatch(/warn|error|deprecat/i);
    for (const word of [ports.issuer, ports.portal, 'erika', 'Ctrl+C']) expect(first.output()).toContain(word);

    const person = createPerson();
    const logIn = async (who: Person): Promise<Page> =>
      who.submit(await who.visit(`${ports.portal}/login`), '/passwort', {
        login: 'erika',
        password: 'zwiebel-turm-laterne',
      });
    const page = await logIn(person);
    expect(textOf(page)).toContain('Erika Mustermann');
    const question = await person.submit(await person.visit(ports.portal), '/abmelden');
    expect(textOf(await person.submit(question, '/session/end/confirm'))).toContain('Bayern-Portal');
    await logIn(person);
    await stop(first);
    // Over login, logout and a login anew nothing was called but what is configured.
    const targets = [...new Set(readFileSync(connections, 'utf8').trim().split('\n'))];
    // The portal at Bayern-ID, Bayern-ID at the eID-Server: what is recorded is not nothing.
    expect(targets).toContain('connect localhost');
    expect(targets.filter((line) => !/^\w+ (?:localhost|127\.0\.0\.1|::1)$/.test(line))).toEqual([]);

    const second = start();
    await second.says('is ready');
    expect(textOf(await person.visit(ports.portal))).toContain('Erika Mustermann');
    expect((await person.visit(`${ports.portal}/login`)).url.origin).toBe(ports.portal);
    await stop(second);
  });

  test('is ready within ten seconds', async () => {
    for (const made of ['dist', 'data', 'certs'])
      rmSync(join(checkout.directory, made), { recursive: true, force: true });
    const started = start();
    await started.says('is ready');
    // Other suites run beside this one; a machine that does nothing else takes no longer than the CPU it needs.
    expect(cpuSeconds(started.tree())).toBeLessThan(10);
    await stop(started);
  });

  test('a taken port ends it with one line that names it', async () => {
    const taken = createServer().listen(ports.idPort, '127.0.0.1');
    try {
      const started = start();
      expect(await started.ended).not.toBe(0);
      expect(ownLines(started)).toHaveLength(1);
      expect(ownLines(started)[0]).toContain(String(ports.idPort));
      expect(started.output()).not.toContain('    at ');
    } finally {
      taken.close();
    }
  });

  test('an unusable data folder ends it with one line that names it', async () => {
    // A file where the folder should be stops root as well, which no permission does.
    writeFileSync(join(checkout.directory, 'data'), '');
    const started = start();
    expect(await started.ended).not.toBe(0);
    expect(ownLines(started)).toHaveLength(1);
    expect(ownLines(started)[0]).toContain('data');
    expect(started.output()).not.toContain('    at ');
  });

  test('SC-03: a broken setting ends it with file, line, key and the nearest right word', async () => {
    const file = join(checkout.directory, 'config', 'development.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('  issuer:', '  isuer: http://localhost:3000\n  issuer:'));
    const started = start();
    expect(await started.ended).not.toBe(0);
    expect(ownLines(started)).toHaveLength(1);
    expect(started.output()).toMatch(
      /development\.yaml:\d+:\d+: error: id\.isuer: unknown key; did you mean "issuer"\?/,
    );
    expect(started.output()).not.toContain('    at ');
  });
});

describe('npm run start:ausweisapp', () => {
  test('says what to do, and serves https for browser and client', async () => {
    ports = await ownPorts('https');
    const started = start({}, ['run', 'start:ausweisapp']);
    await started.says('Ctrl+C');
    const said = ownLines(started).join('\n');
    expect(said).not.toMatch(/"severity"|deprecat/i);
    expect(said).toContain('The real AusweisApp (Test-PKI, no authenticity)');
    const advice = {
      ready: '/data/ausweisapp/AusweisApp2',
      missing: 'apt-get install ausweisapp2',
      unfit: 'only the card built into 1.26',
    };
    expect(said).toContain(advice[(await findAusweisApp()).kind]);
    const authority = join(checkout.directory, 'data', 'ausweisapp', 'bayern-id-test.cvcert.hex');
    expect(readFileSync(authority).subarray(0, 2).toString('hex')).toBe('7f21');
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, readFileSync(join(checkout.directory, 'certs', 'ca.pem'), 'utf8')]);
    try {
      const person = createPerson();
      const login = await person.visit(`${ports.portal}/login`);
      expect(login.url.origin).toBe(ports.issuer);
      const eid = await person.submit(login, '/eid');
      expect(eid.body).toContain('http://127.0.0.1:24727/eID-Client?tcTokenURL=https%3A%2F%2Flocalhost%3A');
    } finally {
      setDefaultCACertificates(trusted);
    }
    await stop(started);
  });

  test('is refused in production, and makes nothing', async () => {
    const started = start({ NODE_ENV: 'production' }, ['run', 'start:ausweisapp']);
    expect(await started.ended).not.toBe(0);
    expect(started.output()).toContain('--ausweisapp is for development');
    expect(existsSync(join(checkout.directory, 'data'))).toBe(false);
    expect(existsSync(join(checkout.directory, 'certs', 'ca.pem'))).toBe(false);
  });
});

describe('production', () => {
  const production = (env: Readonly<Record<string, string>> = {}): Run => {
    const started = run(process.execPath, ['--disable-warning=ExperimentalWarning', 'dist/cli.js', 'serve', 'id'], {
      cwd: checkout.directory,
      // A proxy and a mail server that are named: what stands in the way is what each test says.
      env: {
        NODE_ENV: 'production',
        BAYERN_ID__WEB__TRUSTED_PROXIES: '[10.0.0.0/8]',
        BAYERN_ID__ID__MAIL__SMTP__HOST: 'localhost',
        BAYERN_ID__ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
        ...env,
      },
    });
    runs.push(started);
    return started;
  };

  beforeEach(async () => {
    const built = run('npm', ['exec', '--', 'tsc', '--noCheck'], { cwd: checkout.directory });
    runs.push(built);
    await built.ended;
    expect(existsSync(join(checkout.directory, 'dist', 'cli.js'))).toBe(true);
  });

  test('SC-02: refuses to start on development secrets', async () => {
    const secrets = join(checkout.directory, 'data', 'secrets');
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    writeFileSync(join(secrets, 'DEVELOPMENT'), '');
    writeFileSync(join(secrets, 'master.key'), 'A'.repeat(43));
    chmodSync(join(secrets, 'master.key'), 0o600);
    const started = production();
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain('development secrets');
  });

  test('refuses to start without secrets, and makes none', async () => {
    const started = production();
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain('master.key');
    expect(existsSync(join(checkout.directory, 'data', 'secrets', 'master.key'))).toBe(false);
  });

  test('refuses the simulator, test persons and plain http', async () => {
    const started = production({
      BAYERN_ID__SIMULATORS__EID__PAGE_PORT: '3010',
      BAYERN_ID__ID__ISSUER: 'http://id.example.de',
    });
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain('simulators');
    expect(started.output()).toContain('id.issuer');
  });

  test('EI-13, EI-25: refuses to start on certificates of the development PKI, and names setting and file', async () => {
    await ensureDevelopmentPki(join(checkout.directory, 'certs'));
    const started = production({
      BAYERN_ID__ID__EID__SERVER__CA_FILE: 'certs/ca.pem',
      BAYERN_ID__ID__EID__SERVER__SERVER_SIGNER_CERTIFICATE_FILES: '[certs/eid-server-signer.pem]',
    });
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain(
      'id.eid.server.ca_file: certs/ca.pem holds a certificate of the development PKI',
    );
    expect(started.output()).toContain('id.eid.server.server_signer_certificate_files.0: certs/eid-server-signer.pem');
  });

  test('refuses serve all', async () => {
    const started = run(process.execPath, ['dist/cli.js', 'serve', 'all'], {
      cwd: checkout.directory,
      env: { NODE_ENV: 'production' },
    });
    runs.push(started);
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain('development');
  });
});
