/** What a run would ship and launch, and what of it fits the agents now. */
import { describeWaitingReason } from '../../domain/tasks/waiting/describe-waiting.ts'
import type { Delivery } from '../../domain/tasks/executors.ts'
import { resourcesOf } from '../../domain/tasks/task-request.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import { explainWaiting } from '../../machines/scheduler/offers/matching/explain-waiting.ts'
import { matchOffers } from '../../machines/scheduler/offers/matching/offer-matching.ts'
import { amountOf } from '../../machines/scheduler/offers/matching/take-resources.ts'
import { addTasks } from '../../machines/scheduler/tasks/table/task-changes.ts'
import { queuesOf, unitsOf } from '../../machines/scheduler/tasks/table/task-queues.ts'
import { emptyTaskTable } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { Offer } from '../../mesos/types.generated.ts'

export interface Plan {
  readonly libraries: readonly PlannedLibrary[]
  readonly conflicts?: ClassPathReport
  readonly tasks: readonly PlannedTask[]
  readonly agents: readonly PlannedAgent[]
}

export interface PlannedLibrary {
  readonly name: string
  readonly kind: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface PlannedTask {
  readonly taskId: string
  readonly kind: TaskRequest['work']['kind']
  readonly need: ResourceRequest
  /** `now`: it would be launched at once. `later`: it waits for others. `never`: it fits no agent. */
  readonly fits: 'now' | 'later' | 'never'
  /** Where it would be launched now. */
  readonly hostname?: string
  /** Why it fits no agent. */
  readonly why?: string
}

export interface PlannedAgent {
  readonly agentId: string
  readonly hostname: string
  readonly cpus: number
  readonly memMb: number
  readonly diskMb: number
  readonly gpus: number
  readonly ports: number
}

/** Matches the tasks to the agents as the scheduler does. */
export function planTasks(
  requests: readonly TaskRequest[],
  offers: readonly Offer[],
  delivery: Delivery | undefined,
): readonly PlannedTask[] {
  const table = addTasks(emptyTaskTable, requests)
  const hosts = new Map(
    matchOffers(offers, table, delivery).flatMap(({ offer, placements }) =>
      placements.map(({ row }) => [row.request.id, offer.hostname] as const),
    ),
  )
  const misfits = misfitsOf(table, offers, delivery)
  return requests.map((request) => {
    const { id: taskId, work } = request
    const hostname = hosts.get(taskId)
    const why = misfits.get(taskId)
    const planned = { taskId, kind: work.kind, need: resourcesOf(request) }
    if (hostname !== undefined) return { ...planned, fits: 'now', hostname }
    return why === undefined ? { ...planned, fits: 'later' } : { ...planned, fits: 'never', why }
  })
}

/** Why tasks fit no agent, even alone, by id. Tasks with equal needs have the same reason. */
function misfitsOf(
  table: TaskTable,
  offers: readonly Offer[],
  delivery: Delivery | undefined,
): ReadonlyMap<string, string> {
  const misfits = new Map<string, string>()
  for (const queue of queuesOf(table)) {
    const [first = []] = unitsOf(table, queue)
    const alone = addTasks(
      emptyTaskTable,
      first.map(({ request }) => request),
    )
    const plans = matchOffers(offers, alone, delivery)
    if (plans.some(({ placements }) => placements.length > 0)) continue
    const why = describeWaitingReason(explainWaiting(table, queue, offers, delivery))
    for (const unit of unitsOf(table, queue))
      for (const { request } of unit) misfits.set(request.id, why)
  }
  return misfits
}

export function planAgents(offers: readonly Offer[]): readonly PlannedAgent[] {
  return offers.map(({ agentId, hostname, resources = [] }) => ({
    agentId: agentId.value,
    hostname,
    cpus: amountOf(resources, 'cpus'),
    memMb: amountOf(resources, 'mem'),
    diskMb: amountOf(resources, 'disk'),
    gpus: amountOf(resources, 'gpus'),
    ports: amountOf(resources, 'ports'),
  }))
}
