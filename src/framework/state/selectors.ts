/** The framework's view of the scheduler's state. No other file of this folder reads a context. */
import { getFrom } from '../../domain/persistent-map.ts'
import { isSubscribed, outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { findAttempt } from '../../machines/scheduler/tasks/launches.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-fact.ts'

export {
  descriptionOf,
  holdersOf,
  isWithoutEffect,
  setsOf as librariesOf,
  taskTableOf as tasksOf,
} from '../../machines/scheduler/components.ts'

/** True until the framework has stopped or failed. */
export function isActive({ status }: SchedulerSnapshot): boolean {
  return status === 'active'
}

/** `running` from the start on, whether or not a master answers. */
export type Life = 'running' | 'draining' | 'stopping' | 'stopped' | 'failed'

export function lifeOf(snapshot: SchedulerSnapshot): Life {
  if (snapshot.matches('stopped')) return 'stopped'
  if (snapshot.matches('failed')) return 'failed'
  if (snapshot.matches('stopping')) return 'stopping'
  return snapshot.matches({ active: 'draining' }) ? 'draining' : 'running'
}

/** False until the first registration, while the connection to the master is lost, at the end. */
export function isRegistered(snapshot: SchedulerSnapshot): boolean {
  return snapshot.matches('active') && isSubscribed(snapshot)
}

/** Undefined before the first SUBSCRIBED, unless the id is of an earlier run. */
export function frameworkIdOf({ context }: SchedulerSnapshot): string | undefined {
  return context.frameworkId
}

/** Undefined for a task that has not ended, or whose outcome the run does not remember. */
export function outcomeOf(snapshot: SchedulerSnapshot, taskId: string): TaskFact | undefined {
  return getFrom(outcomesOf(snapshot), taskId)
}

/** True for the Mesos id of the current attempt of a task that has not ended. */
export function isCurrentAttempt(snapshot: SchedulerSnapshot, mesosTaskId: string): boolean {
  return findAttempt(taskTableOf(snapshot), mesosTaskId) !== undefined
}
