/**
 * The values that each label may have. The list is closed, so that nothing of a request, and nobody's name, can ever become
 * one: what is not in it is counted as `other`.
 */
export type LabelValues<Label extends string> = Readonly<Record<Label, readonly string[]>>;
export type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** Numbers for those who run Bayern-ID, by the names under which Prometheus finds them. No label ever holds a person. */
export interface Metrics {
  /** A number that only grows. */
  counter(name: string, help: string): { add(by?: number): void };
  /** A number as it is now. */
  gauge(name: string, help: string): { set(value: number): void };
  /** The same, one for each combination of labels that was seen. */
  counters<Label extends string>(
    name: string,
    help: string,
    values: LabelValues<Label>,
  ): { add(labels: Labels<Label>, by?: number): void };
  gauges<Label extends string>(
    name: string,
    help: string,
    values: LabelValues<Label>,
  ): { set(labels: Labels<Label>, value: number): void };
  /** How long something took, in seconds. */
  histograms<Label extends string>(
    name: string,
    help: string,
    values: LabelValues<Label>,
  ): { observe(labels: Labels<Label>, seconds: number): void };
  /** Grows outside of our sight: read when somebody asks for the metrics. */
  readCounter(name: string, help: string, read: () => number): void;
  readGauge(name: string, help: string, read: () => number): void;
  /** Looks, before an answer, after what is only known by looking. One that fails or takes over two seconds leaves its last values. */
  look(work: () => Promise<void>): void;
  /** All of them in Prometheus' text format 0.0.4, as they were last looked at. */
  text(): string;
  /** The same after looking. */
  read(): Promise<string>;
}

/** Upper bounds in seconds: a page takes 5 to 50 ms, a hash 15, what citizens notice begins at half a second. */
export const latencyBounds = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const longestLook = 2000;

/** The same numbers for a part of the process, each name with the prefix in front. */
export const prefixed = (metrics: Metrics, prefix: string): Metrics => ({
  ...metrics,
  counter: (name, help) => metrics.counter(`${prefix}${name}`, help),
  gauge: (name, help) => metrics.gauge(`${prefix}${name}`, help),
  counters: (name, help, values) => metrics.counters(`${prefix}${name}`, help, values),
  gauges: (name, help, values) => metrics.gauges(`${prefix}${name}`, help, values),
  histograms: (name, help, values) => metrics.histograms(`${prefix}${name}`, help, values),
  readCounter: (name, help, read) => metrics.readCounter(`${prefix}${name}`, help, read),
  readGauge: (name, help, read) => metrics.readGauge(`${prefix}${name}`, help, read),
});

type Type = 'counter' | 'gauge' | 'histogram';

interface Family {
  readonly help: string;
  readonly type: Type;
  readonly lines: () => Iterable<string>;
}

const escaped = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

/** Writes `{a="b",c="d"}`, which is also what tells one combination from another. */
const writerOf = <Label extends string>(values: LabelValues<Label>): ((labels: Labels<Label>) => string) => {
  const known = (Object.entries(values) as [Label, readonly string[]][]).map(
    ([label, list]) => [label, new Map(list.map((value) => [value, `${label}="${escaped(value)}"`]))] as const,
  );
  return (labels) => `{${known.map(([label, written]) => written.get(labels[label]) ?? `${label}="other"`).join(',')}}`;
};

const withBound = (labels: string, bound: number | string): string => `${labels.slice(0, -1)},le="${bound}"}`;

interface Observed {
  readonly buckets: number[];
  sum: number;
  count: number;
}

function* histogramLines(name: string, all: ReadonlyMap<string, Observed>): Iterable<string> {
  for (const [labels, { buckets, sum, count }] of all) {
    let below = 0;
    for (const [i, bound] of latencyBounds.entries()) {
      below += buckets[i] ?? 0;
      yield `${name}_bucket${withBound(labels, bound)} ${below}`;
    }
    yield `${name}_bucket${withBound(labels, '+Inf')} ${count}`;
    yield `${name}_sum${labels} ${sum}`;
    yield `${name}_count${labels} ${count}`;
  }
}

const inTime = async (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, longestLook);
  });
  // What cannot be looked at now keeps its last values; that a store is away is told by its own metrics.
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
};

export const createMetrics = (): Metrics => {
  const families = new Map<string, Family>();
  const looks: (() => Promise<void>)[] = [];
  const register = (name: string, family: Family): void => {
    if (families.has(name)) throw new TypeError(`the metric ${name} is there already`);
    families.set(name, family);
  };

  const single = (name: string, help: string, type: Type): { value: number } => {
    const held = { value: 0 };
    register(name, { help, type, lines: () => [`${name} ${held.value}`] });
    return held;
  };
  const several = <Label extends string>(name: string, help: string, type: Type, values: LabelValues<Label>) => {
    const all = new Map<string, number>();
    register(name, {
      help,
      type,
      lines: () => [...all].map(([labels, value]) => `${name}${labels} ${value}`),
    });
    return { all, keyOf: writerOf(values) };
  };
  const seen = (name: string, help: string, type: Type, read: () => number): void =>
    register(name, { help, type, lines: () => [`${name} ${read()}`] });

  const text = (): string =>
    [...families]
      .map(([name, { help, type, lines }]) =>
        [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines(), ''].join('\n'),
      )
      .join('');

  return {
    counter(name, help) {
      const held = single(name, help, 'counter');
      return {
        add: (by = 1) => {
          held.value += by;
        },
      };
    },
    gauge(name, help) {
      const held = single(name, help, 'gauge');
      return {
        set: (value) => {
          held.value = value;
        },
      };
    },
    counters(name, help, values) {
      const { all, keyOf } = several(name, help, 'counter', values);
      return {
        add(labels, by = 1) {
          const key = keyOf(labels);
          all.set(key, (all.get(key) ?? 0) + by);
        },
      };
    },
    gauges(name, help, values) {
      const { all, keyOf } = several(name, help, 'gauge', values);
      return { set: (labels, value) => void all.set(keyOf(labels), value) };
    },
    histograms(name, help, values) {
      const all = new Map<string, Observed>();
      const keyOf = writerOf(values);
      register(name, { help, type: 'histogram', lines: () => histogramLines(name, all) });
      return {
        observe(labels, seconds) {
          const key = keyOf(labels);
          let one = all.get(key);
          if (!one) all.set(key, (one = { buckets: latencyBounds.map(() => 0), sum: 0, count: 0 }));
          const bucket = latencyBounds.findIndex((bound) => seconds <= bound);
          if (bucket !== -1) one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1;
          one.sum += seconds;
          one.count++;
        },
      };
    },
    readCounter: (name, help, read) => seen(name, help, 'counter', read),
    readGauge: (name, help, read) => seen(name, help, 'gauge', read),
    look: (work) => void looks.push(work),
    text,
    async read() {
      await Promise.all(looks.map((work) => inTime(work())));
      return text();
    },
  };
};
