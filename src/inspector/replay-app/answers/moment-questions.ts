/** Questions about one moment. */
import type { AnyStateMachine } from 'xstate'
import type { App } from '../../protocol/questions.ts'
import { toValue } from '../../value/to-value.ts'
import { valueAt } from '../../value/value-at.ts'
import { snapshotOf } from './actors-at.ts'
import type { SnapshotParts } from '../run/snapshot-parts.ts'
import { applyEntry } from './apply-entry.ts'
import { expectedAnswers, findResults } from './effect-results.ts'
import { momentOf } from './moment-answer.ts'
import type { Scene } from './scene.ts'
import { stepOf } from './step-answer.ts'

export function momentQuestions<M extends AnyStateMachine>(
  scene: Scene<M>,
): Pick<App, 'moment' | 'context' | 'step'> {
  const { run } = scene
  return {
    async moment({ seq }) {
      await run.reach(seq)
      const moment = run.travel.at(seq)
      return momentOf(moment, { seq, now: moment.now }, scene.lens)
    },
    async context({ seq, actor, path, skip = 0 }) {
      await run.reach(seq)
      const snapshot = snapshotOf(run.travel.at(seq), actor)
      return toValue(valueAt(rootValue(snapshot), path)?.value, { skip })
    },
    async step({ seq }) {
      await run.reach(seq)
      const applied = applyEntry(scene, seq)
      const results = await findResults(scene, seq, applied.outcome.effects)
      return stepOf(applied, (effect) => ({
        result: results.get(effect.key),
        expected: expectedAnswers(scene.answers, effect),
      }))
    },
  }
}

/** A machine's context, and its output and error, if it has any. */
function rootValue(snapshot: SnapshotParts | undefined): unknown {
  if (snapshot === undefined) return undefined
  const { context, output, error } = snapshot
  const ends = {
    ...(output !== undefined && { '(output)': output }),
    ...(error !== undefined && { '(error)': error }),
  }
  if (Object.keys(ends).length === 0) return context
  return { ...(typeof context === 'object' ? context : undefined), ...ends }
}
