import { configDefaults, defineConfig } from 'vitest/config';

/** Too long, and too much a matter of the machine, for each change: docs/testing.md, O. */
const SOAK = 'test/process/soak.test.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['SECRETREG_TEST_SOAK'] ? [] : [SOAK])],
    reporters: ['default', './test/summary-reporter.ts'],
    // On two processors vitest would start one, and wait for processes that wait for a disk or a broker.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'json-summary'] },
  },
});
