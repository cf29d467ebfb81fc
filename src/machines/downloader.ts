/**
 * Brings one library set onto the host: manifest, then its libraries, several at a time, then into the sandbox.
 * A corrupted library is recorded and fetched again; one that stays away ends the set. A source that only fails is left
 * alone for a while (`paused`) and then asked for one library (`probing`) before the others are (`flowing`).
 */
import { assign, enqueueActions, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { Library } from '../domain/library.ts'
import type { ExecutorMessage } from '../domain/task-work.ts'
import type { ErrorCode } from '../errors.ts'
import type { InstalledSet } from './task-run.ts'

/** Where a set is described: by its manifest, or by nothing but the libraries' own URIs. */
export type SetSource =
  | { readonly kind: 'manifest'; readonly uri: string }
  | { readonly kind: 'uris'; readonly uris: readonly string[] }

/** A library of the set and where to get it. */
export interface SetEntry {
  readonly library: Library
  readonly uri: string
}

/** Why a fetch failed. The delay before the next attempt is drawn outside: it has jitter. */
interface FetchFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  readonly retryDelayMs: number
  /** Some of its bytes came all the same, and are kept: then the attempts before do not count. */
  readonly hasProgressed?: boolean
  /** SHA-256 of what came, when that was the trouble. */
  readonly actual?: string
}

export type DownloaderEvent =
  | {
      readonly type: 'manifest.fetched'
      readonly setId: string
      readonly entries: readonly SetEntry[]
    }
  | ({ readonly type: 'manifest.failed'; readonly setId: string } & FetchFailure)
  | { readonly type: 'library.fetched'; readonly setId: string; readonly name: string }
  | ({
      readonly type: 'library.failed'
      readonly setId: string
      readonly name: string
    } & FetchFailure)
  | { readonly type: 'library.due'; readonly name: string }
  | { readonly type: 'library.expired'; readonly name: string }
  | { readonly type: 'set.installed'; readonly installed: InstalledSet; readonly setId: string }
  | {
      readonly type: 'set.failed'
      readonly setId: string
      readonly code: ErrorCode
      readonly message: string
    }

export interface DownloaderInput {
  readonly setId: string
  readonly source: SetSource
  /** Attempts per file before the set is given up. */
  readonly maxAttempts: number
  /** Libraries fetched at the same time. */
  readonly concurrency: number
}

/** Params of `fx.fetchLibrary`. */
export interface LibraryFetch extends SetEntry {
  readonly setId: string
  readonly attempt: number
}

/** What a finished downloader leaves to its parent. */
export type DownloaderOutput =
  | { readonly setId: string; readonly installed: InstalledSet }
  | { readonly setId: string; readonly code: ErrorCode; readonly message: string }

interface Progress {
  readonly state: 'waiting' | 'fetching' | 'backingOff' | 'fetched'
  readonly attempts: number
  /** It was tried before, and its deadline is set. */
  readonly isStarted?: true
}

export interface DownloaderContext extends DownloaderInput {
  readonly manifestAttempts: number
  readonly retryDelayMs: number
  readonly entries: readonly SetEntry[]
  /** By library name. */
  readonly progress: Readonly<Record<string, Progress>>
  readonly corruptions: number
  /** Of the source, since something last came from there. */
  readonly failures: number
  readonly installed: InstalledSet | undefined
  readonly failure: { readonly code: ErrorCode; readonly message: string } | undefined
}

interface Args {
  readonly context: DownloaderContext
}

const downloader = setup({
  types: {} as {
    context: DownloaderContext
    events: DownloaderEvent
    input: DownloaderInput
    output: DownloaderOutput
  },
  actions: {
    'fx.fetchManifest': (_args, _params: { setId: string; source: SetSource; attempt: number }) =>
      undefined,
    'fx.fetchLibrary': (_args, _params: LibraryFetch) => undefined,
    'fx.installSet': (_args, _params: { setId: string; entries: readonly SetEntry[] }) => undefined,
    'fx.cancelFetches': (_args, _params: { setId: string }) => undefined,
    'fx.message': (_args, _params: { message: ExecutorMessage }) => undefined,
    countManifestAttempt: assign({
      manifestAttempts: ({ context }) => context.manifestAttempts + 1,
    }),
    keepRetryDelay: assign({
      retryDelayMs: ({ event }) => ('retryDelayMs' in event ? event.retryDelayMs : 0),
    }),
    keepEntries: assign(({ event }) => {
      if (event.type !== 'manifest.fetched') return {}
      const waiting: Progress = { state: 'waiting', attempts: 0 }
      const names = event.entries.map(({ library }) => library.name)
      return {
        entries: event.entries,
        progress: Object.fromEntries(names.map((name) => [name, waiting])),
      }
    }),
    keepFetched: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'library.fetched') return
      enqueue.assign({ ...moveOn(context, event.name, 'fetched'), failures: 0 })
      enqueue.cancel(deadlineId(event.name))
    }),
    backOff: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'library.failed') return
      const { name, retryDelayMs: delay, hasProgressed = false } = event
      const attempts = hasProgressed ? 0 : context.progress[name]?.attempts
      const failures = hasProgressed ? 0 : context.failures + 1
      enqueue.assign({ ...moveOn(context, name, 'backingOff', attempts), failures })
      enqueue.raise({ type: 'library.due', name }, { id: `due:${name}`, delay })
    }),
    putBack: assign(({ context, event }) =>
      event.type === 'library.due' ? moveOn(context, event.name, 'waiting') : {},
    ),
    keepInstalled: assign({
      installed: ({ event }) => (event.type === 'set.installed' ? event.installed : undefined),
    }),
    keepFailure: assign({
      failure: ({ context, event }) => {
        if (event.type === 'manifest.failed') return manifestFailure(context, event)
        if (event.type === 'library.failed') return libraryFailure(context, event)
        if (event.type === 'library.expired') return expiry(context, event.name)
        if (event.type === 'set.failed') return { code: event.code, message: event.message }
        return context.failure
      },
    }),
  },
  guards: {
    canRetryManifest: ({ context, event }) =>
      event.type === 'manifest.failed' &&
      event.retryable &&
      context.manifestAttempts < context.maxAttempts,
    canRetryLibrary: ({ context, event }) =>
      event.type === 'library.failed' && event.retryable && canTryAgain(context, event),
    tripsBreaker: ({ context, event }) =>
      event.type === 'library.failed' &&
      event.retryable &&
      canTryAgain(context, event) &&
      event.hasProgressed !== true &&
      context.failures + 1 >= maxFailures,
    hasAll: ({ context }) =>
      Object.values(context.progress).every(({ state }) => state === 'fetched'),
  },
  delays: {
    retryDelay: ({ context }) => context.retryDelayMs,
    /** Of one library, from its first attempt on. */
    libraryDeadline: 30 * 60_000,
  },
})

/** Failures in a row after which a source is left alone. */
const maxFailures = 4

const fetchMore = downloader.enqueueActions(({ context, enqueue }) => {
  // Whether a source that failed is there again is found out with one library.
  for (const entry of nextEntries(
    context,
    context.failures >= maxFailures ? 1 : context.concurrency,
  )) {
    const { name } = entry.library
    if (context.progress[name]?.isStarted !== true) {
      const expired = { type: 'library.expired' as const, name }
      enqueue.raise(expired, { id: deadlineId(name), delay: 'libraryDeadline' })
    }
    const attempt = (context.progress[name]?.attempts ?? 0) + 1
    enqueue.assign(({ context: latest }) => ({
      progress: {
        ...latest.progress,
        [name]: { state: 'fetching', attempts: attempt, isStarted: true },
      },
    }))
    const params = { ...entry, setId: context.setId, attempt }
    enqueue({ type: 'fx.fetchLibrary', params })
  }
})

const recordCorruption = downloader.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'library.failed' || event.code !== 'LIBRARY_CORRUPT') return
  const entry = findEntry(context, event.name)
  if (entry === undefined) return
  enqueue.assign({ corruptions: context.corruptions + 1 })
  enqueue({
    type: 'fx.message',
    params: { message: corruptedMessage(entry, event.actual ?? 'unknown') },
  })
})

const giveUp = {
  target: '#downloader.failed',
  actions: [recordCorruption, { type: 'keepFailure' as const }],
} as const

export const downloaderMachine = downloader.createMachine({
  id: 'downloader',
  context: ({ input }) => ({
    ...input,
    manifestAttempts: 0,
    retryDelayMs: 0,
    entries: [],
    progress: {},
    corruptions: 0,
    failures: 0,
    installed: undefined,
    failure: undefined,
  }),
  initial: 'fetchingManifest',
  states: {
    fetchingManifest: {
      entry: ['countManifestAttempt', { type: 'fx.fetchManifest', params: manifestFetch }],
      on: {
        'manifest.fetched': { target: 'fetchingLibraries', actions: 'keepEntries' },
        'manifest.failed': [
          { guard: 'canRetryManifest', target: 'backingOff', actions: 'keepRetryDelay' },
          { target: 'failed', actions: 'keepFailure' },
        ],
      },
    },
    backingOff: { after: { retryDelay: 'fetchingManifest' } },
    fetchingLibraries: {
      exit: { type: 'fx.cancelFetches', params: ownSet },
      always: { guard: 'hasAll', target: 'installing' },
      initial: 'flowing',
      states: {
        flowing: {
          entry: fetchMore,
          on: {
            'library.fetched': { actions: ['keepFetched', fetchMore] },
            'library.failed': [
              { guard: 'tripsBreaker', target: 'paused', actions: [recordCorruption, 'backOff'] },
              { guard: 'canRetryLibrary', actions: [recordCorruption, 'backOff', fetchMore] },
              giveUp,
            ],
            'library.due': { actions: ['putBack', fetchMore] },
          },
        },
        paused: {
          entry: 'keepRetryDelay',
          after: { retryDelay: 'probing' },
          on: {
            'library.fetched': { target: 'flowing', actions: 'keepFetched' },
            'library.failed': [
              { guard: 'canRetryLibrary', actions: [recordCorruption, 'backOff'] },
              giveUp,
            ],
            'library.due': { actions: 'putBack' },
          },
        },
        probing: {
          entry: fetchMore,
          on: {
            'library.fetched': { target: 'flowing', actions: 'keepFetched' },
            'library.failed': [
              { guard: 'tripsBreaker', target: 'paused', actions: [recordCorruption, 'backOff'] },
              {
                guard: 'canRetryLibrary',
                target: 'flowing',
                actions: [recordCorruption, 'backOff'],
              },
              giveUp,
            ],
            'library.due': { actions: ['putBack', fetchMore] },
          },
        },
      },
      on: {
        'library.expired': { target: 'failed', actions: 'keepFailure' },
      },
    },
    installing: {
      entry: { type: 'fx.installSet', params: installation },
      on: {
        'set.installed': { target: 'ready', actions: 'keepInstalled' },
        'set.failed': { target: 'failed', actions: 'keepFailure' },
      },
    },
    ready: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context }) => outputOf(context),
})

export type DownloaderSnapshot = SnapshotFrom<typeof downloaderMachine>
export type DownloaderRef = ActorRefFrom<typeof downloaderMachine>

function outputOf({ setId, installed, failure }: DownloaderContext): DownloaderOutput {
  if (installed !== undefined) return { setId, installed }
  return { setId, ...(failure ?? { code: 'LIBRARY_UNAVAILABLE', message: 'not fetched' }) }
}

function moveOn(
  { progress }: DownloaderContext,
  name: string,
  state: Progress['state'],
  attempts = progress[name]?.attempts ?? 0,
): Pick<DownloaderContext, 'progress'> {
  return Object.hasOwn(progress, name)
    ? { progress: { ...progress, [name]: { ...progress[name], state, attempts } } }
    : { progress }
}

/** The next libraries to fetch, in class-path order, as many as there is room for. */
function nextEntries(
  { entries, progress }: DownloaderContext,
  concurrency: number,
): readonly SetEntry[] {
  const busy = Object.values(progress).filter(({ state }) => state === 'fetching').length
  const waiting = entries.filter(({ library }) => progress[library.name]?.state === 'waiting')
  return waiting.slice(0, Math.max(0, concurrency - busy))
}

function findEntry({ entries }: DownloaderContext, name: string): SetEntry | undefined {
  return entries.find(({ library }) => library.name === name)
}

function canTryAgain(
  { progress, maxAttempts }: DownloaderContext,
  { name, hasProgressed = false }: { readonly name: string; readonly hasProgressed?: boolean },
): boolean {
  return hasProgressed || (progress[name]?.attempts ?? 0) < maxAttempts
}

function deadlineId(name: string): string {
  return `deadline:${name}`
}

function corruptedMessage({ library, uri }: SetEntry, actual: string): ExecutorMessage {
  return {
    type: 'library.corrupted',
    name: library.name,
    expected: library.sha256,
    actual,
    uri,
  }
}

function manifestFailure(
  { source, manifestAttempts }: DownloaderContext,
  { message }: FetchFailure,
): DownloaderContext['failure'] {
  const from = source.kind === 'manifest' ? source.uri : source.uris.join(', ')
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `the list of libraries cannot be had from ${from}: ${message} (attempt ${manifestAttempts})`,
  }
}

function libraryFailure(
  context: DownloaderContext,
  { name, message }: FetchFailure & { readonly name: string },
): DownloaderContext['failure'] {
  const uri = findEntry(context, name)?.uri ?? 'an unknown place'
  const attempts = context.progress[name]?.attempts ?? 0
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `library ${name} cannot be had from ${uri}: ${message} (attempt ${attempts})`,
  }
}

function expiry(context: DownloaderContext, name: string): DownloaderContext['failure'] {
  const uri = findEntry(context, name)?.uri ?? 'an unknown place'
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `library ${name} cannot be had from ${uri}: its time is up, at attempt ${context.progress[name]?.attempts ?? 0}`,
  }
}

function manifestFetch({ context }: Args): { setId: string; source: SetSource; attempt: number } {
  const { setId, source, manifestAttempts: attempt } = context
  return { setId, source, attempt }
}

function installation({ context }: Args): { setId: string; entries: readonly SetEntry[] } {
  return { setId: context.setId, entries: context.entries }
}

function ownSet({ context }: Args): { setId: string } {
  return { setId: context.setId }
}
