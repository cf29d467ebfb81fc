/**
 * Arithmetic on resources: scalars, ranges and sets. Entries that differ in anything but the amount
 * (name, role, reservations, disk, …) are kept apart, as in Mesos.
 * Source: mesos.proto, `Resource`, `Value`; scalars have three decimals
 * (docs/attributes-resources.md).
 */
import type { Resource, ValueRange } from '../../mesos/types.generated.ts'

/** Total of a scalar resource, over all roles and reservations. */
export function sumOf(resources: readonly Resource[], name: string): number {
  return fromMillis(
    resources
      .filter((resource) => resource.name === name)
      .reduce((sum, resource) => sum + toMillis(resource.scalar?.value ?? 0), 0),
  )
}

/** Number of values in these ranges. */
export function countValues(ranges: readonly ValueRange[]): number {
  return ranges.reduce((sum, { begin, end }) => sum + Number(end) - Number(begin) + 1, 0)
}

/** Adds `others` to `resources`; merges entries that differ only in their amount. */
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

/** Subtracts `others` from `resources`; ignores what `resources` lacks. */
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

/** True if `resources` has all of `others`. */
export function containsResources(
  resources: readonly Resource[],
  others: readonly Resource[],
): boolean {
  return subtractResources(others, resources).length === 0
}

/** An entry without its amount, as a text that is equal for equal entries. */
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

/** Sorts ranges; merges those that overlap or touch. */
export function mergeRanges(ranges: readonly ValueRange[]): ValueRange[] {
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

/** Removes `hole` from the ranges. */
export function withoutRange(ranges: ValueRange[], hole: ValueRange): ValueRange[] {
  return ranges.flatMap(({ begin, end }) =>
    [
      { begin, end: Math.min(Number(end), Number(hole.begin) - 1) },
      { begin: Math.max(Number(begin), Number(hole.end) + 1), end },
    ].filter((part) => Number(part.begin) <= Number(part.end)),
  )
}

/** A scalar in thousandths, the precision of Mesos. */
export function toMillis(value: number): number {
  return Math.round(value * 1000)
}

export function fromMillis(millis: number): number {
  return millis / 1000
}
