/**
 * One task on the executor's side, from its LAUNCH to the acknowledgement of its last status update.
 * Source: apache/mesos docs/executor-http-api.md; mesos.proto, `KillPolicy` and `TaskState`.
 */
import { assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { TaskReport, TaskWork } from '../domain/task-work.ts'
import type { ErrorCode } from '../errors.ts'

/** A library set that is complete, verified and in the sandbox. */
export interface InstalledSet {
  readonly setId: string
  /** Folder with every library under its name, and with `node_modules` when there are npm packages. */
  readonly folder: string
  /** Paths of the jars, in class-path order. */
  readonly classPath: readonly string[]
}

/** The states that an executor reports. */
export type RunState =
  'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_FINISHED' | 'TASK_FAILED' | 'TASK_KILLED'

/** How a task host ended: what of it goes into the last update. */
export interface HostOutcome {
  readonly ok: boolean
  /** For people, one line. */
  readonly message: string
  readonly report: TaskReport
}

/** What one status update says; its uuid and time are stamped by whoever performs `fx.report`. */
export interface RunReport {
  readonly taskId: string
  readonly state: RunState
  readonly reason?: 'REASON_COMMAND_EXECUTOR_FAILED' | 'REASON_CONTAINER_LAUNCH_FAILED'
  readonly message?: string
  readonly report?: TaskReport
}

export type TaskRunEvent =
  | { readonly type: 'libraries.ready'; readonly installed: InstalledSet }
  | {
      readonly type: 'libraries.failed'
      readonly setId: string
      readonly code: ErrorCode
      readonly message: string
    }
  | { readonly type: 'host.started'; readonly taskId: string }
  | { readonly type: 'host.exited'; readonly taskId: string; readonly outcome: HostOutcome }
  | { readonly type: 'kill.requested'; readonly taskId: string; readonly graceMs?: number }
  | { readonly type: 'completion.acknowledged' }

export interface TaskRunInput {
  readonly taskId: string
  readonly work: TaskWork
  readonly maxResultBytes: number
  /** Library sets that must be in place before the host starts, in class-path order. */
  readonly setIds: readonly string[]
  /** Those of them that are in place already. */
  readonly installed: readonly InstalledSet[]
  /** Between SIGTERM and SIGKILL, unless the kill itself says how long. */
  readonly killGraceMs: number
}

/** Params of `fx.startHost`. */
export interface HostStart {
  readonly taskId: string
  readonly work: TaskWork
  readonly maxResultBytes: number
  readonly libraries: readonly InstalledSet[]
}

export interface TaskRunContext extends TaskRunInput {
  readonly outcome: HostOutcome | undefined
}

interface Args {
  readonly context: TaskRunContext
}

export const taskRunMachine = setup({
  types: {} as { context: TaskRunContext; events: TaskRunEvent; input: TaskRunInput },
  actions: {
    'fx.report': (_args, _params: RunReport) => undefined,
    'fx.startHost': (_args, _params: HostStart) => undefined,
    'fx.killHost': (_args, _params: { taskId: string; signal: 'SIGTERM' | 'SIGKILL' }) => undefined,
    keepInstalled: assign({
      installed: ({ context, event }) =>
        event.type === 'libraries.ready' && context.setIds.includes(event.installed.setId)
          ? [...context.installed, event.installed]
          : context.installed,
    }),
    keepFailure: assign({
      outcome: ({ context, event }) =>
        event.type === 'libraries.failed'
          ? failedOutcome(event.code, event.message)
          : context.outcome,
    }),
    keepOutcome: assign({
      outcome: ({ context, event }) =>
        event.type === 'host.exited' ? event.outcome : context.outcome,
    }),
    keepGrace: assign({
      killGraceMs: ({ context, event }) =>
        event.type === 'kill.requested' ? (event.graceMs ?? context.killGraceMs) : 0,
    }),
  },
  guards: {
    hasLibraries: ({ context }) =>
      context.setIds.every((id) => context.installed.some(({ setId }) => setId === id)),
    needsSet: ({ context, event }) =>
      event.type === 'libraries.failed' && context.setIds.includes(event.setId),
    succeeded: ({ context }) => context.outcome?.ok === true,
  },
  delays: { killGrace: ({ context }) => context.killGraceMs },
}).createMachine({
  id: 'task-run',
  context: ({ input }) => ({ ...input, outcome: undefined }),
  initial: 'accepted',
  states: {
    accepted: {
      entry: { type: 'fx.report', params: starting },
      always: 'awaitingLibraries',
    },
    awaitingLibraries: {
      always: { guard: 'hasLibraries', target: 'starting' },
      on: {
        'libraries.ready': { actions: 'keepInstalled' },
        'libraries.failed': {
          guard: 'needsSet',
          target: 'reporting.failed',
          actions: 'keepFailure',
        },
        'kill.requested': 'reporting.killed',
      },
    },
    starting: {
      entry: { type: 'fx.startHost', params: hostStart },
      on: {
        'host.started': 'running',
        'host.exited': { target: 'reporting', actions: 'keepOutcome' },
        'kill.requested': { target: 'killing', actions: 'keepGrace' },
      },
    },
    running: {
      entry: { type: 'fx.report', params: running },
      on: {
        'host.exited': { target: 'reporting', actions: 'keepOutcome' },
        'kill.requested': { target: 'killing', actions: 'keepGrace' },
      },
    },
    killing: {
      entry: { type: 'fx.killHost', params: terminate },
      on: {
        'host.exited': { target: 'reporting.killed', actions: 'keepOutcome' },
        // A later kill may shorten the grace of an earlier one.
        'kill.requested': { target: 'killing', reenter: true, actions: 'keepGrace' },
      },
      after: { killGrace: { actions: { type: 'fx.killHost', params: forceKill } } },
    },
    reporting: {
      initial: 'deciding',
      states: {
        deciding: { always: [{ guard: 'succeeded', target: 'finished' }, { target: 'failed' }] },
        finished: { entry: { type: 'fx.report', params: finished } },
        failed: { entry: { type: 'fx.report', params: failed } },
        killed: { entry: { type: 'fx.report', params: killed } },
      },
      on: { 'completion.acknowledged': 'done' },
    },
    done: { type: 'final' },
  },
})

export type TaskRunSnapshot = SnapshotFrom<typeof taskRunMachine>
export type TaskRunRef = ActorRefFrom<typeof taskRunMachine>

/** The outcome of a task whose host never started, or ended for a reason of ours. */
export function failedOutcome(code: ErrorCode, message: string): HostOutcome {
  return { ok: false, message, report: { version: 1, code } }
}

function starting({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_STARTING' }
}

function running({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_RUNNING' }
}

function finished({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_FINISHED', ...lastWords(context) }
}

function failed({ context }: Args): RunReport {
  return {
    taskId: context.taskId,
    state: 'TASK_FAILED',
    // As when Mesos' own fetcher fails: the task never ran, and a scheduler may launch it again.
    reason:
      context.outcome?.report.code === 'LIBRARY_UNAVAILABLE'
        ? 'REASON_CONTAINER_LAUNCH_FAILED'
        : 'REASON_COMMAND_EXECUTOR_FAILED',
    ...lastWords(context),
  }
}

function killed({ context }: Args): RunReport {
  const { taskId, outcome } = context
  if (outcome === undefined) {
    return { taskId, state: 'TASK_KILLED', message: 'killed before it started' }
  }
  const { result: _, code: __, ...report } = outcome.report
  return { taskId, state: 'TASK_KILLED', message: `killed: ${outcome.message}`, report }
}

function lastWords({ outcome }: TaskRunContext): Pick<RunReport, 'message' | 'report'> {
  return outcome === undefined ? {} : { message: outcome.message, report: outcome.report }
}

function hostStart({ context }: Args): HostStart {
  const { taskId, work, maxResultBytes, setIds, installed } = context
  const libraries = setIds.flatMap((id) => installed.filter(({ setId }) => setId === id))
  return { taskId, work, maxResultBytes, libraries }
}

function terminate({ context }: Args): { taskId: string; signal: 'SIGTERM' } {
  return { taskId: context.taskId, signal: 'SIGTERM' }
}

function forceKill({ context }: Args): { taskId: string; signal: 'SIGKILL' } {
  return { taskId: context.taskId, signal: 'SIGKILL' }
}
