import { describeModel } from './model.suite.ts';

/** A glance: the same stories each time. Ten thousand others are in model.slow.test.ts. */
describeModel({ runs: 60, seed: 1, also: [], timeout: 180_000 });
