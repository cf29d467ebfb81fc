import { describe, expect, it } from 'vitest'
import { toRequest } from '../../src/framework/task-options.ts'
import type { TaskOptions } from '../../src/framework/task-options.ts'

type RunSettings = Parameters<typeof toRequest>[1]
const settings: RunSettings = {
  libraries: [],
  delivery: 'executor',
  executor: {} as RunSettings['executor'],
  capabilities: [],
  roles: ['*'],
}

describe('toRequest', () => {
  it.each([undefined, null, 'true', {}, { work: null }, { work: 'true' }, { work: { kind: 5 } }])(
    'refuses %j, which only JavaScript lets through',
    (task) => {
      const invalid = expect.objectContaining({ code: 'TASK_INVALID' })
      expect(() => toRequest(task as unknown as TaskOptions, settings)).toThrow(invalid)
    },
  )
})
