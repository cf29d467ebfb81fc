import type { TaskStatus } from '../../../mesos/types.generated.ts'

/** News of a task of this framework. */
export interface TaskFact {
  readonly type: 'task.updated' | 'task.retried' | 'task.ended'
  readonly taskId: string
  /** 1 for the first launch. */
  readonly attempt: number
  /** Absent for a task that ended before it was launched. */
  readonly status?: TaskStatus
  /** SHA-256 of the data of the status, if it is stored beside the journal. */
  readonly dataSha256?: string
  readonly hostname?: string
  /** Error code of jarcast and message, where no status of Mesos explains the fact. */
  readonly code?: string
  readonly message?: string
}
