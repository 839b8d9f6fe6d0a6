import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { joinMetrics } from '../web/joined-metrics.ts';
import type { Readiness } from '../web/health.ts';
import type { Log } from '../web/log.ts';
import { createMetrics } from '../web/metrics.ts';
import type { Monitored } from '../web/monitoring.ts';
import { workerVariable, type FromWorker, type Told, type ToWorker } from './worker-messages.ts';

export interface Workers {
  /** Where the parts are, once the first worker has started. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Of all workers, asked when it is wanted. */
  readonly monitored: Monitored;
  /** They read the client files again. */
  reload(): void;
  /** Ends them all, each after what it has begun. @returns 0, or 1 when one had to be killed. */
  stop(): Promise<number>;
}

export interface WorkersOptions {
  readonly count: number;
  readonly log: Log;
  /** ms that the workers may take to end. */
  readonly patience: number;
}

/** The first worker has ended before it served; it has said why. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
  readonly exitCode: number;
  constructor(exitCode: number) {
    super('the first worker did not start');
    this.exitCode = exitCode;
  }
}

/** ms before a worker that died is started again: at once after a long life, later the more often it dies. */
const shortestPause = 100;
const longestPause = 30_000;
const longLife = 60_000;

/** ms that a worker may take to tell its numbers. */
const answerTime = 2000;

interface Place {
  readonly number: number;
  worker?: Worker;
  startedAt?: number;
  deaths: number;
  timer?: NodeJS.Timeout;
}

/**
 * Starts so many processes of the same command line, which share the ports: this process accepts connections and hands
 * them out in turn, to those that live. It opens no store and holds no secret. One that dies is replaced.
 *
 * @throws NotStarted when not even the first one comes up: a wrong setting is said once and not by each of them.
 */
export const startWorkers = async ({ count, log, patience }: WorkersOptions): Promise<Workers> => {
  let stopping = false;
  let addresses: Readonly<Record<string, string>> | undefined;
  let questions = 0;
  const waiting = new Map<number, (answer: Told) => void>();
  const metrics = createMetrics();
  const replaced = metrics.counter('workers_replaced_total', 'Workers that died and were started again.');

  const places = Array.from({ length: count }, (_, i): Place => ({ number: i + 1, deaths: 0 }));

  /** Resolves once the worker serves, or with its exit code when it ends before. */
  const start = (place: Place): Promise<number | undefined> =>
    new Promise((resolve) => {
      delete place.startedAt;
      const worker = cluster.fork({ [workerVariable]: String(place.number) });
      place.worker = worker;
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'monitored') {
          waiting.get(message.question)?.(message);
          return;
        }
        place.startedAt = Date.now();
        addresses ??= message.addresses;
        log.info('worker_started', { worker: place.number, pid: worker.process.pid });
        resolve(undefined);
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        delete place.worker;
        resolve(code ?? 1);
        if (!stopping && addresses !== undefined) replace(place, code, signal);
      });
    });

  const replace = (place: Place, code: number | null, signal: string | null): void => {
    const lived = place.startedAt === undefined ? 0 : Date.now() - place.startedAt;
    if (lived >= longLife) place.deaths = 0;
    const pause = Math.min(longestPause, shortestPause * 2 ** place.deaths);
    place.deaths += 1;
    log.error('worker_died', { worker: place.number, code: signal ?? code ?? 'unknown', durationMs: pause });
    replaced.add();
    place.timer = setTimeout(() => void start(place), pause);
  };

  const stop = async (): Promise<number> => {
    stopping = true;
    const living = places.flatMap(({ timer, worker }) => {
      clearTimeout(timer);
      return worker && !worker.isDead() ? [worker] : [];
    });
    let killed = false;
    const giveUp = setTimeout(() => {
      killed = true;
      for (const worker of living) if (!worker.isDead()) worker.process.kill('SIGKILL');
    }, patience);
    const ended = living.map((worker) => once(worker, 'exit'));
    for (const worker of living) worker.process.kill('SIGTERM');
    await Promise.all(ended);
    clearTimeout(giveUp);
    return killed ? 1 : 0;
  };

  const [first, ...others] = places;
  const failed = first && (await start(first));
  if (failed !== undefined) throw new NotStarted(failed);
  await Promise.all(others.map(start));

  const ask = (worker: Worker | undefined): Promise<Told | undefined> =>
    new Promise((resolve) => {
      if (!worker?.isConnected()) return resolve(undefined);
      const question = ++questions;
      const settle = (answer?: Told): void => {
        clearTimeout(timer);
        waiting.delete(question);
        resolve(answer);
      };
      const timer = setTimeout(settle, answerTime);
      waiting.set(question, settle);
      const message: ToWorker = { type: 'monitored', question };
      worker.send(message, (error: Error | null) => {
        if (error) settle();
      });
    });

  return {
    addresses: addresses ?? {},
    monitored: {
      async metrics() {
        const answers = await Promise.all(places.map(({ worker }) => ask(worker)));
        const up = answers.map((answer, i) => `worker_up{worker="${i + 1}"} ${answer === undefined ? 0 : 1}\n`);
        const help = '# HELP worker_up Whether the worker has answered.\n# TYPE worker_up gauge\n';
        const texts = answers.flatMap((answer, i) =>
          answer === undefined ? [] : [{ worker: i + 1, text: answer.metrics }],
        );
        return `${help}${up.join('')}${metrics.text()}${joinMetrics(texts)}`;
      },
      async health() {
        const answers = await Promise.all(places.map(({ worker }) => ask(worker)));
        return { workers: Object.fromEntries(answers.map((answer, i) => [i + 1, answer?.health ?? 'no answer'])) };
      },
      /** One worker that answers is enough to send somebody here. */
      async readiness() {
        const answers = await Promise.all(places.map(({ worker }) => ask(worker)));
        const all = answers.flatMap((answer) => Object.entries(answer?.readiness ?? {}));
        const merged = new Map<string, Readiness>();
        for (const [part, state] of all) if (merged.get(part)?.ready !== true) merged.set(part, state);
        const none: Readiness = { ready: false, draining: stopping, checks: {} };
        return merged.size > 0 ? Object.fromEntries(merged) : { workers: none };
      },
    },
    reload() {
      for (const { worker } of places) worker?.process.kill('SIGHUP');
    },
    stop,
  };
};
