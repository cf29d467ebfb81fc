import { describe, expect, it } from 'vitest'
import { emptyMap } from '../../../../src/domain/persistent-map.ts'
import { createLibrarySet } from '../../../../src/domain/libraries/library.ts'
import {
  addHolder,
  hostsOf,
  withoutAgent,
  withoutStrangers,
} from '../../../../src/machines/scheduler/delivery/library-holders.ts'
import type { LibraryHolders } from '../../../../src/machines/scheduler/delivery/library-holders.ts'
import { emptySetTable, putSet } from '../../../../src/machines/scheduler/delivery/set-table.ts'

const ours = 'a'.repeat(64)
const set = createLibrarySet([{ name: 'a.jar', kind: 'jar', sha256: ours, sizeBytes: 1 }])
const sets = putSet(emptySetTable, set)

const told = [
  { sha256: ours, agentId: '1', hostname: 'one' },
  { sha256: ours, agentId: '2' },
].reduce<LibraryHolders>((holders, each) => addHolder(holders, sets, each), emptyMap())

describe('addHolder', () => {
  it('knows hosts by their reported names, else by their agents', () => {
    expect(hostsOf(told, ours)).toEqual(['one', '2'])
  })

  it('adds nothing for known hosts, and for libraries that are in no set', () => {
    const stranger = { sha256: 'b'.repeat(64), agentId: '3' }
    expect(addHolder(told, sets, stranger)).toBe(told)
    expect(addHolder(emptyMap(), sets, stranger).size).toBe(0)
    expect(addHolder(told, sets, { sha256: ours, agentId: '1', hostname: 'one' })).toBe(told)
  })

  it('counts no more hosts than a page could show', () => {
    let holders: LibraryHolders = emptyMap()
    for (let agent = 0; agent < 1100; agent += 1) {
      holders = addHolder(holders, sets, { sha256: ours, agentId: String(agent) })
    }
    expect(hostsOf(holders, ours)).toHaveLength(1000)
  })
})

it('an agent that is gone has nothing any more', () => {
  expect(hostsOf(withoutAgent(told, '1'), ours)).toEqual(['2'])
  expect(withoutAgent(told, '3')).toBe(told)
})

it('a library of which there is no set any more is forgotten', () => {
  expect(withoutStrangers(told, sets)).toBe(told)
  expect(hostsOf(withoutStrangers(told, emptySetTable), ours)).toEqual([])
})
