import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Readonly<
          Record<string, { readonly schema: { readonly $ref?: string; readonly type?: string } }>
        >;
      }
    >
  >;
}

/** A module's API against its own description. */
export interface ApiContract {
  /** @throws for an answer that is not as described. */
  answer(method: string, path: string, status: number, type: string, body: unknown): void;
  /** Whether a request is as described. */
  request(schema: string, body: unknown): boolean;
}

/** Checks every answer against the API's own description, and requests that were taken against its schemas. */
export const contractOf = async (origin: string): Promise<ApiContract> => {
  const description = (await (await fetch(`${origin}/api/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: object;
    readonly servers: readonly { readonly url: string }[];
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'https://api.test/', components: description.components });
  const valid = (ref: string, body: unknown): boolean => ajv.validate({ $ref: `https://api.test/${ref}` }, body);
  // Paths stand below the address of the server.
  const below = new URL(description.servers[0]?.url ?? origin).pathname.replace(/\/$/, '');
  const templates = Object.keys(description.paths).map(
    (path) => [path, new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)] as const,
  );
  return {
    request: (schema, body) => valid(`#/components/schemas/${schema}`, body),
    answer(method, path, status, type, body) {
      const template = templates.find(([, form]) => form.test((path.split('?')[0] ?? '').slice(below.length)))?.[0];
      const operation = description.paths[template ?? '']?.[method.toLowerCase()];
      if (operation === undefined) return;
      const response = operation.responses[String(status)];
      if (response === undefined) throw new Error(`${method} ${path}: the description knows no ${status}`);
      const content = response.content?.[type.split(';')[0] ?? ''];
      if (content === undefined) {
        if (response.content !== undefined) throw new Error(`${method} ${path}: ${status} has the type ${type}`);
        return;
      }
      const { $ref: ref } = content.schema;
      if (ref !== undefined && !valid(ref, body))
        throw new Error(`${method} ${path}: ${status} is not as described: ${ajv.errorsText()}`);
    },
  };
};
