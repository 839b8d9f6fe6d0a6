/** One question to a store and how it went. */
export interface StoreCall {
  readonly store: 'sqlite' | 'postgres' | 'redis';
  /** `select`, `insert`, `commit`, …; of Redis `script` or `command`. Never holds a value. */
  readonly operation: string;
  readonly table?: string;
  /** ms, until now. */
  readonly took: number;
  readonly error?: unknown;
}

/** Told of each call, within whatever asked for it. Must not throw. */
export type StoreObserver = (call: StoreCall) => void;

/** Connections to a server that a process shares among its requests. */
export interface Connections {
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}
