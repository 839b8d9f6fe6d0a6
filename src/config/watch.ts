import { watch, type FSWatcher } from 'node:fs';

/**
 * Calls `changed` once a folder has been quiet for `quiet` ms after a change. Editors write a file in several steps; a
 * set of files copied together is one change.
 */
export const watchFolder = (directory: string, changed: () => void, quiet = 150): { close(): void } => {
  let timer: NodeJS.Timeout | undefined;
  const notice = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, quiet);
    timer.unref();
  };
  const watcher: FSWatcher = watch(directory, { recursive: true, persistent: false }, notice);
  watcher.on('error', notice);
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
};
