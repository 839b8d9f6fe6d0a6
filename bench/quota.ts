import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** So much of a core, and no more, for one process with its threads: as if it had a machine of its own of that size. */
export interface Quota {
  on(): void;
  off(): void;
  /** After the process has ended. */
  remove(): void;
}

/** Short, so that a process that has used up its share waits for some ms only: µs. */
const period = 10_000;

const roots = { v1: '/sys/fs/cgroup/cpu', v2: '/sys/fs/cgroup' } as const;

/**
 * By a control group of Linux, of either version.
 *
 * @param cores how much of a core, 0 to 1
 * @throws where control groups cannot be made: that takes root, and the controller `cpu`
 */
export const createQuota = (pid: number, cores: number): Quota => {
  const isSecond = existsSync(join(roots.v2, 'cgroup.controllers'));
  const root = isSecond ? roots.v2 : roots.v1;
  const folder = join(root, `bayern-id-bench-${pid}`);
  const set = (file: string, value: string): void => writeFileSync(join(folder, file), value);
  try {
    if (isSecond && !readFileSync(join(root, 'cgroup.subtree_control'), 'utf8').includes('cpu'))
      writeFileSync(join(root, 'cgroup.subtree_control'), '+cpu');
    mkdirSync(folder);
  } catch (error) {
    throw new Error('--node-cores takes root and control groups with the controller cpu', { cause: error });
  }
  const limit = (share: number | undefined): void => {
    const most = share === undefined ? undefined : Math.round(share * period);
    if (isSecond) set('cpu.max', `${most ?? 'max'} ${period}`);
    else {
      set('cpu.cfs_period_us', String(period));
      set('cpu.cfs_quota_us', String(most ?? -1));
    }
  };
  set('cgroup.procs', String(pid));
  return {
    on: () => limit(cores),
    off: () => limit(undefined),
    remove: () => rmdirSync(folder),
  };
};
