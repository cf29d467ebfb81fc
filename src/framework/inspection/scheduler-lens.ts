/**
 * The meaning of the scheduler's journal for the inspector: Mesos' words, tasks, hosts, libraries.
 */
import { effectSummary, eventSummary } from '../../domain/event-summary.ts'
import { findTaskEnd } from '../../domain/tasks/ends/task-ends.ts'
import type { Lens } from '../../inspector/protocol/lens.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { clusterAt } from './cluster-at.ts'
import { laneOf, lanes } from './lanes.ts'
import { librariesAt } from './libraries-at.ts'
import { stagesAt } from './stages-at.ts'
import { taskChanges } from './task-changes.ts'

export const schedulerLens: Lens = {
  labelOf: (event) => labelOf(event as SchedulerInboxEvent),
  isFailure: (event) => isFailure(event as SchedulerInboxEvent),
  effectLabelOf: effectSummary,
  laneOf,
  lanes,
  stages: (snapshot) => stagesAt(snapshot as SchedulerSnapshot),
  cluster: (snapshot) => clusterAt(snapshot as SchedulerSnapshot),
  libraries: (snapshot) => librariesAt(snapshot as SchedulerSnapshot),
  taskChanges,
}

function labelOf(event: SchedulerInboxEvent): string {
  if (event.type === 'holder.added')
    return `${event.hostname === '' ? event.agentId : event.hostname} has ${event.sha256.slice(0, 12)}…`
  // The type stands beside it.
  return eventSummary(event).slice(event.type.length + 1)
}

/** A task that did not finish, a call that failed, or news that something is lost. */
function isFailure(event: SchedulerInboxEvent): boolean {
  if (event.type === 'mesos.update') {
    const { status } = event
    return status.state !== 'TASK_FINISHED' && findTaskEnd(status) !== undefined
  }
  return failures.has(event.type)
}

const failures: ReadonlySet<string> = new Set<SchedulerInboxEvent['type']>([
  'call.failed',
  'connection.lost',
  'jarServer.failed',
  'mesos.error',
  'mesos.failure',
  'mesos.refused',
])
