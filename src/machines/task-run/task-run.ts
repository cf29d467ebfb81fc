/**
 * One task on the executor's side, from its LAUNCH to the acknowledgement of its last status update.
 * Source: apache/mesos docs/executor-http-api.md; mesos.proto, `KillPolicy` and `TaskState`.
 */
import { assign, cancel, enqueueActions, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { TaskWork } from '../../domain/task-work.ts'
import type { ErrorCode } from '../../errors.ts'
import type { CheckInfo, CheckStatusInfo, HealthCheck } from '../../mesos/types.generated.ts'
import {
  changedCheck,
  checkedHealth,
  emptyStatus,
  failed,
  failedOutcome,
  finished,
  killed,
  running,
  starting,
} from './run-report.ts'
import type { HostOutcome, RunFacts, RunReport } from './run-report.ts'

/** A library set that is complete, verified and in the sandbox. */
export interface InstalledSet {
  readonly setId: string
  /** Folder with every library under its name, and with `node_modules` when there are npm packages. */
  readonly folder: string
  /** Paths of the jars, in class-path order. */
  readonly classPath: readonly string[]
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
  /** A health check passed for the first time, or again, or failed. */
  | {
      readonly type: 'health.checked'
      readonly taskId: string
      readonly healthy: boolean
      /** It failed as often in a row as it may. */
      readonly isLast: boolean
    }
  /** A check has another result than before. */
  | { readonly type: 'check.changed'; readonly taskId: string; readonly status: CheckStatusInfo }
  | { readonly type: 'completion.overdue' }
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
  /** Variables of this task alone. */
  readonly environment?: Readonly<Record<string, string>>
  /** Counted from its start; absent means no limit. */
  readonly maxCompletionMs?: number
  readonly healthCheck?: HealthCheck
  readonly check?: CheckInfo
}

/** Params of `fx.startProbes`. */
export interface ProbesStart {
  readonly taskId: string
  readonly healthCheck?: HealthCheck
  readonly check?: CheckInfo
  /** Of the task: commands that check it get it, too. */
  readonly environment: Readonly<Record<string, string>>
}

/** Params of `fx.startHost`. */
export interface HostStart {
  readonly taskId: string
  readonly work: TaskWork
  readonly maxResultBytes: number
  readonly libraries: readonly InstalledSet[]
  readonly environment: Readonly<Record<string, string>>
}

export interface TaskRunContext extends TaskRunInput, RunFacts {}

interface Args {
  readonly context: TaskRunContext
}

export const taskRunMachine = setup({
  types: {} as { context: TaskRunContext; events: TaskRunEvent; input: TaskRunInput },
  actions: {
    'fx.report': (_args, _params: RunReport) => undefined,
    'fx.startHost': (_args, _params: HostStart) => undefined,
    'fx.killHost': (_args, _params: { taskId: string; signal: 'SIGTERM' | 'SIGKILL' }) => undefined,
    'fx.startProbes': (_args, _params: ProbesStart) => undefined,
    'fx.stopProbes': (_args, _params: { taskId: string }) => undefined,
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
      killCause: ({ context }) => context.killCause ?? ('asked' as const),
    }),
    keepHealth: assign({
      healthy: ({ context, event }) =>
        event.type === 'health.checked' ? event.healthy : context.healthy,
    }),
    giveUp: assign({ killCause: 'unhealthy' as const }),
    keepCheck: assign({
      checkStatus: ({ context, event }) =>
        event.type === 'check.changed' ? event.status : context.checkStatus,
    }),
    // Mesos' own executors give it no time to end by itself: it has had all of it.
    runOut: assign({ killCause: 'overdue' as const, killGraceMs: 0 }),
    limitTime: enqueueActions(({ context, enqueue }) => {
      const { maxCompletionMs: delay } = context
      if (delay !== undefined)
        enqueue.raise({ type: 'completion.overdue' }, { id: 'overdue', delay })
    }),
    unlimitTime: cancel('overdue'),
  },
  guards: {
    hasLibraries: ({ context }) =>
      context.setIds.every((id) => context.installed.some(({ setId }) => setId === id)),
    needsSet: ({ context, event }) =>
      event.type === 'libraries.failed' && context.setIds.includes(event.setId),
    succeeded: ({ context }) => context.outcome?.ok === true,
    isOverdue: ({ context }) => context.killCause === 'overdue',
    hasProbes: ({ context }) => context.healthCheck !== undefined || context.check !== undefined,
    isBeyondHelp: ({ event }) => event.type === 'health.checked' && event.isLast,
  },
  delays: { killGrace: ({ context }) => context.killGraceMs },
}).createMachine({
  id: 'task-run',
  context: ({ input }) => ({
    ...input,
    outcome: undefined,
    healthy: undefined,
    checkStatus: input.check && emptyStatus(input.check),
    killCause: undefined,
  }),
  initial: 'accepted',
  states: {
    // A task that starts at once is heard of when it runs: each status update has its way to the scheduler and back.
    accepted: {
      always: [{ guard: 'hasLibraries', target: 'starting' }, { target: 'awaitingLibraries' }],
    },
    awaitingLibraries: {
      entry: { type: 'fx.report', params: starting },
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
      entry: [{ type: 'fx.report', params: running }, 'limitTime'],
      exit: 'unlimitTime',
      initial: 'deciding',
      states: {
        deciding: { always: [{ guard: 'hasProbes', target: 'probed' }, { target: 'unprobed' }] },
        unprobed: {},
        probed: {
          entry: { type: 'fx.startProbes', params: probesStart },
          exit: { type: 'fx.stopProbes', params: ownTask },
          on: {
            'health.checked': [
              {
                guard: 'isBeyondHelp',
                target: '#task-run.killing',
                actions: ['keepHealth', { type: 'fx.report', params: checkedHealth }, 'giveUp'],
              },
              { actions: ['keepHealth', { type: 'fx.report', params: checkedHealth }] },
            ],
            'check.changed': {
              actions: ['keepCheck', { type: 'fx.report', params: changedCheck }],
            },
          },
        },
      },
      on: {
        'host.exited': { target: 'reporting', actions: 'keepOutcome' },
        'kill.requested': { target: 'killing', actions: 'keepGrace' },
        'completion.overdue': { target: 'killing', actions: 'runOut' },
      },
    },
    killing: {
      entry: { type: 'fx.killHost', params: terminate },
      on: {
        'host.exited': [
          { guard: 'isOverdue', target: 'reporting.failed', actions: 'keepOutcome' },
          { target: 'reporting.killed', actions: 'keepOutcome' },
        ],
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

function hostStart({ context }: Args): HostStart {
  const { taskId, work, maxResultBytes, setIds, installed, environment = {} } = context
  const libraries = setIds.flatMap((id) => installed.filter(({ setId }) => setId === id))
  return { taskId, work, maxResultBytes, libraries, environment }
}

function probesStart({ context }: Args): ProbesStart {
  const { taskId, healthCheck, check, environment = {} } = context
  return {
    taskId,
    ...(healthCheck === undefined ? {} : { healthCheck }),
    ...(check === undefined ? {} : { check }),
    environment,
  }
}

function ownTask({ context }: Args): { taskId: string } {
  return { taskId: context.taskId }
}

function terminate({ context }: Args): { taskId: string; signal: 'SIGTERM' } {
  return { taskId: context.taskId, signal: 'SIGTERM' }
}

function forceKill({ context }: Args): { taskId: string; signal: 'SIGKILL' } {
  return { taskId: context.taskId, signal: 'SIGKILL' }
}
