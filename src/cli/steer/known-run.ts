/** A run that another terminal looks at: its own process, its journal, or the master answers. */
import type {
  ClusterAccess,
  KillAnswer,
  RunView,
  TaskView,
} from '../../framework/control/run-views.ts'
import type { StopMode } from '../../framework/control/control-answers.ts'

export interface KnownRun {
  status(): Promise<RunView>
  /** Those that have not ended first. */
  tasks(): Promise<readonly TaskView[]>
  /** Undefined for an unknown task. */
  task(taskId: string): Promise<TaskView | undefined>
  access(): Promise<ClusterAccess>
  /** Rejects where nobody can kill tasks of the run. */
  kill(taskIds: readonly string[], graceMs?: number): Promise<KillAnswer>
  /** Resolves once the run has stopped. */
  stop(how: StopMode): Promise<void>
  /** Keeps a cluster that ends with its run until the close, for a few seconds. */
  hold(): void
  close(): void
}
