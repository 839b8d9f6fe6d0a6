import { describeModel } from './model.suite.ts';

/**
 * The same thousand stories each time, so that a submission is judged by its own changes. MODEL_SEED and MODEL_RUNS play others,
 * ten thousand for example: whoever changes the flow, the records or the sessions does that by hand.
 */
describeModel({ runs: 1000, seed: 1, also: ['crash', 'active'], timeout: 1_200_000 });
