import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { patienceMs, waitMs } from './test/support/patience.ts'

const common = {
  testTimeout: patienceMs,
  hookTimeout: patienceMs,
  teardownTimeout: patienceMs,
  expect: { poll: { timeout: waitMs } },
  // What tests share is loaded once per process, not once per file: half of the time of all unit tests.
  isolate: false,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.int.test.ts'],
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          ...common,
          name: 'int',
          include: ['test/**/*.int.test.ts'],
          // Many of them wait; some start many processes.
          maxWorkers: 3,
        },
      },
    ],
  },
})
