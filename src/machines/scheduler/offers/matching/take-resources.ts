/**
 * The resources of an offer that a task gets. Reserved resources are taken first: no one else can
 * use them. Revocable ones are taken only on request, disks and volumes with an identity only by
 * name; shared volumes stay available.
 * Source: mesos.proto, `Resource`; apache/mesos docs/reservation.md, persistent-volume.md,
 * oversubscription.md.
 */
import type { Resource, ValueRange } from '../../../../mesos/types.generated.ts'
import type { ResourceRequest } from '../../../../domain/tasks/resource-request.ts'
import {
  countValues,
  fromMillis,
  mergeRanges,
  sumOf,
  toMillis,
  withoutRange,
} from '../../../../domain/tasks/resources.ts'

/** Part of some resources, and what remains of them. */
export interface Taking {
  readonly taken: readonly Resource[]
  readonly rest: readonly Resource[]
}

/** Scalars of a request, with their names in Mesos. */
const scalars = [
  ['cpus', 'cpus'],
  ['memMb', 'mem'],
  ['diskMb', 'disk'],
  ['gpus', 'gpus'],
] as const

/** Takes all requested resources; undefined if some are missing. */
export function takeRequest(
  resources: readonly Resource[],
  request: ResourceRequest,
): Taking | undefined {
  const { ports = 0, volumes = [], revocable = false } = request
  let taking: Taking | undefined = { taken: [], rest: resources }
  for (const [field, name] of scalars) {
    const amount = request[field] ?? 0
    if (amount > 0) taking = andThen(taking, (rest) => takeScalar(rest, name, amount, revocable))
  }
  taking = andThen(taking, (rest) => takePorts(rest, ports, revocable))
  for (const id of volumes) taking = andThen(taking, (rest) => takeVolume(rest, id))
  return taking
}

/** Takes `amount` of a scalar; undefined when there is less. */
export function takeScalar(
  resources: readonly Resource[],
  name: string,
  amount: number,
  revocable = false,
): Taking | undefined {
  return takeFrom(resources, name, revocable, toMillis(amount), (resource, wanted) => {
    const has = toMillis(resource.scalar?.value ?? 0)
    const taken = Math.min(has, wanted)
    return {
      amount: taken,
      taken: { ...resource, scalar: { value: fromMillis(taken) } },
      left: taken === has ? undefined : { ...resource, scalar: { value: fromMillis(has - taken) } },
    }
  })
}

/** Takes the given ports, or a number of ports, lowest first; undefined if some are missing. */
export function takePorts(
  resources: readonly Resource[],
  ports: number | readonly number[],
  revocable = false,
): Taking | undefined {
  if (typeof ports === 'number') {
    return takeFrom(resources, 'ports', revocable, ports, (resource, wanted) =>
      cutRanges(resource, lowestOf(rangesOf(resource), wanted)),
    )
  }
  return takeFrom(resources, 'ports', revocable, ports.length, (resource) =>
    cutRanges(resource, ports.filter((port) => isWithin(rangesOf(resource), port)).map(onlyPort)),
  )
}

/** The ports in these resources, in the order of PORT0, PORT1 …. */
export function portsOf(
  resources: readonly Resource[],
  { ports }: ResourceRequest,
): readonly number[] {
  if (Array.isArray(ports)) return ports as readonly number[]
  return resources
    .filter(({ name }) => name === 'ports')
    .flatMap((resource) => rangesOf(resource).flatMap(({ begin, end }) => valuesOf(begin, end)))
}

/**
 * The amount of `name` that a request could take: reserved or not, without disks and volumes with
 * an identity; for ports, their number.
 */
export function amountOf(resources: readonly Resource[], name: string, revocable = false): number {
  const plain = resources.filter((resource) => resource.name === name && isPlain(resource))
  const amountIn = (pool: readonly Resource[]): number =>
    name === 'ports'
      ? pool.reduce((sum, one) => sum + countValues(rangesOf(one)), 0)
      : sumOf(pool, name)
  const firm = amountIn(plain.filter((resource) => resource.revocable === undefined))
  return revocable
    ? Math.max(firm, amountIn(plain.filter((resource) => resource.revocable !== undefined)))
    : firm
}

function takeVolume(resources: readonly Resource[], id: string): Taking | undefined {
  const index = resources.findIndex(({ disk }) => disk?.persistence?.id === id)
  const volume = resources[index]
  if (volume === undefined) return undefined
  const rest = volume.shared === undefined ? resources.toSpliced(index, 1) : resources
  return { taken: [volume], rest }
}

interface Cut {
  readonly amount: number
  readonly taken: Resource
  readonly left: Resource | undefined
}

type CutOne = (resource: Resource, wanted: number) => Cut

/** Mesos refuses tasks that mix revocable and other resources of one name. */
function takeFrom(
  resources: readonly Resource[],
  name: string,
  revocable: boolean,
  amount: number,
  cut: CutOne,
): Taking | undefined {
  if (amount <= 0) return { taken: [], rest: resources }
  for (const isRevocable of revocable ? [true, false] : [false]) {
    const indices = plainIndices(resources, name, isRevocable)
    const taking = takeAt(resources, reservedFirst(resources, indices), amount, cut)
    if (taking !== undefined) return taking
  }
  return undefined
}

function plainIndices(
  resources: readonly Resource[],
  name: string,
  isRevocable: boolean,
): readonly number[] {
  const indices: number[] = []
  for (const [index, resource] of resources.entries()) {
    const isOfPool = (resource.revocable !== undefined) === isRevocable
    if (resource.name === name && isOfPool && isPlain(resource)) indices.push(index)
  }
  return indices
}

function takeAt(
  resources: readonly Resource[],
  indices: readonly number[],
  amount: number,
  cut: CutOne,
): Taking | undefined {
  let wanted = amount
  const taken: Resource[] = []
  const rest: (Resource | undefined)[] = [...resources]
  for (const index of indices) {
    const resource = resources[index]
    if (resource === undefined || wanted <= 0) break
    const part = cut(resource, wanted)
    if (part.amount === 0) continue
    wanted -= part.amount
    taken.push(part.taken)
    rest[index] = part.left
  }
  return wanted > 0 ? undefined : { taken, rest: rest.filter((left) => left !== undefined) }
}

/** True for a resource without an identity: it is the same wherever on the agent it comes from. */
function isPlain({ disk, shared }: Resource): boolean {
  return shared === undefined && disk?.persistence === undefined && disk?.source === undefined
}

/**
 * Sorts by reservation: the most refined first, unreserved last; else in the order of the offer.
 */
function reservedFirst(
  resources: readonly Resource[],
  indices: readonly number[],
): readonly number[] {
  const depthAt = (index: number): number => reservationDepth(resources[index])
  return indices.toSorted((one, other) => depthAt(other) - depthAt(one))
}

function reservationDepth(resource: Resource | undefined): number {
  const { reservations = [], role = '*' } = resource ?? {}
  return reservations.length > 0 ? reservations.length : Number(role !== '*')
}

function andThen(
  before: Taking | undefined,
  next: (rest: readonly Resource[]) => Taking | undefined,
): Taking | undefined {
  const after = before === undefined ? undefined : next(before.rest)
  if (before === undefined || after === undefined) return undefined
  return { taken: [...before.taken, ...after.taken], rest: after.rest }
}

function cutRanges(resource: Resource, taken: readonly ValueRange[]): Cut {
  const left = taken.reduce(withoutRange, [...rangesOf(resource)])
  return {
    amount: countValues(taken),
    taken: { ...resource, ranges: { range: mergeRanges(taken) } },
    left: left.length === 0 ? undefined : { ...resource, ranges: { range: left } },
  }
}

function lowestOf(ranges: readonly ValueRange[], count: number): readonly ValueRange[] {
  let wanted = count
  return ranges.flatMap(({ begin, end }) => {
    const cut = Math.min(wanted, Number(end) - Number(begin) + 1)
    wanted -= cut
    return cut > 0 ? [{ begin: Number(begin), end: Number(begin) + cut - 1 }] : []
  })
}

function rangesOf({ ranges }: Resource): readonly ValueRange[] {
  return ranges?.range ?? []
}

function isWithin(ranges: readonly ValueRange[], value: number): boolean {
  return ranges.some(({ begin, end }) => Number(begin) <= value && value <= Number(end))
}

function onlyPort(port: number): ValueRange {
  return { begin: port, end: port }
}

function valuesOf(begin: ValueRange['begin'], end: ValueRange['end']): readonly number[] {
  const first = Number(begin)
  return Array.from({ length: Number(end) - first + 1 }, (_, index) => first + index)
}
