import { describe, expect, it } from 'vitest'
import { emptyMap, removeFrom, setIn } from '../../../src/domain/persistent-map.ts'
import type { PersistentMap } from '../../../src/domain/persistent-map.ts'
import { changesBetween } from '../../../src/inspector/value/value-changes.ts'

function linesOf(before: unknown, after: unknown): readonly string[] {
  return changesBetween(before, after).changes.map(({ path, before, after }) => {
    const text = (value: typeof before) =>
      value === undefined ? '–' : 'text' in value ? value.text : value.kind
    return `${path.join('.')}: ${text(before)} → ${text(after)}`
  })
}

function rowsUpTo(count: number): PersistentMap<{ readonly n: number }> {
  let rows = emptyMap<{ readonly n: number }>()
  for (let n = 0; n < count; n++) rows = setIn(rows, `row ${n}`, { n })
  return rows
}

describe('changesBetween', () => {
  it('names members that changed, came and went', () => {
    const before = { same: { a: 1 }, list: [1, 2], gone: 1 }
    const after = { same: { a: 1 }, list: [1, 3, 4], here: {} }
    expect(linesOf(before, after)).toEqual([
      'list.1: 2 → 3',
      'list.2: – → 4',
      'here: – → object',
      'gone: 1 → –',
    ])
  })

  it('finds the rows of a persistent map that differ', () => {
    const before = rowsUpTo(2000)
    const after = removeFrom(setIn(setIn(before, 'row 7', { n: 70 }), 'new', { n: 1 }), 'row 9')
    expect(linesOf({ before: 1, rows: before }, { before: 1, rows: after }).toSorted()).toEqual([
      'rows.new: – → object',
      'rows.row 7.n: 7 → 70',
      'rows.row 9: object → –',
    ])
  })

  it('compares no more of a large map than what changed', () => {
    const rows = rowsUpTo(100_000)
    const next = setIn(rows, 'row 5', { n: 1 })
    let reads = 0
    const spied = new Proxy(next.root.nodes, {
      get(nodes, key) {
        reads += 1
        return Reflect.get(nodes, key) as unknown
      },
    })
    const after = { size: next.size, root: { mask: next.root.mask, nodes: spied } }
    expect(linesOf(rows, after)).toEqual(['row 5.n: 5 → 1'])
    expect(reads).toBeLessThan(100)
  })

  it('counts all changes, and tells the first', () => {
    const { changes, count } = changesBetween(
      {},
      Object.fromEntries([...Array(1000).keys()].entries()),
    )
    expect(count).toBe(1000)
    expect(changes.length).toBe(200)
  })

  it('takes actors for the same by id, and ends in cycles', () => {
    const actor = { xstate$$type: 1, id: 'a' }
    expect(linesOf({ actor }, { actor: { ...actor } })).toEqual([])
    const one: Record<string, unknown> = { n: 1 }
    const other: Record<string, unknown> = { n: 2 }
    one['self'] = one
    other['self'] = other
    expect(linesOf(one, other)[0]).toBe('n: 1 → 2')
  })

  it.each([
    ['a node that is none', { size: 1, root: { mask: 1, nodes: [null] } }],
    ['levels without end', endless()],
  ])('takes what only looks like a persistent map as changed: %s', (_, odd) => {
    const before = { map: { size: 1, root: { mask: 1, nodes: [['a', 1]] } }, n: 1 }
    expect(linesOf(before, { map: odd, n: 2 })).toContain('n: 1 → 2')
    expect(linesOf({ map: odd, n: 1 }, { map: { ...odd, size: 2 }, n: 2 })).toContain('n: 1 → 2')
    expect(linesOf({ map: endless() }, { map: odd }).length).toBeLessThan(10)
  })
})

function endless(): object {
  const root: { mask: number; nodes: unknown[] } = { mask: 1, nodes: [] }
  root.nodes.push(root)
  return { size: 1, root }
}
