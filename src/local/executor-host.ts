/** Between an agent and its executors, whether they live in this process or speak HTTP. */
import type { FrameworkInfo, TaskInfo, TaskStatus } from '../mesos/types.generated.ts'
import type { Exit } from './command-process.ts'
import type { ExecutorChannel, ExecutorRun } from './executor-run.ts'

/** What executors, in this process or over HTTP, tell their agent. */
export interface ExecutorHost {
  readonly id: string
  hasFramework(frameworkId: string): boolean
  findRun(frameworkId: string, executorId: string): ExecutorRun | undefined
  /** `unacknowledged`: updates that the executor sent before and never saw taken. */
  attach(run: ExecutorRun, channel: ExecutorChannel, unacknowledged?: readonly TaskStatus[]): void
  /** Its stream broke; the agent waits for another or for the end of the process. */
  detach(run: ExecutorRun, channel: ExecutorChannel): void
  update(run: ExecutorRun, status: TaskStatus): void
  sendMessageFromExecutor(run: ExecutorRun, data: string): void
  /** Nothing of its processes lives any more. */
  executorEnded(run: ExecutorRun, exit: Exit): void
}

export interface ExecutorLauncher {
  /** Rejects when the container cannot be launched; the error's message is the reason that the framework is told. */
  launch(
    host: ExecutorHost,
    run: ExecutorRun,
    framework: FrameworkInfo,
    task: TaskInfo | undefined,
  ): Promise<void>
}
