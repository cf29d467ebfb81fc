/**
 * The executor process: its subscription to the agent, its tasks, and the status updates not acknowledged yet.
 * Source: apache/mesos docs/executor-http-api.md.
 */
import { assign, setup } from 'xstate'
import type { ActorRefFrom, DoneActorEvent, SnapshotFrom } from 'xstate'
import type { TaskPayload } from '../domain/task-work.ts'
import type { ErrorCode } from '../errors.ts'
import { downloaderMachine } from './downloader.ts'
import type { DownloaderEvent, DownloaderOutput } from './downloader.ts'
import { failGroup, hasFailedGroup, joinGroup, leaveGroup, siblingsOf } from './run-groups.ts'
import type { RunGroups } from './run-groups.ts'
import { failedOutcome, taskRunMachine } from './task-run.ts'
import type { InstalledSet, RunReport, TaskRunEvent, TaskRunInput } from './task-run.ts'

/** The id of the set made of the URIs in the executor's own argument. */
export const seedSetId = 'seed'

/** A status update as it was sent, and as it must be sent again until the agent acknowledges it. */
export interface StampedUpdate extends RunReport {
  /** 16 bytes in base64. */
  readonly uuid: string
  readonly timestampMs: number
}

/** A task from LAUNCH: what the agent sent, and what it asks for. */
export interface LaunchedTask {
  readonly taskId: string
  /** The `TaskInfo` as it came; sent back on resubscribe until an update of the task is acknowledged. */
  readonly info: object
  /** The work, or why it cannot be understood. */
  readonly payload: TaskPayload | { readonly code: ErrorCode; readonly message: string }
  readonly killGraceMs: number
  /** The same for tasks that came with one LAUNCH_GROUP: one that does not finish ends the others. */
  readonly groupId?: string
  readonly limits?: Pick<TaskRunInput, 'maxCompletionMs' | 'healthCheck' | 'check'>
}

export type ExecutorMachineEvent =
  | { readonly type: 'agent.subscribed' }
  | {
      readonly type: 'agent.lost'
      readonly message: string
      /** True when the agent answered, and only asked to be left alone for now (503 while it recovers). */
      readonly busy: boolean
      /** False when no further attempt can succeed. */
      readonly retryable: boolean
      /** Drawn at random up to the agent's bound. */
      readonly retryDelayMs: number
    }
  | { readonly type: 'task.launched'; readonly task: LaunchedTask }
  | { readonly type: 'update.stamped'; readonly update: StampedUpdate }
  | { readonly type: 'update.acknowledged'; readonly taskId: string; readonly uuid: string }
  | {
      readonly type: 'shutdown.requested'
      readonly message: string
      /** 0 when the agent asked for it. */
      readonly exitStatus: number
    }
  | Extract<TaskRunEvent, { readonly taskId: string }>
  | Extract<DownloaderEvent, { readonly setId: string }>
  | DoneActorEvent<DownloaderOutput>

export interface ExecutorInput {
  /** Whether the framework checkpoints: whether this process may outlive its agent. */
  readonly checkpoint: boolean
  /** Without an agent for longer than this, a checkpointing executor ends too. */
  readonly recoveryTimeoutMs: number
  /** All tasks must be gone this long after a shutdown. */
  readonly shutdownGraceMs: number
  /** Libraries that every task gets beside its own; the executor's argument. */
  readonly seedUris: readonly string[]
  /** Attempts per file. */
  readonly maxAttempts: number
  /** Libraries of one set fetched at the same time. */
  readonly concurrency: number
}

/** Params of `fx.subscribe`. */
export interface Subscription {
  readonly attempt: number
  readonly tasks: readonly object[]
  readonly updates: readonly StampedUpdate[]
}

export interface ExecutorContext extends ExecutorInput {
  /** Of subscribing, since the last success. */
  readonly attempts: number
  readonly retryDelayMs: number
  /** `TaskInfo`s of tasks no update of which is acknowledged. */
  readonly tasks: Readonly<Record<string, object>>
  /** By task id: whether its last update has been stamped. Only a refused task has no child. */
  readonly runs: Readonly<Record<string, 'live' | 'ended' | 'refused'>>
  /** The groups of those that have one. */
  readonly groups: RunGroups
  /** Not acknowledged, oldest first. */
  readonly updates: readonly StampedUpdate[]
  /** Uuids of the updates that the last SUBSCRIBE carried. */
  readonly carried: readonly string[]
  /** Sets asked for: on their way, or in place. */
  readonly sets: Readonly<Record<string, InstalledSet | 'fetching'>>
  /** By live task: the set that it was sent with. */
  readonly needs: Readonly<Record<string, string>>
  /** The set that the last task came with: the next one will likely need it, too. */
  readonly newestSetId: string | undefined
  /** Why the process ends, and how. */
  readonly end: { readonly exitStatus: number; readonly message: string }
}

interface Args {
  readonly context: ExecutorContext
}

const executor = setup({
  types: {} as { context: ExecutorContext; events: ExecutorMachineEvent; input: ExecutorInput },
  actors: { taskRun: taskRunMachine, downloader: downloaderMachine },
  actions: {
    'fx.subscribe': (_args, _params: Subscription) => undefined,
    'fx.sendUpdate': (_args, _params: { update: StampedUpdate }) => undefined,
    /** No task needs its folder any more. */
    'fx.releaseSet': (_args, _params: { setId: string }) => undefined,
    'fx.report': (_args, _params: RunReport) => undefined,
    'fx.exit': (_args, _params: { exitStatus: number; message: string }) => undefined,
    countAttempt: assign(({ context }) => ({
      attempts: context.attempts + 1,
      carried: context.updates.map(({ uuid }) => uuid),
    })),
    forgetAttempts: assign({ attempts: 0 }),
    keepRetryDelay: assign({
      retryDelayMs: ({ event }) => (event.type === 'agent.lost' ? event.retryDelayMs : 0),
    }),
    keepLoss: assign({
      end: ({ context, event }) =>
        event.type === 'agent.lost'
          ? { exitStatus: 1, message: `the agent is gone: ${event.message}` }
          : context.end,
    }),
    keepRecoveryEnd: assign({
      end: ({ context }) => ({
        exitStatus: 1,
        message: `no agent within ${context.recoveryTimeoutMs} ms`,
      }),
    }),
    keepShutdown: assign({
      end: ({ context, event }) =>
        event.type === 'shutdown.requested'
          ? { exitStatus: event.exitStatus, message: event.message }
          : context.end,
    }),
    keepUpdate: assign(({ context, event }) => {
      if (event.type !== 'update.stamped') return {}
      const { update } = event
      const ended = isLast(update) && find(context.runs, update.taskId) === 'live'
      return {
        updates: [...context.updates, update],
        runs: ended ? { ...context.runs, [update.taskId]: 'ended' as const } : context.runs,
        groups: hasFailed(update) ? failGroup(context.groups, update.taskId) : context.groups,
        needs: ended ? without(context.needs, update.taskId) : context.needs,
      }
    }),
    dropAcknowledged: assign(({ context, event }) => {
      if (event.type !== 'update.acknowledged') return {}
      const { [event.taskId]: _, ...tasks } = context.tasks
      return { tasks, updates: context.updates.filter(({ uuid }) => uuid !== event.uuid) }
    }),
    keepSet: assign(({ context, event }) => {
      if (!isDownloadDone(event)) return {}
      const { [event.output.setId]: _, ...sets } = context.sets
      const { output } = event
      // A set that failed is forgotten, so that a later task tries again.
      return { sets: 'installed' in output ? { ...sets, [output.setId]: output.installed } : sets }
    }),
  },
  guards: {
    canWait: ({ context, event }) =>
      event.type === 'agent.lost' && event.retryable && (context.checkpoint || event.busy),
    canRecover: ({ context, event }) =>
      event.type === 'agent.lost' && event.retryable && context.checkpoint,
    isNewTask: ({ context, event }) =>
      event.type === 'task.launched' && !Object.hasOwn(context.runs, event.task.taskId),
    isUnderstood: ({ context, event }) =>
      event.type === 'task.launched' &&
      !Object.hasOwn(context.runs, event.task.taskId) &&
      'work' in event.task.payload,
    isIdle: ({ context }) => Object.values(context.runs).every((run) => run !== 'live'),
  },
  delays: {
    retryDelay: ({ context }) => context.retryDelayMs,
    recoveryTimeout: ({ context }) => context.recoveryTimeoutMs,
    // The agent kills this process at the end of the grace: be gone shortly before.
    shutdownGrace: ({ context }) => Math.floor(context.shutdownGraceMs * 0.8),
  },
})

/** Starts a child for the task, and a downloader for each of its sets that nobody fetches yet. */
const startTask = executor.enqueueActions(({ context, event, enqueue }) => {
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

/** A set goes when its last task is over and a newer one is in place: the next task will likely come with that. */
const releaseSets = executor.enqueueActions(({ context, enqueue }) => {
  const { newestSetId = seedSetId } = context
  if (installedSet(context, newestSetId).length === 0) return
  const needed = new Set([...Object.values(context.needs), newestSetId, seedSetId])
  const idle = Object.entries(context.sets)
    .filter(([setId, set]) => set !== 'fetching' && !needed.has(setId))
    .map(([setId]) => setId)
  if (idle.length === 0) return
  enqueue.assign({ sets: idle.reduce(without, context.sets) })
  for (const setId of idle) enqueue({ type: 'fx.releaseSet', params: { setId } })
})

/** A task whose data is not ours to run has no child: it fails at once. */
const refuseTask = executor.enqueueActions(({ context, event, enqueue }) => {
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

const forwardToRun = executor.enqueueActions(({ context, event, enqueue }) => {
  if (!isForRun(event) || find(context.runs, event.taskId) !== 'live') return
  enqueue.sendTo(runId(event.taskId), event)
})

const forwardToDownloader = executor.enqueueActions(({ context, event, enqueue }) => {
  if (!('setId' in event) || find(context.sets, event.setId) !== 'fetching') return
  enqueue.sendTo(downloaderId(event.setId), event)
})

/** Every live task hears of it; those that do not need the set let it pass. */
const announceSet = executor.enqueueActions(({ context, event, enqueue }) => {
  if (!isDownloadDone(event)) return
  const { output } = event
  const news =
    'installed' in output
      ? { type: 'libraries.ready', installed: output.installed }
      : { type: 'libraries.failed', ...output }
  for (const taskId of liveTasks(context)) enqueue.sendTo(runId(taskId), news)
  enqueue.stopChild(downloaderId(output.setId))
})

const killTasks = executor.enqueueActions(({ context, enqueue }) => {
  const graceMs = Math.floor(context.shutdownGraceMs / 2)
  for (const taskId of liveTasks(context)) {
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId, graceMs })
  }
})

/** A task of a group that does not finish takes the others with it, as in Mesos' default executor. */
const killSiblings = executor.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'update.stamped' || !hasFailed(event.update)) return
  for (const taskId of siblingsOf(context.groups, event.update.taskId)) {
    if (find(context.runs, taskId) !== 'live') continue
    enqueue.sendTo(runId(taskId), { type: 'kill.requested', taskId })
  }
})

const sendUpdate = executor.enqueueActions(({ event, enqueue }) => {
  if (event.type === 'update.stamped') {
    enqueue({ type: 'fx.sendUpdate', params: { update: event.update } })
  }
})

/** Updates stamped while SUBSCRIBE was on its way are in nobody's hands yet. */
const sendUpdates = executor.enqueueActions(({ context, enqueue }) => {
  for (const update of context.updates) {
    if (context.carried.includes(update.uuid)) continue
    enqueue({ type: 'fx.sendUpdate', params: { update } })
  }
})

/** The acknowledgement of a last update ends the task's child. */
const settleTask = executor.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'update.acknowledged') return
  const { taskId } = event
  const { [taskId]: _, ...runs } = context.runs
  const run = find(context.runs, taskId)
  if (run === undefined || run === 'live') return
  if (context.updates.some((update) => update.taskId === taskId)) return
  enqueue.assign({ runs, groups: leaveGroup(context.groups, taskId) })
  if (run === 'ended') enqueue.sendTo(runId(taskId), { type: 'completion.acknowledged' })
})

const releaseRun = executor.enqueueActions(({ event, enqueue }) => {
  const { actorId } = event as DoneActorEvent
  if (actorId.startsWith('task:')) enqueue.stopChild(actorId)
})

export const executorMachine = executor.createMachine({
  id: 'executor',
  context: ({ input }) => ({
    ...input,
    attempts: 0,
    retryDelayMs: 0,
    tasks: {},
    runs: {},
    groups: {},
    updates: [],
    carried: [],
    sets: {},
    needs: {},
    newestSetId: undefined,
    end: { exitStatus: 0, message: '' },
  }),
  initial: 'connecting',
  on: {
    'host.*': { actions: forwardToRun },
    'health.checked': { actions: forwardToRun },
    'check.changed': { actions: forwardToRun },
    'kill.requested': { actions: forwardToRun },
    'manifest.*': { actions: forwardToDownloader },
    'library.*': { actions: forwardToDownloader },
    'set.*': { actions: forwardToDownloader },
    'xstate.done.actor.*': { actions: ['keepSet', announceSet, releaseRun, releaseSets] },
    'update.stamped': { actions: ['keepUpdate', killSiblings, releaseSets] },
    'update.acknowledged': { actions: ['dropAcknowledged', settleTask] },
    'shutdown.requested': { target: '.shuttingDown', actions: 'keepShutdown' },
  },
  states: {
    connecting: {
      initial: 'subscribing',
      states: {
        subscribing: { entry: ['countAttempt', { type: 'fx.subscribe', params: subscription }] },
        backingOff: { after: { retryDelay: 'subscribing' } },
      },
      on: {
        'agent.subscribed': 'subscribed',
        'agent.lost': [
          { guard: 'canWait', target: '.backingOff', actions: 'keepRetryDelay' },
          { target: 'shuttingDown', actions: 'keepLoss' },
        ],
      },
      after: { recoveryTimeout: { target: 'shuttingDown', actions: 'keepRecoveryEnd' } },
    },
    subscribed: {
      entry: ['forgetAttempts', sendUpdates],
      on: {
        'task.launched': [
          { guard: 'isUnderstood', actions: [startTask, releaseSets] },
          { guard: 'isNewTask', actions: refuseTask },
        ],
        'update.stamped': { actions: ['keepUpdate', sendUpdate, killSiblings, releaseSets] },
        'agent.lost': [
          { guard: 'canRecover', target: 'disconnected', actions: 'keepRetryDelay' },
          { target: 'shuttingDown', actions: 'keepLoss' },
        ],
      },
    },
    disconnected: {
      initial: 'backingOff',
      states: {
        backingOff: { after: { retryDelay: 'subscribing' } },
        subscribing: { entry: ['countAttempt', { type: 'fx.subscribe', params: subscription }] },
      },
      on: {
        'agent.subscribed': 'subscribed',
        'agent.lost': [
          { guard: 'canRecover', target: '.backingOff', actions: 'keepRetryDelay' },
          { target: 'shuttingDown', actions: 'keepLoss' },
        ],
      },
      after: { recoveryTimeout: { target: 'shuttingDown', actions: 'keepRecoveryEnd' } },
    },
    shuttingDown: {
      entry: killTasks,
      always: { guard: 'isIdle', target: 'stopped' },
      on: {
        'update.stamped': { actions: ['keepUpdate', sendUpdate] },
        'shutdown.requested': {},
      },
      after: { shutdownGrace: 'stopped' },
    },
    stopped: { type: 'final', entry: { type: 'fx.exit', params: ending } },
  },
})

export type ExecutorSnapshot = SnapshotFrom<typeof executorMachine>
export type ExecutorRef = ActorRefFrom<typeof executorMachine>

/** Ids come from outside: one may be called like a property that every object has. */
function find<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  const { [id]: _, ...others } = record
  return others
}

function runId(taskId: string): string {
  return `task:${taskId}`
}

function downloaderId(setId: string): string {
  return `downloader:${setId}`
}

function liveTasks({ runs }: ExecutorContext): readonly string[] {
  return Object.keys(runs).filter((taskId) => runs[taskId] === 'live')
}

function installedSet({ sets }: ExecutorContext, setId: string): readonly InstalledSet[] {
  const set = find(sets, setId)
  return set === undefined || set === 'fetching' ? [] : [set]
}

function isLast({ state }: RunReport): boolean {
  return state !== 'TASK_STARTING' && state !== 'TASK_RUNNING'
}

function hasFailed(report: RunReport): boolean {
  return isLast(report) && report.state !== 'TASK_FINISHED'
}

function isDownloadDone(event: ExecutorMachineEvent): event is DoneActorEvent<DownloaderOutput> {
  return event.type.startsWith('xstate.done.actor.downloader:')
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

function subscription({ context }: Args): Subscription {
  return {
    attempt: context.attempts,
    tasks: Object.values(context.tasks),
    updates: context.updates,
  }
}

function ending({ context }: Args): ExecutorContext['end'] {
  return context.end
}
