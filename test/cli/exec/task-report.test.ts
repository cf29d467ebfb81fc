import { describe, expect, it } from 'vitest'
import { hasSandbox } from '../../../src/cli/exec/task-report.ts'
import { status } from '../../support/mesos/mesos-data.ts'

const executorId = { executorId: { value: 'e' } }
const containerStatus = { containerId: { value: 'c' } }

describe('hasSandbox', () => {
  it.each([
    status('t', 'TASK_FINISHED', { source: 'SOURCE_EXECUTOR', ...executorId }),
    status('t', 'TASK_FAILED', {
      source: 'SOURCE_AGENT',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      ...executorId,
    }),
    status('t', 'TASK_FINISHED', {
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      containerStatus,
    }),
  ])('is true for a task that had a container: %j', (one) => {
    expect(hasSandbox(one)).toBe(true)
  })

  it.each([
    undefined,
    status('t', 'TASK_ERROR', { source: 'SOURCE_MASTER', reason: 'REASON_TASK_INVALID' }),
    status('t', 'TASK_DROPPED', { source: 'SOURCE_AGENT', ...executorId }),
    status('t', 'TASK_KILLED', {
      source: 'SOURCE_AGENT',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      ...executorId,
    }),
    status('t', 'TASK_GONE_BY_OPERATOR', { source: 'SOURCE_MASTER' }),
    status('t', 'TASK_LOST', { source: 'SOURCE_MASTER', reason: 'REASON_AGENT_REMOVED' }),
  ])('is false for a task that had none, or whose agent is gone: %j', (one) => {
    expect(hasSandbox(one)).toBe(false)
  })
})
