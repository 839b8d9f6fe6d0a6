export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export interface Artifact {
  readonly payload: JsonObject;
  /** Set once the artifact was consumed, in ms since the epoch. */
  readonly consumedAt?: number;
}

/**
 * Records that expire: sessions, evidence, interactions, codes, tokens. `kind` is part of every key, so that an id of
 * one kind never finds another. An expired artifact is absent. An answer that did not come is an error
 * (StorageUnavailable), never "not found". What `find` returns belongs to the caller.
 */
export interface Artifacts {
  /** Writes or replaces; what was consumed and lives stays consumed. `ttl` in seconds; `alias` is a second name of the same artifact; `group` is what removeGroup ends. */
  save(
    kind: string,
    id: string,
    payload: JsonObject,
    options: { ttl: number; alias?: string; group?: string },
  ): Promise<void>;
  /** Writes unless the id is there already; false when it was. Atomic. */
  saveNew(kind: string, id: string, payload: JsonObject, options: { ttl: number }): Promise<boolean>;
  find(kind: string, id: string): Promise<Artifact | undefined>;
  findByAlias(kind: string, alias: string): Promise<Artifact | undefined>;
  /** Marks as consumed; true for exactly one caller, false for every other, for an expired and for an unknown id. Atomic. */
  consume(kind: string, id: string): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  removeGroup(kind: string, group: string): Promise<void>;
  close(): Promise<void>;
}

/** The store did not answer, or not in time: a 503 with Retry-After, never "not found". */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
  /** Under these names the protocol library looks for the status of an answer. */
  readonly status = 503;
  readonly statusCode = 503;
}
