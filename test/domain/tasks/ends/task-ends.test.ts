import { describe, expect, it } from 'vitest'
import { findTaskEnd, taskEnds } from '../../../../src/domain/tasks/ends/task-ends.ts'
import type { EndFault } from '../../../../src/domain/tasks/ends/task-end.ts'
import type {
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../../../../src/mesos/types.generated.ts'
import { descriptor } from '../../../../src/mesos/encoding/descriptor.generated.ts'
import { isTerminal } from '../../../../src/mesos/states.ts'
import { status } from '../../../support/mesos/mesos-data.ts'

type Source = 'MASTER' | 'AGENT' | 'EXECUTOR'

/** What Mesos 1.12 sends, and what it is to mean; written by hand, not taken from the table. */
const sent: readonly (readonly [TaskState, TaskStatusReason | undefined, Source, EndFault])[] = [
  ['TASK_FINISHED', undefined, 'EXECUTOR', 'none'],
  ['TASK_KILLED', 'REASON_AGENT_DRAINING', 'EXECUTOR', 'moved'],
  ['TASK_GONE_BY_OPERATOR', 'REASON_AGENT_DRAINING', 'EXECUTOR', 'moved'],
  ['TASK_DROPPED', 'REASON_AGENT_DRAINING', 'AGENT', 'moved'],
  ['TASK_GONE_BY_OPERATOR', 'REASON_AGENT_REMOVED_BY_OPERATOR', 'MASTER', 'moved'],
  ['TASK_GONE_BY_OPERATOR', 'REASON_RECONCILIATION', 'MASTER', 'moved'],
  ['TASK_GONE', 'REASON_CONTAINER_PREEMPTED', 'AGENT', 'moved'],
  ['TASK_FAILED', 'REASON_MAX_COMPLETION_TIME_REACHED', 'EXECUTOR', 'task'],
  ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_MEMORY', 'AGENT', 'task'],
  ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_MEMORY', 'EXECUTOR', 'task'],
  ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_DISK', 'AGENT', 'task'],
  ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION', 'AGENT', 'task'],
  ['TASK_FAILED', 'REASON_COMMAND_EXECUTOR_FAILED', 'EXECUTOR', 'task'],
  ['TASK_FAILED', undefined, 'EXECUTOR', 'task'],
  ['TASK_ERROR', 'REASON_TASK_INVALID', 'MASTER', 'task'],
  ['TASK_ERROR', 'REASON_TASK_UNAUTHORIZED', 'MASTER', 'task'],
  ['TASK_ERROR', 'REASON_TASK_UNAUTHORIZED', 'AGENT', 'task'],
  ['TASK_ERROR', 'REASON_TASK_GROUP_INVALID', 'MASTER', 'task'],
  ['TASK_ERROR', 'REASON_TASK_GROUP_UNAUTHORIZED', 'AGENT', 'task'],
  ['TASK_ERROR', undefined, 'EXECUTOR', 'task'],
  ['TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', 'AGENT', 'cluster'],
  ['TASK_FAILED', 'REASON_CONTAINER_LAUNCH_FAILED', 'EXECUTOR', 'cluster'],
  ['TASK_FAILED', 'REASON_EXECUTOR_REGISTRATION_TIMEOUT', 'AGENT', 'cluster'],
  ['TASK_FAILED', 'REASON_EXECUTOR_UNREGISTERED', 'AGENT', 'cluster'],
  ['TASK_DROPPED', 'REASON_INVALID_OFFERS', 'MASTER', 'cluster'],
  ['TASK_DROPPED', 'REASON_RESOURCES_UNKNOWN', 'AGENT', 'cluster'],
  ['TASK_DROPPED', 'REASON_GC_ERROR', 'AGENT', 'cluster'],
  ['TASK_DROPPED', 'REASON_TASK_INVALID', 'AGENT', 'cluster'],
  ['TASK_LOST', 'REASON_MASTER_DISCONNECTED', 'MASTER', 'cluster'],
  ['TASK_LOST', 'REASON_INVALID_FRAMEWORKID', 'MASTER', 'cluster'],
  ['TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'AGENT', 'cluster'],
  ['TASK_DROPPED', 'REASON_EXECUTOR_TERMINATED', 'AGENT', 'cluster'],
  ['TASK_GONE', 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT', 'AGENT', 'cluster'],
  ['TASK_GONE', 'REASON_CONTAINER_UPDATE_FAILED', 'AGENT', 'cluster'],
  ['TASK_FAILED', 'REASON_IO_SWITCHBOARD_EXITED', 'AGENT', 'cluster'],
  ['TASK_DROPPED', 'REASON_AGENT_DISCONNECTED', 'MASTER', 'cluster'],
  ['TASK_GONE', 'REASON_AGENT_REMOVED', 'MASTER', 'cluster'],
  ['TASK_DROPPED', 'REASON_AGENT_RESTARTED', 'AGENT', 'cluster'],
  ['TASK_LOST', 'REASON_AGENT_UNKNOWN', 'MASTER', 'cluster'],
  ['TASK_LOST', 'REASON_TASK_UNKNOWN', 'MASTER', 'cluster'],
  ['TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', 'AGENT', 'cluster'],
  ['TASK_KILLED', 'REASON_FRAMEWORK_REMOVED', 'MASTER', 'cluster'],
  ['TASK_KILLED', undefined, 'EXECUTOR', 'cluster'],
  ['TASK_DROPPED', 'REASON_RECONCILIATION', 'AGENT', 'cluster'],
  ['TASK_GONE', 'REASON_RECONCILIATION', 'MASTER', 'cluster'],
  ['TASK_LOST', 'REASON_RECONCILIATION', 'MASTER', 'cluster'],
  ['TASK_UNKNOWN', 'REASON_RECONCILIATION', 'MASTER', 'cluster'],
]

/** These come with tasks that are not over, or with an end of any kind. */
const withoutEnd: readonly TaskStatusReason[] = [
  'REASON_RECONCILIATION',
  'REASON_TASK_CHECK_STATUS_UPDATED',
  'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
  'REASON_AGENT_REREGISTERED',
]

const unhealthy: TaskStatus = status('t', 'TASK_KILLED', {
  healthy: false,
  source: 'SOURCE_EXECUTOR',
})

function statusOf([state, reason, source]: (typeof sent)[number]): TaskStatus {
  const why = reason === undefined ? {} : { reason }
  return status('t', state, { ...why, source: `SOURCE_${source}` })
}

describe('findTaskEnd', () => {
  it.each(sent)('takes %s with %s from the %s for the fault: %s', (...row) => {
    expect(findTaskEnd(statusOf(row))?.fault).toBe(row[3])
  })

  it('blames a task that its health check killed', () => {
    expect(findTaskEnd(unhealthy)?.fault).toBe('task')
    expect(findTaskEnd({ ...unhealthy, reason: 'REASON_AGENT_DRAINING' })?.fault).toBe('moved')
  })

  it('has no row that Mesos never needs', () => {
    const needed = new Set([...sent.map(statusOf), unhealthy].map((one) => findTaskEnd(one)))
    expect(taskEnds.filter((end) => !needed.has(end))).toEqual([])
  })

  it('has a row for each reason of Mesos', () => {
    const reasons = JSON.stringify(descriptor).match(/REASON_[A-Z_]+/g) ?? []
    const known = new Set<string>(taskEnds.flatMap(({ reason = '' }) => reason))
    const left = [...new Set(reasons)].filter((reason) => !known.has(reason))
    expect(left.toSorted()).toEqual(withoutEnd.toSorted())
  })

  it('has a row for every end, for any reason and source', () => {
    const states: readonly TaskState[] = [
      'TASK_FINISHED',
      'TASK_FAILED',
      'TASK_KILLED',
      'TASK_LOST',
      'TASK_ERROR',
      'TASK_DROPPED',
      'TASK_GONE',
      'TASK_GONE_BY_OPERATOR',
    ]
    expect(states.every(isTerminal)).toBe(true)
    for (const state of states) {
      for (const [, reason] of sent) {
        for (const source of ['MASTER', 'AGENT', 'EXECUTOR'] as const)
          expect(findTaskEnd(statusOf([state, reason, source, 'none']))).toBeDefined()
      }
      expect(findTaskEnd({ state })).toBeDefined()
    }
    expect(findTaskEnd({ state: 'TASK_RUNNING' })).toBeUndefined()
    expect(findTaskEnd({ state: 'TASK_UNREACHABLE' })).toBeUndefined()
  })

  it("does not blame an agent on an executor's word", () => {
    const claimed = ['REASON_EXECUTOR_TERMINATED', 'REASON_AGENT_REMOVED'] as const
    for (const reason of claimed)
      expect(findTaskEnd(statusOf(['TASK_FAILED', reason, 'EXECUTOR', 'task']))?.fault).toBe('task')
  })
})
