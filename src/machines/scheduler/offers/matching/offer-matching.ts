/**
 * Matches tasks to offers. The same offers and tasks always give the same placements. A group is
 * placed on one offer, whole or not at all.
 */
import type { Offer, Resource } from '../../../../mesos/types.generated.ts'
import { compileConstraints, createTallies, isWithinLimits } from './compiled-constraints.ts'
import type { CompiledConstraints, Tallies } from './compiled-constraints.ts'
import { awaitsRuntime, executorOf, executorsOf } from '../../../../domain/tasks/executors.ts'
import type { Delivery, ExecutorNeed, Executors } from '../../../../domain/tasks/executors.ts'
import type { CountedAt } from '../../tasks/table/placement-counts.ts'
import type { ResourceRequest } from '../../../../domain/tasks/resource-request.ts'
import { takeRequest } from './take-resources.ts'
import { resourcesOf } from '../../../../domain/tasks/task-request.ts'
import { queuesOf, unitsOf } from '../../tasks/table/task-queues.ts'
import type { TaskRow } from '../../tasks/table/task-row.ts'
import type { TaskTable } from '../../tasks/table/task-table.ts'
import { createBalancedTurns, createTurns } from './turns.ts'
import type { Turns } from './turns.ts'

/** A task and the resources of the offer that it gets. */
export interface Placement {
  readonly row: TaskRow
  readonly resources: readonly Resource[]
  /** Where the task is counted while it is launched. */
  readonly counted: readonly CountedAt[]
}

/** The launches of one offer; it is declined if there are none. */
export interface OfferPlan {
  readonly offer: Offer
  readonly placements: readonly Placement[]
  /** Resources taken for executors that do not run on the agent yet, by executor id. */
  readonly executorResources: Readonly<Record<string, readonly Resource[]>>
}

/** An offer while tasks are placed on it. */
interface Room {
  readonly offer: Offer
  /** Of its agent. */
  readonly executors: Executors
  rest: readonly Resource[]
  readonly running: Set<string>
  readonly executorResources: Record<string, readonly Resource[]>
  readonly placements: Placement[]
  /** Its agent gets its Node.js first. */
  readonly isClosed: boolean
}

interface Matching {
  readonly tallies: Tallies
}

/**
 * Maximum number of tasks in one ACCEPT: the call must stay below the message limit of the master.
 */
const maxTasksPerOffer = 500

/**
 * Places pending tasks on these offers, oldest queue first. Cost: queues × offers + tasks placed.
 */
export function matchOffers(
  offers: readonly Offer[],
  table: TaskTable,
  delivery: Delivery | undefined,
): readonly OfferPlan[] {
  const rooms = offers.map((offer) => openRoom(offer, delivery))
  const matching = { tallies: createTallies(table.counts) }
  for (const queue of queuesOf(table)) fill(rooms, unitsOf(table, queue), matching)
  return rooms.map(({ offer, placements, executorResources }) => ({
    offer,
    placements,
    executorResources,
  }))
}

function openRoom(offer: Offer, delivery: Delivery | undefined): Room {
  const agentId = offer.agentId.value
  return {
    offer,
    executors: executorsOf(delivery, agentId),
    rest: offer.resources ?? [],
    running: new Set(offer.executorIds?.map(({ value }) => value)),
    executorResources: {},
    placements: [],
    isClosed: awaitsRuntime(delivery, agentId),
  }
}

/** Places the units of one queue, which have equal needs, until one does not fit. */
function fill(
  rooms: readonly Room[],
  units: Iterable<readonly TaskRow[]>,
  matching: Matching,
): void {
  let turns: Turns<Room> | undefined
  let constraints: readonly CompiledConstraints[] = []
  for (const unit of units) {
    if (turns === undefined) {
      constraints = unit.map(({ request }) => compileConstraints(request.constraints))
      turns = turnsOf(rooms.filter(isOpenTo(unit)), constraints, matching)
    }
    for (let room = turns.current(); room !== undefined; room = turns.current()) {
      if (place(room, unit, constraints, matching)) break
      turns.drop()
    }
    if (turns.current() === undefined) return
    turns.advance()
  }
}

/** True for offers that all of these tasks may use: a task may be limited to one role. */
export function isOpenTo(unit: readonly TaskRow[]): (room: Pick<Room, 'offer'>) => boolean {
  const bound = unit.flatMap(({ request }) => request.role ?? [])
  return ({ offer }) => bound.every((role) => role === (offer.allocationInfo?.role ?? role))
}

function turnsOf(
  rooms: readonly Room[],
  constraints: readonly CompiledConstraints[],
  { tallies }: Matching,
): Turns<Room> {
  const open = rooms.filter(
    ({ offer, isClosed }) => !isClosed && constraints.every(({ admits }) => admits(offer)),
  )
  const { policy = 'spread', balance } = constraints[0] ?? {}
  // Keeps many small queues from all starting with the first offer.
  const ordered =
    policy === 'spread'
      ? open.toSorted((one, other) => one.placements.length - other.placements.length)
      : open
  return balance === undefined
    ? createTurns(ordered, policy)
    : createBalancedTurns(ordered, policy, balance, tallies(balance.tally))
}

/**
 * Places a task or a whole group. Returns false, and changes nothing, without room or above a
 * limit.
 */
function place(
  room: Room,
  unit: readonly TaskRow[],
  constraints: readonly CompiledConstraints[],
  { tallies }: Matching,
): boolean {
  if (room.placements.length + unit.length > maxTasksPerOffer) return false
  const counted = constraints.map(({ countedAt }) => countedAt(room.offer))
  if (!isWithinLimits(counted, constraints, tallies)) return false
  const executor = executorOf(room.executors, unit)
  const starting = startingOf(room, executor)
  const requests = unit.map(({ request }) => resourcesOf(request))
  const taking = takeAll(room.rest, [...starting.map(({ resources }) => resources), ...requests])
  if (taking === undefined) return false
  room.rest = taking.rest
  for (const [index, { executorId }] of starting.entries()) {
    room.running.add(executorId)
    room.executorResources[executorId] = taking.taken[index] ?? []
  }
  const own = taking.taken.slice(starting.length)
  for (const [index, row] of unit.entries()) {
    room.placements.push({ row, resources: own[index] ?? [], counted: counted[index] ?? [] })
  }
  for (const [tally, value] of counted.flat()) tallies(tally).add(value)
  return true
}

/** The executor, if it must be started; one that runs needs no resources of the offer. */
export function startingOf({ running }: Pick<Room, 'running'>, executor: ExecutorNeed | undefined) {
  return executor === undefined || running.has(executor.executorId) ? [] : [executor]
}

/** Takes the resources of all requests; undefined if any is missing. */
export function takeAll(resources: readonly Resource[], requests: readonly ResourceRequest[]) {
  const taken: (readonly Resource[])[] = []
  let rest = resources
  for (const request of requests) {
    const taking = takeRequest(rest, request)
    if (taking === undefined) return undefined
    taken.push(taking.taken)
    rest = taking.rest
  }
  return { taken, rest }
}
