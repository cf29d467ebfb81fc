import { describe, expect, it } from 'vitest'
import {
  entriesOf,
  mergeLanes,
  shownArrows,
  shownLanes,
} from '../../../../../src/inspector/page/views/lanes/lane-entries.ts'
import type { Arrow, Lane } from '../../../../../src/inspector/protocol/questions.ts'

const lane = (id: string, kind: Lane['kind'] = 'machine'): Lane => ({ id, label: id, kind })
const arrow = (seq: number, from: string, to: string, kind: Arrow['kind'] = 'event'): Arrow => {
  return { seq, now: seq * 10, from, to, type: 't', label: 't', kind }
}
const all = [lane('user', 'outside'), lane('master', 'outside'), lane('root'), lane('child')]

describe('entriesOf', () => {
  it('gives every entry its arrows, and none to an entry without', () => {
    const arrows = [arrow(5, 'user', 'root'), arrow(5, 'root', 'child'), arrow(7, 'user', 'root')]
    expect(entriesOf({ arrows }, 5, 3)).toEqual([
      { seq: 5, now: 50, arrows: arrows.slice(0, 2) },
      { seq: 6, arrows: [] },
      { seq: 7, now: 70, arrows: arrows.slice(2) },
    ])
  })
})

describe('mergeLanes', () => {
  it('adds lanes of later entries, those outside before machines', () => {
    const more = [lane('user', 'outside'), lane('executors', 'outside'), lane('late')]
    expect(mergeLanes(all, more).map(({ id }) => id)).toEqual([
      'user',
      'master',
      'executors',
      'root',
      'child',
      'late',
    ])
  })

  it('is the same list when nothing is new', () => {
    expect(mergeLanes(all, [lane('root')])).toBe(all)
  })
})

describe('shownLanes', () => {
  const used = new Set(['user', 'root', 'child'])

  it('leaves out lanes without an arrow', () => {
    const { lanes, indexOf } = shownLanes(all, { isFolded: false, used })
    expect(lanes.map(({ id }) => id)).toEqual(['user', 'root', 'child'])
    expect(indexOf('child')).toBe(2)
  })

  it('folds all machines into the first', () => {
    const shown = shownLanes(all, { isFolded: true, used })
    expect(shown.lanes.map(({ id }) => id)).toEqual(['user', 'root'])
    expect(shown.indexOf('child')).toBe(1)
    const arrows = [
      arrow(1, 'user', 'root'),
      arrow(1, 'root', 'child', 'sent'),
      arrow(1, 'child', 'child', 'timer'),
      arrow(1, 'child', 'user', 'effect'),
    ]
    const kinds = shownArrows({ seq: 1, arrows }, shown, true).map(({ kind }) => kind)
    expect(kinds).toEqual(['event', 'timer', 'effect'])
  })
})
