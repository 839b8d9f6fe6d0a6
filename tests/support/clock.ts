const RealDate = globalThis.Date;
let offset = 0;

/** The real class with its "now" moved. Timers, TTLs of Redis and other processes keep real time. */
class ShiftedDate extends RealDate {
  constructor(...parameters: [] | [number | string | Date]) {
    if (parameters.length === 0) super(RealDate.now() + offset);
    else super(...(parameters as [number]));
  }

  static override now(): number {
    return RealDate.now() + offset;
  }

  /** Dates that others made with the real class are dates, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate;
  }
}

/** Moves `Date.now()` and `new Date()` by `ms` from where they are; further calls add up. */
export function shiftClock(ms: number): void {
  offset += ms;
  globalThis.Date = ShiftedDate as DateConstructor;
}

/** Back to real time. */
export function resetClock(): void {
  offset = 0;
  globalThis.Date = RealDate;
}
