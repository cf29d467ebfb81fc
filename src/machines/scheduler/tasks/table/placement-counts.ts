/** Counts launched tasks by each value that a placement rule counts by. */
import {
  entriesOf,
  getFrom,
  emptyMap,
  removeFrom,
  setIn,
} from '../../../../domain/persistent-map.ts'
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

/** The counts of one tally during a matching, including placements of this round. */
export interface Tally {
  countOf(value: string): number
  add(value: string): void
  /** All values with tasks. */
  entries(): Iterable<readonly [value: string, count: number]>
}

/** Copies of tallies for one matching; each is made on first use. */
export function createTallies(counts: PlacementCounts): (tally: string) => Tally {
  const tallies = new Map<string, Tally>()
  return (key) => {
    const tally = tallies.get(key) ?? createTally(getFrom(counts, key) ?? emptyMap())
    tallies.set(key, tally)
    return tally
  }
}

function createTally(values: PersistentMap<number>): Tally {
  const changed = new Map<string, number>()
  const countOf = (value: string): number => changed.get(value) ?? getFrom(values, value) ?? 0
  return {
    countOf,
    add: (value) => void changed.set(value, countOf(value) + 1),
    entries: () => new Map([...entriesOf(values), ...changed]).entries(),
  }
}
