import { describe, expect, it } from 'vitest'
import { relayTree } from '../../../../../src/inspector/page/views/libraries/relay-tree.ts'

const relay = (host: string, sources: readonly string[], isComplete = false) => {
  return { sha256: 'd', host, sources, isComplete }
}

describe('relayTree', () => {
  it('puts each host below the one that sends it most', () => {
    const tree = relayTree([
      relay('b', ['a', 'a', 'server']),
      relay('a', ['server', 'server', 'b'], true),
      relay('c', ['b']),
    ])
    expect(tree.map(({ host, depth }) => [host, depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
    expect(tree[0]).toMatchObject({
      isComplete: true,
      sources: [
        ['server', 2],
        ['b', 1],
      ],
    })
  })

  it('shows hosts that wait for sources, and those that send most to each other', () => {
    const tree = relayTree([
      relay('new', []),
      relay('a', ['b', 'b', 'server']),
      relay('b', ['a', 'a', 'server']),
    ])
    expect(tree.map(({ host, depth }) => [host, depth])).toEqual([
      ['new', 0],
      ['a', 0],
      ['b', 0],
    ])
  })

  it('takes a source that is gone for the server', () => {
    expect(relayTree([relay('a', ['gone'])])).toMatchObject([{ host: 'a', depth: 0 }])
  })
})
