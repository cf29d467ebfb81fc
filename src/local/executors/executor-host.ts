/** Between an agent and its executors, whether they live in this process or speak HTTP. */
import type { FrameworkInfo, TaskInfo, TaskStatus } from '../../mesos/types.generated.ts'
import type { ExecutorChannel, ExecutorRun } from './executor-run.ts'
import type { Exit } from './processes/command-process.ts'

/** What executors, in this process or over HTTP, tell their agent. */
export interface ExecutorHost {
  readonly id: string
  /** Just started: it waits for its executors to come back, and takes nothing else from them. */
  isRecovering(): boolean
  hasFramework(frameworkId: string): boolean
  findRun(frameworkId: string, executorId: string): ExecutorRun | undefined
  attach(run: ExecutorRun, channel: ExecutorChannel, unacknowledged: Unacknowledged): void
  /** Its stream broke; the agent waits for another or for the end of the process. */
  detach(run: ExecutorRun, channel: ExecutorChannel): void
  update(run: ExecutorRun, status: TaskStatus): void
  sendMessageFromExecutor(run: ExecutorRun, data: string): void
  /** Nothing of its processes lives any more. */
  executorEnded(run: ExecutorRun, exit: Exit): void
}

/** What an executor got and sent before it subscribed again, and never saw acknowledged. */
export interface Unacknowledged {
  readonly tasks: readonly TaskInfo[]
  readonly updates: readonly TaskStatus[]
}

export interface ExecutorLauncher {
  /**
   * Rejects when the container cannot be launched; the error's message is the reason that the
   * framework is told.
   */
  launch(
    host: ExecutorHost,
    run: ExecutorRun,
    framework: FrameworkInfo,
    task: TaskInfo | undefined,
  ): Promise<void>
}
