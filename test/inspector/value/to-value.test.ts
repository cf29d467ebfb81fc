import { describe, expect, it } from 'vitest'
import { createActor, createMachine } from 'xstate'
import { emptyMap, setIn } from '../../../src/domain/persistent-map.ts'
import type { CompoundValue, Value } from '../../../src/inspector/protocol/value.ts'
import { toValue } from '../../../src/inspector/value/to-value.ts'
import { valueAt } from '../../../src/inspector/value/value-at.ts'

function itemsOf(value: Value): CompoundValue['items'] {
  if (!('items' in value)) throw new Error(`a ${value.kind} has no items`)
  return value.items
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    itemsOf(toValue(value)).map(([key, item]) => [key, 'text' in item ? item.text : item.kind]),
  )
}

describe('toValue', () => {
  it('writes what has no members as a person would', () => {
    const date = new Date(0)
    const values = { a: 1, b: -0, c: 7n, d: null, e: undefined, f: Symbol('s'), date, fn: textsOf }
    expect(textsOf(values)).toEqual({
      a: '1',
      b: '-0',
      c: '7n',
      d: 'null',
      e: 'undefined',
      f: 'Symbol(s)',
      date: '1970-01-01T00:00:00.000Z',
      fn: 'textsOf',
    })
  })

  it('tells errors by name and message, and bytes by their first', () => {
    expect(textsOf({ error: new TypeError('no'), bytes: new Uint8Array([1, 255]) })).toEqual({
      error: 'TypeError: no',
      bytes: 'Uint8Array(2 bytes) 01 ff',
    })
  })

  it('tells an actor by its id, and does not enter it', () => {
    const actor = createActor(createMachine({ id: 'm' }), { id: 'pump' })
    expect(toValue(actor)).toEqual({ kind: 'actor', text: 'pump' })
    expect(toValue({ xstate$$type: 1, id: 'pump' })).toEqual({ kind: 'actor', text: 'pump' })
  })

  it('shows maps, sets and persistent maps by their members', () => {
    const rows = setIn(setIn(emptyMap<number>(), 'one', 1), 'two', 2)
    const keys = (value: unknown) => itemsOf(toValue(value)).map(([key]) => key)
    expect(keys(new Map([[{}, 1]]))).toEqual(['(object)'])
    expect(keys(new Set(['a']))).toEqual(['0'])
    expect(keys(rows).toSorted()).toEqual(['one', 'two'])
    expect(toValue(rows)).toMatchObject({ kind: 'map', size: 2 })
  })

  it('names the path that a cycle repeats', () => {
    const one: Record<string, unknown> = {}
    one['self'] = one
    expect(toValue({ one })).toMatchObject({
      items: [['one', { items: [['self', { kind: 'cycle', text: 'one' }]] }]],
    })
  })

  it('calls no getter, and survives proxies that throw', () => {
    let isCalled = false
    const hostile = {
      get value() {
        isCalled = true
        return 1
      },
      map: {
        get size() {
          isCalled = true
          return 1
        },
        get root() {
          isCalled = true
          return { mask: 0, nodes: [] }
        },
      },
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no')
          },
          get: () => {
            throw new Error('no')
          },
          getPrototypeOf: () => {
            throw new Error('no')
          },
        },
      ),
    }
    expect(textsOf(hostile)).toEqual({ value: 'getter', map: 'object', proxy: 'object' })
    expect(isCalled).toBe(false)
  })

  it('cuts long texts between characters, and tells their length', () => {
    expect(toValue('x'.repeat(10_000_000), { chars: 10 })).toEqual({
      kind: 'string',
      text: 'xxxxxxxxxx',
      length: 10_000_000,
    })
    expect(toValue('a😀b', { chars: 2 })).toMatchObject({ text: 'a' })
    expect(toValue(10n ** 100_000n)).toMatchObject({ text: 'more than 400 digits' })
  })

  it('has at most as many members and levels as asked', () => {
    const wide = Array.from({ length: 1000 }, (_, index) => index)
    expect(itemsOf(toValue(wide, { items: 3 })).map(([key]) => key)).toEqual(['0', '1', '2'])
    expect(itemsOf(toValue(wide, { items: 2, skip: 998 })).map(([key]) => key)).toEqual([
      '998',
      '999',
    ])
    expect(toValue({ a: { b: { c: 1 } } }, { depth: 1 })).toEqual({
      kind: 'object',
      size: 1,
      items: [['a', { kind: 'object', size: 1, items: [] }]],
    })
  })

  it('stays small and quick for a value that is deep and wide', () => {
    const grow = (level: number): unknown =>
      level === 0
        ? 'x'.repeat(10_000)
        : Object.fromEntries(Array.from({ length: 20 }, (_, key) => [key, grow(level - 1)]))
    const value = toValue(grow(4), { depth: 100, items: 1000, chars: 1_000_000 })
    expect(JSON.stringify(value).length).toBeLessThan(1_000_000)
    let deep: unknown = 0
    for (let level = 0; level < 10_000; level++) deep = { deep }
    expect(toValue(deep)).toMatchObject({ kind: 'object' })
  })
})

describe('valueAt', () => {
  it('finds a part in objects, arrays, maps and sets', () => {
    const rows = setIn(emptyMap<{ readonly x: number }>(), 'r', { x: 3 })
    const root = { list: [{ a: 1 }], map: new Map([[1, 'one']]), set: new Set(['s']), rows }
    expect(valueAt(root, ['list', '0', 'a'])).toEqual({ value: 1 })
    expect(valueAt(root, ['map', '1'])).toEqual({ value: 'one' })
    expect(valueAt(root, ['set', '0'])).toEqual({ value: 's' })
    expect(valueAt(root, ['rows', 'r', 'x'])).toEqual({ value: 3 })
  })

  it('finds nothing in prototypes, in plain values, and behind getters', () => {
    const root = {
      text: 'text',
      get now() {
        return { a: 1 }
      },
    }
    for (const path of [['toString'], ['__proto__'], ['text', 'length'], ['now', 'a'], ['x']]) {
      expect(valueAt(root, path)).toBeUndefined()
    }
  })
})
