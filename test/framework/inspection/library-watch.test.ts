import { EventEmitter } from 'eventemitter3'
import { describe, expect, it } from 'vitest'
import { watchLibraries } from '../../../src/framework/inspection/library-watch.ts'
import type { FrameworkEvents } from '../../../src/framework/facts/events.ts'

const nothing = { sets: [], hosts: [], conflicts: [] }
const library = { name: 'a.jar', sha256: 'd', sizeBytes: 100 }
const fetched = { ...library, type: 'library.fetched', agentId: 'S1', durationMs: 5 } as const
const fetching = { ...library, type: 'library.fetching', agentId: 'S1' } as const

function watch() {
  const framework = new EventEmitter<FrameworkEvents>()
  const clock = { now: 0 }
  return { framework, clock, watch: watchLibraries(framework, () => clock.now) }
}

describe('watchLibraries', () => {
  it('shows a download until it is done', () => {
    const { framework, watch: libraries } = watch()
    framework.emit('library.fetching', { ...fetching, receivedBytes: 10 })
    framework.emit('library.fetching', { ...fetching, receivedBytes: 40, place: 2 })
    expect(libraries.addTo(nothing).progress).toEqual([
      { host: 'S1', library: 'a.jar', bytes: 40, totalBytes: 100, place: 2 },
    ])
    framework.emit('library.fetched', { ...fetched, source: 'server' })
    expect(libraries.addTo(nothing).progress).toEqual([])
  })

  it('forgets a download of which nothing is heard', () => {
    const { framework, clock, watch: libraries } = watch()
    framework.emit('library.fetching', { ...fetching, receivedBytes: 10 })
    clock.now = 31_000
    expect(libraries.addTo(nothing).progress).toEqual([])
  })

  it('adds up bytes by source for each host', () => {
    const { framework, watch: libraries } = watch()
    const at = { ...nothing, hosts: [{ host: 'h1' }] }
    const hostname = 'h1'
    framework.emit('library.fetched', { ...fetched, hostname, source: 'server', receivedBytes: 60 })
    framework.emit('library.fetched', { ...fetched, hostname, source: 'peers' })
    framework.emit('library.fetched', { ...fetched, hostname, source: 'cache', receivedBytes: 0 })
    framework.emit('library.fetched', { ...fetched, agentId: 'S2', source: 'cache' })
    expect(libraries.addTo(at).hosts).toEqual([
      { host: 'h1', from: 'its cache', bytes: 60, relayedBytes: 100, cachedBytes: 100 },
      { host: 'S2', from: 'its cache', bytes: 0, relayedBytes: 0, cachedBytes: 100 },
    ])
  })

  it('keeps the conflicts of the current class path', () => {
    const { framework, watch: libraries } = watch()
    framework.emit('classPath.conflicts', {
      type: 'classPath.conflicts',
      classPath: ['a.jar'],
      classCount: 0,
      versions: [],
      duplicates: [],
      splitPackages: [],
      unreadable: [{ jar: 'a.jar', reason: 'no zip' }],
      isHarmful: true,
    })
    expect(libraries.addTo(nothing).conflicts).toEqual([expect.stringContaining('a.jar')])
  })

  it('listens no longer once it is closed', () => {
    const { framework, watch: libraries } = watch()
    libraries.close()
    expect(framework.eventNames()).toEqual([])
  })
})
