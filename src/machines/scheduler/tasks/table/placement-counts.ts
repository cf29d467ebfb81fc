/** Counts launched tasks by each value that a placement rule counts by. */
import { emptyMap, getFrom, removeFrom, setIn } from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'

/** By tally, then by value. A value without tasks is absent. */
export type PlacementCounts = PersistentMap<PersistentMap<number>>

/** Where one task is counted. */
export type CountedAt = readonly [tally: string, value: string]

export const noCounts: PlacementCounts = emptyMap()

/** Adds (`by` 1) or removes (`by` -1) a task in all its tallies. */
export function countTask(
  counts: PlacementCounts,
  counted: readonly CountedAt[] | undefined,
  by: 1 | -1,
): PlacementCounts {
  return (counted ?? []).reduce((sums, [tally, value]) => {
    const values = getFrom(sums, tally) ?? emptyMap<number>()
    const sum = (getFrom(values, value) ?? 0) + by
    const next = sum > 0 ? setIn(values, value, sum) : removeFrom(values, value)
    return next.size === 0 ? removeFrom(sums, tally) : setIn(sums, tally, next)
  }, counts)
}
