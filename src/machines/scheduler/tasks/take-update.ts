/**
 * Takes a status update: acknowledges it, changes the table, and notifies kills and reconciliation.
 */
import { assertEvent } from 'xstate'
import { getFrom, setIn } from '../../../domain/persistent-map.ts'
import { parseLaunchId } from '../../../domain/tasks/task-request.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { SchedulerCall, TaskStatus } from '../../../mesos/types.generated.ts'
import type { ReconciliationEvent } from '../reconciliation/reconciliation.ts'
import { noteAbsence, takeBack } from './absences.ts'
import type { Absence, AbsenceOver } from './absences.ts'
import { applyUpdate } from './apply-update.ts'
import type { MesosUpdate } from './events.ts'
import type { KillsEvent, KillsSnapshot } from './kills.ts'
import type { LateUpdatesEvent } from './late-updates.ts'
import { askedOf, findAttempt, findDoubted, isGivenUp, killOfStatus } from './launches.ts'
import { keepTable, tasksSetup } from './setup.ts'
import type { Keeper, TasksContext } from './setup.ts'
import type { TaskRow } from './table/task-row.ts'
import { findTask } from './table/task-table.ts'
import { nameActions } from '../../actions/name-actions.ts'

/** The part of XState's `enqueue` that is used here. */
interface Enqueue extends Keeper {
  (action: { readonly type: 'fx.call'; readonly params: SchedulerCall }): void
  raise(event: AbsenceOver, options: { readonly id: string; readonly delay: number }): void
  sendTo(
    child: 'kills' | 'lateUpdates' | 'reconciliation',
    event: KillsEvent | LateUpdatesEvent | ReconciliationEvent,
  ): void
}

export const takeUpdate = tasksSetup.enqueueActions(({ context, enqueue, event, self }) => {
  assertEvent(event, 'mesos.update')
  const { status } = event
  const doubted = findDoubted(context.table, status)
  if (doubted !== undefined) {
    enqueue.sendTo('reconciliation', { type: 'reconciliation.ask', asked: [askedOf(doubted)] })
    return
  }
  if (isAnswer(status))
    enqueue.sendTo('reconciliation', {
      type: 'reconciliation.answered',
      id: status.taskId.value,
    })
  if (isEnd(status)) endKill(enqueue, status, self.getSnapshot().children.kills?.getSnapshot())
  else if (isAnswer(status) && !isKnown(context, status)) takeUnknown(context, enqueue, status)
  // Looked up once: this is the most frequent event.
  const row = findAttempt(context.table, status.taskId.value)
  changeTable(context, enqueue, event, row)
  acknowledge(context, enqueue, status)
  if (row === undefined && isGivenUp(context, status)) killReplaced(enqueue, status)
})

function endKill(enqueue: Enqueue, status: TaskStatus, kills: KillsSnapshot | undefined): void {
  const launchId = status.taskId.value
  if (kills !== undefined && isKilling(kills, launchId))
    enqueue.sendTo('kills', { type: 'kill.done', launchId })
}

/** Mesos runs a task that this framework does not know. */
function takeUnknown(context: TasksContext, enqueue: Enqueue, status: TaskStatus): void {
  const isKilled = context.unknownTasks === 'kill'
  enqueue.emit({ type: 'task.unknown', taskId: status.taskId.value, status, isKilled })
  if (isKilled) enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
}

function changeTable(
  context: TasksContext,
  enqueue: Enqueue,
  { status, dataSha256 }: MesosUpdate,
  row: TaskRow | undefined,
): void {
  const { table, facts, agentUpdate } =
    row?.away === undefined
      ? applyUpdate(context.table, status, row)
      : applyUpdate(takeBack(context.table, status), status)
  const { tasks, absence } = noteAbsence(table, status)
  keepTable(context, enqueue, {
    table: tasks,
    facts: dataSha256 === undefined ? facts : facts.map((fact) => ({ ...fact, dataSha256 })),
  })
  if (absence !== undefined) keepAbsence(context, enqueue, absence)
  if (agentUpdate !== undefined)
    enqueue.sendTo('lateUpdates', {
      type: `update.${agentUpdate}`,
      launchId: status.taskId.value,
    })
}

/** Limits the time that tasks on an unreachable agent wait for it. */
function keepAbsence({ absences }: TasksContext, enqueue: Enqueue, absence: Absence): void {
  const { id, limitMs } = absence
  if (getFrom(absences, id) !== undefined) return
  enqueue.assign({ absences: setIn(absences, id, absence) })
  enqueue.raise({ type: 'absence.over', absence: id }, { id, delay: limitMs })
}

/** Updates made by the master have no uuid, and need no acknowledgement. */
function acknowledge({ frameworkId }: TasksContext, enqueue: Enqueue, status: TaskStatus): void {
  const { uuid, agentId, taskId } = status
  if (uuid === undefined || agentId === undefined) return
  const call = calls.acknowledge(frameworkId, agentId.value, taskId.value, uuid)
  enqueue({ type: 'fx.call', params: call })
}

/** An attempt that was given up is back, and another one was launched in its place. */
function killReplaced(enqueue: Enqueue, status: TaskStatus): void {
  const taskId = status.taskId.value
  enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
  enqueue.emit({ type: 'task.unknown', taskId, status, isKilled: true, isReplaced: true })
}

/**
 * True for an update that changes nothing: its task is unknown or ended, or another attempt
 * replaced it, and no reconciliation or kill waits for it.
 */
export function changesNothing(
  context: TasksContext,
  kills: KillsSnapshot,
  status: TaskStatus,
): boolean {
  const launchId = status.taskId.value
  if (findAttempt(context.table, launchId) !== undefined) return false
  if (isAnswer(status)) return false
  return !(isEnd(status) && isKilling(kills, launchId)) && !isGivenUp(context, status)
}

/** True for an answer of the master to a question. */
function isAnswer({ reason }: TaskStatus): boolean {
  return reason === 'REASON_RECONCILIATION'
}

function isEnd({ state }: TaskStatus): boolean {
  return isTerminal(state) || state === 'TASK_UNKNOWN'
}

function isKilling({ context }: KillsSnapshot, launchId: string): boolean {
  return context.kills.size > 0 && getFrom(context.kills, launchId) !== undefined
}

/** True for a launch in the table, or one that is being killed. */
function isKnown(context: TasksContext, status: TaskStatus): boolean {
  const { id, attempt } = parseLaunchId(status.taskId.value)
  const row = findTask(context.table, id)
  const isLaunched = row?.attempt === attempt && row.state !== 'pending'
  return isLaunched || row?.away?.attempt === attempt || isGivenUp(context, status)
}

nameActions({ takeUpdate })
