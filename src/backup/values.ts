/** What a column may hold, on either store. */
export type Value = string | number | null | Uint8Array;

type Written = string | number | null | { readonly b: string };

/** A row as a line of JSON, values in the order of the columns; bytes as base64. */
export const writeRow = (values: readonly unknown[]): string =>
  `${JSON.stringify(
    values.map((value): Written => {
      if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64') };
      if (value === null || typeof value === 'string') return value;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new TypeError(`a value of type ${typeof value} has no form in a backup`);
    }),
  )}\n`;

export const readRow = (line: string): Value[] =>
  (JSON.parse(line) as Written[]).map((value) =>
    typeof value === 'object' && value !== null ? Buffer.from(value.b, 'base64') : value,
  );
