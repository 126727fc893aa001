import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['vitest.setup.ts'],
    globalSetup: ['apps/server/test/global-setup.ts'],
    // What is waited for is a state: nothing takes so long, unless the machine does much else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    // A worker keeps what it has loaded: half of the time of all small tests was spent on loading the same code again.
    // So a module that registers a hook by itself does it for the first of its files only: hooks stand in the test files.
    isolate: false,
  },
})
