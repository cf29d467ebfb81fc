/** The snapshots of a tree of actors, persisted as XState would. */
import { StateMachine } from 'xstate'
import type { AnyActorRef, Snapshot } from 'xstate'

/** Actors of a tree and, at the same index, their snapshots. Snapshots never change. */
export interface TreeSnapshot {
  readonly actors: readonly AnyActorRef[]
  readonly snapshots: readonly Snapshot<unknown>[]
}

interface WithChildren {
  readonly children?: Readonly<Record<string, AnyActorRef>>
}

interface Persisted {
  readonly context?: Readonly<Record<string, unknown>>
  readonly children?: Readonly<Record<string, { readonly snapshot: unknown }>>
}

interface WithLogic {
  readonly logic: { getPersistedSnapshot(of: unknown): Persisted }
}

/** A child with what a persisted snapshot tells of it. */
export type ChildActor = AnyActorRef & {
  readonly systemId?: string
  readonly _syncSnapshot?: boolean
}

export function snapshotsOf(root: AnyActorRef): TreeSnapshot {
  const actors: AnyActorRef[] = [root]
  const snapshots: Snapshot<unknown>[] = []
  // The list grows while it is read: children follow their parents.
  for (const actor of actors) {
    const snapshot = actor.getSnapshot() as Snapshot<unknown> & WithChildren
    snapshots.push(snapshot)
    for (const id in snapshot.children) {
      const child = snapshot.children[id]
      if (child !== undefined) actors.push(child)
    }
  }
  return { actors, snapshots }
}

/**
 * The snapshots of the tree now, quicker if it has the actors of an earlier `tree`: XState makes
 * another object of children when an actor gets or loses one. Both are copied: V8 may come to
 * allocate literals among its old objects, where they keep whole snapshots in memory until the next
 * full collection.
 */
export function snapshotsAgain(root: AnyActorRef, tree: TreeSnapshot): TreeSnapshot {
  const { actors, snapshots: before } = tree
  if (actors[0] !== root) return snapshotsOf(root)
  const snapshots = before.slice()
  for (let index = 0; index < actors.length; index++) {
    const snapshot = actors[index]?.getSnapshot() as Snapshot<unknown> & WithChildren
    if (snapshot.children !== (before[index] as WithChildren).children) return snapshotsOf(root)
    snapshots[index] = snapshot
  }
  return { ...tree, snapshots }
}

const indices = new WeakMap<TreeSnapshot, ReadonlyMap<AnyActorRef, number>>()

/** Index of an actor in a tree; -1 if it is not there. */
export function indexIn(tree: TreeSnapshot, actor: AnyActorRef): number {
  let found = indices.get(tree)
  if (found === undefined) {
    found = new Map(tree.actors.map((one, index) => [one, index]))
    indices.set(tree, found)
  }
  return found.get(actor) ?? -1
}

/** The persisted snapshot that XState would have made while the actors had these snapshots. */
export function persistedTree(actor: AnyActorRef, tree: TreeSnapshot): unknown {
  const snapshot = tree.snapshots[tree.actors.indexOf(actor)]
  const { logic } = actor as unknown as WithLogic
  const persisted = logic.getPersistedSnapshot(snapshot)
  const { children: actors = {} } = (snapshot ?? {}) as WithChildren
  const children = Object.entries(persisted.children ?? {}).map(([id, child]) => {
    const ref = actors[id]
    return [id, ref === undefined ? child : { ...child, snapshot: persistedTree(ref, tree) }]
  })
  return { ...persisted, children: Object.fromEntries(children) as Persisted['children'] }
}

/**
 * What XState persists of an actor and its children, for JSON: XState would search all contexts for
 * actors, which JSON replaces as it writes them.
 */
export function persistedForJson(actor: AnyActorRef): unknown {
  const { logic } = actor as unknown as WithLogic
  const snapshot = actor.getSnapshot() as Snapshot<unknown> & WithChildren
  if (!(logic instanceof StateMachine)) return logic.getPersistedSnapshot(snapshot)
  const { children = {} } = snapshot
  const { context } = snapshot as unknown as Persisted
  const rest = logic.getPersistedSnapshot({ ...snapshot, context: {}, children: {} }) as object
  const persisted = Object.entries(children).map(([id, child]) => {
    const { src, systemId, _syncSnapshot: syncSnapshot } = child as ChildActor
    return [id, { snapshot: persistedForJson(child), src, systemId, syncSnapshot }]
  })
  return { ...rest, context, children: Object.fromEntries(persisted) as unknown }
}

/**
 * Sorts the keys of every context in a snapshot: a context read from JSON has lost its undefined
 * keys, and a later assign adds them in another place.
 */
export function inKeyOrder(snapshot: unknown): unknown {
  const { context, children = {}, ...rest } = snapshot as Persisted
  const ordered = Object.entries(context ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return {
    ...rest,
    context: Object.fromEntries(ordered),
    children: Object.fromEntries(
      Object.entries(children).map(([id, child]) => [
        id,
        { ...child, snapshot: inKeyOrder(child.snapshot) },
      ]),
    ),
  }
}

/** Finds an actor by its id. In a closed machine's tree each child has an id of its own. */
export function findActor(actor: AnyActorRef, id: string): AnyActorRef | undefined {
  if (actor.id === id) return actor
  const { children = {} } = actor.getSnapshot() as WithChildren
  for (const child of Object.values(children)) {
    const found = findActor(child, id)
    if (found !== undefined) return found
  }
  return undefined
}
