// The tests that mutants are run against (scripts/mutation.ts names them), with what does not decide about a mutant made
// short.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: (process.env['MUTATION_TESTS'] ?? '').split(' '),
    // A thousand values in a second process: what they would find the known answers find in a moment.
    exclude: ['test/crypto/java.test.ts'],
    env: { RUNS: '500', SEED: '1' },
    testTimeout: 60_000,
  },
});
