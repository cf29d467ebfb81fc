/** An event sent to a copy of the run: nothing of it is performed or kept. */
import type { AnyStateMachine } from 'xstate'
import type { App } from '../../protocol/questions.ts'
import { applyEntry } from './apply-entry.ts'
import { momentOf } from './moment-answer.ts'
import type { Scene } from './scene.ts'
import { stepOf } from './step-answer.ts'

export function branchQuestion<M extends AnyStateMachine>(scene: Scene<M>): App['branch'] {
  const { run } = scene
  return async ({ seq, event }) => {
    await run.reach(seq)
    const entry = { seq: seq + 1, now: run.travel.at(seq).now, event }
    const applied = applyEntry(scene, entry.seq, () => entry)
    const { now, after } = applied
    return {
      step: stepOf(applied, () => ({})),
      moment: momentOf(after, { seq: entry.seq, now }, scene.lens),
    }
  }
}
