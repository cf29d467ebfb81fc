import { describe, expect, it } from 'vitest'
import { faultsOf, readNotes } from '../../../scripts/bench/page/notes.mjs'
import { groupsOf } from '../../../scripts/bench/results.mjs'
import { lines } from './lines.ts'

describe('readNotes', () => {
  it('reads the text under each heading', () => {
    const notes = readNotes('<!-- ## none -->\n## a: b\n\nwhy\n\n### more\n\n## c: d\n\nbecause\n')
    expect([...notes]).toEqual([
      ['a: b', 'why\n\n### more'],
      ['c: d', 'because'],
    ])
  })
})

describe('faultsOf', () => {
  const faults = (...titles: readonly string[]) =>
    faultsOf(new Map(titles.map((title) => [title, 'why'])), groupsOf(lines))

  it('finds nothing where each missed figure has a note', () => {
    expect(faults('jar-server: hot', 'scheduler: status update, 100,000')).toEqual([])
  })

  it('names missed figures without a note, and notes on figures that are met', () => {
    expect(faults('jar-server: hot', 'scheduler: status update, 1,000 tasks')).toEqual([
      'scheduler: status update, 100,000 tasks: misses its limit and has no note',
      'scheduler: status update, 1,000 tasks: has a note, and no such figure misses its limit',
    ])
  })

  it('allows a note on a figure that only some rounds miss', () => {
    const spread = { value: [1, 2], ratio: [0.9, 1.1] } as const
    const figure = { case: 'x', value: 1, unit: 's', ratio: 1, limit: { atMost: 1 }, spread }
    expect(faultsOf(new Map([['a: x', 'why']]), [{ bench: 'a', figures: [figure] }])).toEqual([])
  })
})
