/**
 * Everything that a span may say, by the names of OpenTelemetry's semantic conventions. Paths, parameters, names and ids of
 * people, of logins or of letters are not among it; what is not in the list does not compile.
 */
export interface SpanAttributes {
  readonly 'http.request.method'?: string;
  readonly 'http.response.status_code'?: number;
  /** The group of paths (web/route-groups.ts). */
  readonly 'http.route'?: string;
  /** The host of another part of this installation, as it is configured. */
  readonly 'server.address'?: string;
  readonly 'db.system.name'?: string;
  readonly 'db.operation.name'?: string;
  readonly 'db.collection.name'?: string;
  /** A class of errors or a status, never a message. */
  readonly 'error.type'?: string;
}

/** A word of ours; whatever else came in by accident, such as an address with a token, stays out. */
const word = /^[\w./-]{1,80}$/;

interface Written {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

/** In the form of OTLP's JSON. */
export const writeAttributes = (attributes: SpanAttributes): Written[] =>
  Object.entries(attributes as Readonly<Record<string, string | number | undefined>>).flatMap(
    ([key, value]): Written[] => {
      if (typeof value === 'number') return [{ key, value: { intValue: String(Math.trunc(value)) } }];
      return value !== undefined && word.test(value) ? [{ key, value: { stringValue: value } }] : [];
    },
  );
