/** What the executor machine does with tasks: a child for each, which hears of everything that concerns it. */
import type { DoneActorEvent } from 'xstate'
import {
  downloaderId,
  executorSetup,
  find,
  installedSet,
  liveTasks,
  runId,
  seedSetId,
} from './setup.ts'
import type { ExecutorMachineEvent } from './setup.ts'
import { hasFailed } from './updates.ts'
import { hasFailedGroup, joinGroup, leaveGroup, siblingsOf } from './task-groups.ts'
import { failedOutcome } from '../task-run/run-report.ts'
import type { TaskRunEvent, TaskRunInput } from '../task-run/task-run.ts'

/** Starts a child for the task, and a downloader for each of its sets that nobody fetches yet. */
const startTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'task.launched' || !('work' in event.task.payload)) return
  const { taskId, info, payload, killGraceMs, groupId, limits } = event.task
  const { work, maxResultBytes, librarySet, environment } = payload
  const setIds = librarySet === undefined ? [] : [librarySet.id]
  if (context.seedUris.length > 0) setIds.push(seedSetId)
  const installed = setIds.flatMap((id) => installedSet(context, id))
  const missing = setIds.filter((id) => find(context.sets, id) === undefined)
  enqueue.assign({
    tasks: { ...context.tasks, [taskId]: info },
    runs: { ...context.runs, [taskId]: 'live' as const },
    groups: joinGroup(context.groups, taskId, groupId),
    ...(librarySet === undefined
      ? {}
      : {
          needs: { ...context.needs, [taskId]: librarySet.id },
          newestSetId: librarySet.id,
        }),
    sets: {
      ...context.sets,
      ...Object.fromEntries(missing.map((id) => [id, 'fetching' as const])),
    },
  })
  const input: TaskRunInput = {
    taskId,
    work,
    maxResultBytes,
    setIds,
    installed,
    killGraceMs,
    ...(environment === undefined ? {} : { environment }),
    ...limits,
  }
  enqueue.spawnChild('taskRun', { id: runId(taskId), input })
  // One that came before it in its group has failed already.
  if (groupId !== undefined && hasFailedGroup(context.groups, groupId)) {
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId })
  }
  const { maxAttempts, concurrency, seedUris: uris } = context
  for (const setId of missing) {
    const source =
      librarySet?.id === setId
        ? { kind: 'manifest' as const, uri: librarySet.manifestUri }
        : { kind: 'uris' as const, uris }
    const input = { setId, source, maxAttempts, concurrency }
    enqueue.spawnChild('downloader', { id: downloaderId(setId), input })
  }
})

/** A task whose data is not ours to run has no child: it fails at once. */
const refuseTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'task.launched' || 'work' in event.task.payload) return
  const { taskId, info, payload } = event.task
  const { message, report } = failedOutcome(payload.code, payload.message)
  enqueue.assign({
    tasks: { ...context.tasks, [taskId]: info },
    runs: { ...context.runs, [taskId]: 'refused' as const },
    groups: joinGroup(context.groups, taskId, event.task.groupId),
  })
  const reason = 'REASON_COMMAND_EXECUTOR_FAILED'
  enqueue({
    type: 'fx.report',
    params: { taskId, state: 'TASK_FAILED', reason, message, report },
  })
})

const forwardToRun = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (!isForRun(event) || find(context.runs, event.taskId) !== 'live') return
  enqueue.sendTo(runId(event.taskId), event)
})

const killTasks = executorSetup.enqueueActions(({ context, enqueue }) => {
  const graceMs = Math.floor(context.shutdownGraceMs / 2)
  for (const taskId of liveTasks(context)) {
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId, graceMs })
  }
})

/** A task of a group that does not finish takes the others with it, as in Mesos' default executor. */
const killSiblings = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'update.stamped' || !hasFailed(event.update)) return
  for (const taskId of siblingsOf(context.groups, event.update.taskId)) {
    if (find(context.runs, taskId) !== 'live') continue
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId })
  }
})

/** The acknowledgement of a last update ends the task's child. */
const settleTask = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'update.acknowledged') return
  const { taskId } = event
  const { [taskId]: _, ...runs } = context.runs
  const run = find(context.runs, taskId)
  if (run === undefined || run === 'live') return
  if (context.updates.some((update) => update.taskId === taskId)) return
  enqueue.assign({ runs, groups: leaveGroup(context.groups, taskId) })
  if (run === 'ended') enqueue.sendTo(runId(taskId), { type: 'completion.acknowledged' })
})

const releaseRun = executorSetup.enqueueActions(({ event, enqueue }) => {
  const { actorId } = event as DoneActorEvent
  if (actorId.startsWith('task:')) enqueue.stopChild(actorId)
})

/** By the names that the machine knows them under. */
export const taskActions = {
  startTask,
  refuseTask,
  forwardToRun,
  killTasks,
  killSiblings,
  settleTask,
  releaseRun,
}

function isForRun(
  event: ExecutorMachineEvent,
): event is Extract<TaskRunEvent, { readonly taskId: string }> {
  return [
    'host.started',
    'host.exited',
    'kill.requested',
    'health.checked',
    'check.changed',
  ].includes(event.type)
}
