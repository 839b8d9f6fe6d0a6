import { describeModel } from './model.suite.ts';

/** Other stories each time; a failure names the seed by which it comes again. */
describeModel({ runs: 10_000, also: ['crash', 'active'], timeout: 1_800_000 });
