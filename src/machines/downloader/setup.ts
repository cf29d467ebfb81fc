/** Context, actions, guards and delays of the downloader machine. */
import { assertEvent, assign, enqueueActions, setup } from 'xstate'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import type { ExecutorMessage } from '../../domain/tasks/executor-message.ts'
import type {
  DownloaderEvent,
  DownloaderInput,
  DownloaderOutput,
  LibraryFetch,
  ManifestFetch,
  SetEntry,
  SetFailure,
  SetInstallation,
} from './events.ts'
import {
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
import { libraryExpiry, libraryFailure, manifestFailure } from './set-failure.ts'

export interface DownloaderContext extends DownloaderInput {
  readonly manifestAttempts: number
  readonly entries: readonly SetEntry[]
  readonly plan: FetchPlan
  /** Replaced at the end. */
  readonly output: DownloaderOutput
}

const base = setup({
  types: {} as {
    context: DownloaderContext
    events: DownloaderEvent
    input: DownloaderInput
    output: DownloaderOutput
  },
  actions: {
    'fx.fetchManifest': (_args, _params: ManifestFetch) => undefined,
    'fx.fetchLibrary': (_args, _params: LibraryFetch) => undefined,
    'fx.installSet': (_args, _params: SetInstallation) => undefined,
    'fx.cancelFetches': (_args, _params: { setId: string }) => undefined,
    'fx.message': (_args, _params: { message: ExecutorMessage }) => undefined,
    countManifestAttempt: assign({
      manifestAttempts: ({ context }) => context.manifestAttempts + 1,
    }),
    planLibraries: assign(({ event }) => {
      assertEvent(event, 'manifest.fetched')
      const libraries = event.entries.map(({ library: { name }, uri }) => ({ name, uri }))
      return { entries: event.entries, plan: planFetches(libraries) }
    }),
    endFetch: enqueueActions(({ context: { plan }, event, enqueue }) => {
      assertEvent(event, 'library.fetched')
      const { source = '' } = findFetch(plan, event.name) ?? {}
      enqueue.assign({ plan: endFetch(plan, event.name) })
      enqueue.cancel(deadlineId(event.name))
      if (isSourcePaused(plan, source)) enqueue.cancel(pauseId(source))
    }),
    backOff: enqueueActions(({ context: { plan }, event, enqueue }) => {
      assertEvent(event, 'library.failed')
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
    retryFetch: assign(({ context: { plan }, event }) => {
      assertEvent(event, 'library.due')
      return { plan: retryFetch(plan, event.name) }
    }),
    resumeSource: assign(({ context: { plan }, event }) => {
      assertEvent(event, 'source.due')
      return { plan: resumeSource(plan, event.source) }
    }),
    keepInstalled: assign(({ context: { setId }, event }) => {
      assertEvent(event, 'set.installed')
      return { output: { setId, installed: event.installed } }
    }),
    keepFailure: assign(({ context, event }) => ({
      output: { setId: context.setId, ...failureOf(context, event) },
    })),
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
    manifestRetryDelay: ({ event }) => (event.type === 'manifest.failed' ? event.retryDelayMs : 0),
    /** Of one library, from its first attempt on, and again after each progress. */
    libraryDeadline: 30 * 60_000,
  },
})

const fetchMore = base.enqueueActions(({ context, enqueue }) => {
  const { plan, concurrency, setId } = context
  for (const { name, attempts, isStarted } of nextFetches(plan, concurrency)) {
    const entry = findEntry(context, name)
    if (!isStarted) {
      const expired = { type: 'library.expired' as const, name }
      enqueue.raise(expired, { id: deadlineId(name), delay: 'libraryDeadline' })
    }
    enqueue.assign(({ context: latest }) => ({ plan: startFetch(latest.plan, name) }))
    enqueue({ type: 'fx.fetchLibrary', params: { ...entry, setId, attempt: attempts + 1 } })
  }
})

const reportCorruption = base.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'library.failed')
  if (event.code !== 'LIBRARY_CORRUPT') return
  const { library, uri } = findEntry(context, event.name)
  const message = {
    type: 'library.corrupted' as const,
    name: library.name,
    expected: library.sha256,
    actual: event.actual ?? 'unknown',
    uri: withoutMac(uri),
  }
  enqueue({ type: 'fx.message', params: { message } })
})

export const downloaderSetup = base.extend({ actions: { fetchMore, reportCorruption } })

function failureOf(context: DownloaderContext, event: DownloaderEvent): SetFailure {
  const { source, manifestAttempts, plan } = context
  switch (event.type) {
    case 'manifest.failed':
      return manifestFailure(source, manifestAttempts, event)
    case 'library.failed':
      return libraryFailure(findEntry(context, event.name), attemptsOf(plan, event.name), event)
    case 'library.expired':
      return libraryExpiry(findEntry(context, event.name), attemptsOf(plan, event.name))
    case 'set.failed':
      return { code: event.code, message: event.message }
    default:
      throw new Error(`${event.type} fails no set`)
  }
}

function findEntry({ entries }: DownloaderContext, name: string): SetEntry {
  const entry = entries.find(({ library }) => library.name === name)
  if (entry === undefined) throw new Error(`the set has no library ${name}`)
  return entry
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
