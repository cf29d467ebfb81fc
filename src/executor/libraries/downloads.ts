/** The effects of the downloader machines: manifests, libraries and their place in the sandbox. */
import { parseManifest } from '../../domain/libraries/library.ts'
import type { ExecutorMessage } from '../../domain/task-work.ts'
import { JarcastError, toFileError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { LibraryFetch, SetEntry, SetSource } from '../../machines/downloader/events.ts'
import type { ExecutorMachineEvent } from '../../machines/executor/events.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { fetchLibrary } from './fetch-library.ts'
import type { Fetched } from './fetch-library.ts'
import type { HostCache } from './cache/host-cache.ts'
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import { messageOf, readUri } from './transfer/http-get.ts'
import { installSet } from './install/install-set.ts'
import { createInstalledSets } from './install/installed-sets.ts'
import { describeUris } from './library-uris.ts'
import type { SetAccess } from './transfer/set-access.ts'
import type { Relay } from './relay/relay.ts'

export interface DownloadsOptions {
  readonly sandbox: string
  readonly cache: HostCache
  /** Other executors to fetch large libraries from, and to pass them on to; default: none. */
  readonly relay?: Relay
  /** Signs requests for libraries; default: none is signed. */
  readonly access?: SetAccess
  readonly dispatch: (event: ExecutorMachineEvent) => void
  readonly sendMessage: (message: ExecutorMessage) => void
  readonly log?: (message: string) => void
  /** Back-off before the second attempt, doubled for each later one; what is waited is a random part of it. */
  readonly backOffMs: number
}

export interface Downloads {
  fetchManifest(params: { setId: string; source: SetSource; attempt: number }): void
  fetchLibrary(params: LibraryFetch): void
  installSet(params: { setId: string; entries: readonly SetEntry[] }): void
  /**
   * Restores what tasks have changed in these sets. Rejects with the errors of fetching and
   * installing.
   */
  restoreSets(sets: readonly InstalledSet[]): Promise<void>
  releaseSet(params: { setId: string }): void
  /** Ends the set's transfers that are on their way. */
  cancelFetches(setId: string): void
  cancelAll(): void
}

const maxManifestBytes = 8 * 1024 * 1024
const maxBackOffMs = 15_000
/**
 * Longest attempt. The next one continues from there, so a large library over a slow link does not
 * count as missing.
 */
const attemptMs = 10 * 60_000
/** Progress is told at most this often per library. */
const progressIntervalMs = 500

/** Performs downloads; each effect is answered by one event. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const { sandbox, cache, relay, access, dispatch, sendMessage, log, backOffMs } = options
  const controllers = new Map<string, AbortController>()
  // The same bytes under two names, or in two sets, travel once.
  const flights = new Map<string, Promise<Fetched>>()

  // Bytes received per library in this attempt.
  const received = new Map<string, number>()
  // Bytes held per library, as last reported.
  const held = new Map<string, number>()

  const sets = createInstalledSets({
    sandbox,
    build: (setId, entries, signal) =>
      installSet(sandbox, setId, entries, {
        cache,
        signal,
        refetch: (entry) => fetchAndTell({ ...entry, setId, attempt: 1 }),
      }),
    ...(log && { log }),
  })
  const restoring = new AbortController()

  function signalOf(setId: string): AbortSignal {
    const controller = controllers.get(setId) ?? new AbortController()
    controllers.set(setId, controller)
    return controller.signal
  }

  async function readEntries(setId: string, source: SetSource): Promise<readonly SetEntry[]> {
    const signal = signalOf(setId)
    if (source.kind === 'uris') return await describeUris(source.uris, { cache, signal })
    const { libraries } = parseManifest(
      String(await readUri(source.uri, maxManifestBytes, { signal, authorize: access?.of(setId) })),
      setId,
    )
    return libraries.map((library) => {
      const path = `../blobs/${library.sha256}/${encodeURIComponent(library.name)}`
      return { library, uri: new URL(path, source.uri).href }
    })
  }

  async function fetchOnce(params: LibraryFetch): Promise<Fetched> {
    const { library, uri, setId } = params
    const flight = flights.get(library.sha256)
    if (flight !== undefined) {
      await flight
      return { source: 'cache', receivedBytes: 0 }
    }
    const tell = createProgress(library, sendMessage)
    const key = keyOf(setId, library.name)
    let lastBytes: number | undefined
    const onProgress = (heldBytes: number): void => {
      // Bytes held before the attempt were not received now, nor were bytes taken back.
      const cameBytes = Math.max(0, heldBytes - (lastBytes ?? heldBytes - 1))
      lastBytes = heldBytes
      received.set(key, (received.get(key) ?? 0) + cameBytes)
      held.set(key, heldBytes)
      tell(heldBytes)
    }
    const signal = AbortSignal.any([signalOf(setId), timeoutSignal(attemptMs)])
    const own = fetchLibrary(library, uri, {
      cache,
      relay,
      signal,
      authorize: access?.of(setId),
      onProgress,
      onPlace: (place) => tellPlace(params, place),
    })
    flights.set(library.sha256, own)
    try {
      return await own
    } finally {
      flights.delete(library.sha256)
    }
  }

  async function fetchAndTell(params: LibraryFetch): Promise<void> {
    const { name, sha256, sizeBytes } = params.library
    const startedMs = performance.now()
    const fetched = await fetchOnce(params)
    const durationMs = Math.round(performance.now() - startedMs)
    sendMessage({ type: 'library.fetched', name, sha256, sizeBytes, ...fetched, durationMs })
  }

  function tellPlace({ setId, library }: LibraryFetch, place: number): void {
    const { name, sha256, sizeBytes } = library
    const receivedBytes = held.get(keyOf(setId, name)) ?? 0
    sendMessage({ type: 'library.fetching', name, sha256, receivedBytes, sizeBytes, place })
  }

  function describeFailure(error: unknown, attempt: number) {
    // A full disk or missing descriptors may be temporary.
    const described = toFileError(error, 'libraries of this executor', true)
    const known = described instanceof JarcastError ? described : undefined
    const code: ErrorCode = known?.code ?? 'LIBRARY_UNAVAILABLE'
    const actual = known?.details['actual']
    const retryAfterMs = Number(known?.details['retryAfterMs'] ?? 0)
    const place = known?.details['place']
    return {
      code,
      message: messageOf(described),
      retryable: known?.retryable ?? true,
      retryDelayMs:
        retryAfterMs + Math.random() * Math.min(maxBackOffMs, backOffMs * 2 ** (attempt - 1)),
      ...(typeof actual === 'string' ? { actual } : {}),
      ...(typeof place === 'number' ? { place } : {}),
    }
  }

  return {
    fetchManifest({ setId, source, attempt }) {
      readEntries(setId, source).then(
        (entries) => dispatch({ type: 'manifest.fetched', setId, entries }),
        (error: unknown) =>
          dispatch({ type: 'manifest.failed', setId, ...describeFailure(error, attempt) }),
      )
    },
    fetchLibrary(params) {
      const { setId, library, attempt } = params
      const { name } = library
      fetchAndTell(params).then(
        () => {
          received.delete(keyOf(setId, name))
          held.delete(keyOf(setId, name))
          dispatch({ type: 'library.fetched', setId, name })
        },
        (error: unknown) => {
          const key = keyOf(setId, name)
          const described = describeFailure(error, attempt)
          // More bytes on a full disk are no progress.
          const receivedBytes = described.code === 'DISK_FULL' ? 0 : (received.get(key) ?? 0)
          received.delete(key)
          const failure = { receivedBytes, ...described }
          if (failure.place !== undefined) tellPlace(params, failure.place)
          dispatch({ type: 'library.failed', setId, name, ...failure })
        },
      )
    },
    installSet({ setId, entries }) {
      sets
        .install(setId, entries, signalOf(setId))
        .finally(() => controllers.delete(setId))
        .then(
          (installed) => dispatch({ type: 'set.installed', setId, installed }),
          (error: unknown) => {
            const { code, message } = describeFailure(error, 1)
            dispatch({ type: 'set.failed', setId, code, message })
          },
        )
    },
    restoreSets: (installed) => sets.restore(installed, restoring.signal),
    releaseSet: ({ setId }) => sets.release(setId),
    cancelFetches(setId) {
      controllers.get(setId)?.abort()
      controllers.delete(setId)
    },
    cancelAll() {
      for (const controller of controllers.values()) controller.abort()
      controllers.clear()
      restoring.abort()
    },
  }
}

function keyOf(setId: string, name: string): string {
  return `${setId}/${name}`
}

function createProgress(
  { name, sha256, sizeBytes }: LibraryFetch['library'],
  sendMessage: DownloadsOptions['sendMessage'],
): (receivedBytes: number) => void {
  let lastMs = performance.now()
  return (receivedBytes) => {
    if (performance.now() - lastMs < progressIntervalMs) return
    lastMs = performance.now()
    sendMessage({ type: 'library.fetching', name, sha256, receivedBytes, sizeBytes })
  }
}
