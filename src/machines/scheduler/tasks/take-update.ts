/**
 * Takes a status update: acknowledges it, changes the table, and notifies kills and reconciliation.
 */
import { assertEvent } from 'xstate'
import { getFrom, setIn } from '../../../domain/persistent-map.ts'
import { parseLaunchId } from '../../../domain/tasks/task-request.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import { noteAbsence, takeBack } from './absences.ts'
import { applyUpdate } from './apply-update.ts'
import type { KillsSnapshot } from './kills.ts'
import { askedOf, findAttempt, findDoubted, isGivenUp, killOfStatus } from './launches.ts'
import { keepTable, tasksSetup } from './setup.ts'
import type { TasksContext } from './setup.ts'
import { findTask } from './table/task-table.ts'
import { nameActions } from '../../actions/name-actions.ts'

/** Updates made by the master have no uuid, and need no acknowledgement. */
export const takeUpdate = tasksSetup.enqueueActions(({ context, enqueue, event, self }) => {
  assertEvent(event, 'mesos.update')
  const { status, dataSha256 } = event
  const launchId = status.taskId.value
  const doubted = findDoubted(context.table, status)
  if (doubted !== undefined) {
    enqueue.sendTo('reconciliation', { type: 'reconciliation.ask', asked: [askedOf(doubted)] })
    return
  }
  const isAnswer = status.reason === 'REASON_RECONCILIATION'
  if (isAnswer) enqueue.sendTo('reconciliation', { type: 'reconciliation.answered', id: launchId })
  if (isEnd(status)) {
    const kills = self.getSnapshot().children.kills?.getSnapshot()
    if (kills !== undefined && isKilling(kills, launchId))
      enqueue.sendTo('kills', { type: 'kill.done', launchId })
  } else if (isAnswer && !isKnown(context, status)) {
    const isKilled = context.unknownTasks === 'kill'
    enqueue.emit({ type: 'task.unknown', taskId: launchId, status, isKilled })
    if (isKilled) enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
  }
  // Looked up once: this is the most frequent event.
  const row = findAttempt(context.table, launchId)
  const update =
    row?.away === undefined
      ? applyUpdate(context.table, status, row)
      : applyUpdate(takeBack(context.table, status), status)
  const { tasks: table, absence } = noteAbsence(update.table, status)
  const facts =
    dataSha256 === undefined ? update.facts : update.facts.map((fact) => ({ ...fact, dataSha256 }))
  keepTable(context, enqueue, { table, facts })
  if (absence !== undefined && getFrom(context.absences, absence.id) === undefined) {
    enqueue.assign({ absences: setIn(context.absences, absence.id, absence) })
    const over = { type: 'absence.over', absence: absence.id } as const
    enqueue.raise(over, { id: absence.id, delay: absence.limitMs })
  }
  if (update.agentUpdate !== undefined)
    enqueue.sendTo('lateUpdates', { type: `update.${update.agentUpdate}`, launchId })
  const { uuid, agentId } = status
  if (uuid !== undefined && agentId !== undefined) {
    const call = calls.acknowledge(context.frameworkId, agentId.value, launchId, uuid)
    enqueue({ type: 'fx.call', params: call })
  }
  if (row === undefined && isGivenUp(context, status)) {
    enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
    enqueue.emit({
      type: 'task.unknown',
      taskId: launchId,
      status,
      isKilled: true,
      isReplaced: true,
    })
  }
})

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
  if (status.reason === 'REASON_RECONCILIATION') return false
  return !(isEnd(status) && isKilling(kills, launchId)) && !isGivenUp(context, status)
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
