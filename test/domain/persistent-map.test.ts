import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../src/domain/persistent-map.ts'

const operations = fc.array(
  fc.record({
    remove: fc.boolean(),
    key: fc.integer({ min: 0, max: 400 }).map(String),
    value: fc.nat(),
  }),
  { maxLength: 800 },
)

describe('persistent map', () => {
  it('behaves as a Map does under random changes', () => {
    fc.assert(
      fc.property(operations, (changes) => {
        const model = new Map<string, number>()
        let map = emptyMap<number>()
        for (const { remove, key, value } of changes) {
          if (remove) model.delete(key)
          else model.set(key, value)
          map = remove ? removeFrom(map, key) : setIn(map, key, value)
          expect(getFrom(map, key)).toBe(model.get(key))
        }
        expect(map.size).toBe(model.size)
        const ascending = (one: number, other: number) => one - other
        expect([...valuesOf(map)].toSorted(ascending)).toEqual(
          [...model.values()].toSorted(ascending),
        )
      }),
    )
  })

  it('leaves the map that it started from unchanged', () => {
    const before = setIn(setIn(emptyMap<number>(), 'a', 1), 'b', 2)
    const text = JSON.stringify(before)
    setIn(before, 'c', 3)
    removeFrom(before, 'a')
    expect(JSON.stringify(before)).toBe(text)
  })

  it('keeps keys of one hash apart', () => {
    const [one, other] = collidingKeys()
    const both = setIn(setIn(emptyMap<number>(), one, 1), other, 2)
    expect([getFrom(both, one), getFrom(both, other), both.size]).toEqual([1, 2, 2])
    expect(getFrom(removeFrom(both, one), other)).toBe(2)
    expect(removeFrom(removeFrom(both, one), other)).toEqual(emptyMap())
  })

  it('is plain JSON', () => {
    let map = emptyMap<number>()
    for (let key = 0; key < 1000; key++) map = setIn(map, `task-${key}`, key)
    const copy = JSON.parse(JSON.stringify(map)) as typeof map
    expect(getFrom(copy, 'task-777')).toBe(777)
    expect(copy).toEqual(map)
  })
})

/** Two keys that fall into one bucket, found by their trie: they share a path down to the last level. */
function collidingKeys(): [string, string] {
  const byPath = new Map<string, string>()
  for (let index = 0; ; index++) {
    const key = `k${index}`
    const hash = pathOf(key)
    const other = byPath.get(hash)
    if (other !== undefined) return [other, key]
    byPath.set(hash, key)
  }
}

function pathOf(key: string): string {
  let hash = 0x811c9dc5
  for (const character of key) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return String(hash)
}
