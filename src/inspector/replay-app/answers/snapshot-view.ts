import type { AnyActorRef } from 'xstate'
import type { CoreMoment } from '../../../journal/core/moment.ts'
import { indexIn } from '../../../journal/core/actor-tree.ts'

/** The root's snapshot of a moment, with children that have theirs of that moment. */
export function snapshotView({ tree }: Pick<CoreMoment, 'tree'>, index = 0): unknown {
  const snapshot = tree.snapshots[index] as {
    readonly children?: Readonly<Record<string, AnyActorRef>>
  }
  const children = Object.entries(snapshot.children ?? {}).map(([id, child]) => {
    const getSnapshot = () => snapshotView({ tree }, indexIn(tree, child))
    return [id, { id, getSnapshot }]
  })
  return { ...snapshot, children: Object.fromEntries(children) as unknown }
}
