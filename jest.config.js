/** Fast suites: unit, contract, flow, attack and the browser journeys. Slow ones have jest.slow.config.js. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testMatch: ['<rootDir>/tests/**/*.test.{ts,tsx}'],
  testPathIgnorePatterns: ['/node_modules/', '\\.slow\\.test\\.tsx?$'],
  // Jest leaves one core free by itself; the whole has to fit into ten minutes on two.
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/tests/support/lack-reporter.js'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2024',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
