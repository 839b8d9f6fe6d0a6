import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';

/** A checkout as a newcomer has it after `npm ci`: no dist, no data, no certificates. */
export const freshCheckout = (): { directory: string; remove(): void } => {
  const directory = mkdtempSync(join(tmpdir(), 'bayern-id-checkout-'));
  for (const name of ['package.json', 'tsconfig.json', '.npmrc', 'src', 'config', 'docs/quickstarts'])
    cpSync(name, join(directory, name), { recursive: true });
  mkdirSync(join(directory, 'certs'));
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};

export interface PortSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly issuer: string;
  readonly portal: string;
  readonly idPort: number;
}

/**
 * Development's settings on ports of their own, so that a test never meets a server that somebody else has started. With
 * https they are those of `npm run start:ausweisapp`.
 */
export const ownPorts = async (scheme: 'http' | 'https' = 'http'): Promise<PortSettings> => {
  const [id, portal, fz, pages, soap, mtls] = (await Promise.all(Array.from({ length: 6 }, freePort))) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [playground, paos, postfach, payment, bezahl, bezahlTls] = (await Promise.all(
    Array.from({ length: 6 }, freePort),
  )) as [number, number, number, number, number, number];
  const register = await freePort();
  const origin = (port: number): string => `${scheme}://localhost:${port}`;
  const settings: Record<string, string> = {
    ID__ISSUER: origin(id),
    ID__PORT: String(id),
    ID__MUTUAL_TLS__ORIGIN: `https://localhost:${mtls}`,
    ID__MUTUAL_TLS__PORT: String(mtls),
    ID__EID__SERVER__ADDRESS: `https://localhost:${soap}/eid`,
    ...(scheme === 'http'
      ? {
          ID__EID__CLIENT__DESKTOP: `${origin(pages)}/eID-Client`,
          ID__EID__CLIENT__MOBILE: `${origin(pages)}/eID-Client`,
        }
      : {
          ID__EID__SERVER__PAOS_ADDRESSES: `[https://localhost:${paos}/paos]`,
          SIMULATORS__EID__AUSWEISAPP__PAOS_PORT: String(paos),
        }),
    BAYERN_PORTAL__ORIGIN: origin(portal),
    BAYERN_PORTAL__PORT: String(portal),
    BAYERN_PORTAL__FUEHRUNGSZEUGNIS_ORIGIN: origin(fz),
    BAYERN_PORTAL__MEIN_POSTFACH_ORIGIN: origin(postfach),
    BAYERN_PORTAL__BEZAHLSYSTEM_ORIGIN: origin(bezahl),
    MEIN_POSTFACH__ORIGIN: origin(postfach),
    MEIN_POSTFACH__PORT: String(postfach),
    MEIN_POSTFACH__PORTAL_ORIGIN: origin(portal),
    BEZAHLSYSTEM__ORIGIN: origin(bezahl),
    BEZAHLSYSTEM__PORT: String(bezahl),
    BEZAHLSYSTEM__PORTAL_ORIGIN: origin(portal),
    BEZAHLSYSTEM__MEIN_POSTFACH_ORIGIN: origin(postfach),
    BEZAHLSYSTEM__PROVIDERS__SANDBOX__ORIGIN: origin(payment),
    BEZAHLSYSTEM__MUTUAL_TLS__ORIGIN: `https://localhost:${bezahlTls}`,
    BEZAHLSYSTEM__MUTUAL_TLS__PORT: String(bezahlTls),
    FUEHRUNGSZEUGNIS__ORIGIN: origin(fz),
    FUEHRUNGSZEUGNIS__PORT: String(fz),
    FUEHRUNGSZEUGNIS__PORTAL_ORIGIN: origin(portal),
    FUEHRUNGSZEUGNIS__MEIN_POSTFACH_ORIGIN: origin(postfach),
    FUEHRUNGSZEUGNIS__BEZAHLSYSTEM__ORIGIN: origin(bezahl),
    REGISTERBEHOERDE__ORIGIN: origin(register),
    REGISTERBEHOERDE__PORT: String(register),
    SPIELWIESE__ORIGIN: origin(playground),
    SPIELWIESE__PORT: String(playground),
    SIMULATORS__EID__PAGE_PORT: String(pages),
    SIMULATORS__EID__SOAP_PORT: String(soap),
    SIMULATORS__EID__PAGE_ORIGIN: origin(pages),
    SIMULATORS__PAYMENT__PORT: String(payment),
    SIMULATORS__PAYMENT__ORIGIN: origin(payment),
    WEB__MONITORING_PORT: '0',
  };
  return {
    env: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`BAYERN_ID__${key}`, value])),
    issuer: origin(id),
    portal: origin(portal),
    idPort: id,
  };
};

export interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves once the output contains the text, so many times; rejects when the process ends before. */
  says(what: string | RegExp, times?: number): Promise<void>;
  readonly ended: Promise<number | null>;
  /** The process and its descendants, by id. */
  readonly tree: () => number[];
}

const children = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
      const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    });
  } catch {
    return [];
  }
};

/** A process and its descendants, by id. */
export const treeOf = (pid: number): number[] => [pid, ...children(pid).flatMap(treeOf)];

/** Runs a command and listens to what it says. */
export const run = (
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string | undefined>> },
): Run => {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  const ended = new Promise<number | null>((fulfil) => child.on('close', fulfil));
  return {
    child,
    output: () => output,
    ended,
    says: (what, times = 1) =>
      new Promise((fulfil, reject) => {
        const look = (): void => {
          if (output.split(what).length > times) fulfil();
        };
        listeners.add(look);
        look();
        void ended.then((code) =>
          reject(new Error(`ended with ${String(code)} before saying "${String(what)}":\n${output}`)),
        );
      }),
    tree: () => (child.pid === undefined ? [] : treeOf(child.pid)),
  };
};

/** CPU time of processes and of their children that have ended, in seconds (proc(5): utime, stime, cutime, cstime). */
export const cpuSeconds = (pids: readonly number[]): number => {
  const ticks = pids.flatMap((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
};

/** Ends whatever is left of these runs, the youngest processes first. */
export const endAll = async (runs: readonly Run[]): Promise<void> => {
  for (const { tree, ended } of runs) {
    for (const pid of tree().toReversed())
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    await ended;
  }
};

/** Resident memory of processes together, in MB. */
export const residentMemory = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    try {
      const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return sum + Number(line ?? 0) / 1024;
    } catch {
      return sum;
    }
  }, 0);
