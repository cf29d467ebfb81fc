/** Calls between master and agents. In Mesos these are messages between machines. */
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

/** An operation that the master applied to its allocator. */
export interface AppliedOperation {
  readonly uuid: Base64
  readonly operation: ResourceOperation
  readonly conversions: readonly Conversion[]
}

/** An operation with its status. */
export interface OperationUpdate {
  readonly uuid: Base64
  readonly operation: ResourceOperation
  readonly status: OperationStatus
}

/** Calls of the master to an agent. They do not throw: failures come back as status updates. */
export interface AgentLink {
  readonly info: AgentInfo
  readonly url: URL
  /** Total resources when it registers, with reservations and volumes. */
  readonly total: readonly Resource[]
  runTask(framework: FrameworkInfo, task: TaskInfo): void
  runTaskGroup(framework: FrameworkInfo, executor: ExecutorInfo, group: TaskGroupInfo): void
  killTask(frameworkId: string, taskId: string, killPolicy: KillPolicy | undefined): void
  /** Kills every task, with REASON_AGENT_DRAINING. */
  drain(config: DrainConfig): void
  shutdownExecutor(frameworkId: string, executorId: string): void
  shutdownFramework(frameworkId: string): void
  sendMessage(frameworkId: string, executorId: string, data: string): void
  acknowledge(frameworkId: string, taskId: string, uuid: string): void
  /** Applies an operation, once. */
  applyOperation(frameworkId: string, applied: AppliedOperation): void
  acknowledgeOperation(operationUuid: Base64, statusUuid: Base64): void
  /** Sends unacknowledged updates of a framework that subscribed again. */
  resendUpdates(frameworkId: string): void
  /**
   * Reports those of the tasks that the agent does not know. The master knows them and the agent
   * did not report them.
   */
  reconcileTasks(framework: FrameworkInfo, taskIds: readonly string[]): void
  /** Ends the agent's executors and the agent: it was marked gone. */
  shutDown(): void
  /** The agent answers with `pong`. */
  ping(): void
}

/** What an agent reports when it registers again. */
export interface AgentReport {
  readonly frameworks: readonly FrameworkInfo[]
  readonly tasks: readonly ReportedTask[]
  /** Living executors, without those of command tasks. */
  readonly executors: readonly ReportedExecutor[]
}

export interface ReportedTask {
  readonly frameworkId: string
  readonly info: TaskInfo
  /** Undefined for a command task. */
  readonly executorId: string | undefined
  /** The newest status known to the agent; undefined while the task is staging. */
  readonly latest: TaskStatus | undefined
  /** The last status sent to the framework. */
  readonly told: TaskStatus | undefined
}

export interface ReportedExecutor {
  readonly frameworkId: string
  readonly info: ExecutorInfo
}

/** Calls of an agent to the master. */
export interface MasterLink {
  /** Delivers `status`. `latest`: the newest status known to the agent. */
  updateStatus(frameworkId: string, status: TaskStatus, latest: TaskStatus): void
  updateOperation(frameworkId: string, agentId: string, update: OperationUpdate): void
  /** `waitStatus` as of wait(2); -1 if the executor never started. */
  reportExecutorExit(
    frameworkId: string,
    agentId: string,
    executorId: string,
    waitStatus: number,
  ): void
  sendMessage(frameworkId: string, agentId: string, executorId: string, data: string): void
  pong(agentId: string): void
}

/** Calls of agents to the leading master. */
export interface LeadingMaster extends MasterLink {
  /** False for an agent that was never admitted, or is unreachable. */
  hasAgent(agentId: string): boolean
  /** Admits an agent that no master knew. */
  addAgent(link: AgentLink): void
  /** Admits an agent again, with its tasks and executors. */
  reregister(link: AgentLink, report: AgentReport): void
  /** The connection to the agent's process broke. */
  disconnectAgent(agentId: string): void
}
