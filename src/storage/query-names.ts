import { AliasNode, TableNode } from 'kysely';
import type { CompiledQuery, OperationNode, RootOperationNode } from 'kysely';

const nameOf = (node: OperationNode | undefined): string | undefined => {
  if (node === undefined) return undefined;
  if (AliasNode.is(node)) return nameOf(node.node);
  return TableNode.is(node) ? node.table.identifier.name : undefined;
};

/** The table that a statement changes. */
export const changedTable = (query: RootOperationNode): string | undefined => {
  if (query.kind === 'InsertQueryNode') return nameOf(query.into);
  if (query.kind === 'UpdateQueryNode') return nameOf(query.table);
  return query.kind === 'DeleteQueryNode' ? nameOf(query.from.froms[0]) : undefined;
};

/** The table that a statement is mostly about. */
export const changedOrReadTable = (query: RootOperationNode): string | undefined =>
  query.kind === 'SelectQueryNode' ? nameOf(query.from?.froms[0]) : changedTable(query);

/** What statements do, by the kinds of their trees; those of our own text by their first word. */
const operations: Readonly<Partial<Record<RootOperationNode['kind'], string>>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
};

export const storeOperations = [
  'select',
  'insert',
  'update',
  'delete',
  'begin',
  'commit',
  'rollback',
  'script',
  'command',
] as const;

const words: ReadonlySet<string> = new Set(storeOperations);

/** One of the operations above, or `other`. */
export const operationOf = ({ query, sql }: CompiledQuery): string => {
  const known = operations[query.kind];
  if (known !== undefined) return known;
  const [word = ''] = /^\w*/.exec(sql) ?? [];
  return words.has(word) ? word : word === 'start' ? 'begin' : 'other';
};
