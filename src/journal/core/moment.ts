/**
 * The state of a machine at one moment, in memory. Contexts never change, so a moment shares them
 * with the run that it was taken from: taking one costs as much as the machine has actors, and
 * starting from it no more, however large the state is.
 */
import { StateMachine, createActor } from 'xstate'
import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import { indexIn } from './actor-tree.ts'
import type { ChildActor, TreeSnapshot } from './actor-tree.ts'
import { replaceActors } from './context-actors.ts'
import type { ScheduledEvent } from './timers.ts'

export interface CoreMoment {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly tree: TreeSnapshot
  readonly timers: readonly ScheduledEvent[]
}

/** The state of a run after an entry. */
export interface RunMoment {
  /** Of the last entry applied; 0 before the first. */
  readonly seq: number
  readonly moment: CoreMoment
}

/** What `restoreSnapshot` gets in place of a persisted snapshot. */
interface MomentOfActor {
  readonly momentTree: TreeSnapshot
  readonly index: number
}

/** The snapshot option of an actor that starts at a moment. */
export function rootOf({ tree }: CoreMoment): MomentOfActor {
  return { momentTree: tree, index: 0 }
}

/** Makes a machine and its children able to start at a moment of another actor of this machine. */
export function restoringMoments<M extends AnyStateMachine>(machine: M): M {
  const { restoreSnapshot } = machine
  machine.restoreSnapshot = (from, scope) => {
    if (!('momentTree' in from)) return restoreSnapshot(from, scope)
    const { momentTree, index } = from as unknown as MomentOfActor
    return restore(machine, momentTree, index, scope.self as AnyActorRef) as never
  }
  for (const logic of Object.values(machine.implementations.actors)) {
    if (logic instanceof StateMachine) restoringMoments(logic as AnyStateMachine)
  }
  return machine
}

function restore(
  machine: AnyStateMachine,
  tree: TreeSnapshot,
  index: number,
  self: AnyActorRef,
): AnyMachineSnapshot {
  const snapshot = tree.snapshots[index] as unknown as AnyMachineSnapshot & WithNodes
  const former = tree.actors[index]
  const actors = new Map<unknown, AnyActorRef>(former === undefined ? [] : [[former, self]])
  const children: Record<string, AnyActorRef> = {}
  for (const [id, child] of Object.entries(snapshot.children as Record<string, AnyActorRef>)) {
    const born = restoreChild(machine, tree, child, self)
    if (born === undefined) continue
    children[id] = born
    actors.set(child, born)
  }
  return {
    ...snapshot,
    machine,
    children,
    context: replaceActors(snapshot.context, actors),
    _nodes: nodesIn(machine, snapshot._nodes),
    historyValue: Object.fromEntries(
      Object.entries(snapshot.historyValue).map(([id, nodes]) => [id, nodesIn(machine, nodes)]),
    ),
  } as AnyMachineSnapshot
}

function restoreChild(
  machine: AnyStateMachine,
  tree: TreeSnapshot,
  child: AnyActorRef,
  parent: AnyActorRef,
): AnyActorRef | undefined {
  const { id, src, systemId, _syncSnapshot: syncSnapshot } = child as ChildActor
  const logic = typeof src === 'string' ? machine.implementations.actors[src] : src
  if (logic === undefined) return undefined
  const index = indexIn(tree, child)
  const snapshot =
    logic instanceof StateMachine ? { momentTree: tree, index } : tree.snapshots[index]
  const options = { id, parent, src, systemId, syncSnapshot, snapshot }
  return createActor(logic as AnyStateMachine, options as object) as AnyActorRef
}

interface WithNodes {
  readonly _nodes: readonly NodeWithId[]
  readonly historyValue: Readonly<Record<string, readonly NodeWithId[]>>
}

interface NodeWithId {
  readonly id: string
}

/** The same nodes of another object of the machine, in the same order: XState's choices follow it. */
function nodesIn(machine: AnyStateMachine, nodes: readonly NodeWithId[]): readonly unknown[] {
  const { idMap } = machine as unknown as { readonly idMap: ReadonlyMap<string, unknown> }
  return nodes.map(({ id }) => idMap.get(id))
}
