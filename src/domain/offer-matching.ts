/**
 * Which task goes to which offer. Pure: the same offers and tasks always give the same placements.
 * Tasks are spread: each goes to the next offer that has room, round and round, so that work lands on all agents.
 */
import type { Offer, Resource } from '../mesos/types.generated.ts'
import { takeRequest } from './resources.ts'
import type { ResourceRequest } from './resources.ts'
import { resourcesOf } from './task-request.ts'
import type { TaskConstraints } from './task-request.ts'
import { pendingOf, queuesOf } from './task-table.ts'
import type { TaskRow, TaskTable } from './task-table.ts'

/** A task and the resources of the offer that it gets. */
export interface Placement {
  readonly row: TaskRow
  readonly resources: readonly Resource[]
}

/** What is launched with one offer; nothing when it should be declined. */
export interface OfferPlan {
  readonly offer: Offer
  readonly placements: readonly Placement[]
  /** Taken for the executor, once per offer, when it is not running on the agent yet. */
  readonly executorResources: readonly Resource[]
}

/** The executor that tasks need, as far as matching is concerned. */
export interface ExecutorNeed {
  readonly executorId: string
  readonly resources: ResourceRequest
}

interface Room {
  readonly offer: Offer
  rest: readonly Resource[]
  executorResources: readonly Resource[]
  readonly placements: Placement[]
}

/** Bound on the tasks of one ACCEPT: the call must stay well below the master's message limits. */
const maxTasksPerOffer = 500

/** Places pending tasks on these offers, oldest need first. Cost: needs × offers + tasks placed. */
export function matchOffers(
  offers: readonly Offer[],
  table: TaskTable,
  executor: ExecutorNeed | undefined,
): readonly OfferPlan[] {
  const rooms = offers.map((offer) => roomOf(offer, executor))
  for (const queue of queuesOf(table)) {
    // An offer that cannot take one task of a need can take none of them.
    const open = [...rooms]
    let turn = 0
    for (const row of pendingOf(table, queue)) {
      while (open.length > 0 && !place(open[turn % open.length], row)) {
        open.splice(turn % open.length, 1)
      }
      if (open.length === 0) break
      turn = (turn + 1) % open.length
    }
  }
  return rooms.map(({ offer, placements, executorResources }) => ({
    offer,
    placements,
    executorResources: placements.length > 0 ? executorResources : [],
  }))
}

/** True when the agent of the offer is one the task may run on. */
function satisfies(offer: Offer, constraints: TaskConstraints = {}): boolean {
  const { hostname = offer.hostname, attributes = {} } = constraints
  return (
    hostname === offer.hostname &&
    Object.entries(attributes).every(([name, text]) =>
      offer.attributes?.some(
        (attribute) => attribute.name === name && attribute.text?.value === text,
      ),
    )
  )
}

function roomOf(offer: Offer, executor: ExecutorNeed | undefined): Room {
  const all = offer.resources ?? []
  const isRunning = offer.executorIds?.some(({ value }) => value === executor?.executorId) ?? false
  const none = { taken: [], rest: all }
  // An agent with no room for the executor has room for nothing.
  const taking =
    executor === undefined || isRunning
      ? none
      : (takeRequest(all, executor.resources) ?? { taken: [], rest: [] })
  return { offer, rest: taking.rest, executorResources: taking.taken, placements: [] }
}

/** Places the task in the room; false when it may not run there or there is not enough left. */
function place(room: Room | undefined, row: TaskRow): boolean {
  if (room === undefined || room.placements.length >= maxTasksPerOffer) return false
  if (!satisfies(room.offer, row.request.constraints)) return false
  const taking = takeRequest(room.rest, resourcesOf(row.request))
  if (taking === undefined) return false
  room.rest = taking.rest
  room.placements.push({ row, resources: taking.taken })
  return true
}
