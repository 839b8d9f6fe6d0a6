import { describePayments } from './model.suite.ts';

describePayments({
  runs: 10_000,
  seed: 1,
  also: ['surplus', 'refund made', 'refund too_much', 'bank correct', 'pay refused'],
  timeout: 1_200_000,
});
