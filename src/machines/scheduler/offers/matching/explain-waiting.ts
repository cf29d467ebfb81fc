/** Explains why no offer was enough for a task, with amounts that a person can check. */
import { defined } from '../../../../defined.ts'
import type { Offer, Resource } from '../../../../mesos/types.generated.ts'
import { compileConstraints, createTallies, isWithinLimits } from './compiled-constraints.ts'
import type { Delivery } from '../../../../domain/tasks/executors.ts'
import { awaitsRuntime, executorOf, executorsOf } from '../../../../domain/tasks/executors.ts'
import { isOpenTo, startingOf, takeAll } from './offer-matching.ts'
import type { ResourceRequest } from '../../../../domain/tasks/resource-request.ts'
import { amountOf } from './take-resources.ts'
import type { Obstacle, WaitingReason } from '../../../../domain/tasks/waiting/waiting-reason.ts'
import { resourcesOf } from '../../../../domain/tasks/task-request.ts'
import { pendingOf, unitsOf } from '../../tasks/table/task-queues.ts'
import type { TaskRow } from '../../tasks/table/task-row.ts'
import type { Queue, TaskTable } from '../../tasks/table/task-table.ts'
import { unmetConstraints } from './unmet-constraints.ts'

/** No task of one need fits the offers that came: why. */
export interface TasksWaiting extends WaitingReason {
  readonly type: 'task.waiting'
  /** Number of waiting tasks with this need. */
  readonly count: number
  /** Ids of the first three. */
  readonly taskIds: readonly string[]
}

const maxNamedTasks = 3

const amounts = ['cpus', 'memMb', 'diskMb', 'gpus', 'ports', 'volumes'] as const

/** The fact about the tasks of a queue, none of which fits these offers. */
export function explainWaiting(
  tasks: TaskTable,
  queue: Queue,
  offers: readonly Offer[],
  delivery: Delivery | undefined,
): TasksWaiting {
  const [first = []] = unitsOf(tasks, queue)
  return {
    type: 'task.waiting',
    count: queue.ids.size * first.length,
    taskIds: Array.from(take(pendingOf(tasks, queue), maxNamedTasks), ({ request }) => request.id),
    ...explainUnit(first, offers, tasks, delivery),
  }
}

/** `unit`: a task, or the tasks of a group, that fits none of the offers. */
function explainUnit(
  unit: readonly TaskRow[],
  offers: readonly Offer[],
  table: Pick<TaskTable, 'counts'>,
  delivery: Delivery | undefined,
): WaitingReason {
  const requests = unit.map(({ request }) => resourcesOf(request))
  const constraints = unit.map(({ request }) => compileConstraints(request.constraints))
  const executorOn = (offer: Offer | undefined) =>
    executorOf(executorsOf(delivery, offer?.agentId.value ?? ''), unit)
  const tallies = createTallies(table.counts)
  const isOpen = isOpenTo(unit)

  function obstacleOf(offer: Offer, lacking: readonly Obstacle[]): Obstacle | undefined {
    if (!isOpen({ offer })) return 'role'
    if (awaitsRuntime(delivery, offer.agentId.value)) return 'runtime'
    if (!constraints.every(({ admits }) => admits(offer))) return 'constraints'
    const counted = constraints.map(({ countedAt }) => countedAt(offer))
    if (!isWithinLimits(counted, constraints, tallies)) return 'limits'
    return offer.resources?.length === 0 ? 'maintenance' : lacking[0]
  }

  const needs = needsByAmount(requests)
  // Equal on all agents.
  const executor = executorOn(offers[0])
  const needsOfStart = executor && needsByAmount([executor.resources, ...requests])

  function look(offer: Offer) {
    const running = new Set(offer.executorIds?.map(({ value }) => value))
    const [starting] = startingOf({ running }, executorOn(offer))
    const resources = offer.resources ?? []
    const lacking = lackingOf(resources, (starting && needsOfStart) ?? needs)
    return {
      offer,
      obstacle: obstacleOf(offer, lacking),
      resources,
      starting: starting?.resources,
      lacking,
    }
  }

  const looks = offers.map((offer) => look(offer))
  const suitable = looks.filter(({ obstacle }) => amounts.some((name) => name === obstacle))
  const [nearest] = suitable.toSorted((one, other) => one.lacking.length - other.lacking.length)
  const started = nearest === undefined ? executor?.resources : nearest.starting
  const isRevocable = requests.some(({ revocable }) => revocable === true)
  const { constraints: limits, role } = unit[0]?.request ?? {}
  const excluded = looks.filter(({ obstacle }) => obstacle === 'constraints')
  const unmet = unmetConstraints(
    unit.flatMap(({ request }) => request.constraints ?? []),
    excluded.map(({ offer }) => offer),
  )
  return {
    need: requests.reduce(addRequests, {}),
    ...defined({
      executor: started,
      constraints: limits,
      role,
      nearest: nearest && {
        agentId: nearest.offer.agentId.value,
        hostname: nearest.offer.hostname,
        has: usableOf(nearest.resources, isRevocable),
        lacks: nearest.lacking,
      },
      unmet: unmet.length === 0 ? undefined : unmet,
    }),
    obstacles: countBy(looks.flatMap(({ obstacle }) => obstacle ?? [])),
  }
}

interface Need {
  readonly name: (typeof amounts)[number]
  readonly requests: readonly ResourceRequest[]
}

/** Each amount alone, as what an offer lacks is named; made once for all offers. */
function needsByAmount(requests: readonly ResourceRequest[]): readonly Need[] {
  return amounts.flatMap((name) => {
    const some = requests.filter((request) => request[name] !== undefined)
    const alone = some.map(({ [name]: amount, revocable = false }) => ({
      [name]: amount,
      revocable,
    }))
    return alone.length === 0 ? [] : { name, requests: alone }
  })
}

function lackingOf(resources: readonly Resource[], needs: readonly Need[]): Need['name'][] {
  return needs
    .filter(({ requests }) => takeAll(resources, requests) === undefined)
    .map(({ name }) => name)
}

function usableOf(resources: readonly Resource[], isRevocable: boolean): ResourceRequest {
  const most = (name: string): number => amountOf(resources, name, isRevocable)
  return {
    cpus: most('cpus'),
    memMb: most('mem'),
    diskMb: most('disk'),
    gpus: most('gpus'),
    ports: most('ports'),
  }
}

/** A list of ports stays a list; next to a number, ports are counted. */
function addRequests(one: ResourceRequest, other: ResourceRequest): ResourceRequest {
  const sum: Record<string, unknown> = { ...one }
  for (const [name, amount] of Object.entries(other)) {
    const before = sum[name]
    if (before === undefined || typeof amount === 'boolean') sum[name] = amount
    else if (Array.isArray(before) && Array.isArray(amount)) sum[name] = [...before, ...amount]
    else sum[name] = round(numberOf(before) + numberOf(amount))
  }
  return sum
}

function numberOf(amount: unknown): number {
  return Array.isArray(amount) ? amount.length : Number(amount)
}

/** As Mesos counts: three decimals. */
function round(amount: number): number {
  return Math.round(amount * 1000) / 1000
}

function countBy(obstacles: readonly Obstacle[]): WaitingReason['obstacles'] {
  const counts: Partial<Record<Obstacle, number>> = {}
  for (const obstacle of obstacles) counts[obstacle] = (counts[obstacle] ?? 0) + 1
  return counts
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ === count) return
    yield item
  }
}
