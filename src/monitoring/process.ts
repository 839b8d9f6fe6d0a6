import { readdir, statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { lostLogLines } from '../web/log-sink.ts';
import type { Metrics } from '../web/metrics.ts';

export interface ProcessMetrics {
  stop(): void;
}

/** In ms: how finely the event loop is looked at. A timer of this distance costs a ten-thousandth of a core. */
const resolution = 20;

/**
 * What this process takes of the machine, by the names that Prometheus' client libraries use.
 *
 * @param directory where files are kept: how much room there is left.
 */
export const addProcessMetrics = (metrics: Metrics, directory: string): ProcessMetrics => {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const startedAt = Math.round(performance.timeOrigin / 1000);

  metrics.readCounter('process_cpu_seconds_total', 'CPU time that this process has had.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.readGauge('process_resident_memory_bytes', 'Memory that this process holds.', () =>
    process.memoryUsage.rss(),
  );
  metrics.readGauge('process_start_time_seconds', 'When this process began, as a Unix time.', () => startedAt);
  metrics.readGauge('nodejs_heap_used_bytes', 'Of the memory, what objects use.', () => process.memoryUsage().heapUsed);
  metrics.readCounter('log_lines_dropped_total', 'Lines of the log that nobody took.', lostLogLines);
  const loop = metrics.gauges(
    'nodejs_eventloop_delay_seconds',
    'How late the event loop came to its work since the last reading.',
    { quantile: ['0.5', '0.99', '1'] },
  );
  const files = metrics.gauge('process_open_fds', 'Open files and connections.');
  const free = metrics.gauge('storage_free_bytes', 'Room on the disk where files are kept.');
  metrics.look(async () => {
    // The histogram counts the whole distance between two looks, of which the resolution is none of our lateness.
    const late = (ns: number): number => Math.max(0, ns / 1e9 - resolution / 1000);
    loop.set({ quantile: '0.5' }, late(delay.percentile(50)));
    loop.set({ quantile: '0.99' }, late(delay.percentile(99)));
    loop.set({ quantile: '1' }, late(delay.max));
    delay.reset();
    const { bavail, bsize } = await statfs(directory);
    free.set(bavail * bsize);
    files.set((await readdir('/proc/self/fd')).length);
  });
  return { stop: () => void delay.disable() };
};
