/** The named actions of the scheduler machine: what each event makes of its context, and which effects it asks for. */
import { assertEvent } from 'xstate'
import { rejectedExitStatus } from '../../domain/tasks/check-command.ts'
import { addHolder, withoutAgent } from './delivery/library-holders.ts'
import { getFrom, removeFrom, setIn } from '../../domain/persistent-map.ts'
import { findTask, tasksOf } from './tasks/table/task-table.ts'
import * as calls from '../../mesos/scheduler-calls.ts'
import { giveUp, isStillAway, noteAbsence, takeBack } from './tasks/absences.ts'
import { applyUpdate, settleAnswer } from './tasks/answered-ends.ts'
import type { MesosRefused } from './events.ts'
import type { JarServerStarted } from './delivery/jar-server.ts'
import {
  askedOf,
  findAttempt,
  findDoubted,
  isGivenUp,
  killOf,
  killOfStatus,
} from './tasks/launches.ts'
import { libraryActions } from './delivery/libraries.ts'
import { maintenanceActions } from './maintenance/maintenance.ts'
import { offerActions } from './offers/offer-actions.ts'
import { requestActions } from './connection/requests.ts'
import { mustTearDown, schedulerSetup } from './setup.ts'
import { outcomesWith, taskActions } from './tasks/task-actions.ts'
import { takenOver } from './connection/subscription.ts'
import type { ConnectionLost } from './connection/subscription.ts'
import { unreachableFacts } from './tasks/unreachable-tasks.ts'

const keepFrameworkId = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  const { frameworkId, master } = event
  enqueue.assign({ frameworkId })
  enqueue.emit({
    type: 'framework.registered',
    frameworkId,
    ...(master === undefined ? {} : { master }),
  })
  // The agents may have been lost before this process began.
  for (const fact of unreachableFacts(context.tasks)) enqueue.emit(fact)
})

const keepDelivery = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'jarServer.started')
  enqueue.assign({ delivery: event.delivery })
  enqueue.emit({ type: 'jarServer.started', url: event.url })
})

const keepJarServerFailure = schedulerSetup.assign(({ event }) => {
  assertEvent(event, 'jarServer.failed')
  return { failure: { code: event.code, message: event.message }, hasStartedJarServer: false }
})

/** Acknowledged only with a uuid (updates made by the master have none) and, by the gateway, only once journalled. */
const takeUpdate = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.update')
  const { status, dataSha256 } = event
  const doubted = findDoubted(context.tasks, status)
  if (doubted !== undefined) {
    const asked = [askedOf(doubted)]
    enqueue.sendTo('reconciliation', { type: 'reconciliation.ask', asked })
    return
  }
  const update = applyUpdate(takeBack(context.tasks, status), status)
  const { tasks, absence } = noteAbsence(update.table, status)
  const { facts: told, agentUpdate } = update
  const facts = dataSha256 === undefined ? told : told.map((fact) => ({ ...fact, dataSha256 }))
  const outcomes = facts.reduce(
    (before, fact) => outcomesWith({ ...context, outcomes: before }, fact),
    context.outcomes,
  )
  enqueue.assign({ tasks, outcomes })
  if (absence !== undefined && getFrom(context.absences, absence.id) === undefined) {
    enqueue.assign({ absences: setIn(context.absences, absence.id, absence) })
    const over = { type: 'absence.over', absence: absence.id } as const
    enqueue.raise(over, { id: absence.id, delay: absence.limitMs })
  }
  if (agentUpdate !== undefined) {
    const launchId = status.taskId.value
    enqueue.sendTo('lateUpdates', { type: `update.${agentUpdate}`, launchId })
  }
  if (status.uuid !== undefined && status.agentId !== undefined) {
    const acknowledge = calls.acknowledge(
      context.frameworkId,
      status.agentId.value,
      status.taskId.value,
      status.uuid,
    )
    enqueue({ type: 'fx.call', params: acknowledge })
  }
  if (isGivenUp(context, status)) {
    enqueue.assign({ hasKills: true })
    enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
    const taskId = status.taskId.value
    enqueue.emit({ type: 'task.unknown', taskId, status, isKilled: true, isReplaced: true })
  }
  for (const fact of facts) enqueue.emit(fact)
})

/** The updates of these tasks were awaited long enough. */
const settleOverdue = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'updates.overdue')
  let { tasks, outcomes } = context
  for (const launchId of event.launchIds) {
    const row = findAttempt(tasks, launchId)
    if (row?.state !== 'ending') continue
    const { table, facts } = settleAnswer(tasks, row, 'late')
    tasks = table
    for (const fact of facts) {
      outcomes = outcomesWith({ ...context, outcomes }, fact)
      enqueue.emit(fact)
    }
  }
  enqueue.assign({ tasks, outcomes })
})

/** The agents of these tasks were waited for as long as the tasks allow. */
const giveUpAbsent = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'absence.over')
  let { tasks, outcomes } = context
  for (const row of tasksOf(context.tasks)) {
    if (!isStillAway(row, event)) continue
    const { table, facts } = giveUp(tasks, row)
    tasks = table
    for (const fact of facts) {
      outcomes = outcomesWith({ ...context, outcomes }, fact)
      enqueue.emit(fact)
    }
    // No attempt replaces it: should it run still, it is killed as soon as its agent is back.
    if (findTask(tasks, row.request.id) !== undefined) continue
    enqueue.assign({ hasKills: true })
    enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row) })
  }
  enqueue.assign({ tasks, outcomes, absences: removeFrom(context.absences, event.absence) })
})

const closeFramework = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const call = mustTearDown(context) ? calls.teardown(context.frameworkId) : undefined
  enqueue({ type: 'fx.close', params: { call } })
})

/** Connections and servers went with the process; they are asked for again where they still matter. */
const forgetProcess = schedulerSetup.enqueueActions(({ enqueue }) => {
  enqueue.assign({ delivery: undefined, hasStartedJarServer: false })
  const restarted = { type: 'process.restarted' } as const
  for (const child of ['subscription', 'jarServer', ...subscribers] as const)
    enqueue.sendTo(child, restarted)
})

/** Those that make calls while there is a subscription. The reconciliations are told with what to ask for. */
const callers = ['kills', 'offerFlow', 'frameworkUpdate'] as const
const subscribers = [
  'reconciliation',
  'operationReconciliation',
  'lateUpdates',
  ...callers,
] as const

const tellSubscribed = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  for (const child of callers) enqueue.sendTo(child, event)
})

const tellLost = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'connection.lost')
  for (const child of subscribers) enqueue.sendTo(child, event)
})

/** Nothing is said to the master any more but that this is the end. */
const silence = schedulerSetup.enqueueActions(({ enqueue }) => {
  const message = 'the framework stops'
  const end = {
    type: 'connection.lost',
    code: 'FRAMEWORK_STOPPED',
    message,
    retryable: false,
  } as const
  for (const child of subscribers) enqueue.sendTo(child, end)
})

/** Another instance has taken the framework over, as a refused call tells before the stream does. */
const tellTakenOver = schedulerSetup.sendTo('subscription', ({ event }) => {
  assertEvent(event, 'call.failed')
  return { type: 'connection.lost', ...takenOver(event.message), retryable: false }
})

const keepHolder = schedulerSetup.assign(({ context, event }) => {
  assertEvent(event, 'holder.added')
  return { holders: addHolder(context.holders, context.libraries, event) }
})

const passFailureOn = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.failure')
  const { agentId, executorId } = event
  if (executorId !== undefined || agentId === undefined) {
    const program = context.delivery?.executor?.program
    const isRejected = event.status === rejectedExitStatus << 8
    enqueue.emit({
      ...event,
      ...(isRejected && program && { rejected: program }),
      type: 'executor.failed',
    })
    return
  }
  enqueue.assign({ holders: withoutAgent(context.holders, agentId.value) })
  enqueue.emit({ type: 'agent.failed', agentId: agentId.value })
  for (const fact of unreachableFacts(context.tasks, agentId.value)) enqueue.emit(fact)
})

const reportLoss = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'connection.lost')
  const { code, message, retryable } = event
  enqueue.emit({ type: 'framework.disconnected', code, message, retryable })
})

/** By the names that the machine knows them under. */
export const schedulerActions = {
  keepFrameworkId,
  keepDelivery,
  keepJarServerFailure,
  ...libraryActions,
  ...taskActions,
  ...offerActions,
  ...requestActions,
  ...maintenanceActions,
  takeUpdate,
  settleOverdue,
  giveUpAbsent,
  closeFramework,
  forgetProcess,
  tellSubscribed,
  tellLost,
  silence,
  tellTakenOver,
  keepHolder,
  reportRefusal: schedulerSetup.emit(({ event }) => event as MesosRefused),
  passFailureOn,
  reportLoss,
  reportDraining: schedulerSetup.emit({ type: 'framework.draining' }),
  reportStopped: schedulerSetup.emit({ type: 'framework.stopped' }),
  reportFailed: schedulerSetup.emit(({ context }) => ({
    type: 'framework.failed',
    ...(context.failure ?? { code: 'FRAMEWORK_FAILED', message: 'the framework failed' }),
  })),
  startDraining: schedulerSetup.assign({ isDraining: true }),
  keepDetach: schedulerSetup.assign(({ event }) => ({
    isDetached: event.type === 'framework.stop' && event.detach,
  })),
  tellSubscription: schedulerSetup.sendTo('subscription', ({ event }) => event as ConnectionLost),
  tellJarServer: schedulerSetup.sendTo('jarServer', ({ event }) => event as JarServerStarted),
  startJarServer: schedulerSetup.sendTo('jarServer', { type: 'jarServer.start' }),
  keepJarServerStart: schedulerSetup.assign({ hasStartedJarServer: true }),
  stopJarServer: schedulerSetup.sendTo('jarServer', { type: 'jarServer.stop' }),
}
