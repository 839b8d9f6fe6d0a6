import { expect, test } from '@jest/globals';
import { joinMetrics } from '../../src/web/joined-metrics.ts';
import { createMetrics } from '../../src/web/metrics.ts';

test('numbers of workers stand side by side, each name described once', () => {
  const [one, other] = [createMetrics(), createMetrics()];
  for (const metrics of [one, other]) metrics.counter('mails_total', 'Mails that left.').add();
  other.gauge('clients', 'Services in force.').set(7);
  expect(
    joinMetrics([
      { worker: 1, text: one.text() },
      { worker: 2, text: other.text() },
    ]),
  ).toBe(`# HELP mails_total Mails that left.
# TYPE mails_total counter
mails_total{worker="1"} 1
mails_total{worker="2"} 1
# HELP clients Services in force.
# TYPE clients gauge
clients{worker="2"} 7
`);
});

test('labels that are there stay, and the samples of a histogram stay together', () => {
  const text = `# HELP login_seconds Time.
# TYPE login_seconds histogram
login_seconds_bucket{method="eid",le="+Inf"} 2
login_seconds_sum{method="eid"} 0.5
`;
  const joined = joinMetrics([1, 2].map((worker) => ({ worker, text })));
  expect(joined.split('\n').slice(2, 4)).toEqual([
    'login_seconds_bucket{worker="1",method="eid",le="+Inf"} 2',
    'login_seconds_sum{worker="1",method="eid"} 0.5',
  ]);
  expect(joined.match(/# TYPE/g)).toHaveLength(1);
});
