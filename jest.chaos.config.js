import slow from './jest.slow.config.js';

/** `npm run chaos`: whatever ends processes or takes stores away, one after the other, a line each. */
export default {
  ...slow,
  testMatch: [
    '<rootDir>/tests/chaos/**/{kill,rolling,outages,failover,surroundings}.slow.test.ts',
    '<rootDir>/tests/contract/redis-modes.slow.test.ts',
    '<rootDir>/tests/flow/{workers,payments-kill,postfach-kill}.slow.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  reporters: ['<rootDir>/tests/support/line-reporter.js', '<rootDir>/tests/support/lack-reporter.js'],
  // Figures of a run stand on stderr.
  silent: false,
};
