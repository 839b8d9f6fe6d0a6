import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from '@jest/globals';
import { readAlerts, metricsIn } from '../support/alerts.ts';

const alerts = readAlerts();

const faultsOf = (expression: string): string[] => {
  const faults: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      if (type.isError) faults.push(`${from}: ${expression.slice(Math.max(0, from - 15), to + 15)}`);
    },
  });
  return faults;
};

describe('alert rules', () => {
  test('the parser finds what Prometheus would refuse', () => {
    expect(faultsOf('sum by (part) (rate(x_total[5m])) > 1')).toEqual([]);
    for (const wrong of ['sum by (part (x)', 'rate(x[5m)', 'x{part="a"', 'a and'])
      expect([wrong, faultsOf(wrong).length > 0]).toEqual([wrong, true]);
    expect(metricsIn('histogram_quantile(0.9, sum by (le) (rate(a_bucket{b="c"}[5m]))) and d == 0')).toEqual([
      'a_bucket',
      'd',
    ]);
  });

  test.each(alerts.map((one) => [one.alert, one] as const))('%s', (name, { expr, labels, annotations, ...rest }) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(faultsOf(expr)).toEqual([]);
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    expect(['page', 'ticket']).toContain(labels['severity']);
    expect(annotations['summary']?.length).toBeGreaterThan(20);
    // A label that the expression does not keep would be empty in the sentence.
    for (const [, label = ''] of annotations['summary']?.matchAll(/\$labels\.(\w+)/g) ?? [])
      if (expr.includes(' by (')) expect(expr).toMatch(new RegExp(String.raw`by \([^)]*\b${label}\b`));
    expect(Object.keys(rest)).toEqual(rest.for === undefined ? ['alert'] : ['alert', 'for']);
    expect(rest.for ?? '1m').toMatch(/^\d+[smh]$/);
    expect(existsSync(join('docs/operating', annotations['runbook_url'] ?? 'none'))).toBe(true);
  });

  test('no alert is there twice', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    expect(alerts.length).toBeGreaterThan(25);
  });
});

describe('runbooks', () => {
  const linked = [...new Set(alerts.map(({ annotations }) => annotations['runbook_url'] ?? ''))];
  const pages = globSync('docs/operating/*.md');

  test.each(linked)('%s says what citizens notice, how to see it, what to do, and when it is over', (name) => {
    const text = readFileSync(join('docs/operating', name), 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'What citizens notice',
      'How to see it',
      'What to do',
      'How to know that it is over',
    ]);
  });

  test('every page is in the table of contents, and every link leads somewhere', () => {
    const contents = readFileSync('docs/operating/README.md', 'utf8');
    for (const page of pages.filter((path) => !path.endsWith('README.md')))
      expect(contents).toContain(`](${page.slice('docs/operating/'.length)})`);
    for (const page of pages)
      for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)\)/g))
        expect([page, target, existsSync(join('docs/operating', target))]).toEqual([page, target, true]);
  });
});
