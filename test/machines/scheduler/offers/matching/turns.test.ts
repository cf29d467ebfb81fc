import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../../../src/machines/scheduler/offers/matching/turns.ts'
import type { Turns } from '../../../../../src/machines/scheduler/offers/matching/turns.ts'

/** The offers that get a task in `count` turns; `full` gives those that have no room then. */
function given(turns: Turns<string>, count: number, full: readonly string[] = []): string {
  const taken: string[] = []
  while (taken.length < count) {
    const room = turns.current()
    if (room === undefined) break
    if (full.includes(room)) turns.drop()
    else {
      taken.push(room)
      turns.advance()
    }
  }
  return taken.join('')
}

describe('createTurns', () => {
  it('spreads tasks over all offers in turn', () => {
    expect(given(createTurns(Array.from('abc'), 'spread'), 5)).toBe('abcab')
  })

  it('stays with one offer until it is dropped', () => {
    const turns = createTurns(Array.from('abc'), 'pack')
    expect(given(turns, 2)).toBe('aa')
    expect(given(turns, 2, ['a'])).toBe('bb')
    expect(given(turns, 1, ['b'])).toBe('c')
  })

  it.each([
    ['a', 'bcbc'],
    ['b', 'acac'],
    ['c', 'abab'],
    ['ab', 'cccc'],
    ['bc', 'aaaa'],
  ])('leaves dropped offers %s out from then on', (full, taken) => {
    expect(given(createTurns(Array.from('abc'), 'spread'), 4, Array.from(full))).toBe(taken)
  })

  it('continues after a dropped offer with the next one', () => {
    const turns = createTurns(Array.from('abcd'), 'spread')
    expect(given(turns, 2)).toBe('ab')
    expect(given(turns, 4, ['c'])).toBe('dabd')
  })

  it.each(['spread', 'pack'] as const)('has no offer once all are dropped: %s', (policy) => {
    const turns = createTurns(Array.from('ab'), policy)
    expect(given(turns, 1, Array.from('ab'))).toBe('')
    expect(turns.current()).toBeUndefined()
    expect(createTurns([], policy).current()).toBeUndefined()
  })
})
