import { StorageUnavailable } from './artifacts.ts';

const sqlState = (error: unknown): string | undefined => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/** 40001 serialization failure, 40P01 deadlock. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '');

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: 08 connection, 53 resources, 57P01 to 57P05 shutdown
 * and idle connection, 57014 statement timeout, 25006 a server that only reads (after a fail-over), 25P03 idle in
 * transaction, 55P03 lock not available, 58 system error.
 */
const unavailable = /^(08...|53...|57P0.|57014|25006|25P03|55P03|58...)$/;

/** The server answers and takes no writes. */
export const isReadOnly = (error: unknown): boolean => sqlState(error) === '25006';

/** True when the connection itself did not answer: there is no state of the server in the error. */
export function isLost(error: unknown): boolean {
  const { code, message, severity } = error as { code?: string; message?: string; severity?: string };
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC';
  return (
    /^E[A-Z_]+$/.test(code ?? '') ||
    /timeout|terminated|not queryable|connection|ended|after calling end/i.test(message ?? '')
  );
}

/** Errors of the server or of the way to it become StorageUnavailable; errors of the statement stay what they are. */
export function toStorageError(error: unknown): unknown {
  const state = sqlState(error);
  if (isLost(error) || (state !== undefined && unavailable.test(state))) {
    return new StorageUnavailable('PostgreSQL does not answer', { cause: error });
  }
  return error;
}
