import { types } from 'node:util';

/** Whether a write lost against a unique constraint of that table, on SQLite or PostgreSQL. */
export const isUniqueViolation = (error: unknown, table: string): boolean => {
  if (!types.isNativeError(error)) return false;
  const { code, table: named } = error as Error & { code?: unknown; table?: unknown };
  if (code === '23505') return named === table;
  return error.message.includes(`UNIQUE constraint failed: ${table}.`);
};
