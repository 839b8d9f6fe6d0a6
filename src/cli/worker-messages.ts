import type { Monitored } from '../web/monitoring.ts';

/** Which of the workers a process is, from 1 on; its successor has the same number. */
export const workerVariable = 'BAYERN_ID_WORKER';

/** What a worker tells the process that started it. */
export type FromWorker =
  | { readonly type: 'started'; readonly addresses: Readonly<Record<string, string>> }
  | ({ readonly type: 'monitored'; readonly question: number } & Told);

/** What stands on the monitoring port of a process without workers. */
export interface Told {
  readonly metrics: string;
  readonly health: unknown;
  readonly readiness: Awaited<ReturnType<Monitored['readiness']>>;
}

/** What it is asked: the answer to what stands on the monitoring port. */
export interface ToWorker {
  readonly type: 'monitored';
  readonly question: number;
}

/** The worker's side: says that it serves, and answers what the monitoring port asks. */
export const reportToSupervisor = (addresses: Readonly<Record<string, string>>, monitored: Monitored): void => {
  const tell = (message: FromWorker): void => {
    // Whoever is gone needs no answer; this process ends then as well.
    if (process.connected) process.send?.(message, () => {});
  };
  process.on('message', ({ type, question }: ToWorker) => {
    if (type !== 'monitored') return;
    // What cannot be told in time counts as no answer.
    void Promise.all([monitored.metrics(), monitored.health(), monitored.readiness()]).then(
      ([metrics, health, readiness]) => tell({ type: 'monitored', question, metrics, health, readiness }),
      () => {},
    );
  });
  tell({ type: 'started', addresses });
};
