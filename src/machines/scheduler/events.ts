/** The entries of a scheduler's journal, and the facts that a scheduler publishes. */
import type { Offer } from '../../mesos/types.generated.ts'
import type { ConnectionEvent, ConnectionFact } from './connection/connection.ts'
import type { DeliveryEvent, DeliveryFact, DeliveryNotice } from './delivery/setup.ts'
import type {
  CurrentSetChanged,
  LibrarySetsEvent,
  LibrarySetsFact,
} from './delivery/library-sets.ts'
import type { MaintenanceEvent, MaintenanceFact } from './maintenance/maintenance.ts'
import type { OffersEvent, OffersFact, WorkLaunched } from './offers/setup.ts'
import type { NeedUnmet, WaitsFact } from './offers/waits/setup.ts'
import type { OperationsEvent, OperationsFact, OperationsNotice } from './operations/setup.ts'
import type { TasksEvent, TasksFact, TasksNotice } from './tasks/events.ts'

/** An event that enters the scheduler: an entry of its journal. */
export type SchedulerInboxEvent =
  | External<ConnectionEvent>
  | External<DeliveryEvent>
  | External<LibrarySetsEvent>
  | External<OffersEvent>
  | External<TasksEvent>
  | External<OperationsEvent>
  | External<MaintenanceEvent>
  | { readonly type: 'mesos.offers'; readonly offers: readonly Offer[] }
  | MesosRefused
  /** An event of Mesos of unknown type: only kept in the journal. */
  | { readonly type: 'mesos.other'; readonly event: string }
  /** Finish the submitted work, then stop. */
  | { readonly type: 'framework.drain' }
  /** Stop now. Without `detach` the framework is torn down, with its running tasks. */
  | { readonly type: 'framework.stop'; readonly detach: boolean }
  /** The connection is closed, after `fx.close`. */
  | { readonly type: 'framework.closed' }

/** An event from Mesos that cannot be read, and why. */
export interface MesosRefused {
  readonly type: 'mesos.refused'
  /** Type of the event, as far as it is known. */
  readonly event: string
  readonly message: string
}

/** An event that components send to the scheduler. */
export type SchedulerNotice =
  | CurrentSetChanged
  | DeliveryNotice
  | OperationsNotice
  | TasksNotice
  | WorkLaunched
  | NeedUnmet
  | { readonly type: 'task.move'; readonly agentIds: readonly string[] }
  /** From itself: no work is left while it drains. */
  | { readonly type: 'work.over' }

export type SchedulerEvent = SchedulerInboxEvent | SchedulerNotice

/** News for the user of a framework, in order. */
export type SchedulerFact =
  | ConnectionFact
  | DeliveryFact
  | LibrarySetsFact
  | OffersFact
  | WaitsFact
  | TasksFact
  | OperationsFact
  | MaintenanceFact
  | { readonly type: 'framework.draining' }
  | { readonly type: 'framework.stopped' }
  | { readonly type: 'framework.failed'; readonly code: string; readonly message: string }
  | { readonly type: 'call.failed'; readonly call: string; readonly message: string }
  | MesosRefused

/** Events that components send each other, through the scheduler, or themselves. */
type InternalType =
  | SchedulerNotice['type']
  | 'absence.over'
  | 'delivery.close'
  | 'maintenance.close'
  | 'mesos.offers'
  | 'offers.close'
  | 'operation.abandon'
  | 'operation.refuse'
  | 'operation.sent'
  | 'task.abandon'
  | 'task.launched'
  | 'task.refuse'
  | 'runtime.awaited'
  | 'updates.overdue'

type External<Event extends { readonly type: string }> = Exclude<
  Event,
  { readonly type: InternalType }
>
