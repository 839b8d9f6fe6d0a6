import type { z } from 'zod';

interface Shaped {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly shape?: Record<string, Shaped>;
      readonly innerType?: Shaped;
      readonly in?: Shaped;
      readonly element?: Shaped;
      readonly valueType?: Shaped;
    };
  };
}

const unwrap = (schema: Shaped): Shaped => {
  const { innerType, in: input } = schema._zod.def;
  if (innerType) return unwrap(innerType);
  return input ? unwrap(input) : schema;
};

/** The keys that a schema allows at a path, for "did you mean"; empty where it allows any. */
export const keysOf = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  let at: Shaped | undefined = schema;
  for (const key of path) {
    const def: Shaped['_zod']['def'] = unwrap(at)._zod.def;
    at = def.shape?.[String(key)] ?? def.element ?? def.valueType;
    if (!at) return [];
  }
  return Object.keys(unwrap(at)._zod.def.shape ?? {});
};
