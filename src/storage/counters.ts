/** Counters with a life of their own, for the guard. Atomic on every store. */
export interface Counters {
  /** Adds `amount` (may be negative; never falls below 0) and returns the new value. A new counter lives `ttl` seconds from its first step. */
  add(key: string, amount: number, ttl: number): Promise<number>;
  read(key: string): Promise<number>;
  reset(key: string): Promise<void>;
  close(): Promise<void>;
}
