/** The entries that answer effects. */
import { answerOf, answersTo } from '../../../effects/answer.ts'
import type { EffectAnswers } from '../../../effects/answer.ts'
import type { StepEffect } from '../../protocol/step.ts'
import { createPauses } from '../run/pauses.ts'
import type { Scene } from './scene.ts'

type Result = NonNullable<StepEffect['result']>
type Results = ReadonlyMap<string, Result>
type Search = Pick<Scene, 'run' | 'events' | 'answers'>

/** An effect of an entry. */
export interface AskedEffect {
  readonly key: string
  readonly type: string
  readonly params: unknown
}

/** Entries that are searched: a later result is of little use to a reader. */
const maxEntries = 5000

const entriesAtOnce = 256

/**
 * The first entry after `seq` that answers each effect: by the machine's table of answers, or, of a
 * machine without one, by an event that has the effect's key as its `key`. By key of the effect.
 */
export async function findResults(
  scene: Search,
  seq: number,
  effects: readonly AskedEffect[],
): Promise<Results> {
  if (scene.answers === undefined) return await findByKey(scene, seq, effects)
  return await findByAnswer(scene, seq, effects, scene.answers)
}

/** What may answer an effect, in words; undefined where that is not known. */
export function expectedAnswers(
  answers: EffectAnswers | undefined,
  effect: AskedEffect,
): StepEffect['expected'] {
  if (answers === undefined) return undefined
  return answersTo(answers, effect)?.map(({ event, which, outcome }) => {
    return { text: `${event} ${which}`.trimEnd(), isFailure: outcome === 'failed' }
  })
}

async function findByAnswer(
  { run, events }: Search,
  seq: number,
  effects: readonly AskedEffect[],
  answers: EffectAnswers,
): Promise<Results> {
  const results = new Map<string, Result>()
  let missing = effects.filter((effect) => (answersTo(answers, effect) ?? []).length > 0)
  const wanted = new Set(
    missing.flatMap((effect) => answersTo(answers, effect)?.map(({ event }) => event) ?? []),
  )
  const end = Math.min(run.readSeq, seq + maxEntries)
  const pause = createPauses()
  for (let next = seq + 1; next <= end && missing.length > 0; next++) {
    const { event } = run.entryAt(next)
    if (event !== undefined && wanted.has(event.type)) {
      missing = missing.filter((effect) => {
        const answer = answerOf(answers, effect, event)
        if (answer === undefined) return true
        const isFailure = answer.outcome === 'failed' || events.isFailure({ event })
        results.set(effect.key, { seq: next, type: event.type, isFailure })
        return false
      })
    }
    if (next % entriesAtOnce === 0) await pause()
  }
  return results
}

/** All are searched at once: a live run has to write each entry as JSON for it. */
async function findByKey(
  { run, events }: Search,
  seq: number,
  effects: readonly AskedEffect[],
): Promise<Results> {
  const results = new Map<string, Result>()
  const missing = new Set(effects.map(({ key }) => key))
  // Keys of effects begin with their entry.
  const wanted = `"key":"${seq}.`
  const end = Math.min(run.readSeq, seq + maxEntries)
  const pause = createPauses()
  for (let next = seq + 1; next <= end && missing.size > 0;) {
    const lines = run.linesFrom(next)
    if (lines.length === 0) break
    for (const [index, line] of lines.entries()) {
      if (!line.includes(wanted)) continue
      const { event } = run.entryAt(next + index)
      const key = event !== undefined && 'key' in event ? event['key'] : undefined
      if (event === undefined || typeof key !== 'string' || !missing.delete(key)) continue
      const isFailure = events.isFailure({ event })
      results.set(key, { seq: next + index, type: event.type, isFailure })
    }
    next += lines.length
    await pause()
  }
  return results
}
