/** The components of the scheduler that get each event, in this order. */
import type { EventFrom } from 'xstate'
import type { connectionMachine } from './connection/connection.ts'
import type { deliveryMachine } from './delivery/delivery.ts'
import type { librarySetsMachine } from './delivery/library-sets.ts'
import type { SchedulerEvent } from './events.ts'
import type { maintenanceMachine } from './maintenance/maintenance.ts'
import type { offersMachine } from './offers/offers.ts'
import type { operationsMachine } from './operations/operations.ts'
import type { tasksMachine } from './tasks/tasks.ts'

interface Components {
  readonly connection: typeof connectionMachine
  readonly delivery: typeof deliveryMachine
  readonly librarySets: typeof librarySetsMachine
  readonly offers: typeof offersMachine
  readonly tasks: typeof tasksMachine
  readonly operations: typeof operationsMachine
  readonly maintenance: typeof maintenanceMachine
}

export type ComponentId = keyof Components

/** Components that have an event of this type. */
type Receivers<Type extends SchedulerEvent['type']> = {
  [Id in ComponentId]: Type extends EventFrom<Components[Id]>['type'] ? Id : never
}[ComponentId]

type Routes = { readonly [Type in SchedulerEvent['type']]?: readonly Receivers<Type>[] }

// Subscribed: tasks are reconciled before offers are asked for, and the delivery notifies the
// offers when they know of the subscription.
const routes: Routes = {
  'mesos.subscribed': ['connection', 'tasks', 'operations', 'offers', 'maintenance', 'delivery'],
  'connection.lost': ['connection', 'offers', 'tasks', 'operations', 'maintenance'],
  'process.restarted': ['connection', 'delivery', 'offers', 'tasks', 'operations', 'maintenance'],
  'mesos.error': ['connection'],
  'call.failed': ['connection', 'offers', 'tasks', 'operations'],
  'framework.update': ['connection'],
  'framework.updated': ['connection', 'offers'],

  'jarServer.started': ['delivery'],
  'jarServer.failed': ['delivery'],
  'jarServer.stopped': ['delivery'],
  'runtime.prepared': ['delivery'],
  'runtime.failed': ['delivery'],
  'runtime.awaited': ['tasks'],
  'libraries.staged': ['librarySets'],
  'library.added': ['librarySets'],
  'library.replaced': ['librarySets'],
  'library.removed': ['librarySets'],
  'holder.added': ['librarySets'],
  'sets.needed': ['librarySets'],

  'mesos.rescind': ['offers'],
  'offers.request': ['offers'],
  'offers.revive': ['offers'],
  'room.freed': ['offers'],

  'task.submit': ['tasks'],
  'task.kill': ['tasks'],
  'task.move': ['tasks'],
  'mesos.failure': ['delivery', 'librarySets', 'tasks'],
  'executor.tell': ['tasks'],
  'executor.shutdown': ['tasks'],
  'sets.changed': ['tasks'],
  'need.unmet': ['tasks'],

  'operation.submit': ['operations'],
  'operation.cancel': ['operations'],
  'mesos.operation': ['operations'],

  'mesos.inverseOffers': ['maintenance'],
  'mesos.rescindInverseOffer': ['maintenance'],
  'inverseOffer.answer': ['maintenance'],
}

/** The components that get events of this type; none for events of the scheduler alone. */
export function receiversOf({ type }: SchedulerEvent): readonly ComponentId[] {
  return Object.hasOwn(routes, type) ? (routes[type] ?? none) : none
}

const none: readonly ComponentId[] = []
