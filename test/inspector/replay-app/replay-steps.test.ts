import { expect, it } from 'vitest'
import { replaySteps } from '../../../src/inspector/replay-app/replay-steps.ts'
import { toPlainJson } from '../../../src/inspector/value/plain-json.ts'
import { appOf, goldenJournals } from '../support/golden.ts'

it.each(goldenJournals())('$name: tells the same from any entry on', (journal) => {
  const { machine, input, startedAt, entries } = journal
  const start = { machine, input: input as never, startedAt }
  const all = [...replaySteps(start, entries as never)]
  for (const from of [1, 2, Math.floor(entries.length / 2), entries.length]) {
    const rest = [...replaySteps(start, entries as never, from)]
    expect(rest).toEqual(all.slice(from))
  }
})

it.each(goldenJournals())('$name: tells each step as the page does', async (journal) => {
  const { machine, input, startedAt, entries } = journal
  const app = appOf(journal)
  const start = { machine, input: input as never, startedAt }
  for (const step of replaySteps(start, entries as never)) {
    if (step.seq % 9 !== 0) continue
    const shown = await app.step({ seq: step.seq })
    const effects = shown.effects.map(({ result: _, ...effect }) => effect)
    expect(JSON.stringify(step)).toBe(JSON.stringify(toPlainJson({ ...shown, effects })))
  }
  app.close()
})
