import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { partNames, startApp, type PartName } from '../app.ts';
import { guideToAusweisApp, type AusweisAppGuide } from '../simulators/ausweisapp.ts';
import type { Settings } from '../settings.ts';
import { startTable } from '../start-table.ts';
import { createLog } from '../web/log.ts';
import { startMonitoring } from '../web/monitoring.ts';
import { Misunderstood } from './context.ts';
import { reportToSupervisor, workerVariable } from './worker-messages.ts';
import { NotStarted, startWorkers } from './workers.ts';

export const serveUsage = `bayern-id serve all|${partNames.join('|')}   start parts
bayern-id serve <part> --workers <n>   the same in so many processes that share its port
bayern-id serve all --ausweisapp  the same for the real AusweisApp (development)`;

export interface ServeContext {
  readonly production: boolean;
  readonly configDirectory: string;
  /** `overlay` is one more file of a developer's machine. */
  load(overlay?: string): Settings;
}

/** `npm run start:ausweisapp`: what it does otherwise than `npm start`. */
const ausweisAppOverlay = join('development', 'ausweisapp.yaml');

/** ms that requests may take to end after the listeners have closed. */
const grace = 20_000;

/** Simulators keep what they play in memory: two of them would be two worlds. */
const alone: ReadonlySet<string> = new Set<PartName>(['eid-simulator', 'payment-simulator']);

interface Wanted {
  readonly names: readonly string[];
  readonly everything: boolean;
  readonly workers: number;
  readonly ausweisapp: boolean;
}

const read = (args: readonly string[]): Wanted => {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { workers: { type: 'string', default: '1' }, ausweisapp: { type: 'boolean', default: false } },
  });
  const unknown = names.find((name) => name !== 'all' && !(partNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Misunderstood(`unknown part "${unknown}"\n${serveUsage}`);
  if (names.length === 0) throw new Misunderstood(serveUsage);
  if (!/^[1-9]\d?$/.test(values.workers)) throw new Misunderstood('serve: --workers is a number from 1 to 99');
  return { names, everything: names.includes('all'), workers: Number(values.workers), ausweisapp: values.ausweisapp };
};

const refuse = ({ names, everything, workers, ausweisapp }: Wanted, production: boolean): void => {
  if (ausweisapp && production)
    throw new Error('--ausweisapp is for development: its certificates and its card are authentic to nobody');
  if (everything && production)
    throw new Error('serve all is for development: in production each part is started by its name');
  if (workers > 1 && (everything || names.some((name) => alone.has(name))))
    throw new Error('serve: simulators keep what they play in memory and have one process');
};

/** @throws where files are the store: each write of one process would make the others stand still. */
const refuseFiles = ({ workers }: Wanted, { storage }: Settings): void => {
  if (workers > 1 && storage.database_url === undefined)
    throw new Error('serve: more than one worker needs PostgreSQL (DATABASE_URL): files have one process');
};

const guide = async ({ simulators, web }: Settings): Promise<AusweisAppGuide | undefined> => {
  const folder = simulators?.eid.ausweisapp?.directory;
  if (folder === undefined || web.tls === undefined) return undefined;
  return guideToAusweisApp(folder, readFileSync(web.tls.certificate_file, 'utf8'));
};

/** Resolves when the process is asked to end; a second signal while draining changes nothing. */
const untilSignal = async (reload: () => void): Promise<void> => {
  process.on('SIGHUP', reload);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
  process.off('SIGHUP', reload);
};

/** The process that starts the workers: it has the monitoring port, and no part of its own. */
const supervise = async (wanted: Wanted, settings: Settings, context: ServeContext): Promise<number> => {
  const log = createLog({ least: context.production ? 'info' : 'warn' });
  const drain = settings.web.drain_seconds * 1000;
  try {
    const workers = await startWorkers({ count: wanted.workers, log, patience: drain + grace + 10_000 });
    const { monitoring_port: port } = settings.web;
    const monitoring = port > 0 ? await startMonitoring({ port, ...workers.monitored, log }) : undefined;
    console.log(JSON.stringify({ event: 'started', workers: wanted.workers, ...workers.addresses }));
    await untilSignal(() => workers.reload());
    const code = await workers.stop();
    await monitoring?.close(0);
    return code;
  } catch (error) {
    if (error instanceof NotStarted) return error.exitCode;
    throw error;
  }
};

const serveHere = async (wanted: Wanted, settings: Settings, context: ServeContext): Promise<number> => {
  const { production, configDirectory } = context;
  const { everything, workers } = wanted;
  const app = await startApp({
    settings: cluster.isWorker ? { ...settings, web: { ...settings.web, monitoring_port: 0 } } : settings,
    configDirectory,
    production,
    parts: everything ? partNames : (wanted.names as readonly PartName[]),
    env: process.env,
    log: createLog({
      least: production ? 'info' : 'warn',
      ...(cluster.isWorker ? { fields: { worker: process.env[workerVariable] } } : {}),
    }),
    exampleLetters: everything,
    processes: workers,
  });
  if (cluster.isWorker) reportToSupervisor(app.addresses, app.monitored);
  else if (everything) console.log(startTable(app, process.uptime(), await guide(settings)));
  else console.log(JSON.stringify({ event: 'started', ...app.addresses }));
  await untilSignal(() => void app.reloadClients());
  app.drain();
  await pause(settings.web.drain_seconds * 1000);
  await app.close(grace);
  return 0;
};

/** `bayern-id serve`: runs until it is told to end. @returns the exit code. */
export const serveCommand = async (args: readonly string[], context: ServeContext): Promise<number> => {
  const wanted = read(args);
  refuse(wanted, context.production);
  const settings = context.load(wanted.ausweisapp ? ausweisAppOverlay : undefined);
  refuseFiles(wanted, settings);
  if (wanted.workers > 1 && cluster.isPrimary) return supervise(wanted, settings, context);
  try {
    return await serveHere(wanted, settings, context);
  } finally {
    // The channel to the supervisor would keep the process.
    cluster.worker?.disconnect();
  }
};
