/** Which actors' states an entry changed. */
import type { TreeSnapshot } from '../../../journal/core/actor-tree.ts'
import type { SnapshotParts } from './snapshot-parts.ts'
import { stateLine } from '../../state-line.ts'

/** One actor before and after: one of them is missing if it began or ended. */
export interface ActorPair {
  readonly id: string
  readonly before: SnapshotParts | undefined
  readonly after: SnapshotParts | undefined
}

/** The actors whose snapshots differ, parents first. */
export function pairsBetween(before: TreeSnapshot, after: TreeSnapshot): readonly ActorPair[] {
  if (before.actors === after.actors) {
    return after.actors.flatMap(({ id }, index) => {
      const pair = { id, before: partsAt(before, index), after: partsAt(after, index) }
      return pair.before === pair.after ? [] : [pair]
    })
  }
  const earlier = byId(before)
  const later = byId(after)
  return [...new Set([...later.keys(), ...earlier.keys()])].flatMap((id) => {
    const pair = { id, before: earlier.get(id), after: later.get(id) }
    return pair.before === pair.after ? [] : [pair]
  })
}

/** Ids of the actors that are in another state, or began or ended. */
export function changedIds(before: TreeSnapshot, after: TreeSnapshot): readonly string[] {
  return pairsBetween(before, after)
    .filter((pair) => lineOf(pair.before) !== lineOf(pair.after))
    .map(({ id }) => id)
}

/** The state of an actor as one line; undefined if there is none. */
export function lineOf(snapshot: SnapshotParts | undefined): string | undefined {
  if (snapshot === undefined) return undefined
  const { status = 'active', value } = snapshot
  if (value === undefined) return status
  return status === 'active' ? stateLine(value) : `${stateLine(value)} (${status})`
}

function byId({ actors, snapshots }: TreeSnapshot): ReadonlyMap<string, SnapshotParts> {
  return new Map(actors.map(({ id }, index) => [id, snapshots[index] as SnapshotParts]))
}

function partsAt({ snapshots }: TreeSnapshot, index: number): SnapshotParts | undefined {
  return snapshots[index] as SnapshotParts | undefined
}
