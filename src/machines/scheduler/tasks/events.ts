/** Events and facts of the tasks machine. */
import type { TaskRequest } from '../../../domain/tasks/task-request.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import type {
  CallFailed,
  ConnectionLost,
  Failure,
  MesosFailure,
  MesosSubscribed,
  ProcessRestarted,
} from '../connection/events.ts'
import type { NeedUnmet } from '../offers/waits/setup.ts'
import type { CurrentSetChanged } from '../delivery/library-sets.ts'
import type { RuntimeAwaited } from '../delivery/runtimes.ts'
import type { AbsenceOver } from './absences.ts'
import type { UpdatesOverdue } from './late-updates.ts'
import type { CountedAt } from './table/placement-counts.ts'
import type { TaskFact } from './task-fact.ts'
import type { TasksUnreachable } from './unreachable-tasks.ts'

export type TasksEvent =
  | { readonly type: 'task.submit'; readonly requests: readonly TaskRequest[] }
  /** From the scheduler: the framework takes no more tasks. */
  | {
      readonly type: 'task.refuse'
      readonly requests: readonly TaskRequest[]
      readonly why: Failure
    }
  | {
      readonly type: 'task.kill'
      readonly taskId: string
      /**
       * Time between SIGTERM and SIGKILL, ms. Default: the task's own. Ignored for plain commands.
       */
      readonly graceMs?: number
    }
  /** From the offers: ACCEPT calls with these tasks are on their way. */
  | { readonly type: 'task.launched'; readonly launches: readonly TaskLaunch[] }
  /** From the maintenance: tasks on these agents are killed and launched elsewhere. */
  | { readonly type: 'task.move'; readonly agentIds: readonly string[] }
  /** From the scheduler: the framework stops. */
  | { readonly type: 'task.abandon'; readonly why: Failure | undefined }
  | MesosUpdate
  | MesosFailure
  | CallFailed
  | {
      readonly type: 'executor.tell'
      readonly agentId: string
      readonly executorId: string
      /** In base64. */
      readonly data: string
    }
  | {
      readonly type: 'executor.shutdown'
      readonly agentId: string
      readonly executorId: string
      /** Only if it has no task. */
      readonly ifIdle?: true
    }
  | CurrentSetChanged
  | NeedUnmet
  | RuntimeAwaited
  | UpdatesOverdue
  | AbsenceOver
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

/** The UPDATE event. */
export interface MesosUpdate {
  readonly type: 'mesos.update'
  readonly status: TaskStatus
  /**
   * SHA-256 of the data of the status, if it is too large for an entry and stored beside the
   * journal.
   */
  readonly dataSha256?: string
}

/** The place of a task in an ACCEPT. */
export interface TaskLaunch {
  readonly taskId: string
  readonly agentId: string
  readonly hostname: string
  /** Absent for a plain command: Mesos gives it an executor of its own. */
  readonly executorId?: string
  /** Where the task is counted for its constraints. */
  readonly counted: readonly CountedAt[]
}

/** Sent to the scheduler. */
export type TasksNotice =
  /** More or fewer tasks wait for an offer, or the last task ended. */
  | { readonly type: 'work.changed' }
  | RoomFreed
  /** The library sets that tasks need have changed. */
  | { readonly type: 'sets.needed'; readonly setIds: readonly string[] }

/** Half of the launched tasks have ended while others wait: their resources can be offered. */
export interface RoomFreed {
  readonly type: 'room.freed'
}

export type TasksFact =
  | {
      readonly type: 'task.launched'
      readonly taskId: string
      readonly attempt: number
      readonly agentId: string
      readonly hostname: string
    }
  | {
      readonly type: 'task.rejected'
      readonly taskId: string
      readonly code: string
      readonly message: string
    }
  | TaskFact
  /** Mesos runs a task that this framework does not know, or has given up. */
  | {
      readonly type: 'task.unknown'
      readonly taskId: string
      readonly status: TaskStatus
      readonly isKilled: boolean
      /** It is an earlier attempt of a task that was launched again. */
      readonly isReplaced?: true
    }
  | TasksUnreachable
  | { readonly type: 'agent.failed'; readonly agentId: string }
