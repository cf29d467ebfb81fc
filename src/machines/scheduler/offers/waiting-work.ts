/** The amount of work that waits for offers, by role. */
import { defined } from '../../../defined.ts'
import type { TaskConstraints } from '../../../domain/tasks/task-constraints.ts'
import type { Offer } from '../../../mesos/types.generated.ts'
import { rolesWaitedFor } from '../tasks/table/pending-roles.ts'
import { pendingOf, queuesOf, unitsOf } from '../tasks/table/task-queues.ts'
import { explainWaiting } from './matching/explain-waiting.ts'
import type { WaitingReason } from './matching/explain-waiting.ts'
import type { Work } from './offer-use.ts'

/** No task fits the received offers: the reason for the task that waits longest. */
export interface TasksWaiting extends WaitingReason {
  readonly type: 'task.waiting'
  /** Number of waiting tasks. */
  readonly count: number
  /** Ids of the first three. */
  readonly taskIds: readonly string[]
  /** Constraints and role of the task that waits longest. */
  readonly constraints?: TaskConstraints
  readonly role?: string
}

const maxNamedTasks = 3

/** Number of tasks and operations that wait for an offer. */
export function countWaiting({ tasks, operations }: Work): number {
  return tasks.pendingCount + operations.pendingCount
}

/** The roles for whose offers work waits. Operations take offers of any role. */
export function wantedRoles({ tasks, operations }: Work, roles: readonly string[]) {
  if (operations.pendingCount > 0) return roles
  if (tasks.pendingCount === 0) return []
  return rolesWaitedFor(tasks.pendingRoles, tasks.pendingCount, roles)
}

/** The fact for offers that fit no waiting task. */
export function describeWaiting({ tasks, delivery }: Work, offers: readonly Offer[]): TasksWaiting {
  const queues = queuesOf(tasks)
  const rows = queues.flatMap((queue) => [...take(pendingOf(tasks, queue), maxNamedTasks)])
  const [first = []] = queues[0] === undefined ? [] : unitsOf(tasks, queues[0])
  const { constraints, role } = first[0]?.request ?? {}
  return {
    type: 'task.waiting',
    count: tasks.pendingCount,
    taskIds: rows.slice(0, maxNamedTasks).map(({ request }) => request.id),
    ...defined({ constraints, role }),
    ...explainWaiting(first, offers, tasks, delivery),
  }
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ === count) return
    yield item
  }
}
