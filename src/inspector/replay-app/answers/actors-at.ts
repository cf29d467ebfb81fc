/** The actors of a moment. */
import type { AnyActorRef } from 'xstate'
import type { CoreMoment } from '../../../journal/core/moment.ts'
import { inDueOrder } from '../../../journal/core/timers.ts'
import type { ActorAt, TimerAt } from '../../protocol/questions.ts'
import { stateLine } from '../../state-line.ts'
import type { SnapshotParts } from '../run/snapshot-parts.ts'

/** More actors than these are left out of an answer. */
const maxActors = 10_000

export function actorsAt({ tree }: CoreMoment): readonly ActorAt[] {
  return tree.actors.slice(0, maxActors).map((actor, index) => {
    return actorAt(actor, tree.snapshots[index] as SnapshotParts)
  })
}

function actorAt(actor: AnyActorRef, snapshot: SnapshotParts): ActorAt {
  const { status = 'active', value, tags, machine, _nodes = [] } = snapshot
  const parent = (actor as { readonly _parent?: AnyActorRef })._parent
  return {
    id: actor.id,
    name: actor.id,
    ...(parent !== undefined && { parent: parent.id }),
    ...(machine !== undefined && { chart: machine.id }),
    state: machine === undefined ? status : stateLine(value),
    // XState's own order differs after a restored snapshot.
    states: _nodes.toSorted((one, other) => one.order - other.order).map(({ id }) => id),
    status,
    tags: [...(tags ?? [])],
  }
}

/** The snapshot of an actor; undefined if there is no such actor at this moment. */
export function snapshotOf({ tree }: CoreMoment, id: string): SnapshotParts | undefined {
  const index = tree.actors.findIndex((actor) => actor.id === id)
  return index === -1 ? undefined : (tree.snapshots[index] as SnapshotParts)
}

export function timersAt({ timers }: CoreMoment): readonly TimerAt[] {
  return inDueOrder(timers)
    .slice(0, maxActors)
    .map(({ target, event, due, setBy }) => {
      return { actor: target.id, type: event.type, due, ...(setBy !== undefined && { setBy }) }
    })
}
