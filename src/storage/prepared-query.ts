import type { Compilable, Kysely, Transaction } from 'kysely';

/** Takes the place of a value in a query while it is built. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A query that was built and compiled once; Kysely's building and compiling cost several times what SQLite needs. */
export type PreparedQuery<Tables, Name extends string, Row> = (
  executor: Kysely<Tables> | Transaction<Tables>,
  values: Readonly<Record<Name, unknown>>,
) => Promise<Row[]>;

/**
 * Compiles a query in which `slot(name)` stands for what is given at each run. Only values may stand in slots, since the
 * text stays the same: no lists, and no `undefined` that would leave a condition out.
 */
export const prepareQuery = <Tables, Name extends string, Row>(
  kysely: Kysely<Tables>,
  build: (kysely: Kysely<Tables>, slot: (name: Name) => never) => Compilable<Row>,
): PreparedQuery<Tables, Name, Row> => {
  const compiled = build(kysely, (name) => new Slot(name) as never).compile();
  return async (executor, values) => {
    const parameters = compiled.parameters.map((value) => (value instanceof Slot ? values[value.name as Name] : value));
    return (await executor.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
};
