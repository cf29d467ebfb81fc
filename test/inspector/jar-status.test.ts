import { describe, expect, it } from 'vitest'
import { librariesOf, withServer } from '../../src/inspector/jar-status.ts'
import type { JarStatus } from '../../src/inspector/jar-status.ts'
import { statusOf } from '../../src/server/status-data.ts'
import { createTraffic } from '../../src/server/traffic.ts'

const jar = { name: 'a.jar', sha256: 'a'.repeat(64), sizeBytes: 10, kind: 'jar' } as const
const old = { id: 'old', libraries: [jar, { ...jar, name: 'b.jar' }] }
const current = { id: 'new', libraries: [jar] }

/** What a jar server answers has the form that its page reads: checked by the types. */
function read(change: Partial<Parameters<typeof statusOf>[0]> = {}): JarStatus {
  return statusOf({
    set: () => current,
    sets: () => [old, current],
    url: () => 'http://h:1',
    holdersOf: () => ['host-1'],
    traffic: createTraffic(),
    relays: () => [{ sha256: jar.sha256, host: 'h:2', sources: ['server'], isComplete: false }],
    ...change,
  })
}

describe('librariesOf', () => {
  it('lists the current set first, and of the others their size', () => {
    const { sets, hosts, relays } = librariesOf(read())
    expect(sets).toMatchObject([
      { id: 'new', isCurrent: true, whole: { count: 1, sizeBytes: 10 } },
      { id: 'old', isCurrent: false, libraries: [], whole: { count: 2, sizeBytes: 20 } },
    ])
    expect(sets[0]?.libraries).toMatchObject([
      { name: 'a.jar', hosts: ['host-1'], clientBytes: [] },
    ])
    expect(hosts).toEqual([{ host: 'host-1' }])
    expect(relays).toMatchObject([{ host: 'h:2', sources: ['server'] }])
  })

  it('has the numbers of the server', () => {
    const traffic = {
      ...createTraffic(),
      totals: () => ({ requests: 3, bytesServed: 9, aborted: 1 }),
    }
    expect(librariesOf(read({ traffic, url: () => undefined })).server).toMatchObject({
      url: null,
      requests: 3,
      bytesServed: 9,
      aborted: 1,
      clients: [],
      others: { hosts: 0, isMore: false },
    })
  })

  it('is empty before the first library', () => {
    expect(librariesOf(read({ set: () => undefined, sets: () => [] })).sets).toEqual([])
  })
})

describe('withServer', () => {
  it('adds the numbers of the server to the libraries of a moment', () => {
    const library = { ...jar, hosts: ['agent-1'] }
    const other = { ...library, name: 'other.jar' }
    const sets = [{ id: 'new', isCurrent: true, tasks: 2, libraries: [library, other] }]
    const at = withServer({ sets, hosts: [{ host: 'agent-1' }], conflicts: [] }, read())
    expect(at).toMatchObject({
      hosts: [{ host: 'agent-1' }],
      server: { url: 'http://h:1' },
      relays: [{ host: 'h:2' }],
    })
    expect(at.sets[0]?.tasks).toBe(2)
    expect(at.sets[0]?.libraries).toEqual([
      { ...library, requests: 0, bytesServed: 0, clientBytes: [] },
      other,
    ])
  })
})
