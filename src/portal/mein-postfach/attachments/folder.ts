import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat, access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFileId, FileMissing, isFileId, type FileStore } from './store.ts';

const draftEnding = '.part';

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Files in a folder of this machine, or of a network file system that keeps fsync's promise. 256 folders share them. */
export const createFolderStore = (root: string): FileStore => {
  const folderOf = (id: string): string => {
    checkFileId(id);
    return join(root, id.slice(0, 2));
  };
  const made = new Map<string, Promise<void>>();
  /** The folder survives a power cut only when the one above it is synced. */
  const ensure = (folder: string): Promise<void> => {
    let making = made.get(folder);
    if (making === undefined) {
      making = (async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await syncFolder(root);
      })();
      making.catch(() => made.delete(folder));
      made.set(folder, making);
    }
    return making;
  };

  return {
    async write(id, content) {
      const folder = folderOf(id);
      await ensure(folder);
      const draft = join(folder, `${id}${draftEnding}`);
      const file = await open(draft, 'wx', 0o600);
      try {
        try {
          for await (const chunk of content) await file.appendFile(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, join(folder, id));
        await syncFolder(folder);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },

    async *read(id, range) {
      const path = join(folderOf(id), id);
      const options = range === undefined ? {} : { start: range.start, end: range.end - 1 };
      try {
        yield* createReadStream(path, { ...options, highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>;
      } catch (error) {
        throw isAbsent(error) ? new FileMissing('The file is not there', { cause: error }) : error;
      }
    },

    async remove(id) {
      await rm(join(folderOf(id), id), { force: true });
      await rm(join(folderOf(id), `${id}${draftEnding}`), { force: true });
    },

    async *list() {
      let folders;
      try {
        folders = await opendir(root);
      } catch (error) {
        if (isAbsent(error)) return;
        throw error;
      }
      for await (const folder of folders) {
        if (!folder.isDirectory()) continue;
        for await (const entry of await opendir(join(root, folder.name))) {
          const id = entry.name.endsWith(draftEnding) ? entry.name.slice(0, -draftEnding.length) : entry.name;
          if (!isFileId(id)) continue;
          const found = await stat(join(root, folder.name, entry.name)).catch(() => undefined);
          if (found) yield { id, writtenAt: found.mtimeMs };
        }
      }
    },

    async check() {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await access(root, constants.R_OK | constants.W_OK);
    },
  };
};
