import { describe, expect, it } from 'vitest'
import { bytesOf, hostRows } from '../../../../../src/inspector/page/views/libraries/host-rows.ts'

const library = (name: string, sizeBytes: number, hosts: readonly string[]) => {
  return { name, kind: 'jar', sha256: `digest of ${name}`, sizeBytes, hosts }
}
const set = (libraries: readonly ReturnType<typeof library>[]) => {
  return { id: 's', isCurrent: true, tasks: 0, libraries }
}
const a = library('a', 10, ['h1', 'h2'])
const b = library('b', 5, ['h1'])

describe('hostRows', () => {
  it('counts a library of two sets once', () => {
    const rows = hostRows({
      sets: [set([a, b]), set([a])],
      hosts: [{ host: 'h1', from: 'server', relayedBytes: 3 }, { host: 'h2' }, { host: 'h3' }],
      conflicts: [],
    })
    expect(rows).toEqual([
      { host: 'h1', libraries: 2, bytes: 15, from: 'server', served: 0, relayed: 3, cached: 0 },
      { host: 'h2', libraries: 1, bytes: 10, from: undefined, served: 0, relayed: 0, cached: 0 },
      { host: 'h3', libraries: 0, bytes: 0, from: undefined, served: 0, relayed: 0, cached: 0 },
    ])
  })
})

describe('bytesOf', () => {
  it('is the sum of sizes', () => {
    expect(bytesOf([a, b])).toBe(15)
  })
})
