/** Sums of resources for operators. */
import type { Resource, ValueRange } from '../../mesos/types.generated.ts'

/**
 * Sums resources with equal name, role, reservation, volume and allocation, in order of appearance.
 */
export function sumResources(resources: readonly Resource[]): Resource[] {
  const sums = new Map<string, Resource>()
  for (const resource of resources) {
    const { ranges: _ranges, scalar: _scalar, set: _set, ...decoration } = resource
    const key = JSON.stringify(Object.entries(decoration).sort(([a], [b]) => (a < b ? -1 : 1)))
    const present = sums.get(key)
    sums.set(key, present === undefined ? resource : addResource(present, resource))
  }
  return [...sums.values()]
}

function addResource(left: Resource, right: Resource): Resource {
  if (left.scalar !== undefined) {
    return { ...left, scalar: { value: addScalars(left.scalar.value, right.scalar?.value ?? 0) } }
  }
  if (left.ranges !== undefined) {
    const range = mergeRanges([...(left.ranges.range ?? []), ...(right.ranges?.range ?? [])])
    return { ...left, ranges: { range } }
  }
  const item = [...new Set([...(left.set?.item ?? []), ...(right.set?.item ?? [])])]
  return { ...left, set: { item } }
}

/** Mesos counts in thousandths. */
export function addScalars(left: number, right: number): number {
  return (Math.round(left * 1000) + Math.round(right * 1000)) / 1000
}

export function mergeRanges(ranges: readonly ValueRange[]): ValueRange[] {
  const merged: ValueRange[] = []
  for (const range of ranges.toSorted((a, b) => Number(a.begin) - Number(b.begin))) {
    const last = merged.at(-1)
    if (last !== undefined && Number(range.begin) <= Number(last.end) + 1) {
      const end = Math.max(Number(last.end), Number(range.end))
      merged[merged.length - 1] = { begin: last.begin, end }
    } else {
      merged.push(range)
    }
  }
  return merged
}
