import type { Stats } from 'node:fs';
import { opendir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** One reading of a file. The same object is handed out until the content changes: its identity says "unchanged". */
export type Reading = { readonly text: string } | { readonly fault: string };

export interface Files {
  /** Reads a file of at most `largest` bytes if it may have changed since the last time. Never rejects. */
  read(path: string): Promise<Reading>;
  /** Forgets what has not been asked for since the last call. */
  forgetUnread(): void;
}

interface Known {
  readonly reading: Reading;
  readonly stamp: string;
  /** A second change within the file system's clock tick would carry the same stamp. */
  readonly settled: boolean;
}

const faultOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';

/** ms that a file must have rested before its times and size are believed; network file systems count in seconds. */
const rest = 2000;

/** The machine's clock, also where tests move `Date`: it is compared with times of files. */
const wallClock = (): number => performance.timeOrigin + performance.now();

const same = (a: Reading | undefined, b: Reading): a is Reading =>
  a !== undefined &&
  'text' in a === 'text' in b &&
  ('text' in a ? a.text : a.fault) === ('text' in b ? b.text : b.fault);

/** @param encoding latin1 where bytes are wanted: `Buffer.from(text, 'latin1')` has them all. */
export const createFiles = (largest: number, encoding: 'utf8' | 'latin1' = 'utf8'): Files => {
  let known = new Map<string, Known>();
  let asked = new Map<string, Known>();
  const look = async (path: string, before: Known | undefined): Promise<Known> => {
    try {
      const found = await stat(path);
      const { mtimeMs, ctimeMs, size, ino } = found;
      const stamp = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (before?.settled === true && before.stamp === stamp) return before;
      const settled = wallClock() - Math.max(mtimeMs, ctimeMs) > rest;
      // A pipe or a device would never end.
      const reading: Reading = !found.isFile()
        ? { fault: 'not a file' }
        : size > largest
          ? { fault: `larger than ${largest / 1024} kB` }
          : { text: await readFile(path, encoding) };
      return { reading: same(before?.reading, reading) ? before.reading : reading, stamp, settled };
    } catch (error) {
      const reading: Reading = { fault: faultOf(error) };
      return { reading: same(before?.reading, reading) ? before.reading : reading, stamp: '', settled: false };
    }
  };
  return {
    async read(path) {
      const found = await look(path, asked.get(path) ?? known.get(path));
      asked.set(path, found);
      return found.reading;
    },
    forgetUnread() {
      known = asked;
      asked = new Map();
    },
  };
};

/** A folder that was made anew may well have the inode of the old one. */
const identityOf = ({ dev, ino, birthtimeMs }: Stats): string => `${dev} ${ino} ${birthtimeMs}`;

export interface Tree {
  /** Sorted, each with the root in front. */
  readonly files: readonly string[];
  /** The root and every folder below it, with what tells it from another one of the same name. */
  readonly directories: ReadonlyMap<string, string>;
}

/**
 * Names of the files below a folder whose name fits. What begins with a dot is left out. A link counts as a file where
 * it leads to one below the same root (as Kubernetes mounts a ConfigMap); links to folders are not followed.
 */
export const walk = async (root: string, fits: RegExp): Promise<Tree> => {
  const files: string[] = [];
  const directories = new Map<string, string>();
  const visit = async (directory: string): Promise<void> => {
    try {
      directories.set(directory, identityOf(await stat(directory)));
      const inside: string[] = [];
      for await (const entry of await opendir(directory)) {
        if (entry.name.startsWith('.')) continue;
        const path = join(directory, entry.name);
        if (entry.isDirectory()) inside.push(path);
        else if (
          fits.test(entry.name) &&
          (entry.isFile() || (entry.isSymbolicLink() && (await leadsInside(root, path))))
        )
          files.push(path);
      }
      for (const path of inside) await visit(path);
    } catch (error) {
      // A folder that is not there, or that went away meanwhile, holds nothing.
      if (faultOf(error) !== 'ENOENT') throw error;
    }
  };
  await visit(root);
  return { files: files.sort(), directories };
};

const leadsInside = async (root: string, link: string): Promise<boolean> => {
  try {
    const target = await realpath(link);
    return target.startsWith(`${await realpath(root)}${sep}`) && (await stat(target)).isFile();
  } catch {
    return false;
  }
};

/** Adds a folder to those of a tree; one that is not there is left out. */
export const addDirectory = async (directories: Map<string, string>, directory: string): Promise<void> => {
  if (directories.has(directory)) return;
  const found = await stat(directory).catch(() => undefined);
  if (found) directories.set(directory, identityOf(found));
};
