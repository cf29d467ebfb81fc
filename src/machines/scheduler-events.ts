/** What goes into the scheduler machine, and what it tells: the vocabulary of every scheduler journal. */
import type { ResourceRequest } from '../domain/resource-request.ts'
import type { TaskConstraints } from '../domain/task-constraints.ts'
import type { TaskRequest } from '../domain/task-request.ts'
import type {
  Offer,
  SchedulerCall,
  SchedulerEventFailure,
  SchedulerEventMessage,
  TaskStatus,
} from '../mesos/types.generated.ts'
import type { JarServerFailed, JarServerStarted } from './jar-server.ts'
import type {
  ConnectionLost,
  MesosError,
  MesosSubscribed,
  ProcessRestarted,
} from './subscription.ts'
import type { TaskFact } from './task-update.ts'

export type SchedulerInboxEvent =
  | { readonly type: 'task.submit'; readonly requests: readonly TaskRequest[] }
  | { readonly type: 'task.kill'; readonly taskId: string }
  /** Finish what was submitted, then stop. */
  | { readonly type: 'framework.drain' }
  /** Stop now. The framework is torn down, with what runs, unless it is detached. */
  | { readonly type: 'framework.stop'; readonly detach: boolean }
  | { readonly type: 'framework.closed' }
  | ProcessRestarted
  | MesosSubscribed
  | MesosError
  | { readonly type: 'mesos.offers'; readonly offers: readonly Offer[] }
  | { readonly type: 'mesos.update'; readonly status: TaskStatus }
  | ({ readonly type: 'mesos.message' } & SchedulerEventMessage)
  | ({ readonly type: 'mesos.failure' } & SchedulerEventFailure)
  /** An event of Mesos that this version acts on in no way: kept in the journal. */
  | { readonly type: 'mesos.other'; readonly event: string }
  | ConnectionLost
  | CallFailed
  | { readonly type: 'jarServer.start' }
  | JarServerStarted
  | JarServerFailed
  | { readonly type: 'jarServer.stopped' }

/** A call was refused, or no answer came. */
export interface CallFailed {
  readonly type: 'call.failed'
  readonly call: SchedulerCall['type']
  /** Launches that an ACCEPT carried. */
  readonly launchIds: readonly string[]
  /** Offers that an ACCEPT was to use. */
  readonly offerIds?: readonly string[]
  /** `refused`: the master will never take it; `unsent`: it surely did not arrive; `unknown`: it may have. */
  readonly outcome: 'refused' | 'unsent' | 'unknown'
  readonly message: string
}

/** What the framework's user hears, in order. */
export type SchedulerFact =
  | {
      readonly type: 'framework.registered'
      readonly frameworkId: string
      readonly master?: string
    }
  | {
      readonly type: 'framework.disconnected'
      readonly code: string
      readonly message: string
      readonly retryable: boolean
    }
  | { readonly type: 'framework.draining' }
  | { readonly type: 'framework.stopped' }
  | { readonly type: 'framework.failed'; readonly code: string; readonly message: string }
  | { readonly type: 'jarServer.started'; readonly url: string }
  | { readonly type: 'offers.received'; readonly count: number; readonly launched: number }
  | {
      readonly type: 'task.launched'
      readonly taskId: string
      readonly attempt: number
      readonly agentId: string
      readonly hostname: string
    }
  | TaskFact
  | {
      readonly type: 'task.rejected'
      readonly taskId: string
      readonly code: string
      readonly message: string
    }
  | TasksWaiting
  | ({ readonly type: 'executor.message' } & SchedulerEventMessage)
  | ({ readonly type: 'executor.failed' } & SchedulerEventFailure)
  | { readonly type: 'call.failed'; readonly call: string; readonly message: string }

/** Offers came in, and none of them was enough for any of the tasks that wait. */
export interface TasksWaiting {
  readonly type: 'task.waiting'
  readonly count: number
  /** The first few. */
  readonly taskIds: readonly string[]
  /** Of the task that waits longest. */
  readonly need: ResourceRequest
  /** Of the same task: perhaps none of these agents suits it, however much they have. */
  readonly constraints?: TaskConstraints
  /** The most that one of these offers had, by resource. */
  readonly largest: ResourceRequest
}
