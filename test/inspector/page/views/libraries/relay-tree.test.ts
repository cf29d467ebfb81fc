import { describe, expect, it } from 'vitest'
import {
  hostnamesOf,
  relayTrees,
} from '../../../../../src/inspector/page/views/libraries/relay-tree.ts'

const relay = (host: string, sources: readonly string[], more: object = {}) => {
  return { sha256: 'd', host, sources, isComplete: false, ...more }
}
const shape = (relays: Parameters<typeof relayTrees>[0]) =>
  relayTrees(relays).map(({ parts, nodes }) => [
    parts,
    ...nodes.map(({ name, depth, rows }) => `${name} depth ${depth} rows ${rows}`),
  ])

describe('relayTrees', () => {
  it('puts each host below its source, in a tree for each part', () => {
    const relays = [
      relay('b', ['a', 'server']),
      relay('a', ['server', 'b']),
      relay('c', ['a', 'a']),
    ]
    expect(shape(relays)).toEqual([
      [[1], 'a depth 0 rows 1', 'b depth 1 rows 1', 'c depth 1 rows 2'],
      [[2], 'b depth 0 rows 1', 'a depth 1 rows 1', 'c depth 2 rows 1'],
    ])
  })

  it('draws parts with the same tree once', () => {
    const relays = [
      relay('a', ['server', 'server', 'b']),
      relay('b', ['server', 'server', 'server']),
    ]
    expect(relayTrees(relays).map(({ parts }) => parts)).toEqual([[1, 2], [3]])
  })

  it('names hosts as their agents are named', () => {
    const [tree] = relayTrees([
      relay('10.0.0.1:4000', ['server'], { hostname: 'agent-1', isComplete: true }),
      relay('10.0.0.2:4000', []),
    ])
    expect(tree?.nodes).toMatchObject([
      { id: '10.0.0.1:4000', name: 'agent-1', isComplete: true, isPlanned: true },
      { id: '10.0.0.2:4000', name: '10.0.0.2:4000', isComplete: false, isPlanned: false },
    ])
  })

  it('shows hosts that name each other, below the server', () => {
    const relays = [relay('a', ['b']), relay('b', ['a'])]
    expect(shape(relays)).toEqual([[[1], 'a depth 0 rows 1', 'b depth 0 rows 2']])
  })

  it('takes a source that is gone for the server', () => {
    expect(shape([relay('a', ['gone'])])).toEqual([[[1], 'a depth 0 rows 1']])
  })
})

describe('hostnamesOf', () => {
  it('names addresses that one host has', () => {
    const names = hostnamesOf([
      relay('10.0.0.1:4000', [], { hostname: 'agent-1' }),
      relay('10.0.0.1:4001', [], { hostname: 'agent-1' }),
      relay('[fe80::1]:4000', [], { hostname: 'agent-2' }),
      relay('127.0.0.1:4000', [], { hostname: 'agent-3' }),
      relay('127.0.0.1:4001', [], { hostname: 'agent-4' }),
      relay('10.0.0.9:4000', []),
    ])
    expect([...names]).toEqual([
      ['10.0.0.1', 'agent-1'],
      ['fe80::1', 'agent-2'],
    ])
  })
})
