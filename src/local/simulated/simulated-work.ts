/** The tasks and executors of a simulated agent. */
import type { AgentInfo, ExecutorInfo } from '../../mesos/types.generated.ts'
import { simulateResources } from '../agent/agent-resources.ts'
import type { AgentResources } from '../agent/agent-resources.ts'
import { AgentOperations } from '../agent/operations.ts'
import { StatusUpdates } from '../agent/status-updates.ts'
import type { MasterLink } from '../network/links.ts'
import type { SimulatedTask } from './simulated-task.ts'

export interface SimulatedExecutor {
  readonly kind: 'command' | 'custom' | 'default'
  /** Undefined for the executor of a command task. */
  readonly info: ExecutorInfo | undefined
  readonly tasks: Set<SimulatedTask>
}

/**
 * The state of an agent with tasks. Idle agents have none, so that ten thousand of them cost
 * little.
 */
export interface SimulatedWork {
  readonly updates: StatusUpdates
  readonly operations: AgentOperations
  readonly resources: AgentResources
  /** By framework and task. */
  readonly tasks: Map<string, SimulatedTask>
  /** By framework and executor. */
  readonly executors: Map<string, SimulatedExecutor>
}

export interface SimulatedWorkOptions {
  readonly master: MasterLink
  readonly updateRetryMs: number
}

export function newSimulatedWork(
  { id, resources: total = [] }: AgentInfo,
  { master, updateRetryMs: retryMs }: SimulatedWorkOptions,
): SimulatedWork {
  const tasks = new Map<string, SimulatedTask>()
  const resources = simulateResources(total)
  return {
    tasks,
    executors: new Map(),
    resources,
    operations: new AgentOperations({
      agentId: id?.value ?? '',
      resources,
      retryMs,
      forward: (...update) => master.updateOperation(...update),
    }),
    updates: new StatusUpdates({
      retryMs,
      forward: (frameworkId, status, latest) => master.updateStatus(frameworkId, status, latest),
      onTaskDone: (frameworkId, taskId) => tasks.delete(keyOf(frameworkId, taskId)),
    }),
  }
}

/** Key of a framework's task or executor. */
export function keyOf(frameworkId: string, id: string): string {
  return `${frameworkId}/${id}`
}
