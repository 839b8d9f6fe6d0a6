/** One look at a node. */
export interface Sample {
  /** Resident memory, MB. */
  readonly memory: number;
  /** Open files and connections. */
  readonly handles: number;
  /** What objects hold after a collection, MB; only now and then, since a collection changes what it measures. */
  readonly heap?: number;
}

/** What a node did over the whole run. */
export interface Course {
  /** Resident memory in the last quarter, MB. */
  readonly memory: number;
  /** The greatest of all samples, MB. */
  readonly most: number;
  /** Objects after a collection at the end, MB. */
  readonly heap: number;
  /** From after the warm-up to the end: 1.05 is five per cent more. */
  readonly memoryGrowth: number;
  readonly heapGrowth: number;
  /** Handles that came to stay. */
  readonly moreHandles: number;
}

/** MB that a node may hold at most under this load; twice as much is what compose.yaml allows it. */
export const mostMemory = 512;

/** An hour shows what grows slowly; in two minutes the code that V8 compiles late is some per cent by itself. */
const limitsOf = (minutes: number): { readonly memory: number; readonly heap: number; readonly handles: number } =>
  minutes >= 30 ? { memory: 1.1, heap: 1.1, handles: 15 } : { memory: 1.25, heap: 1.2, handles: 25 };

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

/** The first quarter is warm-up: caches fill, code is compiled, heaps find their size. */
export const courseOf = (samples: readonly Sample[]): Course => {
  const quarter = (n: number): readonly Sample[] =>
    samples.slice(Math.floor((n * samples.length) / 4), Math.floor(((n + 1) * samples.length) / 4));
  const [early, late] = [quarter(1), quarter(3)];
  // The least of several: a request that is under way holds more, none holds less.
  const heapOf = (some: readonly Sample[]): number =>
    Math.min(...some.flatMap(({ heap }) => (heap === undefined ? [] : [heap])));
  const memoryOf = (some: readonly Sample[]): number => median(some.map(({ memory }) => memory));
  const handlesOf = (some: readonly Sample[]): number => median(some.map(({ handles }) => handles));
  return {
    memory: memoryOf(late),
    most: Math.max(...samples.map(({ memory }) => memory)),
    heap: heapOf(late),
    memoryGrowth: memoryOf(late) / memoryOf(early),
    heapGrowth: heapOf(late) / heapOf(early),
    moreHandles: handlesOf(late) - handlesOf(early),
  };
};

/** What is not flat, in words; empty for a node that could go on for ever. A figure that is missing is not flat. */
export const notFlat = (course: Course, minutes: number): string[] => {
  const limits = limitsOf(minutes);
  return [
    ...(course.most <= mostMemory ? [] : [`${Math.round(course.most)} MB resident`]),
    ...(course.memoryGrowth <= limits.memory ? [] : [`resident memory × ${course.memoryGrowth.toFixed(2)}`]),
    ...(course.heapGrowth <= limits.heap ? [] : [`objects × ${course.heapGrowth.toFixed(2)}`]),
    ...(course.moreHandles <= limits.handles ? [] : [`${course.moreHandles} handles more`]),
  ];
};
