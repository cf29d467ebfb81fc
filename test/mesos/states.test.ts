import { describe, expect, it } from 'vitest'
import { planOf } from '../../src/mesos/encoding/schema.ts'
import { isTerminal, isTerminalOperation } from '../../src/mesos/states.ts'
import type { OperationState, TaskState } from '../../src/mesos/types.generated.ts'

function statesOf(message: string): string[] {
  const state = planOf(message).fields.find((field) => field.name === 'state')
  return [...(state?.enumeration?.byName.keys() ?? [])]
}

describe('isTerminal', () => {
  it('leaves open only states that others may follow', () => {
    const open = statesOf('mesos.v1.TaskStatus').filter((state) => !isTerminal(state as TaskState))
    expect(open.sort()).toEqual([
      'TASK_KILLING',
      'TASK_RUNNING',
      'TASK_STAGING',
      'TASK_STARTING',
      'TASK_UNKNOWN',
      'TASK_UNREACHABLE',
    ])
  })
})

describe('isTerminalOperation', () => {
  it('leaves open only states that others may follow', () => {
    const open = statesOf('mesos.v1.OperationStatus').filter(
      (state) => !isTerminalOperation(state as OperationState),
    )
    expect(open.sort()).toEqual([
      'OPERATION_PENDING',
      'OPERATION_RECOVERING',
      'OPERATION_UNKNOWN',
      'OPERATION_UNREACHABLE',
      'OPERATION_UNSUPPORTED',
    ])
  })
})
