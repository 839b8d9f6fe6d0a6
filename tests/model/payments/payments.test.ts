import { describePayments } from './model.suite.ts';

/** A glance: the same stories each time. Ten thousand are in payments.slow.test.ts. */
describePayments({ runs: 60, seed: 7, also: [], timeout: 60_000 });
