import { types } from 'pg';
import type { PoolConfig } from 'pg';

const int8 = 20;
const numeric = 1700;

/** Sums and counts come as text; everything we keep fits into a double, so a number that does not is an error. */
const toNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new RangeError('A number of the database does not fit');
  }
  return value;
};

/** For connections of `pg`: large numbers as numbers. */
export const numberParsers: NonNullable<PoolConfig['types']> = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    format !== 'binary' && (oid === int8 || oid === numeric)
      ? toNumber
      : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};
