/** Plans the ACCEPT calls for a batch of offers: operations first, then tasks. */
import { defined } from '../../../defined.ts'
import { executorOf, executorsOf } from '../../../domain/tasks/executors.ts'
import type { Delivery } from '../../../domain/tasks/executors.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { Filters, Offer, SchedulerCall } from '../../../mesos/types.generated.ts'
import { planOperations, putOperation } from '../operations/operation-table.ts'
import type { OperationPlan, OperationTable } from '../operations/operation-table.ts'
import type { TaskLaunch } from '../tasks/events.ts'
import type { TaskTable } from '../tasks/table/task-table.ts'
import { launchOperations } from './launch.ts'
import { matchOffers } from './matching/offer-matching.ts'
import type { OfferPlan } from './matching/offer-matching.ts'

/** The work that waits for offers, and the data that launches need. */
export interface Work {
  readonly tasks: TaskTable
  readonly operations: OperationTable
  /** Undefined where nothing is shipped. */
  readonly delivery: Delivery | undefined
}

export interface OfferUse {
  readonly used: readonly UsedOffer[]
  readonly unused: readonly Offer[]
}

interface UsedOffer {
  readonly plan: OfferPlan
  readonly operations: OperationPlan
}

/** Assigns work to offers. `open` returns the part of an offer that tasks may use. */
export function planUse(
  work: Work,
  offers: readonly Offer[],
  open: (offer: Offer) => Offer,
): OfferUse {
  const operationPlans = planAllOperations(work.operations, offers)
  const rest = offers.map((offer, index) => open(withRest(offer, operationPlans[index])))
  const used: UsedOffer[] = []
  const unused: Offer[] = []
  for (const [index, plan] of matchOffers(rest, work.tasks, work.delivery).entries()) {
    const operations = operationPlans[index] ?? noOperations
    if (plan.placements.length + operations.rows.length === 0) unused.push(plan.offer)
    else used.push({ plan, operations })
  }
  return { used, unused }
}

/** An ACCEPT for each used offer. */
export function acceptCalls(
  { used }: OfferUse,
  frameworkId: string,
  delivery: Delivery | undefined,
  filters: Filters,
): readonly SchedulerCall[] {
  return used.map(({ plan, operations }) => {
    const launches =
      plan.placements.length === 0 ? [] : launchOperations(plan, frameworkId, delivery)
    const all = [...operations.operations, ...launches]
    return calls.accept(frameworkId, [plan.offer.id.value], all, filters)
  })
}

/** The tasks in those ACCEPTs. */
export function launchesOf({ used }: OfferUse, delivery: Delivery | undefined): TaskLaunch[] {
  return used.flatMap(({ plan: { offer, placements } }) => {
    const executors = executorsOf(delivery, offer.agentId.value)
    return placements.map(({ row, counted }) => ({
      taskId: row.request.id,
      agentId: offer.agentId.value,
      hostname: offer.hostname,
      ...defined({ executorId: executorOf(executors, [row])?.executorId }),
      counted,
    }))
  })
}

/** Ids of the operations in those ACCEPTs. */
export function operationIdsOf({ used }: OfferUse): readonly string[] {
  return used.flatMap(({ operations }) => operations.rows.map(({ request }) => request.id))
}

const noOperations: OperationPlan = { rows: [], operations: [], rest: [] }

/** Puts an operation on one offer only, even if its agent made several. */
function planAllOperations(table: OperationTable, offers: readonly Offer[]) {
  let left = table
  return offers.map((offer) => {
    const plan = planOperations(left, offer)
    for (const row of plan.rows) left = putOperation(left, { ...row, state: 'accepted' })
    return plan
  })
}

function withRest(offer: Offer, plan: OperationPlan | undefined): Offer {
  return plan === undefined || plan.rows.length === 0 ? offer : { ...offer, resources: plan.rest }
}
