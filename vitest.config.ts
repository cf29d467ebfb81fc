import { defineConfig } from 'vitest/config'
import { patienceMs } from './test/support/patience.ts'

const patience = {
  testTimeout: patienceMs,
  hookTimeout: patienceMs,
  teardownTimeout: patienceMs,
  expect: { poll: { timeout: patienceMs } },
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.int.test.ts'],
        },
      },
      {
        test: {
          ...patience,
          name: 'int',
          include: ['test/**/*.int.test.ts'],
          // Many of them wait; some start many processes.
          maxWorkers: 3,
        },
      },
    ],
  },
})
