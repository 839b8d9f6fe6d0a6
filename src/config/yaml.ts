import { LineCounter, parseDocument, isMap, isSeq, type Document, type Node } from 'yaml';

/** A parsed YAML file that still knows where each key stands, for messages that name line and column. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at `path` stands, or the nearest parent that exists. 1-based. */
  locate(path: readonly PropertyKey[]): { line: number; column: number };
  readonly errors: readonly { line: number; column: number; message: string }[];
}

/** A text that no value comes of, though every character of it is right. */
const unreadable = (file: string, message: string): YamlFile => ({
  file,
  value: undefined,
  errors: [{ line: 1, column: 1, message }],
  locate: () => ({ line: 1, column: 1 }),
});

/** Parses YAML 1.2 strictly: duplicate keys, unknown tags and more than a few aliases are errors. */
export const parseYaml = (file: string, text: string): YamlFile => {
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  } catch {
    // The parser calls itself for every level and runs out of stack.
    return unreadable(file, 'is nested too deeply');
  }
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    ...position(error.pos[0]),
    // The parser writes the place into its message too; ours stands in front already.
    message: (error.message.split('\n')[0] ?? error.code).replace(/ at line \d+, column \d+:?$/, ''),
  }));
  let value: unknown;
  try {
    value = errors.length === 0 ? document.toJS({ maxAliasCount: 20 }) : undefined;
  } catch (error) {
    return unreadable(
      file,
      error instanceof RangeError ? 'is nested too deeply' : 'refers to its anchors (&) too often',
    );
  }
  return {
    file,
    errors,
    value,
    locate(path) {
      let node: Node | null = document.contents;
      let offset = node?.range?.[0] ?? 0;
      for (const key of path) {
        if (isMap(node)) {
          const pair = node.items.find(
            (item) => String((item.key as { value?: unknown } | null)?.value) === String(key),
          );
          if (!pair) break;
          offset = (pair.key as Node).range?.[0] ?? offset;
          node = pair.value as Node | null;
        } else if (isSeq(node)) {
          const item: unknown = node.items[Number(key)];
          if (item === undefined) break;
          node = item as Node;
          offset = node.range?.[0] ?? offset;
        } else break;
      }
      return position(offset);
    },
  };
};
