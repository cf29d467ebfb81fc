/** Context, effects, guards and delays of the executor machine. */
import { setup, stateIn } from 'xstate'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import { downloaderMachine } from '../downloader/downloader.ts'
import type { RunReport } from '../task-run/run-report.ts'
import { taskRunMachine } from '../task-run/task-run.ts'
import type {
  ExecutorInput,
  ExecutorMachineEvent,
  Shutdown,
  StampedUpdate,
  Subscription,
} from './events.ts'
import type { TaskGroups } from './task-groups.ts'

/** Id of the set made of the URIs in the executor's argument. */
export const seedSetId = 'seed'

export interface ExecutorContext extends ExecutorInput {
  /** `TaskInfo`s of the tasks without an acknowledged update. */
  readonly tasks: Readonly<Record<string, object>>
  /** By task id; `ended` when its last update is stamped. A refused task has no child machine. */
  readonly runs: Readonly<Record<string, 'live' | 'ended' | 'refused'>>
  readonly groups: TaskGroups
  /** Updates that are not acknowledged, oldest first. */
  readonly updates: readonly StampedUpdate[]
  /** Uuids of the updates in the last SUBSCRIBE. */
  readonly carried: readonly string[]
  /** By set id. */
  readonly sets: Readonly<Record<string, InstalledSet | 'fetching'>>
  /** Set ids of live tasks. */
  readonly needs: Readonly<Record<string, string>>
  /** The set of the last launched task. The next task will probably need it, too. */
  readonly newestSetId: string | undefined
  /** Exit status and message of this process. */
  readonly end: Shutdown
}

export const executorSetup = setup({
  types: {} as { context: ExecutorContext; events: ExecutorMachineEvent; input: ExecutorInput },
  actors: { taskRun: taskRunMachine, downloader: downloaderMachine },
  actions: {
    'fx.subscribe': (_args, _params: Subscription) => undefined,
    'fx.sendUpdate': (_args, _params: { update: StampedUpdate }) => undefined,
    'fx.releaseSet': (_args, _params: { setId: string }) => undefined,
    'fx.report': (_args, _params: RunReport) => undefined,
    'fx.exit': (_args, _params: Shutdown) => undefined,
  },
  guards: {
    canRetry: ({ context, event }) =>
      event.type === 'agent.lost' && event.retryable && (context.checkpoint || event.busy),
    isKnownTask: ({ context, event }) =>
      event.type === 'task.launched' && Object.hasOwn(context.runs, event.task.taskId),
    isValidTask: ({ event }) => event.type === 'task.launched' && 'work' in event.task.payload,
    isLastUpdate: ({ event }) => event.type === 'update.stamped' && isLast(event.update),
    isIdle: ({ context }) => Object.values(context.runs).every((run) => run !== 'live'),
    isEnding: stateIn({ running: { tasks: 'ending' } }),
  },
  delays: {
    retryDelay: ({ event }) => (event.type === 'agent.lost' ? event.retryDelayMs : 0),
    recoveryTimeout: ({ context }) => context.recoveryTimeoutMs,
    // Before the end of the grace, when the agent kills this process.
    shutdownGrace: ({ context }) => Math.floor(context.shutdownGraceMs * 0.8),
  },
})

export function isLast({ state }: RunReport): boolean {
  return state !== 'TASK_STARTING' && state !== 'TASK_RUNNING'
}

/** Own properties only: ids may be names such as `constructor`. */
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

/** A list of the set, empty if it is not installed. */
export function installedSet({ sets }: ExecutorContext, setId: string): readonly InstalledSet[] {
  const set = find(sets, setId)
  return set === undefined || set === 'fetching' ? [] : [set]
}

/** Id of the child machine of a task. */
export function runId(taskId: string): string {
  return `task.${taskId}`
}
