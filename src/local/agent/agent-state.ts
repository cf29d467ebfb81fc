/** The agent's state: frameworks with the runs of their executors. */
import type {
  AgentInfo,
  DrainConfig,
  FrameworkInfo,
  TaskStatus,
  URL,
} from '../../mesos/types.generated.ts'
import type { ExecutorLauncher } from '../executors/executor-host.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import type { MasterLink } from '../network/links.ts'
import { nowSeconds } from '../time/now.ts'
import type { AgentResources } from './agent-resources.ts'
import { AgentOperations } from './operations.ts'
import { StatusUpdates } from './status-updates.ts'

export interface AgentOptions {
  readonly info: AgentInfo
  readonly url: URL
  readonly master: MasterLink
  readonly ipAddress: string
  readonly updateRetryMs: number
  readonly executorRegistrationTimeoutMs: number
  readonly shutdownGraceMs: number
  /** Time for executors to subscribe again after a restart of the agent, in ms. */
  readonly executorReregistrationTimeoutMs: number
  readonly launcher: ExecutorLauncher
  readonly resources: AgentResources
  /** Called after the agent was marked gone and its executors ended. */
  readonly onShutDown: () => void
}

export interface AgentFramework {
  readonly id: string
  info: FrameworkInfo
  /** True after the master removed it: its executors are shut down, and no updates are sent. */
  isTerminating: boolean
  readonly runs: Map<string, ExecutorRun>
  /** The latest completed ones. */
  readonly completedRuns: ExecutorRun[]
}

/** `DOWN`: its process was killed. The state on its disk and its executors live on. */
export type AgentPhase = 'RUNNING' | 'DOWN' | 'RECOVERING'

export interface AgentState {
  readonly id: string
  phase: AgentPhase
  /** Kept across restarts; undefined if tasks are not being drained. */
  drain: DrainConfig | undefined
  /** Aborts the current recovery. */
  recovery: AbortController
  readonly options: AgentOptions
  readonly frameworks: Map<string, AgentFramework>
  /** The latest frameworks without executors here. */
  readonly completedFrameworks: Map<string, AgentFramework>
  readonly updates: StatusUpdates
  readonly operations: AgentOperations
  /** Pending launches; `close` waits for them. */
  readonly launching: Set<Promise<void>>
  /** Runs of frameworks that do not checkpoint, from before a restart of the agent. */
  readonly orphans: Set<ExecutorRun>
}

/** `onTaskDone`: the terminal update of a task was acknowledged. */
export function newAgentState(
  options: AgentOptions,
  onTaskDone: (frameworkId: string, taskId: string) => void,
): AgentState {
  const { info, master, resources, updateRetryMs: retryMs } = options
  const id = info.id?.value ?? ''
  return {
    id,
    options,
    phase: 'RUNNING',
    drain: undefined,
    recovery: new AbortController(),
    frameworks: new Map(),
    completedFrameworks: new Map(),
    launching: new Set(),
    orphans: new Set(),
    updates: new StatusUpdates({
      retryMs,
      forward: (frameworkId, status, latest) => master.updateStatus(frameworkId, status, latest),
      onTaskDone,
    }),
    operations: new AgentOperations({
      agentId: id,
      resources,
      retryMs,
      forward: (...update) => master.updateOperation(...update),
    }),
  }
}

/** The runs of all frameworks, orphans included. */
export function allRuns(state: AgentState): ExecutorRun[] {
  const known = [...state.frameworks.values()].flatMap(({ runs }) => [...runs.values()])
  return [...known, ...state.orphans]
}

/** Finds a framework and updates its info; adds it if it is new. */
export function frameworkOf(state: AgentState, info: FrameworkInfo): AgentFramework {
  const id = info.id?.value ?? ''
  const known = state.frameworks.get(id)
  if (known !== undefined) {
    known.info = info
    return known
  }
  const completedRuns = state.completedFrameworks.get(id)?.completedRuns ?? []
  state.completedFrameworks.delete(id)
  const framework: AgentFramework = {
    id,
    info,
    isTerminating: false,
    runs: new Map(),
    completedRuns,
  }
  state.frameworks.set(id, framework)
  return framework
}

export function findRun(
  state: AgentState,
  frameworkId: string,
  executorId: string,
): ExecutorRun | undefined {
  return state.frameworks.get(frameworkId)?.runs.get(executorId)
}

export function findRunOfTask(
  state: AgentState,
  frameworkId: string,
  taskId: string,
): ExecutorRun | undefined {
  for (const run of state.frameworks.get(frameworkId)?.runs.values() ?? []) {
    const holders = [run.queuedTasks, run.launchedTasks, run.terminatedTasks]
    if (holders.some((holder) => holder.has(taskId))) return run
  }
  return undefined
}

export function isFrameworkTerminating(state: AgentState, frameworkId: string): boolean {
  return state.frameworks.get(frameworkId)?.isTerminating === true
}

/** A status update by the agent itself. */
export function agentStatus(
  state: AgentState,
  run: ExecutorRun,
  taskId: string,
  fields: Pick<TaskStatus, 'state' | 'reason' | 'message'>,
): TaskStatus {
  return {
    taskId: { value: taskId },
    source: 'SOURCE_AGENT',
    agentId: { value: state.id },
    executorId: { value: run.id },
    timestamp: nowSeconds(),
    uuid: randomUuidBytes(),
    ...fields,
  }
}
