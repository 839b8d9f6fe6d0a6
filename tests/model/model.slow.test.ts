import { describeModel } from './model.suite.ts';

/**
 * The same ten thousand stories each time, so that a submission is judged by its own changes. MODEL_SEED and MODEL_RUNS
 * play others: whoever changes the flow, the records or the sessions does that by hand.
 */
describeModel({ runs: 10_000, seed: 1, also: ['crash', 'active'], timeout: 2_400_000 });
