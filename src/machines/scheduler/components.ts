/** Reads the states of the components of the scheduler; after its end, their final values. */
import type { AnyActorRef, SnapshotFrom } from 'xstate'
import { defined } from '../../defined.ts'
import { emptyMap, valuesOf } from '../../domain/persistent-map.ts'
import type { PersistentMap } from '../../domain/persistent-map.ts'
import type { ConnectionRef } from './connection/connection.ts'
import type { FrameworkDescription } from './connection/framework-update.ts'
import type { DeliveryRef } from './delivery/delivery.ts'
import type { LibraryHolders } from './delivery/library-holders.ts'
import type { LibrarySetsRef } from './delivery/library-sets.ts'
import type { SetTable } from './delivery/set-table.ts'
import type { Work } from './offers/accepts.ts'
import type { OffersRef } from './offers/offers.ts'
import type { OperationsRef } from './operations/operations.ts'
import { emptyTaskTable } from './tasks/table/task-table.ts'
import type { TaskTable } from './tasks/table/task-table.ts'
import type { TaskFact } from './tasks/task-fact.ts'
import type { KillsRef } from './tasks/kills.ts'
import { changesNothing } from './tasks/take-update.ts'
import type { TasksRef } from './tasks/tasks.ts'
import type { Offer, TaskStatus } from '../../mesos/types.generated.ts'

/** Children of the scheduler, by id. */
type Components = Readonly<Record<string, AnyActorRef | undefined>>

/** The part of the scheduler's snapshot that is read here. */
export interface SchedulerView {
  readonly children: Components
  readonly output?: SchedulerOutput | undefined
}

/** The final values of a scheduler: XState stops its components at its end. */
export interface SchedulerOutput {
  readonly description: FrameworkDescription
  readonly sets: SetTable
  readonly holders: LibraryHolders
  readonly outcomes: PersistentMap<TaskFact>
}

/** Reads the final values before XState stops the components. */
export function outputOf(children: Components): SchedulerOutput {
  const view = { children }
  return {
    description: descriptionOf(view),
    sets: setsOf(view),
    holders: holdersOf(view),
    outcomes: outcomesOf(view),
  }
}

/** FrameworkInfo and offer constraints as last taken by the master. */
export function descriptionOf({ children, output }: SchedulerView): FrameworkDescription {
  if (output !== undefined) return output.description
  const { framework, offerConstraints } = snapshotOf<ConnectionRef>(children['connection']).context
  return { framework, ...defined({ offerConstraints }) }
}

/** The current library set, and the sets that tasks need. */
export function setsOf({ children, output }: SchedulerView): SetTable {
  return output?.sets ?? snapshotOf<LibrarySetsRef>(children['librarySets']).context.sets
}

/** The agents that have each library, as they reported. */
export function holdersOf({ children, output }: SchedulerView): LibraryHolders {
  return output?.holders ?? snapshotOf<LibrarySetsRef>(children['librarySets']).context.holders
}

/** The tasks that have not ended. */
export function taskTableOf({ children, output }: SchedulerView): TaskTable {
  return output === undefined
    ? snapshotOf<TasksRef>(children['tasks']).context.table
    : emptyTaskTable
}

/** How tasks ended, by id; empty if outcomes are not remembered. */
export function outcomesOf({ children, output }: SchedulerView): PersistentMap<TaskFact> {
  return output?.outcomes ?? snapshotOf<TasksRef>(children['tasks']).context.outcomes ?? emptyMap()
}

/** The offers that are held, in no order. */
export function offersOf({ children, output }: SchedulerView): readonly Offer[] {
  if (output !== undefined) return []
  const { held } = snapshotOf<OffersRef>(children['offers']).context
  return Array.from(valuesOf(held), ({ offer }) => offer)
}

/** The work that waits for offers, and the data that launches need. */
export function workOf({ tasks, operations, delivery }: Components): Work {
  return {
    tasks: snapshotOf<TasksRef>(tasks).context.table,
    operations: snapshotOf<OperationsRef>(operations).context.table,
    delivery: snapshotOf<DeliveryRef>(delivery).context.delivery,
  }
}

/** True while there is a subscription. */
export function isSubscribed({ children, output }: SchedulerView): boolean {
  return (
    output === undefined && snapshotOf<ConnectionRef>(children['connection']).matches('subscribed')
  )
}

/** True for an update that leads to no decision: see `changesNothing`. */
export function isWithoutEffect({ children, output }: SchedulerView, status: TaskStatus): boolean {
  if (output !== undefined) return true
  const { context, children: members } = snapshotOf<TasksRef>(children['tasks'])
  return changesNothing(context, snapshotOf<KillsRef>(members['kills']), status)
}

function snapshotOf<Ref extends AnyActorRef>(ref: Ref | undefined): SnapshotFrom<Ref> {
  if (ref === undefined) throw new Error('the scheduler has ended, and its components with it')
  return ref.getSnapshot()
}
