import { describe, expect, it } from 'vitest'
import { findResults } from '../../../../src/inspector/replay-app/answers/effect-results.ts'
import { describeEvents } from '../../../../src/inspector/replay-app/answers/rows.ts'
import type { Run } from '../../../../src/inspector/replay-app/run/run.ts'
import { entriesOf } from '../../support/golden.ts'

/** A run of these events that counts how often its entries are written as JSON. */
function runOf(...events: readonly { readonly type: string; readonly key?: unknown }[]) {
  const entries = entriesOf(...events)
  let reads = 0
  const run = {
    readSeq: entries.length,
    entryAt: (seq: number) => entries[seq - 1],
    linesFrom(seq: number) {
      reads += 1
      return entries.slice(seq - 1).map((entry) => JSON.stringify(entry))
    },
  } as unknown as Run<never>
  return { scene: { run, events: describeEvents({}) }, reads: () => reads }
}

describe('findResults', () => {
  it('finds the first result of each effect, in one search', async () => {
    const { scene, reads } = runOf(
      { type: 'go' },
      { type: 'done', key: '1.1' },
      { type: 'call.failed', key: '1.0' },
      { type: 'done', key: '1.0' },
    )
    const results = await findResults(scene, 1, ['1.0', '1.1', '1.2'])
    expect(Object.fromEntries(results)).toEqual({
      '1.0': { seq: 3, type: 'call.failed', isFailure: true },
      '1.1': { seq: 2, type: 'done', isFailure: false },
    })
    expect(reads()).toBe(1)
  })

  it('takes only a key of the event itself', async () => {
    const { scene } = runOf(
      { type: 'go' },
      { type: 'note', key: { key: '1.0' } },
      { type: 'done', key: '1.10' },
    )
    expect((await findResults(scene, 1, ['1.0'])).size).toBe(0)
  })

  it('searches nothing for a step without effects', async () => {
    const { scene, reads } = runOf({ type: 'go' }, { type: 'done' })
    await findResults(scene, 1, [])
    expect(reads()).toBe(0)
  })
})
