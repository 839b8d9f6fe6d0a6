import fast from './jest.config.js';

/** Suites that take minutes or start real processes: `npm run test:slow`. */
export default {
  ...fast,
  testMatch: ['<rootDir>/tests/**/*.slow.test.{ts,tsx}'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
