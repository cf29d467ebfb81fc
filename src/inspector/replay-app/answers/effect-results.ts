/** The entries with the results of effects. */
import type { AnyStateMachine } from 'xstate'
import type { StepEffect } from '../../protocol/step.ts'
import { createPauses } from '../run/pauses.ts'
import type { Scene } from './scene.ts'

type Results = ReadonlyMap<string, NonNullable<StepEffect['result']>>

/** Entries that are searched: a later result is of little use to a reader. */
const maxEntries = 5000

/**
 * The first entry after `seq` whose event has an effect's key as its `key`, by these keys. All are
 * searched at once: a live run has to write each entry as JSON for it.
 */
export async function findResults<M extends AnyStateMachine>(
  { run, events }: Pick<Scene<M>, 'run' | 'events'>,
  seq: number,
  keys: readonly string[],
): Promise<Results> {
  const results = new Map<string, NonNullable<StepEffect['result']>>()
  const missing = new Set(keys)
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
