/** The entries with the results of effects. */
import type { AnyStateMachine } from 'xstate'
import type { StepEffect } from '../../protocol/step.ts'
import type { Scene } from './scene.ts'

/** Entries that are searched: a later result is of little use to a reader. */
const maxEntries = 5000

/** Finds the first entry after `seq` whose event has the effect's key as its `key`. */
export function findResult<M extends AnyStateMachine>(
  { run, events }: Pick<Scene<M>, 'run' | 'events'>,
  seq: number,
  key: string,
): StepEffect['result'] {
  const wanted = `"key":${JSON.stringify(key)}`
  const end = Math.min(run.readSeq, seq + maxEntries)
  for (let next = seq + 1; next <= end;) {
    const lines = run.linesFrom(next)
    if (lines.length === 0) return undefined
    for (const [index, line] of lines.entries()) {
      if (!line.includes(wanted)) continue
      const { event } = run.entryAt(next + index)
      if (event === undefined || !('key' in event) || event['key'] !== key) continue
      return { seq: next + index, type: event.type, isFailure: events.isFailure({ event }) }
    }
    next += lines.length
  }
  return undefined
}
