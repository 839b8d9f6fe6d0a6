import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { endAll, ownPorts, run, type Run } from '../process.ts';
import { builtProgram } from './build.ts';
import { makeInstallation, type Installation } from './installation.ts';

export interface Alone {
  readonly issuer: string;
  readonly simulator: string;
  readonly installation: Installation;
  /** The process of Bayern-ID. */
  readonly id: Run;
  /** The eID-Server's. */
  readonly eidServer: Run;
  readonly dataFolder: string;
  close(): Promise<void>;
}

export interface AloneOptions {
  /** Settings, without the prefix. */
  readonly set?: Readonly<Record<string, string>>;
  /** Further variables of Bayern-ID's process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called before the start, with the folder of the configuration. */
  readonly prepare?: (configuration: string) => void;
  /** MB of a disk of its own for everything that is written; it takes the right to mount. */
  readonly disk?: number;
}

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args).status === 0;

/** Whether this user may mount a disk of a few MB in memory. */
export const canMount = (): boolean =>
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0;

/** Bayern-ID as one process on SQLite, as a newcomer starts it, with the eID simulator in another one. */
export const startAlone = async ({ set = {}, env = {}, prepare, disk }: AloneOptions = {}): Promise<Alone> => {
  const program = await builtProgram();
  const installation = makeInstallation(4);
  const dataFolder = join(installation.home, 'data');
  prepare?.(join(installation.home, 'config'));
  mkdirSync(dataFolder, { mode: 0o700 });
  if (disk !== undefined && !mount('-t', 'tmpfs', '-o', `size=${disk}m,mode=700`, 'bayern-id-test', dataFolder))
    throw new Error('no disk could be mounted');
  const ports = await ownPorts();
  const settings = { WEB__LISTEN: '[127.0.0.1]', ...set };
  const common = {
    ...ports.env,
    NODE_ENV: undefined,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`BAYERN_ID__${name}`, value])),
  };
  const runs: Run[] = [];
  const close = async (): Promise<void> => {
    await endAll(runs);
    if (disk !== undefined) spawnSync('umount', [dataFolder]);
    rmSync(installation.home, { recursive: true, force: true });
  };
  const launch = async (part: string, own: Readonly<Record<string, string>>): Promise<Run> => {
    const started = run(process.execPath, [join(program, 'dist', 'cli.js'), 'serve', part], {
      cwd: installation.home,
      env: { ...common, ...own },
    });
    runs.push(started);
    await started.says('"event":"started"');
    return started;
  };
  try {
    const eidServer = await launch('eid-simulator', {});
    const id = await launch('id', env);
    return {
      issuer: ports.issuer,
      simulator: ports.env['BAYERN_ID__SIMULATORS__EID__PAGE_ORIGIN'] ?? '',
      installation,
      id,
      eidServer,
      dataFolder,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** A service that is told of logouts: it counts them, and answers or does not. */
export interface ToldService {
  readonly id: string;
  readonly redirectUri: string;
  readonly told: () => number;
  /** Its file, into a folder of configuration. */
  write(configuration: string): void;
  close(): void;
}

export const startToldService = async (id: string, answers: boolean): Promise<ToldService> => {
  let told = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    told += 1;
    if (answers) response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  return {
    id,
    redirectUri,
    told: () => told,
    write(configuration) {
      const file = {
        client_id: id,
        client_name: `Dienst ${id}`,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'none',
        scope: 'openid',
        consent: 'none',
        legal_basis: 'Art. 6 DSGVO',
        backchannel_logout_uri: `${origin}/logout`,
      };
      writeFileSync(join(configuration, 'clients', `${id}.yaml`), stringify(file));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
};
