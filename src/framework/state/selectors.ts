/** What the framework reads of the scheduler's state. No other file of it reads a context. */
import type { LibraryHolders } from '../../machines/scheduler/delivery/library-holders.ts'
import { getFrom } from '../../domain/persistent-map.ts'
import type { SetTable } from '../../machines/scheduler/delivery/set-table.ts'
import type { TaskTable } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { FrameworkDescription } from '../../machines/scheduler/connection/framework-update.ts'
import { changesNothing, findAttempt } from '../../machines/scheduler/tasks/launches.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-update.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'

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
  return snapshot.context.isDraining ? 'draining' : 'running'
}

const registeredStates = ['registered', 'startingJarServer', 'serving', 'draining'] as const

/** False until the first registration, while the connection to the master is lost, at the end. */
export function isRegistered(snapshot: SchedulerSnapshot): boolean {
  return registeredStates.some((state) => snapshot.matches(state))
}

/** Undefined before the first SUBSCRIBED, unless the id is of an earlier run. */
export function frameworkIdOf({ context }: SchedulerSnapshot): string | undefined {
  return context.frameworkId === '' ? undefined : context.frameworkId
}

/** FrameworkInfo and offer constraints as last accepted by the master. */
export function descriptionOf({ context }: SchedulerSnapshot): FrameworkDescription {
  const { framework, offerConstraints } = context
  return offerConstraints === undefined ? { framework } : { framework, offerConstraints }
}

/** The current library set, and older sets in use. */
export function librariesOf({ context }: SchedulerSnapshot): SetTable {
  return context.libraries
}

/** Agents that have libraries, by digest. */
export function holdersOf({ context }: SchedulerSnapshot): LibraryHolders {
  return context.holders
}

export function tasksOf({ context }: SchedulerSnapshot): TaskTable {
  return context.tasks
}

/** Undefined for a task that is not over, or whose outcome the run does not remember. */
export function outcomeOf({ context }: SchedulerSnapshot, taskId: string): TaskFact | undefined {
  return getFrom(context.outcomes, taskId)
}

/** True for the Mesos id of the current attempt of a task that is not over. */
export function isCurrentAttempt({ context }: SchedulerSnapshot, mesosTaskId: string): boolean {
  return findAttempt(context.tasks, mesosTaskId) !== undefined
}

/** True for an update that leads to no decision. */
export function isWithoutEffect({ context }: SchedulerSnapshot, status: TaskStatus): boolean {
  return changesNothing(context, status)
}
