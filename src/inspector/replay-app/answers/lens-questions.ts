/** What a lens makes of the state. */
import type { AnyStateMachine } from 'xstate'
import type { App } from '../../protocol/questions.ts'
import { notOffered } from '../../answer-errors.ts'
import type { Scene } from './scene.ts'
import { snapshotView } from './snapshot-view.ts'

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
