import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import type { SnapshotFrom } from 'xstate'
import type { TaskState } from '../../../../src/machines/scheduler/tasks/table/task-row.ts'
import { advanceTask, taskMachine } from '../../../../src/machines/scheduler/tasks/task.ts'
import type { TaskEvent } from '../../../../src/machines/scheduler/tasks/task.ts'

const eventTypes: readonly TaskEvent['type'][] = [
  'task.launched',
  'task.returned',
  'task.staging',
  'task.starting',
  'task.running',
  'task.killing',
  'task.dying',
  'task.unreachable',
  'task.ending',
  'task.finished',
  'task.failed',
  'task.killed',
  'task.lost',
  'task.retried',
]

function leafOf(value: SnapshotFrom<typeof taskMachine>['value']): TaskState {
  return typeof value === 'string' ? (value as TaskState) : value.launched
}

describe('advanceTask', () => {
  it('goes wherever the machine goes, from every state on every event', () => {
    const [initial] = initialTransition(taskMachine)
    const seen = new Map([[leafOf(initial.value), initial]])
    for (const [state, snapshot] of seen) {
      for (const type of eventTypes) {
        const [next] = transition(taskMachine, snapshot, { type })
        expect([state, type, advanceTask(state, type)]).toEqual([state, type, leafOf(next.value)])
        if (!seen.has(leafOf(next.value))) seen.set(leafOf(next.value), next)
      }
    }
    expect([...seen.keys()].toSorted()).toEqual([
      'dying',
      'ending',
      'failed',
      'finished',
      'killed',
      'killing',
      'launching',
      'lost',
      'pending',
      'running',
      'staging',
      'starting',
      'unreachable',
    ])
  })

  it('keeps a task that is being killed in killing', () => {
    expect(advanceTask('killing', 'task.running')).toBe('killing')
    expect(advanceTask('killing', 'task.dying')).toBe('killing')
  })
})
