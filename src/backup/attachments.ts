import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFile, copyFile, DamagedBackup, readLines, writeLines, type FileDigest } from './files.ts';

const nameForm = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/;

/** `<two characters>/<id>`, as the folder store lays them out; files that are still being written have an ending. */
const filesIn = async (folder: string): Promise<string[]> => {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => nameForm.test(name)).toSorted();
};

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Copies what is not there yet: called before the records are read and after, so that what belongs to a letter in the backup is
 * there, whether it came or went meanwhile. They are sealed, and never change.
 */
export const saveAttachments = async (
  from: string,
  to: string,
  progress: (done: number, all: number) => void,
): Promise<ReadonlyMap<string, FileDigest>> => {
  const saved = new Map<string, FileDigest>();
  const names = await filesIn(from);
  for (const [i, name] of names.entries()) {
    await mkdir(join(to, name.slice(0, 2)), { recursive: true, mode: 0o700 });
    try {
      saved.set(name, await copyFile(join(from, name), join(to, name)));
    } catch (error) {
      // Deleted by its owner meanwhile.
      if (!isGone(error)) throw error;
    }
    progress(i + 1, names.length);
  }
  return saved;
};

interface Listed extends FileDigest {
  readonly name: string;
}

export const writeList = async (
  path: string,
  files: ReadonlyMap<string, FileDigest>,
): Promise<FileDigest & { readonly count: number }> => {
  const lines = async function* (): AsyncIterable<string> {
    for (const [name, digest] of files) yield `${JSON.stringify({ name, ...digest } satisfies Listed)}\n`;
  };
  return { count: files.size, ...(await writeLines(path, lines())) };
};

/** @throws DamagedBackup */
export const checkAttachments = async (list: string, folder: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const line of readLines(list)) {
    const { name, ...digest } = JSON.parse(line) as Listed;
    if (!nameForm.test(name)) throw new DamagedBackup(`${name} is no attachment`);
    await checkFile(join(folder, name), digest);
    names.push(name);
  }
  return names;
};

export const restoreAttachments = async (
  names: readonly string[],
  from: string,
  to: string,
  progress: (done: number, all: number) => void,
): Promise<void> => {
  for (const [i, name] of names.entries()) {
    await mkdir(join(to, name.slice(0, 2)), { recursive: true, mode: 0o700 });
    await copyFile(join(from, name), join(to, name));
    progress(i + 1, names.length);
  }
};
