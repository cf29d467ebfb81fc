/** What the executor machine is made of: its input and context, the effects it names, its guards. */
import { assign, setup } from 'xstate'
import type { DoneActorEvent } from 'xstate'
import type { TaskPayload } from '../../domain/task-work.ts'
import type { ErrorCode } from '../../errors.ts'
import { downloaderMachine } from '../downloader/downloader.ts'
import type { DownloaderEvent, DownloaderOutput } from '../downloader/downloader.ts'
import type { RunGroups } from './task-groups.ts'
import { taskRunMachine } from '../task-run/task-run.ts'
import type { RunReport } from '../task-run/run-report.ts'
import type { InstalledSet, TaskRunEvent, TaskRunInput } from '../task-run/task-run.ts'

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
      /** True when the agent is there: it refuses for now (503 while it recovers), or sent what cannot be read. */
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

export const executorSetup = setup({
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
  },
  guards: {
    canWait: ({ context, event }) =>
      event.type === 'agent.lost' && event.retryable && (context.checkpoint || event.busy),
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

/** Ids come from outside: one may be called like a property that every object has. */
export function find<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined
}

export function without<T>(
  record: Readonly<Record<string, T>>,
  id: string,
): Readonly<Record<string, T>> {
  const { [id]: _, ...others } = record
  return others
}

export function liveTasks({ runs }: ExecutorContext): readonly string[] {
  return Object.keys(runs).filter((taskId) => runs[taskId] === 'live')
}

export function installedSet({ sets }: ExecutorContext, setId: string): readonly InstalledSet[] {
  const set = find(sets, setId)
  return set === undefined || set === 'fetching' ? [] : [set]
}

export function runId(taskId: string): string {
  return `task:${taskId}`
}

export function downloaderId(setId: string): string {
  return `downloader:${setId}`
}
