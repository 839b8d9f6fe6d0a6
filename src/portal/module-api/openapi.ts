import type { JsonObject } from '../../storage/artifacts.ts';

/** Pieces of descriptions of APIs (OpenAPI 3.1). */
export const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

export const text = (maxLength: number, description?: string): JsonObject => ({
  type: 'string',
  minLength: 1,
  maxLength,
  ...(description === undefined ? {} : { description }),
});

export const time: JsonObject = { type: 'string', format: 'date-time' };

/** An object that has no other members. */
export const object = (required: readonly string[], properties: JsonObject): JsonObject => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

export const orNull = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });

export const json = (name: string): JsonObject => ({ 'application/json': { schema: ref(name) } });

export const answer = (description: string, name?: string): JsonObject => ({
  description,
  ...(name === undefined ? {} : { content: json(name) }),
});

export const parameter = (name: string, place: 'path' | 'query', schema: JsonObject): JsonObject => ({
  name,
  in: place,
  required: place === 'path',
  schema,
});

/** Answers by `problem+json`, one for each status, naming the codes that it may carry. */
export const problemAnswers = <Code extends string>(
  statusOf: Readonly<Record<Code, number>>,
  codes: readonly Code[],
): JsonObject => {
  const byStatus = new Map<number, Code[]>();
  for (const code of codes) byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      String(status),
      { description: named.join(', '), content: { 'application/problem+json': { schema: ref('Problem') } } },
    ]),
  );
};
