import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { downloaderMachine } from '../../../src/machines/downloader/downloader.ts'
import type { DownloaderEvent, SetEntry } from '../../../src/machines/downloader/events.ts'

const input = {
  setId: 's',
  source: { kind: 'manifest', uri: 'http://jars/sets/s.json' } as const,
  maxAttempts: 3,
  concurrency: 2,
}
const entry = (name: string): SetEntry => ({
  uri: `http://jars/${name}`,
  library: { name, sha256: name.repeat(64), sizeBytes: 1, kind: 'jar' },
})
const entries = ['a', 'b', 'c'].map(entry)
const manifest: DownloaderEvent = { type: 'manifest.fetched', setId: 's', entries }
const fetched = (name: string): DownloaderEvent => ({ type: 'library.fetched', setId: 's', name })
const failed = (
  name: string,
  more: Partial<Extract<DownloaderEvent, { type: 'library.failed' }>> = {},
): DownloaderEvent => ({
  type: 'library.failed',
  setId: 's',
  name,
  code: 'LIBRARY_UNAVAILABLE',
  message: 'no',
  retryable: true,
  retryDelayMs: 250,
  ...more,
})
const due = (name: string): DownloaderEvent => ({ type: 'library.due', name })

const resumed: DownloaderEvent = { type: 'source.due', source: 'http://jars' }

const fetchesOf = (actions: readonly { type: string; params: unknown }[]): readonly string[] =>
  actions.flatMap(({ type, params }) =>
    type === 'fx.fetchLibrary' ? [(params as SetEntry).library.name] : [],
  )

const isDeadline = ({ params }: { readonly params: unknown }): boolean =>
  /library.expired|deadline:/.test(JSON.stringify(params ?? ''))

function run(...events: readonly DownloaderEvent[]) {
  const [initial, firstActions] = initialTransition(downloaderMachine, input)
  let snapshot = initial
  let actions: readonly { type: string; params: unknown }[] = firstActions
  for (const event of events) [snapshot, actions] = transition(downloaderMachine, snapshot, event)
  const own = actions.map(({ type, params }) => ({ type, params }))
  return { snapshot, actions: own.filter((action) => !isDeadline(action)), all: own }
}

describe('downloaderMachine', () => {
  it('fetches the manifest first', () => {
    expect(run().actions).toEqual([
      { type: 'fx.fetchManifest', params: { setId: 's', source: input.source, attempt: 1 } },
    ])
  })

  it('fetches as many libraries at a time as allowed', () => {
    expect(run(manifest).actions).toEqual([
      { type: 'fx.fetchLibrary', params: { ...entries[0], setId: 's', attempt: 1 } },
      { type: 'fx.fetchLibrary', params: { ...entries[1], setId: 's', attempt: 1 } },
    ])
    expect(run(manifest, fetched('b')).actions).toEqual([
      { type: 'fx.fetchLibrary', params: { ...entries[2], setId: 's', attempt: 1 } },
    ])
  })

  it('installs the set when it has everything', () => {
    const { snapshot, actions } = run(manifest, fetched('a'), fetched('c'), fetched('b'))
    expect(snapshot.value).toBe('installing')
    expect(actions).toContainEqual({ type: 'fx.installSet', params: { setId: 's', entries } })
  })

  it('returns the installed set', () => {
    const installed = { setId: 's', folder: '/f', classPath: ['/f/a'] }
    const { snapshot } = run(
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.installed', setId: 's', installed },
    )
    expect(snapshot).toMatchObject({ status: 'done', output: { setId: 's', installed } })
  })

  it('waits for the given delay before it retries a library', () => {
    const { actions } = run(manifest, failed('a'))
    expect(actions).toContainEqual({
      type: 'xstate.raise',
      params: expect.objectContaining({ event: due('a'), delay: 250, id: 'due:a' }),
    })
    expect(run(manifest, failed('a'), fetched('b'), fetched('c'), due('a')).actions).toEqual([
      { type: 'fx.fetchLibrary', params: { ...entries[0], setId: 's', attempt: 2 } },
    ])
  })

  it('continues with the others while one backs off', () => {
    const [, next] = run(manifest, failed('a')).actions
    expect(next).toEqual({
      type: 'fx.fetchLibrary',
      params: { ...entries[2], setId: 's', attempt: 1 },
    })
  })

  it('records a corruption with the digest that it got', () => {
    const corrupt = failed('a', { code: 'LIBRARY_CORRUPT', actual: 'ffff' })
    const { actions } = run(manifest, corrupt)
    expect(actions).toContainEqual({
      type: 'fx.message',
      params: {
        message: {
          type: 'library.corrupted',
          name: 'a',
          expected: 'a'.repeat(64),
          actual: 'ffff',
          uri: 'http://jars/a',
        },
      },
    })
  })

  it('gives up after the last attempt and ends the other transfers', () => {
    const again = [failed('a'), due('a')]
    const { snapshot, actions } = run(manifest, fetched('b'), ...again, ...again, failed('a'))
    expect(snapshot.output).toEqual({
      setId: 's',
      code: 'LIBRARY_UNAVAILABLE',
      message: 'cannot fetch library a from http://jars/a: no (attempt 3)',
    })
    expect(actions).toContainEqual({ type: 'fx.cancelFetches', params: { setId: 's' } })
  })

  it('gives up at once after a permanent error', () => {
    expect(run(manifest, failed('b', { retryable: false })).snapshot.value).toBe('failed')
  })

  it('retries the manifest, too, and names it when it gives up', () => {
    const { type: _, ...failure } = failed('x') as Extract<DownloaderEvent, { message: string }>
    const noManifest = { ...failure, type: 'manifest.failed' } as DownloaderEvent
    expect(run(noManifest).snapshot.value).toBe('backingOff')
    const final = { ...noManifest, retryable: false } as DownloaderEvent
    expect(run(final).snapshot.output).toMatchObject({
      message: 'cannot fetch the list of libraries from http://jars/sets/s.json: no (attempt 1)',
    })
  })

  it('returns why a set cannot be installed', () => {
    const { snapshot } = run(
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.failed', setId: 's', code: 'LIBRARY_CORRUPT', message: 'no package' },
    )
    expect(snapshot.output).toEqual({ setId: 's', code: 'LIBRARY_CORRUPT', message: 'no package' })
  })

  it('pauses a source that only fails, then fetches one library', () => {
    const all: DownloaderEvent = { ...manifest, entries: ['a', 'b', 'c', 'd', 'e', 'f'].map(entry) }
    const downs = ['a', 'b', 'c', 'd'].map((name) => failed(name))
    const paused = run(all, ...downs)
    expect(fetchesOf(paused.actions)).toEqual([])
    expect(paused.actions).toContainEqual({
      type: 'xstate.raise',
      params: expect.objectContaining({ event: resumed, delay: 250, id: 'paused:http://jars' }),
    })
    expect(run(all, ...downs, due('a'), due('b')).actions).toEqual([])
    // One fetch is still running.
    expect(fetchesOf(run(all, ...downs, due('a'), resumed).actions)).toEqual([])
    const back = run(all, ...downs, due('a'), due('b'), resumed, fetched('e'))
    expect(fetchesOf(back.actions)).toEqual(['a', 'b'])
    expect(run(all, ...downs, fetched('e')).actions).toContainEqual({
      type: 'xstate.cancel',
      params: { sendId: 'paused:http://jars' },
    })
  })

  it('pauses it again when the one library fails', () => {
    const names = ['a', 'b', 'c', 'd']
    const all: DownloaderEvent = { ...manifest, entries: names.map(entry) }
    const downs = names.map((name) => failed(name))
    const probing = [all, ...downs, due('a'), due('b'), resumed]
    expect(fetchesOf(run(...probing).actions)).toEqual(['a'])
    const [again, ...others] = run(...probing, failed('a')).actions.slice(-1)
    expect(others).toEqual([])
    expect(again).toMatchObject({ type: 'xstate.raise', params: { event: resumed } })
    // Some bytes of it suffice.
    expect(fetchesOf(run(...probing, failed('a', { receivedBytes: 1 })).actions)).toEqual(['b'])
  })

  it('continues with other sources meanwhile', () => {
    const elsewhere: SetEntry = { ...entry('e'), uri: 'https://others/e' }
    const entries: readonly SetEntry[] = [...['a', 'b', 'c', 'd'].map(entry), elsewhere]
    const downs = ['a', 'b', 'c', 'd'].map((name) => failed(name))
    expect(fetchesOf(run({ ...manifest, entries }, ...downs).actions)).toEqual([])
    const { actions } = run({ ...manifest, entries }, ...downs, failed('e'), due('a'), due('e'))
    expect(fetchesOf(actions)).toEqual(['e'])
  })

  it('does not count attempts that received bytes', () => {
    const one: DownloaderEvent = { ...manifest, entries: [entry('a')] }
    const cut = failed('a', { receivedBytes: 1 })
    const cuts = Array.from({ length: 10 }, () => [cut, due('a')]).flat()
    const { snapshot, actions } = run(one, ...cuts)
    expect(snapshot.value).toBe('fetchingLibraries')
    expect(actions).toMatchObject([{ type: 'fx.fetchLibrary', params: { attempt: 1 } }])
  })

  it('does not count attempts that had to wait', () => {
    const one: DownloaderEvent = { ...manifest, entries: [entry('a')] }
    const waits = Array.from({ length: 10 }, () => [failed('a', { place: 7 }), due('a')]).flat()
    const { snapshot, actions } = run(one, ...waits)
    expect(snapshot.value).toBe('fetchingLibraries')
    expect(actions).toMatchObject([{ type: 'fx.fetchLibrary', params: { attempt: 1 } }])
    expect(snapshot.context.plan.sources).toEqual({
      'http://jars': { failures: 0, isPaused: false },
    })
  })

  it.each([
    ['a place that is better', { place: 6 }, true],
    ['the same place', { place: 7 }, false],
    ['a good many bytes', { receivedBytes: 65_536 }, true],
    ['a trickle', { receivedBytes: 100 }, false],
  ])('waits longer for a library after %s: %s', (_, attempt, isLonger) => {
    const first = [failed('a', { place: 7 }), due('a')]
    const deadlines = run(manifest, ...first, failed('a', attempt)).all.filter(isDeadline)
    expect(deadlines.map(({ type }) => type)).toEqual(
      isLonger ? ['xstate.cancel', 'xstate.raise'] : [],
    )
  })

  it('gives up a library at its deadline, and drops the deadline of a fetched one', () => {
    const { snapshot } = run(manifest, { type: 'library.expired', name: 'b' })
    expect(snapshot.output).toMatchObject({
      code: 'LIBRARY_UNAVAILABLE',
      message: expect.stringContaining('cannot fetch library b from http://jars/b: no progress'),
    })
    expect(run(manifest, fetched('a')).all).toContainEqual({
      type: 'xstate.cancel',
      params: { sendId: 'deadline:a' },
    })
  })
})
