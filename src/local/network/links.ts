/**
 * What the master and its agents ask of each other: direct calls here, messages between machines in
 * Mesos.
 */
import type {
  AgentInfo,
  Base64,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  OperationStatus,
  Resource,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
  URL,
} from '../../mesos/types.generated.ts'
import type { Conversion, ResourceOperation } from '../resources/resource-operations.ts'

/** An operation that the master has taken into its books. */
export interface AppliedOperation {
  readonly uuid: Base64
  readonly operation: ResourceOperation
  readonly conversions: readonly Conversion[]
}

/** An operation, and what became of it. */
export interface OperationUpdate {
  readonly uuid: Base64
  readonly operation: ResourceOperation
  readonly status: OperationStatus
}

/**
 * The master's view of an agent. No call throws; what cannot be done comes back as a status update.
 */
export interface AgentLink {
  readonly info: AgentInfo
  readonly url: URL
  /** With the reservations and volumes that were made there, as it registers. */
  readonly total: readonly Resource[]
  runTask(framework: FrameworkInfo, task: TaskInfo): void
  runTaskGroup(framework: FrameworkInfo, executor: ExecutorInfo, group: TaskGroupInfo): void
  killTask(frameworkId: string, taskId: string, killPolicy: KillPolicy | undefined): void
  /** Kills every task, and gives the draining as the reason of their ends. */
  drain(config: DrainConfig): void
  shutdownExecutor(frameworkId: string, executorId: string): void
  shutdownFramework(frameworkId: string): void
  sendMessage(frameworkId: string, executorId: string, data: string): void
  acknowledge(frameworkId: string, taskId: string, uuid: string): void
  /** One that it has applied is not applied again. */
  applyOperation(frameworkId: string, applied: AppliedOperation): void
  acknowledgeOperation(operationUuid: Base64, statusUuid: Base64): void
  /** The framework is back: its unacknowledged updates are sent at once. */
  resendUpdates(frameworkId: string): void
  /**
   * Tasks that the master has there and the agent did not name: those it does not know are ended by
   * an update.
   */
  reconcileTasks(framework: FrameworkInfo, taskIds: readonly string[]): void
  /** The agent was marked gone: it ends its executors, and itself. */
  shutDown(): void
  /** Is it there? Answered by `pong`. */
  ping(): void
}

/** What an agent tells a master that it registers with again. */
export interface AgentReport {
  readonly frameworks: readonly FrameworkInfo[]
  readonly tasks: readonly ReportedTask[]
  /** Those that live, but for the agent's own of command tasks. */
  readonly executors: readonly ReportedExecutor[]
}

export interface ReportedTask {
  readonly frameworkId: string
  readonly info: TaskInfo
  /** Undefined for a command task. */
  readonly executorId: string | undefined
  /** The newest status that the agent knows, undefined while the task is staging. */
  readonly latest: TaskStatus | undefined
  /** The status that the framework was told last. */
  readonly told: TaskStatus | undefined
}

export interface ReportedExecutor {
  readonly frameworkId: string
  readonly info: ExecutorInfo
}

/** An agent's view of the master. */
export interface MasterLink {
  /**
   * `latest` is the newest status of the task that the agent knows; `status` is the one to deliver.
   */
  updateStatus(frameworkId: string, status: TaskStatus, latest: TaskStatus): void
  updateOperation(frameworkId: string, agentId: string, update: OperationUpdate): void
  /** `waitStatus` as wait(2) gives it, -1 when the executor never started. */
  reportExecutorExit(
    frameworkId: string,
    agentId: string,
    executorId: string,
    waitStatus: number,
  ): void
  sendMessage(frameworkId: string, agentId: string, executorId: string, data: string): void
  pong(agentId: string): void
}

/** What agents ask of the leading master. */
export interface LeadingMaster extends MasterLink {
  /** False for an agent that it never admitted, or gave up. */
  hasAgent(agentId: string): boolean
  /** Admits an agent that no master knew. */
  addAgent(link: AgentLink): void
  /** Admits an agent again, with its tasks and executors. */
  reregister(link: AgentLink, report: AgentReport): void
  /** The connection to the agent's process broke. */
  disconnectAgent(agentId: string): void
}
