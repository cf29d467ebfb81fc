/**
 * How tasks end: the cause (`fault`) and a description of each end. Used by the scheduler, its
 * messages and the guide.
 * Source: apache/mesos docs/task-state-reasons.md, src/slave/slave.cpp, src/master/master.cpp.
 */
import type { TaskState, TaskStatus } from '../../../mesos/types.generated.ts'
import { lossEnds } from './loss-ends.ts'
import { ownEnds } from './own-ends.ts'
import { anyone } from './task-end.ts'
import type { TaskEnd } from './task-end.ts'

/** The first matching row counts. */
export const taskEnds: readonly TaskEnd[] = [
  ...ownEnds,
  ...lossEnds,

  // Any other reason, or none.
  { states: ['TASK_KILLED'], sources: anyone, fault: 'cluster', text: 'it was killed' },
  { states: ['TASK_FAILED'], sources: anyone, fault: 'task', text: 'it failed' },
  { states: ['TASK_ERROR'], sources: anyone, fault: 'task', text: 'Mesos refused it' },
  {
    states: ['TASK_DROPPED'],
    sources: anyone,
    fault: 'cluster',
    text: 'it was dropped before it started',
  },
  { states: ['TASK_GONE'], sources: anyone, fault: 'cluster', text: 'its agent no longer has it' },
  {
    states: ['TASK_GONE_BY_OPERATOR'],
    sources: anyone,
    fault: 'moved',
    text: 'an operator marked its agent as gone',
  },
  { states: ['TASK_LOST'], sources: anyone, fault: 'cluster', text: 'it was lost' },
  {
    states: ['TASK_UNKNOWN'],
    sources: anyone,
    fault: 'cluster',
    text: 'Mesos does not know it any more',
  },
]

type EndStatus = Pick<TaskStatus, 'state' | 'reason' | 'source' | 'healthy'>

const rowsByState = new Map<TaskState, readonly TaskEnd[]>()
for (const end of taskEnds)
  for (const state of end.states) rowsByState.set(state, [...(rowsByState.get(state) ?? []), end])

/** The row for a status; undefined for a state that is not terminal. */
export function findTaskEnd(status: EndStatus): TaskEnd | undefined {
  const { state, reason, source, healthy } = status
  return rowsByState
    .get(state)
    ?.find(
      (end) =>
        (end.isUnhealthy === undefined || healthy === false) &&
        (end.reason === undefined || end.reason === reason) &&
        (source === undefined || end.sources.includes(source)),
    )
}
