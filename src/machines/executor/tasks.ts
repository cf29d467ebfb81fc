/** Actions of the region `tasks`: a child machine per task, which gets the events of its task. */
import { assertEvent } from 'xstate'
import { defined } from '../../defined.ts'
import { failedOutcome } from '../task-run/run-report.ts'
import type { RunReport } from '../task-run/run-report.ts'
import {
  executorSetup,
  find,
  installedSet,
  isLast,
  liveTasks,
  runId,
  seedSetId,
  without,
} from './setup.ts'
import { failGroup, hasFailedGroup, joinGroup, leaveGroup, siblingsOf } from './task-groups.ts'
import { nameActions } from '../actions/name-actions.ts'

const startTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'task.launched')
  const { taskId, info, payload, killGraceMs, groupId, limits } = event.task
  if (!('work' in payload)) return
  const { work, maxResultBytes, librarySet, environment } = payload
  const setIds = librarySet === undefined ? [] : [librarySet.id]
  if (context.seedUris.length > 0) setIds.push(seedSetId)
  enqueue.assign({
    tasks: { ...context.tasks, [taskId]: info },
    runs: { ...context.runs, [taskId]: 'live' as const },
    groups: joinGroup(context.groups, taskId, groupId),
  })
  enqueue.spawnChild('taskRun', {
    id: runId(taskId),
    input: {
      taskId,
      work,
      maxResultBytes,
      setIds,
      installed: setIds.flatMap((id) => installedSet(context, id)),
      killGraceMs,
      ...defined({ environment }),
      ...limits,
    },
  })
  if (groupId !== undefined && hasFailedGroup(context.groups, groupId)) {
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId })
  }
  enqueue.raise({ type: 'libraries.needed', taskId, librarySet })
})

/** An invalid task fails at once, without a child machine. */
const refuseTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'task.launched')
  const { taskId, info, payload, groupId } = event.task
  if ('work' in payload) return
  const { message, report } = failedOutcome(payload.code, payload.message)
  enqueue.assign({
    tasks: { ...context.tasks, [taskId]: info },
    runs: { ...context.runs, [taskId]: 'refused' as const },
    groups: joinGroup(context.groups, taskId, groupId),
  })
  const reason = 'REASON_COMMAND_EXECUTOR_FAILED'
  enqueue({
    type: 'fx.report',
    params: { taskId, state: 'TASK_FAILED', reason, message, report },
  })
})

const forwardToRun = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, ['host.*', 'health.checked', 'check.changed', 'kill.requested'])
  if (find(context.runs, event.taskId) === 'live') enqueue.sendTo(runId(event.taskId), event)
})

const keepShutdown = executorSetup.assign(({ event }) => {
  assertEvent(event, 'shutdown.requested')
  return { end: { exitStatus: event.exitStatus, message: event.message } }
})

const killTasks = executorSetup.enqueueActions(({ context, enqueue }) => {
  const graceMs = Math.floor(context.shutdownGraceMs / 2)
  for (const taskId of liveTasks(context)) {
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId, graceMs })
  }
})

/** Takes note of the last update of a task. */
const endRun = executorSetup.assign(({ context, event }) => {
  assertEvent(event, 'update.stamped')
  const { taskId } = event.update
  const isLive = find(context.runs, taskId) === 'live'
  return {
    runs: isLive ? { ...context.runs, [taskId]: 'ended' as const } : context.runs,
    groups: hasFailed(event.update) ? failGroup(context.groups, taskId) : context.groups,
  }
})

/** As in Mesos' default executor, a task of a group that does not finish ends the others. */
const killSiblings = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'update.stamped')
  if (!hasFailed(event.update)) return
  for (const taskId of siblingsOf(context.groups, event.update.taskId)) {
    if (find(context.runs, taskId) !== 'live') continue
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId })
  }
})

/** The acknowledgement of its last update ends a run. */
const settleTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'update.acknowledged')
  const { taskId } = event
  const run = find(context.runs, taskId)
  if (run === undefined || run === 'live') return
  if (context.updates.some((update) => update.taskId === taskId)) return
  enqueue.assign({
    runs: without(context.runs, taskId),
    groups: leaveGroup(context.groups, taskId),
  })
  if (run === 'ended') enqueue.sendTo(runId(taskId), { type: 'completion.acknowledged' })
})

const stopRun = executorSetup.enqueueActions(({ event, enqueue }) => {
  assertEvent(event, 'xstate.done.actor.task.*')
  enqueue.stopChild(event.actorId)
})

export const taskActions = nameActions({
  startTask,
  refuseTask,
  forwardToRun,
  keepShutdown,
  killTasks,
  endRun,
  killSiblings,
  settleTask,
  stopRun,
})

/** True for the last update of a task that did not finish. */
function hasFailed(update: RunReport): boolean {
  return isLast(update) && update.state !== 'TASK_FINISHED'
}
