/**
 * Arithmetic on resources: scalars, ranges and sets, each entry kept apart by everything but its amount (name,
 * role, reservations, disk, …), as Mesos keeps them.
 * Source: mesos.proto, `Resource`, `Value`; scalars have three decimals (docs/attributes-resources.md).
 */
import type { Resource, ValueRange } from '../mesos/types.generated.ts'

/** Part of some resources, and what remains of them. */
export interface Taking {
  readonly taken: readonly Resource[]
  readonly rest: readonly Resource[]
}

/** What a task or an executor asks for. */
export interface ResourceRequest {
  readonly cpus?: number
  readonly memMb?: number
  readonly diskMb?: number
  readonly gpus?: number
  /** How many ports, any of those offered. */
  readonly ports?: number
}

/** Total of a scalar resource, whatever its role and reservations. */
export function sumOf(resources: readonly Resource[], name: string): number {
  return fromMillis(
    resources
      .filter((resource) => resource.name === name)
      .reduce((sum, resource) => sum + toMillis(resource.scalar?.value ?? 0), 0),
  )
}

/** The most of each resource that any of these has. */
export function largestOf(lists: readonly (readonly Resource[])[]): ResourceRequest {
  const largest = (name: string): number => Math.max(0, ...lists.map((list) => sumOf(list, name)))
  return {
    cpus: largest('cpus'),
    memMb: largest('mem'),
    diskMb: largest('disk'),
    gpus: largest('gpus'),
  }
}

/** Takes everything that is asked for; undefined when some of it is not there. */
export function takeRequest(
  resources: readonly Resource[],
  { cpus = 0, memMb = 0, diskMb = 0, gpus = 0, ports = 0 }: ResourceRequest,
): Taking | undefined {
  const scalars = [
    ['cpus', cpus],
    ['mem', memMb],
    ['disk', diskMb],
    ['gpus', gpus],
  ] as const
  let taking: Taking | undefined = { taken: [], rest: resources }
  for (const [name, amount] of scalars)
    taking = andThen(taking, (rest) => takeScalar(rest, name, amount))
  return andThen(taking, (rest) => takeValues(rest, 'ports', ports))
}

/** Takes `amount` of a scalar from the first entries that have it; undefined when there is less. */
export function takeScalar(
  resources: readonly Resource[],
  name: string,
  amount: number,
): Taking | undefined {
  return take(resources, name, toMillis(amount), (resource, wanted) => {
    const has = toMillis(resource.scalar?.value ?? 0)
    const taken = Math.min(has, wanted)
    return {
      amount: taken,
      taken: { ...resource, scalar: { value: fromMillis(taken) } },
      left: taken === has ? undefined : { ...resource, scalar: { value: fromMillis(has - taken) } },
    }
  })
}

/** Takes `count` values of a ranges resource such as `ports`, lowest first; undefined when there are fewer. */
export function takeValues(
  resources: readonly Resource[],
  name: string,
  count: number,
): Taking | undefined {
  return take(resources, name, count, (resource, wanted) => {
    const [taken, left] = splitRanges(resource.ranges?.range ?? [], wanted)
    return {
      amount: countValues(taken),
      taken: { ...resource, ranges: { range: taken } },
      left: left.length === 0 ? undefined : { ...resource, ranges: { range: left } },
    }
  })
}

/** `resources` and `others` together, entries that differ only in their amount merged. */
export function addResources(
  resources: readonly Resource[],
  others: readonly Resource[],
): readonly Resource[] {
  const sums = new Map<string, Resource>()
  for (const resource of [...resources, ...others]) {
    const key = identityOf(resource)
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? normalized(resource) : addTwo(sum, resource))
  }
  return [...sums.values()].filter((resource) => !isEmpty(resource))
}

/** `resources` less `others`; what `others` has and `resources` has not is passed over. */
export function subtractResources(
  resources: readonly Resource[],
  others: readonly Resource[],
): readonly Resource[] {
  const wanted = new Map(
    addResources([], others).map((resource) => [identityOf(resource), resource]),
  )
  return addResources([], resources)
    .map((resource) => {
      const other = wanted.get(identityOf(resource))
      return other === undefined ? resource : subtractTwo(resource, other)
    })
    .filter((resource) => !isEmpty(resource))
}

/** True when `others` could be subtracted from `resources` without anything missing. */
export function containsResources(
  resources: readonly Resource[],
  others: readonly Resource[],
): boolean {
  return subtractResources(others, resources).length === 0
}

interface Cut {
  readonly amount: number
  readonly taken: Resource
  readonly left: Resource | undefined
}

function take(
  resources: readonly Resource[],
  name: string,
  amount: number,
  cut: (resource: Resource, wanted: number) => Cut,
): Taking | undefined {
  let wanted = amount
  const taken: Resource[] = []
  const rest: Resource[] = []
  for (const resource of resources) {
    if (resource.name !== name || wanted <= 0) {
      rest.push(resource)
      continue
    }
    const part = cut(resource, wanted)
    wanted -= part.amount
    if (part.amount > 0) taken.push(part.taken)
    if (part.left !== undefined) rest.push(part.left)
  }
  return wanted > 0 ? undefined : { taken, rest }
}

function andThen(
  before: Taking | undefined,
  next: (rest: readonly Resource[]) => Taking | undefined,
): Taking | undefined {
  const after = before === undefined ? undefined : next(before.rest)
  if (before === undefined || after === undefined) return undefined
  return { taken: [...before.taken, ...after.taken], rest: after.rest }
}

/** Everything of an entry but its amount, as a text that is equal for equal entries. */
function identityOf({
  scalar: _scalar,
  ranges: _ranges,
  set: _set,
  ...identity
}: Resource): string {
  return JSON.stringify(
    Object.entries(identity).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}

function isEmpty({ scalar, ranges, set }: Resource): boolean {
  return !(scalar?.value ?? 0) && !ranges?.range?.length && !set?.item?.length
}

function normalized(resource: Resource): Resource {
  if (resource.ranges === undefined) return resource
  return { ...resource, ranges: { range: mergeRanges(resource.ranges.range ?? []) } }
}

function addTwo(one: Resource, other: Resource): Resource {
  if (one.scalar !== undefined) {
    const value = toMillis(one.scalar.value) + toMillis(other.scalar?.value ?? 0)
    return { ...one, scalar: { value: fromMillis(value) } }
  }
  if (one.ranges !== undefined) {
    const ranges = [...(one.ranges.range ?? []), ...(other.ranges?.range ?? [])]
    return { ...one, ranges: { range: mergeRanges(ranges) } }
  }
  const items = new Set([...(one.set?.item ?? []), ...(other.set?.item ?? [])])
  return { ...one, set: { item: [...items] } }
}

function subtractTwo(one: Resource, other: Resource): Resource {
  if (one.scalar !== undefined) {
    const value = toMillis(one.scalar.value) - toMillis(other.scalar?.value ?? 0)
    return { ...one, scalar: { value: fromMillis(Math.max(0, value)) } }
  }
  if (one.ranges !== undefined) {
    const holes = other.ranges?.range ?? []
    return { ...one, ranges: { range: holes.reduce(withoutRange, [...(one.ranges.range ?? [])]) } }
  }
  const gone = new Set(other.set?.item)
  return { ...one, set: { item: (one.set?.item ?? []).filter((item) => !gone.has(item)) } }
}

function mergeRanges(ranges: readonly ValueRange[]): ValueRange[] {
  const merged: ValueRange[] = []
  for (const range of ranges.toSorted((one, other) => Number(one.begin) - Number(other.begin))) {
    const last = merged.at(-1)
    if (last !== undefined && Number(range.begin) <= Number(last.end) + 1) {
      merged[merged.length - 1] = {
        begin: last.begin,
        end: Math.max(Number(last.end), Number(range.end)),
      }
    } else merged.push(range)
  }
  return merged
}

function withoutRange(ranges: ValueRange[], hole: ValueRange): ValueRange[] {
  return ranges.flatMap(({ begin, end }) =>
    [
      { begin, end: Math.min(Number(end), Number(hole.begin) - 1) },
      { begin: Math.max(Number(begin), Number(hole.end) + 1), end },
    ].filter((part) => Number(part.begin) <= Number(part.end)),
  )
}

function splitRanges(ranges: readonly ValueRange[], count: number): [ValueRange[], ValueRange[]] {
  let wanted = count
  const taken: ValueRange[] = []
  const left: ValueRange[] = []
  for (const range of ranges) {
    const begin = Number(range.begin)
    const end = Number(range.end)
    const cut = Math.min(wanted, end - begin + 1)
    wanted -= cut
    if (cut > 0) taken.push({ begin, end: begin + cut - 1 })
    if (begin + cut <= end) left.push({ begin: begin + cut, end })
  }
  return [taken, left]
}

function countValues(ranges: readonly ValueRange[]): number {
  return ranges.reduce((sum, { begin, end }) => sum + Number(end) - Number(begin) + 1, 0)
}

function toMillis(value: number): number {
  return Math.round(value * 1000)
}

function fromMillis(millis: number): number {
  return millis / 1000
}
