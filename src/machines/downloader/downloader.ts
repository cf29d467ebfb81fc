/**
 * Brings one library set onto the host: manifest, then its libraries, several at a time, then into the sandbox.
 * A corrupted library is recorded and fetched again; one that stays away ends the set. What is fetched when, and which
 * sources are left alone, is `FetchPlan`'s to say.
 */
import { assign, enqueueActions, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import {
  emptyPlan,
  endFetch,
  failFetch,
  findFetch,
  isAlive,
  isNearer,
  isSourcePaused,
  nextFetches,
  planFetches,
  resumeSource,
  retryFetch,
  startFetch,
} from './fetch-plan.ts'
import type { FetchPlan } from './fetch-plan.ts'
import type { Library } from '../../domain/libraries/library.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import type { ExecutorMessage } from '../../domain/task-work.ts'
import type { ErrorCode } from '../../errors.ts'
import type { InstalledSet } from '../task-run/task-run.ts'

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
  /** Bytes that came all the same, and are kept: then the attempts before do not count. */
  readonly receivedBytes?: number
  /** Where it stands in the line of a source that has many to send to: that is no failure, and no attempt. */
  readonly place?: number
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
  | { readonly type: 'source.due'; readonly source: string }
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

export interface DownloaderContext extends DownloaderInput {
  readonly manifestAttempts: number
  readonly retryDelayMs: number
  readonly entries: readonly SetEntry[]
  readonly plan: FetchPlan
  readonly corruptions: number
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
      const libraries = event.entries.map(({ library: { name }, uri }) => ({ name, uri }))
      return { entries: event.entries, plan: planFetches(libraries) }
    }),
    keepFetched: enqueueActions(({ context: { plan }, event, enqueue }) => {
      if (event.type !== 'library.fetched') return
      const { source = '' } = findFetch(plan, event.name) ?? {}
      enqueue.assign({ plan: endFetch(plan, event.name) })
      enqueue.cancel(deadlineId(event.name))
      if (isSourcePaused(plan, source)) enqueue.cancel(pauseId(source))
    }),
    backOff: enqueueActions(({ context: { plan }, event, enqueue }) => {
      if (event.type !== 'library.failed') return
      const { name, retryDelayMs: delay } = event
      const { source = '' } = findFetch(plan, name) ?? {}
      const next = failFetch(plan, name, event)
      enqueue.assign({ plan: next })
      enqueue.raise({ type: 'library.due', name }, { id: `due:${name}`, delay })
      if (isNearer(plan, name, event)) {
        const expired = { type: 'library.expired' as const, name }
        enqueue.cancel(deadlineId(name))
        enqueue.raise(expired, { id: deadlineId(name), delay: 'libraryDeadline' })
      }
      if (isSourcePaused(plan, source) === isSourcePaused(next, source)) return
      if (isAlive(event)) enqueue.cancel(pauseId(source))
      else enqueue.raise({ type: 'source.due', source }, { id: pauseId(source), delay })
    }),
    putBack: assign(({ context: { plan }, event }) =>
      event.type === 'library.due' ? { plan: retryFetch(plan, event.name) } : {},
    ),
    resume: assign(({ context: { plan }, event }) =>
      event.type === 'source.due' ? { plan: resumeSource(plan, event.source) } : {},
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
    canRetryLibrary: ({ context: { plan, maxAttempts }, event }) =>
      event.type === 'library.failed' &&
      event.retryable &&
      (isAlive(event) || attemptsOf(plan, event.name) < maxAttempts),
    hasAll: ({ context: { plan } }) => plan.fetches.every(({ state }) => state === 'fetched'),
  },
  delays: {
    retryDelay: ({ context }) => context.retryDelayMs,
    /** Of one library, from its first attempt on, and again whenever it came nearer. */
    libraryDeadline: 30 * 60_000,
  },
})

const fetchMore = downloader.enqueueActions(({ context, enqueue }) => {
  const { plan, concurrency, setId } = context
  for (const { name, attempts, isStarted } of nextFetches(plan, concurrency)) {
    const entry = findEntry(context, name)
    if (entry === undefined) continue
    if (!isStarted) {
      const expired = { type: 'library.expired' as const, name }
      enqueue.raise(expired, { id: deadlineId(name), delay: 'libraryDeadline' })
    }
    enqueue.assign(({ context: latest }) => ({ plan: startFetch(latest.plan, name) }))
    enqueue({ type: 'fx.fetchLibrary', params: { ...entry, setId, attempt: attempts + 1 } })
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

export const downloaderMachine = downloader.createMachine({
  id: 'downloader',
  context: ({ input }) => ({
    ...input,
    manifestAttempts: 0,
    retryDelayMs: 0,
    entries: [],
    plan: emptyPlan,
    corruptions: 0,
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
      entry: fetchMore,
      on: {
        'library.fetched': { actions: ['keepFetched', fetchMore] },
        'library.failed': [
          { guard: 'canRetryLibrary', actions: [recordCorruption, 'backOff', fetchMore] },
          { target: 'failed', actions: [recordCorruption, 'keepFailure'] },
        ],
        'library.due': { actions: ['putBack', fetchMore] },
        'library.expired': { target: 'failed', actions: 'keepFailure' },
        'source.due': { actions: ['resume', fetchMore] },
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

function findEntry({ entries }: DownloaderContext, name: string): SetEntry | undefined {
  return entries.find(({ library }) => library.name === name)
}

function attemptsOf(plan: FetchPlan, name: string): number {
  return findFetch(plan, name)?.attempts ?? 0
}

function deadlineId(name: string): string {
  return `deadline:${name}`
}

function pauseId(source: string): string {
  return `paused:${source}`
}

function corruptedMessage({ library, uri }: SetEntry, actual: string): ExecutorMessage {
  return {
    type: 'library.corrupted',
    name: library.name,
    expected: library.sha256,
    actual,
    uri: withoutMac(uri),
  }
}

/** True when it is the executor's own disk that fails: no source is to blame. */
function isOwnFault(code: ErrorCode): boolean {
  return code === 'DISK_FULL' || code === 'FILE_UNUSABLE'
}

function manifestFailure(
  { source, manifestAttempts }: DownloaderContext,
  { code, message }: FetchFailure,
): DownloaderContext['failure'] {
  if (isOwnFault(code)) return { code, message }
  const from = source.kind === 'manifest' ? source.uri : source.uris.map(withoutMac).join(', ')
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `the list of libraries cannot be had from ${from}: ${message} (attempt ${manifestAttempts})`,
  }
}

function libraryFailure(
  context: DownloaderContext,
  { name, code, message }: FetchFailure & { readonly name: string },
): DownloaderContext['failure'] {
  if (isOwnFault(code)) return { code, message: `library ${name} cannot be kept: ${message}` }
  const uri = withoutMac(findEntry(context, name)?.uri ?? 'an unknown place')
  const attempts = attemptsOf(context.plan, name)
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `library ${name} cannot be had from ${uri}: ${message} (attempt ${attempts})`,
  }
}

function expiry(context: DownloaderContext, name: string): DownloaderContext['failure'] {
  const uri = withoutMac(findEntry(context, name)?.uri ?? 'an unknown place')
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `library ${name} cannot be had from ${uri}: it came no nearer for 30 minutes, at attempt ${attemptsOf(context.plan, name)}`,
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
