import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RulesFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
}

/** The alert rules that are shipped. */
export const readAlerts = (): readonly Alert[] =>
  (parse(readFileSync('docs/operating/alerts.yaml', 'utf8')) as RulesFile).groups.flatMap(({ rules }) => rules);

/** The metrics that an expression names, each once. */
export const metricsIn = (expression: string): string[] => {
  const names = new Set<string>();
  parser.parse(expression).iterate({
    enter({ node }) {
      if (node.type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name) names.add(expression.slice(name.from, name.to));
    },
  });
  return [...names];
};
