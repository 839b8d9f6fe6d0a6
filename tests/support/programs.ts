import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian puts the programs of PostgreSQL, newest first. */
const postgresFolders = (): string[] => {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of a program of this machine. */
export const findProgram = (program: string): string | undefined => {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/sbin', ...postgresFolders()];
  const found = folders.filter((folder) => folder !== '').find((folder) => isExecutable(join(folder, program)));
  return found === undefined ? undefined : join(found, program);
};
