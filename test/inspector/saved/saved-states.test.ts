import { afterEach, describe, expect, it } from 'vitest'
import { actorsAt, timersAt } from '../../../src/inspector/replay-app/answers/actors-at.ts'
import { createTimeTravel } from '../../../src/inspector/replay-app/run/time-travel.ts'
import { createStateSaver, readStates } from '../../../src/inspector/saved/saved-states.ts'
import type { Entry } from '../../../src/journal/journal.ts'
import { appOf, goldenJournals } from '../support/golden.ts'
import type { GoldenJournal } from '../support/golden.ts'

const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function saverOf(journal: GoldenJournal, lastSeq = journal.entries.length) {
  const { machine, input, startedAt } = journal
  return createStateSaver({ machine, input: input as never, startedAt, lastSeq, apart: 7 })
}

function seqsIn(lines: Iterable<string>): readonly number[] {
  return Array.from(lines, (line) => parseInt(line, 10))
}

describe('createStateSaver', () => {
  it.each(goldenJournals())(
    'saves states that moments are the same from: $name',
    async (journal) => {
      const { machine, input, startedAt, entries } = journal
      const saver = saverOf(journal)
      expect([...saver.watch(entries)]).toEqual(entries)
      const text = [...saver.lines()].join('')
      const savedStateAt = readStates(text.match(/[^]{1,1000}/g) ?? [])
      const app = appOf(journal)
      closing.push(app.close)
      for (let seq = entries.length; seq > 7; seq -= 3) {
        const start = { machine, input: input as never, startedAt, savedStateAt }
        const travel = createTimeTravel(start, (of) => entries[of - 1])
        expect(travel.useSavedState(seq, 0)).toBe(true)
        const at = travel.at(seq)
        const shown = { seq, now: at.now, actors: actorsAt(at), timers: timersAt(at) }
        expect(shown).toEqual(await app.moment({ seq }))
      }
    },
  )

  const [journal] = goldenJournals().filter(({ name }) => name === 'scheduler-work.ndjson')
  if (journal === undefined) throw new Error('there is no journal scheduler-work')
  const last = journal.entries.length

  it('saves one state before the last entry, which is shown first', () => {
    const saver = saverOf(journal)
    for (const _ of saver.watch(journal.entries));
    const seqs = seqsIn(saver.lines())
    expect(seqs.slice(0, 2)).toEqual([7, 14])
    expect(seqs.at(-1)).toBe(last - 1)
  })

  it('saves fewer states of large ones, and keeps the last', () => {
    const saver = saverOf(journal)
    const text = 'x'.repeat(300_000)
    const [first, ...more] = journal.entries.map((entry) => {
      const { event } = entry as { event?: { type: string; requests?: readonly object[] } }
      if (event?.type !== 'task.submit') return entry
      const requests = event.requests?.map((request) => ({ ...request, name: text }))
      return { ...entry, event: { ...event, requests } }
    })
    for (const _ of saver.watch([first, ...more] as readonly Entry[]));
    const lines = [...saver.lines()]
    expect(lines.join('').length).toBeLessThan(64 * 1024 * 1024)
    expect(seqsIn(lines).at(-1)).toBe(last - 1)
  })

  it('saves what it can of a run that cannot be replayed', () => {
    const saver = saverOf(journal)
    const [first, ...others] = journal.entries
    const broken = [first, { seq: 2, now: 'never', event: null }, ...others] as readonly Entry[]
    expect([...saver.watch(broken)]).toEqual(broken)
    expect(() => [...saver.lines()]).not.toThrow()
  })
})
