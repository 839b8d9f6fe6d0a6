const RealDate = globalThis.Date;
let offset = 0;
let frozen: number | undefined;

const now = (): number => (frozen ?? RealDate.now()) + offset;

/** The real class with its "now" moved. Timers, TTLs of Redis and other processes keep real time. */
class ShiftedDate extends RealDate {
  constructor(...parameters: [] | [number | string | Date]) {
    if (parameters.length === 0) super(now());
    else super(...(parameters as [number]));
  }

  static override now(): number {
    return now();
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

/** Stops the clock at a time (ms since the epoch): from now on only `shiftClock` moves it. */
export function freezeClock(at: number): void {
  frozen = at;
  offset = 0;
  globalThis.Date = ShiftedDate as DateConstructor;
}

/** Back to real time. */
export function resetClock(): void {
  offset = 0;
  frozen = undefined;
  globalThis.Date = RealDate;
}
