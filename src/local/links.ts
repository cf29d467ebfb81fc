/** What the master and its agents ask of each other: direct calls here, messages between machines in Mesos. */
import type {
  AgentInfo,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
  URL,
} from '../mesos/types.generated.ts'

/** The master's view of an agent. No call throws; what cannot be done comes back as a status update. */
export interface AgentLink {
  readonly info: AgentInfo
  readonly url: URL
  runTask(framework: FrameworkInfo, task: TaskInfo): void
  runTaskGroup(framework: FrameworkInfo, executor: ExecutorInfo, group: TaskGroupInfo): void
  killTask(frameworkId: string, taskId: string, killPolicy: KillPolicy | undefined): void
  shutdownExecutor(frameworkId: string, executorId: string): void
  shutdownFramework(frameworkId: string): void
  sendMessage(frameworkId: string, executorId: string, data: string): void
  acknowledge(frameworkId: string, taskId: string, uuid: string): void
  /** The framework is back: its unacknowledged updates are sent at once. */
  resendUpdates(frameworkId: string): void
}

/** An agent's view of the master. */
export interface MasterLink {
  /** `latest` is the newest status of the task that the agent knows; `status` is the one to deliver. */
  updateStatus(frameworkId: string, status: TaskStatus, latest: TaskStatus): void
  /** `waitStatus` as wait(2) gives it, -1 when the executor never started. */
  reportExecutorExit(
    frameworkId: string,
    agentId: string,
    executorId: string,
    waitStatus: number,
  ): void
  sendMessage(frameworkId: string, agentId: string, executorId: string, data: string): void
}
