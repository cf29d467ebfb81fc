/**
 * Why Mesos refuses the value of a resource, in its words.
 * Source: apache/mesos src/common/resources.cpp (validate).
 */
import type { Resource } from '../../mesos/types.generated.ts'

/** True if two of the lists share ports or items of a set. */
export function hasOverlap(lists: readonly (readonly Resource[])[]): boolean {
  const resources = lists.flat()
  const items = resources.flatMap(({ name, set }) => (set?.item ?? []).map((each) => name + each))
  if (new Set(items).size < items.length) return true
  return resources.some(({ name, ranges }, index) =>
    resources
      .slice(index + 1)
      .some((other) => other.name === name && isOverlapping(ranges?.range, other.ranges?.range)),
  )
}

/** The sum of all scalars of that name, in thousandths. */
export function sumOf(resources: readonly Resource[] = [], name: string): number {
  return resources
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0)
}

type Ranges = NonNullable<NonNullable<Resource['ranges']>['range']>

function isOverlapping(left: Ranges = [], right: Ranges = []): boolean {
  return left.some((a) =>
    right.some((b) => Number(a.begin) <= Number(b.end) && Number(b.begin) <= Number(a.end)),
  )
}

export function findValueError({ name, ranges, scalar, set, type }: Resource): string | undefined {
  if (name === '') return 'Empty resource name'
  const count = [ranges, scalar, set].filter((value) => value !== undefined).length
  switch (type) {
    case 'SCALAR':
      if (scalar === undefined || count > 1) return 'Invalid scalar resource'
      return scalar.value !== 0 && !(Math.round(scalar.value * 1000) > 0)
        ? 'Invalid scalar resource: value <= 0'
        : undefined
    case 'RANGES':
      return ranges === undefined || count > 1
        ? 'Invalid ranges resource'
        : findRangeError(ranges.range)
    case 'SET': {
      const items = set?.item ?? []
      if (set === undefined || count > 1) return 'Invalid set resource'
      return new Set(items).size < items.length
        ? 'Invalid set resource: duplicated elements'
        : undefined
    }
    default:
      return 'Unsupported resource type'
  }
}

function findRangeError(ranges: Ranges = []): string | undefined {
  if (ranges.some(({ begin, end }) => Number(begin) > Number(end))) {
    return 'Invalid ranges resource: begin > end'
  }
  const sorted = [...ranges].sort((a, b) => Number(a.begin) - Number(b.begin))
  const isAnyOverlapping = sorted.some((range, index) => {
    const next = sorted[index + 1]
    return next !== undefined && Number(next.begin) <= Number(range.end)
  })
  return isAnyOverlapping ? 'Invalid ranges resource: overlapping ranges' : undefined
}
