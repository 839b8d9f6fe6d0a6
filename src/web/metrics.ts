/** Numbers for those who run Bayern-ID, by the names under which Prometheus finds them. No label ever holds a person. */
export interface Metrics {
  /** A number that only grows. */
  counter(name: string, help: string): { add(): void };
  /** A number as it is now. */
  gauge(name: string, help: string): { set(value: number): void };
  /** All of them in Prometheus' text format 0.0.4. */
  text(): string;
}

/** The same numbers for a part of the process, each name with the prefix in front. */
export const prefixed = (metrics: Metrics, prefix: string): Metrics => ({
  counter: (name, help) => metrics.counter(`${prefix}${name}`, help),
  gauge: (name, help) => metrics.gauge(`${prefix}${name}`, help),
  text: () => metrics.text(),
});

export const createMetrics = (): Metrics => {
  const all = new Map<string, { readonly help: string; readonly type: 'counter' | 'gauge'; value: number }>();
  const register = (name: string, help: string, type: 'counter' | 'gauge'): { value: number } => {
    if (all.has(name)) throw new TypeError(`the metric ${name} is there already`);
    const metric = { help, type, value: 0 };
    all.set(name, metric);
    return metric;
  };
  return {
    counter(name, help) {
      const metric = register(name, help, 'counter');
      return {
        add: () => {
          metric.value++;
        },
      };
    },
    gauge(name, help) {
      const metric = register(name, help, 'gauge');
      return {
        set: (value) => {
          metric.value = value;
        },
      };
    },
    text: () =>
      [...all]
        .map(([name, { help, type, value }]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
        .join(''),
  };
};
