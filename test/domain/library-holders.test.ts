import { describe, expect, it } from 'vitest'
import { createLibrarySet } from '../../src/domain/library.ts'
import {
  hostsOf,
  takeMessage,
  withoutAgent,
  withoutStrangers,
} from '../../src/domain/library-holders.ts'
import type { LibraryHolders } from '../../src/domain/library-holders.ts'
import { emptySetTable, putSet } from '../../src/domain/set-table.ts'

const ours = 'a'.repeat(64)
const set = createLibrarySet([{ name: 'a.jar', kind: 'jar', sha256: ours, sizeBytes: 1 }])
const sets = putSet(emptySetTable, set)

const message = (agentId: string, more: object = {}) => ({
  agentId,
  data: Buffer.from(
    JSON.stringify({ type: 'library.fetched', name: 'a.jar', sha256: ours, ...more }),
  ).toString('base64'),
})

const told = [message('1', { hostname: 'one' }), message('2')].reduce<LibraryHolders>(
  (holders, each) => takeMessage(holders, sets, each),
  undefined,
)

describe('takeMessage', () => {
  it('knows hosts by the names that they were told with, else by their agents', () => {
    expect(hostsOf(told, ours)).toEqual(['one', '2'])
  })

  it('keeps nothing of other messages, and of libraries that are in no set', () => {
    const others = [
      message('3', { type: 'library.fetching' }),
      message('3', { sha256: 'b'.repeat(64) }),
      { agentId: '3', data: Buffer.from('no JSON').toString('base64') },
    ]
    for (const other of others) {
      expect(takeMessage(told, sets, other)).toBe(told)
      expect(takeMessage(undefined, sets, other)).toBeUndefined()
    }
  })

  it('counts no more hosts than a page could show', () => {
    let holders: LibraryHolders
    for (let agent = 0; agent < 1100; agent += 1) {
      holders = takeMessage(holders, sets, message(String(agent)))
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
