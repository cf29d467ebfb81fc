import { describe, expect, it } from 'vitest'
import { findIdFault, findMesosIdFault, findRoleFault, showId } from '../../src/domain/ids.ts'

describe('findIdFault', () => {
  it.each([
    'a',
    'a b',
    'größe',
    '任务',
    'a.b-c_d',
    'x'.repeat(200),
    // Mesos counts bytes: three for each of these.
    '任'.repeat(66),
    '...',
  ])('takes %j', (id) => {
    expect(findIdFault(id)).toBeUndefined()
  })

  it.each([
    ['', /empty/],
    [7, /a text/],
    ['x'.repeat(201), /201 bytes in UTF-8: give at most 200/],
    ['任'.repeat(67), /201 bytes/],
    ['😀'.repeat(51), /204 bytes/],
    ['a\nb', /line break/],
    ['a\u2028b', /line break/],
    ['a\tb', /control character U\+0009/],
    ['a\u009bb', /control character U\+009B/],
    ['a\u0000b', /control character U\+0000/],
    ['a\ud800b', /lone surrogate/],
    ['a/b', /\/ in it/],
    ['a\\b', /\\ in it/],
    ['a~2', /~ in it/],
    ['.', /folders/],
    ['..', /folders/],
  ])('says what is wrong with %j', (id, why) => {
    expect(findIdFault(id)).toMatch(why)
  })
})

describe('findMesosIdFault', () => {
  it('allows all that Mesos does', () => {
    expect(findMesosIdFault('x'.repeat(255))).toBeUndefined()
    expect(findMesosIdFault('任'.repeat(85))).toBeUndefined()
    expect(findMesosIdFault('4abf-0000~2')).toBeUndefined()
    expect(findMesosIdFault('任'.repeat(86))).toMatch(/258 bytes in UTF-8: give at most 255/)
  })
})

describe('findRoleFault', () => {
  it.each([
    '*',
    'foo',
    '123',
    'foo_123',
    'foo-bar',
    'foo..bar',
    '...',
    'a/b/c',
    'foo/.bar',
    'größe',
  ])('takes %j', (role) => {
    expect(findRoleFault(role)).toBeUndefined()
  })

  it.each([
    ['', /name of a role/],
    [7, /name of a role/],
    ['.', /must not have \. as/],
    ['a/..', /must not have \.\. as/],
    ['a/*', /must not have \* as/],
    ['-a', /dash/],
    ['a/-b', /dash/],
    ['/a', /before and after/],
    ['a/', /before and after/],
    ['a//b', /before and after/],
    ['a b', /blank/],
    ['a\tb', /control character U\+0009/],
    ['a\nb', /line break/],
    ['a\u007fb', /control character U\+007F/],
  ])('says why Mesos refuses %j', (role, why) => {
    expect(findRoleFault(role)).toMatch(why)
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
