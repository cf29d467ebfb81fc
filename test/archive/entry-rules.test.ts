import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMeter, findLinkFault, findPathFault } from '../../src/archive/entry-rules.ts'

describe('findPathFault', () => {
  it.each(['a', 'a/b', './a', 'a//b', 'a/', '..a/b', 'ü'])('accepts %j', (path) => {
    expect(findPathFault(path)).toBeUndefined()
  })

  it.each(['/a', '\\a', 'C:/a', '..', 'a/../b', 'a\\..\\b', 'a\nb', 'a\u0000', 'd/'.repeat(65)])(
    'refuses %j',
    (path) => {
      expect(findPathFault(path)).toBeTypeOf('string')
    },
  )
})

describe('findLinkFault', () => {
  it.each([
    ['lib/a.so', 'a.so.1'],
    ['bin/a', '../lib/a'],
    ['a/b', '..'],
    ['a', '.'],
    ['a/b/c', './../../x/y'],
  ])('accepts a link from %j to %j', (path, target) => {
    expect(findLinkFault(path, target)).toBeUndefined()
  })

  it.each([
    ['a', '/etc/passwd'],
    ['a', '..'],
    ['a/b', '../../x'],
    ['a', 'b/../../x'],
    // Inside as text, but not if "b" is a link.
    ['a', 'b/../x'],
    ['a', ''],
    ['a', 'b\u0000'],
  ])('refuses a link from %j to %j', (path, target) => {
    expect(findLinkFault(path, target)).toBeTypeOf('string')
  })

  it('refuses links that lead out of the folder together', () => {
    const part = fc.constantFrom('a', 'b', 'c', '..', '.')
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    const entry = fc.record({ path, target: fc.array(part, { minLength: 1, maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const links = new Map<string, string>()
        for (const { path: parts, target } of entries) {
          const place = parts.join('/')
          const isFree = ![...links.keys()].some(
            (other) => `${other}/`.startsWith(`${place}/`) || `${place}/`.startsWith(`${other}/`),
          )
          const text = target.join('/')
          if (isFree && findLinkFault(place, text) === undefined) links.set(place, text)
        }
        for (const [place] of links) expect(follow(links, place)).not.toBe('outside')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('createMeter', () => {
  it('names the amount that is too large', () => {
    const measure = createMeter(1000, { maxEntries: 3, maxBytes: 100 })
    expect([measure(50), measure(50), measure(1)]).toEqual([
      undefined,
      undefined,
      'more than 100 bytes',
    ])
    expect(measure(0)).toBe('more than 3 entries')
  })

  it('limits the ratio of large archives only', () => {
    const mib = 1024 * 1024
    expect(createMeter(1, {})(60 * mib)).toBeUndefined()
    expect(createMeter(mib / 4, {})(70 * mib)).toContain('for each of its own')
    expect(createMeter(mib, {})(70 * mib)).toBeUndefined()
  })
})

/** Resolves a path component by component, as the kernel does. */
function follow(links: ReadonlyMap<string, string>, start: string): string {
  const waiting = start.split('/')
  let at: string[] = []
  for (let steps = 0; waiting.length > 0; steps += 1) {
    if (steps > 100) return 'loop'
    const part = waiting.shift() ?? ''
    if (part === '.') continue
    if (part === '..') {
      if (at.length === 0) return 'outside'
      at = at.slice(0, -1)
      continue
    }
    const next = posix.join(...at, part)
    const target = links.get(next)
    if (target === undefined) at.push(part)
    else waiting.unshift(...target.split('/'))
  }
  return at.join('/')
}
