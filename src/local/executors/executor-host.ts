/** Interfaces between an agent and its executors, in this process or over HTTP. */
import type { FrameworkInfo, TaskInfo, TaskStatus } from '../../mesos/types.generated.ts'
import type { ExecutorChannel, ExecutorRun } from './executor-run.ts'
import type { Exit } from './processes/command-process.ts'

/** Calls of executors to their agent. */
export interface ExecutorHost {
  readonly id: string
  /**
   * True after a restart, while the agent waits for executors to subscribe and refuses their other
   * calls.
   */
  isRecovering(): boolean
  hasFramework(frameworkId: string): boolean
  findRun(frameworkId: string, executorId: string): ExecutorRun | undefined
  attach(run: ExecutorRun, channel: ExecutorChannel, unacknowledged: Unacknowledged): void
  /** Removes a stream that broke. */
  detach(run: ExecutorRun, channel: ExecutorChannel): void
  update(run: ExecutorRun, status: TaskStatus): void
  sendMessageFromExecutor(run: ExecutorRun, data: string): void
  /** All processes of the run ended. */
  executorEnded(run: ExecutorRun, exit: Exit): void
}

/** Tasks and updates of an executor that subscribes again, unacknowledged. */
export interface Unacknowledged {
  readonly tasks: readonly TaskInfo[]
  readonly updates: readonly TaskStatus[]
}

export interface ExecutorLauncher {
  /** Rejects if the container cannot be launched. The framework gets the error's message. */
  launch(
    host: ExecutorHost,
    run: ExecutorRun,
    framework: FrameworkInfo,
    task: TaskInfo | undefined,
  ): Promise<void>
}
