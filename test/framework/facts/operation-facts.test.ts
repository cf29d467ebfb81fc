import { describe, expect, it } from 'vitest'
import {
  operationEnded,
  operationRejected,
  operationUpdated,
} from '../../../src/framework/facts/operation-facts.ts'

const about = { operationId: 'op', agentId: 'a1', attempt: 2 }

describe('operationUpdated', () => {
  it('has the state and the status of Mesos, if there is one', () => {
    const status = { state: 'OPERATION_PENDING' } as const
    const fact = { type: 'operation.updated', ...about } as const
    expect(operationUpdated({ ...fact, status }, 7)).toEqual({
      ...about,
      state: 'OPERATION_PENDING',
      status,
      at: 7,
    })
    expect(operationUpdated(fact, 7)).toEqual({ ...about, at: 7 })
  })
})

describe('operationEnded', () => {
  const fact = { type: 'operation.ended', ...about } as const

  it('has no error after OPERATION_FINISHED, but the converted resources', () => {
    const convertedResources = [{ name: 'disk', type: 'SCALAR' } as const]
    const status = { state: 'OPERATION_FINISHED', convertedResources } as const
    const ended = operationEnded({ ...fact, status }, 7)
    expect(ended).toMatchObject({ resources: convertedResources })
    expect(ended).not.toHaveProperty('error')
  })

  it('has an error with the message of Mesos after any other state', () => {
    const status = { state: 'OPERATION_ERROR', message: 'no such volume' } as const
    expect(operationEnded({ ...fact, status }, 7).error).toMatchObject({
      code: 'OPERATION_FAILED',
      message: 'operation op OPERATION_ERROR: no such volume',
      details: { operationId: 'op', agentId: 'a1', state: 'OPERATION_ERROR' },
    })
  })

  it("has an error with jarcast's reason without a status", () => {
    const why = { code: 'FRAMEWORK_STOPPED', message: 'the framework has stopped' }
    expect(operationEnded({ ...fact, ...why }, 7).error).toMatchObject({
      code: 'FRAMEWORK_STOPPED',
      message: 'operation op: the framework has stopped',
    })
    expect(operationEnded(fact, 7).error?.message).toBe('operation op: Mesos gives no reason')
  })
})

describe('operationRejected', () => {
  it('is the end of an operation without an agent', () => {
    const fact = { operationId: 'op', code: 'OPERATION_INVALID', message: 'no' }
    expect(operationRejected({ type: 'operation.rejected', ...fact }, 7)).toMatchObject({
      agentId: '',
      attempt: 1,
      error: { code: 'OPERATION_INVALID' },
    })
  })
})
