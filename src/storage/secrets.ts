import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const marker = 'DEVELOPMENT';

const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Group reading is allowed only where the file belongs to somebody else, who gave it to us by our group. */
const refuseIfShared = (file: string): void => {
  const { mode, uid } = statSync(file);
  const forbidden = uid === process.getuid?.() ? 0o077 : 0o027;
  if ((mode & forbidden) !== 0) {
    throw new Error(`The secret ${file} is open to others (mode ${(mode & 0o777).toString(8)}): chmod 600 it`);
  }
};

/** The text of a secret file without white space at its ends. Throws when others may read it or when it is empty. */
export function readSecretText(file: string): string {
  refuseIfShared(file);
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`The secret ${file} is empty`);
  return text;
}

/** The bytes of a secret written in base64url or base64. */
export function readSecret(file: string): Buffer {
  const text = readSecretText(file);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw new Error(`The secret ${file} is not base64url`);
  return Buffer.from(text, 'base64url');
}

/** Marks a folder as one whose secrets were made by the program itself. */
export function markDevelopment(folder: string): void {
  writeFileSync(join(folder, marker), 'Secrets in this folder were made by the program. Production refuses them.\n');
}

/** Whether the program itself made the secrets of this folder. */
export const holdsDevelopmentSecrets = (folder: string): boolean => existsSync(join(folder, marker));

/**
 * True for the one process that created the file. The file appears with its whole content at once, so that a process
 * that starts at the same time never reads half of it.
 */
const createOnce = (file: string, text: string): boolean => {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
};

/**
 * Makes a secret file that only its owner may read, and its folder.
 *
 * @throws when the file is there already: a secret is never overwritten.
 */
export function createSecretText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!createOnce(file, text)) throw new Error(`The secret ${file} is there already`);
}

/**
 * Reads a secret text, and makes it first where there is none. The folder is then marked as DEVELOPMENT, before the
 * secret exists, so that no interrupted start leaves an unmarked one. Processes that start together agree on one.
 */
export function initSecretText(file: string, make: () => string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    markDevelopment(dirname(file));
    createOnce(file, make());
  }
  return readSecretText(file);
}

/** As {@link initSecretText}, for `bytes` random bytes kept in base64url. */
export function initSecret(file: string, bytes: number): Buffer {
  initSecretText(file, () => randomBytes(bytes).toString('base64url'));
  return readSecret(file);
}

/** Throws when the secrets of a folder were made by the program itself: production must be given its own. */
export function assertNotDevelopment(folder: string): void {
  if (holdsDevelopmentSecrets(folder)) {
    throw new Error(`${folder} holds development secrets (it has a file ${marker}): production needs its own`);
  }
}
