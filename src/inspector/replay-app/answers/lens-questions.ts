/** What a lens makes of the state. */
import type { AnyActorRef, AnyStateMachine } from 'xstate'
import type { CoreMoment } from '../../../journal/core/moment.ts'
import { indexIn } from '../../../journal/core/actor-tree.ts'
import type { App } from '../../protocol/questions.ts'
import { notOffered } from '../../answer-errors.ts'
import type { Scene } from './scene.ts'

export function lensQuestions<M extends AnyStateMachine>({
  run,
  lens,
}: Scene<M>): Pick<App, 'cluster' | 'libraries'> {
  return {
    async cluster({ seq }) {
      if (lens.cluster === undefined) throw notOffered('cluster')
      await run.reach(seq)
      return lens.cluster(snapshotView(run.travel.at(seq)))
    },
    async libraries({ seq }) {
      if (lens.libraries === undefined) throw notOffered('libraries')
      await run.reach(seq)
      return lens.libraries(snapshotView(run.travel.at(seq)))
    },
  }
}

/** The root's snapshot of a moment, with children that have theirs of that moment. */
function snapshotView({ tree }: CoreMoment, index = 0): unknown {
  const snapshot = tree.snapshots[index] as {
    readonly children?: Readonly<Record<string, AnyActorRef>>
  }
  const children = Object.entries(snapshot.children ?? {}).map(([id, child]) => {
    const getSnapshot = () => snapshotView({ tree } as CoreMoment, indexIn(tree, child))
    return [id, { id, getSnapshot }]
  })
  return { ...snapshot, children: Object.fromEntries(children) as unknown }
}
