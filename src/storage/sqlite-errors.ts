import { StorageUnavailable } from './artifacts.ts';

/** A database file that cannot be made or opened. The message names it and is fit for the operator. */
export class UnusableLocation extends Error {
  override readonly name = 'UnusableLocation';
}

/** https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const busy = 5;
const readOnly = 8;
const inputOutput = 10;
const full = 13;
const cannotOpen = 14;
const unavailable = new Set([busy, readOnly, inputOutput, full, cannotOpen]);

const primaryCode = (error: unknown): number | undefined => {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return code === 'ERR_SQLITE_ERROR' && errcode !== undefined ? errcode & 0xff : undefined;
};

/** Another connection holds the lock that is needed. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === busy;

/** Errors of the file become StorageUnavailable; errors of the statement stay what they are. */
export function toStorageError(error: unknown): unknown {
  const code = primaryCode(error);
  const closed = (error as { code?: string }).code === 'ERR_INVALID_STATE';
  if (closed || (code !== undefined && unavailable.has(code))) {
    return new StorageUnavailable('The database file does not answer', { cause: error });
  }
  return error;
}
