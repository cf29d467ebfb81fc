/** What goes into the scheduler machine, and what it tells: the vocabulary of every scheduler journal. */
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import type { WaitingReason } from './offers/matching/explain-waiting.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import type { NewHolder } from './delivery/library-holders.ts'
import type { OperationRequest } from './operations/operation-table.ts'
import type { LibraryChange } from './delivery/set-table.ts'
import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import type {
  InverseOffer,
  Offer,
  OperationStatus,
  Request,
  SchedulerCall,
  SchedulerEventFailure,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import type { FrameworkDescription } from './connection/framework-update.ts'
import type { JarServerFailed, JarServerStarted } from './delivery/jar-server.ts'
import type { AbsenceOver } from './tasks/absences.ts'
import type { UpdatesOverdue } from './tasks/late-updates.ts'
import type { OperationFact } from './operations/operation-update.ts'
import type {
  ConnectionLost,
  MesosError,
  MesosSubscribed,
  ProcessRestarted,
} from './connection/subscription.ts'
import type { TaskFact } from './tasks/task-update.ts'
import type { TasksUnreachable } from './tasks/unreachable-tasks.ts'

export type SchedulerInboxEvent =
  /** The process was started with these libraries; they are staged. */
  | { readonly type: 'libraries.staged'; readonly set: LibrarySet }
  | LibraryChange
  | { readonly type: 'task.submit'; readonly requests: readonly TaskRequest[] }
  | {
      readonly type: 'task.kill'
      readonly taskId: string
      /** Between SIGTERM and SIGKILL, ms. Default: what the task was submitted with. Ignored for plain commands. */
      readonly graceMs?: number
    }
  | { readonly type: 'operation.submit'; readonly request: OperationRequest }
  /** Gives up an operation that still waits for an offer. */
  | { readonly type: 'operation.cancel'; readonly operationId: string }
  | {
      readonly type: 'executor.tell'
      readonly agentId: string
      readonly executorId: string
      /** In base64. */
      readonly data: string
    }
  | { readonly type: 'executor.shutdown'; readonly agentId: string; readonly executorId: string }
  | { readonly type: 'offers.request'; readonly requests: readonly Request[] }
  /** The user's answer to an inverse offer, where those are left to the user. */
  | {
      readonly type: 'inverseOffer.answer'
      readonly inverseOfferId: string
      readonly accept: boolean
    }
  | { readonly type: 'framework.update'; readonly description: FrameworkDescription }
  | { readonly type: 'framework.updated'; readonly description: FrameworkDescription }
  /** Finish what was submitted, then stop. */
  | { readonly type: 'framework.drain' }
  /** Stop now. The framework is torn down, with what runs, unless it is detached. */
  | { readonly type: 'framework.stop'; readonly detach: boolean }
  | { readonly type: 'framework.closed' }
  | ProcessRestarted
  | MesosSubscribed
  | MesosError
  | { readonly type: 'mesos.offers'; readonly offers: readonly Offer[] }
  | { readonly type: 'mesos.rescind'; readonly offerId: string }
  | { readonly type: 'mesos.inverseOffers'; readonly inverseOffers: readonly InverseOffer[] }
  | { readonly type: 'mesos.rescindInverseOffer'; readonly inverseOfferId: string }
  | {
      readonly type: 'mesos.update'
      readonly status: TaskStatus
      /** Of the status' data, where it is too large for an entry and kept beside the journal. */
      readonly dataSha256?: string
    }
  | { readonly type: 'mesos.operation'; readonly status: OperationStatus }
  /** An executor said that its host has a library of ours, which nobody knew. What else executors say is no entry. */
  | ({ readonly type: 'holder.added' } & NewHolder)
  | ({ readonly type: 'mesos.failure' } & SchedulerEventFailure)
  | MesosRefused
  /** An event of Mesos that this version acts on in no way: kept in the journal. */
  | { readonly type: 'mesos.other'; readonly event: string }
  | ConnectionLost
  | CallFailed
  /** From a machine of the scheduler: no entry of its own. */
  | UpdatesOverdue
  | AbsenceOver
  | { readonly type: 'jarServer.start' }
  | JarServerStarted
  | JarServerFailed
  | { readonly type: 'jarServer.stopped' }

/** Something that Mesos sent and nobody can act on, and why. */
export interface MesosRefused {
  readonly type: 'mesos.refused'
  /** Type of the event, or what was to be one. */
  readonly event: string
  readonly message: string
}

/** A call was refused, or no answer came. */
export interface CallFailed {
  readonly type: 'call.failed'
  readonly call: SchedulerCall['type']
  /** Launches that an ACCEPT carried. */
  readonly launchIds: readonly string[]
  /** Offers that an ACCEPT was to use. */
  readonly offerIds?: readonly string[]
  /** Operations that an ACCEPT carried. */
  readonly operationIds?: readonly string[]
  /** Why, as a code of ours. */
  readonly code?: string
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
  | { readonly type: 'framework.updated' }
  /** The master refused the change; all is as it was. */
  | { readonly type: 'framework.updateFailed'; readonly code: string; readonly message: string }
  | { readonly type: 'framework.draining' }
  | { readonly type: 'framework.stopped' }
  | { readonly type: 'framework.failed'; readonly code: string; readonly message: string }
  | { readonly type: 'jarServer.started'; readonly url: string }
  /** New tasks get this set; those submitted before keep theirs. */
  | { readonly type: 'libraries.changed'; readonly set: LibrarySet }
  | { readonly type: 'libraries.rejected'; readonly code: string; readonly message: string }
  /** Their last tasks are over. */
  | { readonly type: 'libraries.released'; readonly setIds: readonly string[] }
  | { readonly type: 'offers.received'; readonly count: number; readonly launched: number }
  /** Offers that were held were taken back: their agent is gone, or somebody else needs them more. */
  | { readonly type: 'offers.rescinded'; readonly offerIds: readonly string[] }
  | InverseOffered
  | { readonly type: 'inverseOffer.rescinded'; readonly inverseOfferId: string }
  | {
      readonly type: 'task.launched'
      readonly taskId: string
      readonly attempt: number
      readonly agentId: string
      readonly hostname: string
    }
  | TaskFact
  /** Mesos runs a task that this framework does not know, or gave up. */
  | {
      readonly type: 'task.unknown'
      readonly taskId: string
      readonly status: TaskStatus
      readonly isKilled: boolean
      /** It is an earlier attempt of a task that was launched again. */
      readonly isReplaced?: true
    }
  | OperationFact
  | {
      readonly type: 'operation.rejected'
      readonly operationId: string
      readonly code: string
      readonly message: string
    }
  | {
      readonly type: 'task.rejected'
      readonly taskId: string
      readonly code: string
      readonly message: string
    }
  | TasksWaiting
  | ({
      readonly type: 'executor.failed'
      /** It was not run: it is not what was shipped. */
      readonly rejected?: FetchedFile
    } & SchedulerEventFailure)
  | { readonly type: 'agent.failed'; readonly agentId: string }
  | TasksUnreachable
  | { readonly type: 'call.failed'; readonly call: string; readonly message: string }
  | MesosRefused

/** Offers came in, and none of them was enough for any of the tasks that wait; why, of the one that waits longest. */
export interface TasksWaiting extends WaitingReason {
  readonly type: 'task.waiting'
  readonly count: number
  /** The first few. */
  readonly taskIds: readonly string[]
  /** Of the task that waits longest: perhaps none of these agents suits it, however much they have. */
  readonly constraints?: TaskConstraints
  readonly role?: string
}

/** An agent is about to go away for a while: the master asks for what this framework has there. */
export interface InverseOffered {
  readonly type: 'inverseOffer.received'
  readonly inverseOfferId: string
  readonly agentId?: string
  /** Ms since the epoch. */
  readonly startsAt: number
  /** Absent when it is for good, or nobody knows. */
  readonly durationMs?: number
  /** `asked`: the user's answer is awaited; `moved`: accepted, and the tasks there go elsewhere. */
  readonly answer: 'accepted' | 'declined' | 'moved' | 'asked'
}
