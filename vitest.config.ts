import { defineConfig } from 'vitest/config'

/** One configuration for every package: each runs it from its own folder and leaves its results there. */
export default defineConfig({
  test: {
    // No test measures time; this only ends what hangs, on the slowest of machines.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    include: ['{src,test,scripts}/**/*.test.{ts,tsx,mjs}'],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
  },
})
