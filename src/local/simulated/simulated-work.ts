/** The tasks and executors of a simulated agent. */
import type {
  ExecutorInfo,
  FrameworkInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import type { AgentResources } from '../agent/agent-resources.ts'
import type { AgentOperations } from '../agent/operations.ts'
import type { StatusUpdates } from '../agent/status-updates.ts'

export interface SimulatedTask {
  readonly id: string
  readonly frameworkId: string
  readonly executorId: string
  readonly info: TaskInfo
  readonly framework: FrameworkInfo
  readonly hasKillingState: boolean
  /** The tasks that one LAUNCH_GROUP launched, itself included. */
  readonly group: readonly SimulatedTask[]
  state: TaskState
  latest: TaskStatus | undefined
  timer: NodeJS.Timeout | undefined
}

export interface SimulatedExecutor {
  readonly kind: 'command' | 'custom' | 'default'
  /** Undefined for the agent's own of a command task. */
  readonly info: ExecutorInfo | undefined
  readonly tasks: Set<SimulatedTask>
}

/** What only an agent with work has, so that ten thousand idle ones cost little. */
export interface SimulatedWork {
  readonly updates: StatusUpdates
  readonly operations: AgentOperations
  readonly resources: AgentResources
  /** By framework and task. */
  readonly tasks: Map<string, SimulatedTask>
  /** By framework and executor. */
  readonly executors: Map<string, SimulatedExecutor>
}
