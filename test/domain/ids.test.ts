import { describe, expect, it } from 'vitest'
import { findIdFault, showId } from '../../src/domain/ids.ts'

describe('findIdFault', () => {
  it.each(['a', 'a b', 'größe', '任务', 'a.b-c_d', 'x'.repeat(200), '...'])('takes %j', (id) => {
    expect(findIdFault(id)).toBeUndefined()
  })

  it.each([
    ['', /empty/],
    [7, /a text/],
    ['x'.repeat(201), /201 characters: give at most 200/],
    ['a\nb', /line break/],
    ['a\u2028b', /line break/],
    ['a\tb', /control character U\+0009/],
    ['a\u009bb', /control character U\+009B/],
    ['a\u0000b', /control character U\+0000/],
    ['a\ud800b', /lone surrogate/],
    ['a/b', /\/ in it/],
    ['a~2', /~ in it/],
    ['.', /folders/],
    ['..', /folders/],
  ])('says what is wrong with %j', (id, why) => {
    expect(findIdFault(id)).toMatch(why)
  })
})

describe('showId', () => {
  it('keeps a message on one line, and short', () => {
    expect(showId('plain')).toBe('plain')
    expect(showId('')).toBe('""')
    expect(showId('a\n\u009bb')).toBe('"a\\nU+009Bb"')
    expect(showId('x'.repeat(1000))).toHaveLength(62)
  })
})
