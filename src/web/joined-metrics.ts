/** What one worker has told, in Prometheus' text format. */
export interface WorkerMetrics {
  readonly worker: number;
  readonly text: string;
}

/** A line of a sample: its name, its labels and the rest. */
const sampleForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?( .+)$/;

/** Samples of a histogram or a summary stand under the name without the ending. */
const familyOf = (name: string, families: ReadonlyMap<string, unknown>): string => {
  if (families.has(name)) return name;
  const base = name.replace(/_(?:bucket|sum|count|total)$/, '');
  return families.has(base) ? base : name;
};

/**
 * One text of several: each sample gets the label `worker`, so that counters of processes that begin anew stay apart and
 * nothing is added up that cannot be (a gauge is not the sum of its values). HELP and TYPE stand once for each name.
 */
export const joinMetrics = (all: readonly WorkerMetrics[]): string => {
  const families = new Map<string, { readonly about: Set<string>; readonly samples: string[] }>();
  const family = (name: string): { readonly about: Set<string>; readonly samples: string[] } => {
    const found = families.get(name) ?? { about: new Set(), samples: [] };
    families.set(name, found);
    return found;
  };
  for (const { worker, text } of all)
    for (const line of text.split('\n')) {
      const [, , described] = /^# (HELP|TYPE) (\S+) /.exec(line) ?? [];
      if (described !== undefined) {
        family(described).about.add(line);
        continue;
      }
      const [, name, labels = '', rest = ''] = sampleForm.exec(line) ?? [];
      if (name === undefined) continue;
      const own = labels === '' ? '' : `,${labels}`;
      family(familyOf(name, families)).samples.push(`${name}{worker="${worker}"${own}}${rest}`);
    }
  return [...families.values()].map(({ about, samples }) => `${[...about, ...samples].join('\n')}\n`).join('');
};
