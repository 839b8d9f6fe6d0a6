import { watch, type FSWatcher } from 'node:fs';

export interface Watching {
  /**
   * From now on exactly these folders are watched, without those below them. Says `changed` when one is new: something
   * may have happened in it before it was watched.
   *
   * @param directories each with what tells it from another one of the same name.
   */
  cover(directories: ReadonlyMap<string, string>): void;
  close(): void;
}

/**
 * Calls `changed` for every change in a set of folders. Node's own recursive watching would take one watch per file on
 * Linux. Where the system has no watch left, or a network file system tells nothing, only `poll` (ms) notices.
 */
export const watchDirectories = (changed: () => void, poll: number): Watching => {
  const watched = new Map<string, { readonly identity: string; readonly watcher: FSWatcher }>();
  const polling = setInterval(changed, poll).unref();
  const leave = (directory: string): void => {
    watched.get(directory)?.watcher.close();
    watched.delete(directory);
  };
  const enter = (directory: string, identity: string): void => {
    try {
      const watcher = watch(directory, { persistent: false }, changed);
      watcher.on('error', () => leave(directory));
      watched.set(directory, { identity, watcher });
    } catch {
      // Polling is left.
    }
  };
  return {
    cover(directories) {
      for (const [directory, { identity }] of watched) if (directories.get(directory) !== identity) leave(directory);
      const before = watched.size;
      for (const [directory, identity] of directories) if (!watched.has(directory)) enter(directory, identity);
      if (watched.size > before) changed();
    },
    close() {
      clearInterval(polling);
      for (const directory of watched.keys()) leave(directory);
    },
  };
};
