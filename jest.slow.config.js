import fast from './jest.config.js';

/** Suites that take minutes or start real processes: `npm run test:slow`. */
export default {
  ...fast,
  testMatch: ['<rootDir>/tests/**/*.slow.test.{ts,tsx}'],
  // Whole clusters under load have a script of their own, `npm run chaos`.
  testPathIgnorePatterns: ['/node_modules/', '/tests/chaos/'],
  testTimeout: 300_000,
};
